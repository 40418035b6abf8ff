// Finds number expressions in normalised text and says under which exact terms they are indexed. Pure.
//
//   第十二条の2        12条の2, 12        令和8年度     y2026 fy2026            3万5千円   35000円 35000
//   第3項              3項, 3             2026年        y2026, 2026             様式第3号  様式3号 3号 3
// At the start of a sentence 第十二条 also gives §12条: there the article itself stands, elsewhere it is only mentioned.
// Years of the Japanese calendar and of the western one share the terms y2026 (year) and fy2026 (年度), so each finds the other.
// Kanji numerals count only with a counter, after 第 or in runs of two and more: 一般 and 三菱 stay words.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::text {

struct NumberTerm {
  std::uint32_t begin = 0;  // code points of the normalised text
  std::uint32_t end = 0;
  std::u32string term;
};

// Terms of the sentence text[begin, end), in order of `begin`; appended to `out`.
void find_numbers(std::u32string_view text, std::uint32_t begin, std::uint32_t end, std::vector<NumberTerm>& out);

// Whether the sentence can hold a number at all: spares most sentences the search.
bool may_hold_number(char32_t c);

}  // namespace sekisho::text
