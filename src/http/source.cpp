#include "http/source.h"

#include <algorithm>
#include <array>

namespace sekisho::http {
namespace {

constexpr std::size_t kMaxHops = 32;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

Unexpected unreadable() { return fail(Code::invalid_argument, "http.forwarded", "a trusted proxy's forwarding header cannot be read"); }

// for=192.0.2.60;proto=http or For="[2001:db8::1]:4711" (RFC 7239). Obfuscated names are no address.
std::string_view forwarded_for(std::string_view element) {
  while (!element.empty()) {
    const std::size_t end = std::min(element.find(';'), element.size());
    const std::string_view pair = trimmed(element.substr(0, end));
    if (pair.size() > 4 && net::iequals(pair.substr(0, 4), "for=")) {
      std::string_view value = pair.substr(4);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      return value;
    }
    element.remove_prefix(std::min(end + 1, element.size()));
  }
  return {};
}

// Nearest hop last.
Result<std::vector<Address>> hops(const net::Request& request, const std::string& header) {
  std::vector<Address> out;
  for (const auto& field : request.headers.fields()) {
    if (!net::iequals(field.name, header)) continue;
    std::string_view rest = field.value;
    for (;;) {
      const std::size_t end = std::min(rest.find(','), rest.size());
      const std::string_view element = trimmed(rest.substr(0, end));
      const auto address = Address::parse_with_port(header == "forwarded" ? forwarded_for(element) : element);
      if (!address || out.size() == kMaxHops) return unreadable();
      out.push_back(*address);
      if (end == rest.size()) break;
      rest.remove_prefix(end + 1);
    }
  }
  if (header == "x-real-ip" && out.size() > 1) return unreadable();
  return out;
}

}  // namespace

bool known_forwarding_header(std::string_view name) { return name == "x-forwarded-for" || name == "forwarded" || name == "x-real-ip"; }

Result<Address> source_of(const net::Request& request, const Listener& listener) {
  const auto peer = Address::parse(request.peer);
  if (!peer) return fail(Code::invalid_argument, "http.forwarded", "a peer without address");
  if (!contains(listener.proxies, *peer)) return *peer;
  SK_TRY(const auto chain, hops(request, listener.forwarded_by));
  Address source = *peer;
  for (auto hop = chain.rbegin(); hop != chain.rend(); ++hop) {
    source = *hop;
    if (!contains(listener.proxies, source)) break;
  }
  return source;
}

Result<Address> admitted_source(const net::Request& request, const Listener& listener) {
  SK_TRY(const Address source, source_of(request, listener));
  if (contains(listener.sources, source)) return source;
  return fail(Error{Code::denied, "http.source", "from " + source.text(), "8(1)ア", "head"});
}

}  // namespace sekisho::http
