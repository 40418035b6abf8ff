// Reading what follows the method in a request line: percent decoding, query pairs, the path. Pure.
//
// Decoded text is UTF-8 without control characters; anything else is {invalid_argument, "http.bad_target"}.
// Source: RFC 3986 (percent encoding, path), WHATWG URL application/x-www-form-urlencoded ('+' is a space in a query).
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace sekisho::net {

using Query = std::vector<std::pair<std::string, std::string>>;

struct Target {
  std::string path;  // decoded, begins with '/', has no "." or ".." segment and no encoded '/'
  Query query;
};

enum class Plus { literal, space };

// Refuses a '%' that is not followed by two hexadecimal digits, NUL and other control characters, and invalid UTF-8.
Result<std::string> percent_decode(std::string_view text, Plus plus);
// Everything but RFC 3986's unreserved characters is encoded.
std::string percent_encode(std::string_view text);
// "a=1&b=%E3%81%82". At most 256 pairs; a name without '=' has an empty value.
Result<Query> parse_query(std::string_view text);
// Origin form ("/a?b=c"), absolute form ("http://host/a") and "*".
Result<Target> parse_target(std::string_view target);
// RFC 3629: no overlong forms, surrogates or values over U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace sekisho::net
