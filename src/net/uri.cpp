#include "net/uri.h"

#include <cstdint>

namespace sekisho::net {
namespace {

constexpr std::size_t kMaxPairs = 256;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Unexpected bad(const char* why) { return fail(Code::invalid_argument, "http.bad_target", why); }

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

Status check_path(std::string_view path) {
  for (const char c : path)
    if (static_cast<std::uint8_t>(c) < 0x20) return bad("control character");
  for (std::size_t start = 1; start <= path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment == "." || segment == "..") return bad("dot segment");
    start = end + 1;
  }
  return ok();
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t b = at(i);
    if (b < 0x80) {
      ++i;
      continue;
    }
    const std::size_t n = b >= 0xF0 && b <= 0xF4 ? 4 : b >= 0xE0 && b < 0xF0 ? 3 : b >= 0xC2 && b < 0xE0 ? 2 : 0;
    if (n == 0 || i + n > text.size()) return false;
    for (std::size_t k = 1; k < n; ++k)
      if ((at(i + k) & 0xC0) != 0x80) return false;
    const std::uint8_t second = at(i + 1);
    if ((b == 0xE0 && second < 0xA0) || (b == 0xED && second > 0x9F) || (b == 0xF0 && second < 0x90) || (b == 0xF4 && second > 0x8F))
      return false;
    i += n;
  }
  return true;
}

Result<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return bad("broken percent encoding");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    } else if (c == '+' && plus == Plus::space) {
      c = ' ';
    }
    const auto byte = static_cast<std::uint8_t>(c);
    if (byte == 0x7F || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r')) return bad("control character");
    out += c;
  }
  if (!is_utf8(out)) return bad("not UTF-8");
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

Result<Query> parse_query(std::string_view text) {
  Query out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (out.size() == kMaxPairs) return bad("too many query pairs");
    const std::size_t equals = std::min(pair.find('='), pair.size());
    SK_TRY(auto name, percent_decode(pair.substr(0, equals), Plus::space));
    SK_TRY(auto value, percent_decode(pair.substr(std::min(equals + 1, pair.size())), Plus::space));
    out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

Result<Target> parse_target(std::string_view target) {
  for (const std::string_view scheme : {std::string_view("http://"), std::string_view("https://")}) {
    if (!target.starts_with(scheme)) continue;
    const std::size_t slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    break;
  }
  if (target == "*") return Target{"*", {}};
  if (!target.starts_with('/')) return bad("neither origin nor absolute form");
  const std::size_t question = std::min(target.find('?'), target.size());
  const std::string_view raw = target.substr(0, question);
  for (std::size_t i = raw.find('%'); i != std::string_view::npos; i = raw.find('%', i + 1))
    if (raw.substr(i, 3) == "%2F" || raw.substr(i, 3) == "%2f") return bad("encoded slash in the path");
  SK_TRY(auto path, percent_decode(raw, Plus::literal));
  SK_CHECK(check_path(path));
  SK_TRY(auto query, parse_query(target.substr(std::min(question + 1, target.size()))));
  return Target{std::move(path), std::move(query)};
}

}  // namespace sekisho::net
