#include "core/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace sekisho {
namespace {

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kMappedBits = 96;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool mapped(const std::array<std::uint8_t, 16>& bytes) { return std::equal(kMapped.begin(), kMapped.end(), bytes.begin()); }

bool digits(std::string_view text) { return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  const std::string plain(text.substr(0, text.find('%')));
  if (plain.find('\0') != std::string::npos) return std::nullopt;
  Address out;
  in_addr four{};
  if (::inet_pton(AF_INET, plain.c_str(), &four) == 1) {
    std::copy(kMapped.begin(), kMapped.end(), out.bytes_.begin());
    std::memcpy(out.bytes_.data() + kMapped.size(), &four, sizeof(four));
    return out;
  }
  if (::inet_pton(AF_INET6, plain.c_str(), out.bytes_.data()) == 1) return out;
  return std::nullopt;
}

std::optional<Address> Address::parse_with_port(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && (rest[0] != ':' || !digits(rest.substr(1)))) return std::nullopt;
    return parse(text.substr(1, end - 1));
  }
  const std::size_t colon = text.find(':');
  if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) {
    if (!digits(text.substr(colon + 1))) return std::nullopt;
    text = text.substr(0, colon);
  }
  return parse(text);
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const bool four = mapped(bytes_);
  const void* const from = bytes_.data() + (four ? kMapped.size() : 0);
  return ::inet_ntop(four ? AF_INET : AF_INET6, from, buffer.data(), buffer.size()) == nullptr ? std::string() : std::string(buffer.data());
}

bool Address::loopback() const {
  if (mapped(bytes_)) return bytes_[12] == 127;
  return std::all_of(bytes_.begin(), bytes_.end() - 1, [](std::uint8_t b) { return b == 0; }) && bytes_[15] == 1;
}

Result<Network> Network::parse(std::string_view text) {
  const auto wrong = [&] { return fail(Code::invalid_argument, "config.value", "not a network: '" + std::string(text) + "'"); };
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const auto base = Address::parse(host);
  if (!base || host.find('%') != std::string_view::npos) return wrong();
  const bool four = mapped(base->bytes()) && host.find(':') == std::string_view::npos;
  Network out;
  out.base_ = *base;
  if (slash != std::string_view::npos) {
    const std::string_view prefix = text.substr(slash + 1);
    int bits = 0;
    const auto end = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
    if (!digits(prefix) || end.ec != std::errc() || bits > (four ? 32 : 128)) return wrong();
    out.bits_ = bits + (four ? kMappedBits : 0);
  }
  for (int bit = out.bits_; bit < 128; ++bit)
    if ((base->bytes()[static_cast<std::size_t>(bit) / 8] >> (7 - bit % 8) & 1) != 0) return wrong();
  return out;
}

bool Network::contains(const Address& address) const {
  const auto& a = address.bytes();
  const auto& b = base_.bytes();
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  const int rest = bits_ % 8;
  return rest == 0 || (a[whole] >> (8 - rest)) == (b[whole] >> (8 - rest));
}

Result<Networks> parse_networks(std::string_view text) {
  Networks out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (const std::string_view one = trimmed(text.substr(begin, end - begin)); !one.empty()) {
      SK_TRY(auto network, Network::parse(one));
      out.push_back(network);
    }
    begin = end + 1;
  }
  return out;
}

bool contains(const Networks& networks, const Address& address) {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& n) { return n.contains(address); });
}

}  // namespace sekisho
