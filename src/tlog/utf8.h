// UTF-8 (RFC 3629), strictly: no overlong forms, no surrogates, nothing above U+10FFFF. Pure. Internal to tlog.
#pragma once
#include <string_view>

namespace sekisho::tlog {

// Takes one code point from the front of `text`; false (text unchanged) when it is empty or not valid UTF-8 there.
bool take_code_point(std::string_view& text, char32_t& out);
bool is_utf8(std::string_view text);
// White_Space of Unicode 15 (space separators, line separators and the space-like controls).
bool is_unicode_space(char32_t c);

}  // namespace sekisho::tlog
