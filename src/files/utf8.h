// UTF-8 questions that every extractor asks. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::files {

// Well-formed as in RFC 3629 (no surrogates, nothing overlong).
bool valid_utf8(std::string_view text);
// Decodes the code point at `at` (valid UTF-8, at < size) and moves `at` behind it.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_utf8(std::string& out, char32_t c);
std::uint64_t count_code_points(std::string_view text);

// ASCII and ideographic space, tab.
bool is_blank(char32_t c);
std::string_view trim(std::string_view text);
// Runs of white space (line ends included) become one space; trimmed.
std::string squeeze(std::string_view text);
// Line ends to "\n"; control characters but "\n" and "\t", byte order marks and directional overrides are dropped (they can make a reader
// see other text than the one that is searched and sent). Cheap when there is nothing to do.
std::string clean(std::string text);

}  // namespace sekisho::files
