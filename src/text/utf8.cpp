#include "text/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace sekisho::text {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080u;

bool is_lead(char byte) { return static_cast<signed char>(byte) >= -64; }

// Position of the first byte that is not ASCII, from `at` on.
std::size_t skip_ascii(std::string_view bytes, std::size_t at) {
  while (at + 8 <= bytes.size()) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    if (word & kHighBits) break;
    at += 8;
  }
  while (at < bytes.size() && static_cast<unsigned char>(bytes[at]) < 0x80) ++at;
  return at;
}

// Position of the first malformed subpart, or the size.
std::size_t valid_prefix(std::string_view bytes, std::size_t at) {
  while ((at = skip_ascii(bytes, at)) < bytes.size()) {
    const std::size_t start = at;
    // A stored U+FFFD is well formed (EF BF BD, three bytes); a malformed subpart is never those three bytes.
    if (decode_utf8(bytes, at) == 0xFFFD && bytes.substr(start, 3) != "\xEF\xBF\xBD") return start;
  }
  return bytes.size();
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) { return valid_prefix(bytes, 0) == bytes.size(); }

std::string repair_utf8(std::string_view bytes) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t bad = valid_prefix(bytes, at);
    out.append(bytes.substr(at, bad - at));
    if (bad == bytes.size()) return out;
    at = bad;
    decode_utf8(bytes, at);
    out.append("\xEF\xBF\xBD");
  }
}

std::size_t count_code_points(std::string_view utf8) {
  // Written so that the compiler vectorises it: no branch, one compare a byte.
  std::size_t count = 0;
  for (const char byte : utf8) count += is_lead(byte) ? 1 : 0;
  return count;
}

std::size_t byte_offset(std::string_view utf8, std::size_t code_point) {
  constexpr std::size_t kBlock = 256;
  std::size_t at = 0;
  std::size_t seen = 0;
  while (at + kBlock <= utf8.size()) {
    const std::size_t in_block = count_code_points(utf8.substr(at, kBlock));
    if (seen + in_block > code_point) break;
    seen += in_block;
    at += kBlock;
  }
  for (; at < utf8.size(); ++at) {
    if (!is_lead(utf8[at])) continue;
    if (seen == code_point) return at;
    ++seen;
  }
  return utf8.size();
}

std::size_t code_point_offset(std::string_view utf8, std::size_t byte) {
  return count_code_points(utf8.substr(0, std::min(byte, utf8.size())));
}

std::string_view slice_code_points(std::string_view utf8, std::size_t begin, std::size_t end) {
  const std::size_t from = byte_offset(utf8, begin);
  const std::string_view rest = utf8.substr(from);
  return rest.substr(0, byte_offset(rest, end > begin ? end - begin : 0));
}

void append_utf8(std::string& out, std::u32string_view text) {
  for (const char32_t c : text) append_utf8(out, c);
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto c = static_cast<std::uint32_t>(code_point);
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    const char bytes[] = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 2);
  } else if (c < 0x10000) {
    const char bytes[] = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 3);
  } else {
    const char bytes[] = {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                          static_cast<char>(0x80 | (c & 0x3F))};
    out.append(bytes, 4);
  }
}

}  // namespace sekisho::text
