#include "net/cookies.h"

#include <algorithm>

namespace sekisho::net {
namespace {

bool token_char(char c) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={} \t";
  return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
}
bool cookie_octet(char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
  std::optional<std::string_view> found;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = trim(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
    std::string_view value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    if (found || !std::all_of(value.begin(), value.end(), cookie_octet)) return std::nullopt;
    found = value;
  }
  return found;
}

Result<std::string> make_set_cookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  if (name.empty() || !std::all_of(name.begin(), name.end(), token_char) || !std::all_of(value.begin(), value.end(), cookie_octet))
    return fail(Code::invalid_argument, "http.bad_cookie", "a character that a cookie may not hold");
  std::string out = std::string(name) + "=" + std::string(value) + "; Path=/; SameSite=Strict";
  if (options.max_age_seconds >= 0) out += "; Max-Age=" + std::to_string(options.max_age_seconds);
  if (options.secure) out += "; Secure";
  if (options.http_only) out += "; HttpOnly";
  return out;
}

}  // namespace sekisho::net
