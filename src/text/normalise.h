// NFKC with case folding (Unicode's NFKC_Casefold), with a map back to the source. Pure; thread-safe; tables are built once per process.
//
//   source      Ａ  ㍻   ｶ  ﾞ        normalised  a  平 成  ガ
//   code point  0   1    2  3        source      0  1  1   2   | 4   (one more entry: the number of source code points)
//
// Invalid bytes count as one U+FFFD per maximal subpart (as repair_utf8 would make them).
// Source: UAX #15; ICU's unorm2_getNFKCCasefoldInstance does everything that is not one code point to one code point.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::text {

struct Normalised {
  std::u32string text;
  std::vector<std::uint32_t> source;  // text.size() + 1 entries, not decreasing

  // Source code points of the normalised range [begin, end), begin < end.
  std::uint32_t source_begin(std::size_t begin) const { return source[begin]; }
  std::uint32_t source_end(std::size_t end) const {
    std::size_t next = end;
    while (next < text.size() && source[next] == source[end - 1]) ++next;
    return source[next];
  }
};

// Replaces the content of `out`, keeping its memory.
void normalise(std::string_view utf8, Normalised& out);
// The normalised text alone, as UTF-8.
std::string normalise(std::string_view utf8);

}  // namespace sekisho::text
