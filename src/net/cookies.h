// The Cookie header, read; the Set-Cookie header, written. Pure. Source: RFC 6265 sections 4.1 and 4.2.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::net {

// The value of one cookie in a Cookie header ("a=1; b=2"). When the name occurs twice the header is hostile or broken: empty.
// Values with characters outside RFC 6265's cookie-octet: empty.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

struct CookieOptions {
  long max_age_seconds = -1;  // below 0: ends with the browser's session; 0: deletes the cookie
  bool secure = true;
  bool http_only = true;
};
// Path=/ and SameSite=Strict always. {invalid_argument} when name or value hold what a cookie may not.
Result<std::string> make_set_cookie(std::string_view name, std::string_view value, const CookieOptions& options);

}  // namespace sekisho::net
