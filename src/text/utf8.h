// UTF-8 helpers. Pure functions over bytes; no allocation unless a string is returned; safe for arbitrary bytes.
//
// Offsets: a "byte" offset counts bytes, a "code point" offset counts Unicode scalar values. Text that enters the product is
// repaired once at the border (repair_utf8), so the fast counters below may rely on valid input; on invalid input they still
// answer without reading outside the text, only the count is then that of lead bytes.
// Source: Unicode 15, table 3-7 (well-formed sequences) and section 3.9 (one U+FFFD per maximal subpart).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace sekisho::text {

bool is_valid_utf8(std::string_view bytes);
// Every malformed maximal subpart becomes one U+FFFD. Valid text is returned unchanged.
std::string repair_utf8(std::string_view bytes);

std::size_t count_code_points(std::string_view utf8);
// Byte at which the given code point starts; the size of the text when there are fewer.
std::size_t byte_offset(std::string_view utf8, std::size_t code_point);
// Number of code points that start before the given byte.
std::size_t code_point_offset(std::string_view utf8, std::size_t byte);
// The code points [begin, end) as a view into the text.
std::string_view slice_code_points(std::string_view utf8, std::size_t begin, std::size_t end);

void append_utf8(std::string& out, char32_t code_point);
void append_utf8(std::string& out, std::u32string_view text);

// Reads the code point at `at` (at < bytes.size()) and moves `at` behind it; U+FFFD for a malformed subpart.
inline char32_t decode_utf8(std::string_view bytes, std::size_t& at) {
  const auto first = static_cast<unsigned char>(bytes[at++]);
  if (first < 0x80) return first;
  if (first < 0xC2 || first > 0xF4) return 0xFFFD;
  const int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  char32_t value = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= bytes.size()) return 0xFFFD;
    const auto next = static_cast<unsigned char>(bytes[at]);
    if (next < low || next > high) return 0xFFFD;
    value = value << 6 | (next & 0x3F);
    ++at;
    low = 0x80;
    high = 0xBF;
  }
  return value;
}

}  // namespace sekisho::text
