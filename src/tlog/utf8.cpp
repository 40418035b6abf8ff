#include "tlog/utf8.h"

#include <cstdint>

namespace sekisho::tlog {

bool take_code_point(std::string_view& text, char32_t& out) {
  if (text.empty()) return false;
  const auto first = static_cast<std::uint8_t>(text[0]);
  std::size_t length = 1;
  char32_t c = first;
  char32_t smallest = 0;
  if (first >= 0xf0 && first <= 0xf4) {
    length = 4, c = first & 0x07, smallest = 0x10000;
  } else if (first >= 0xe0 && first < 0xf0) {
    length = 3, c = first & 0x0f, smallest = 0x800;
  } else if (first >= 0xc2 && first < 0xe0) {
    length = 2, c = first & 0x1f, smallest = 0x80;
  } else if (first >= 0x80) {
    return false;
  }
  if (text.size() < length) return false;
  for (std::size_t i = 1; i < length; ++i) {
    const auto b = static_cast<std::uint8_t>(text[i]);
    if ((b & 0xc0) != 0x80) return false;
    c = c << 6 | (b & 0x3f);
  }
  if (c < smallest || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return false;
  text.remove_prefix(length);
  out = c;
  return true;
}

bool is_utf8(std::string_view text) {
  char32_t c = 0;
  for (;;) {
    std::size_t ascii = 0;
    while (ascii < text.size() && static_cast<std::uint8_t>(text[ascii]) < 0x80) ++ascii;
    text.remove_prefix(ascii);
    if (text.empty()) return true;
    if (!take_code_point(text, c)) return false;
  }
}

bool is_unicode_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

}  // namespace sekisho::tlog
