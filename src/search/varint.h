// Unsigned numbers in 7-bit groups, low group first, high bit = more follow (300 = AC 02). Readers never pass `end`.
#pragma once
#include <cstdint>
#include <string>

namespace sekisho::search {

inline void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

// False at the end of the data or for more than 64 bits; `at` is then undefined.
inline bool read_varint(const char*& at, const char* end, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at == end) return false;
    const auto byte = static_cast<unsigned char>(*at++);
    value |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace sekisho::search
