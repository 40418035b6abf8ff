// Numbers as people write them: groups of digits and what stands between them; check digits. Pure.
//
//   ０９０-1234 5678   groups 090 1234 5678, before the 2nd: hyphen, before the 3rd: space
// Half- and full-width digits and kanji digits (〇一二 ... 九) count; a change between the two starts a new group that touches the one before.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::text {

enum class Gap : std::uint8_t { none, touching, hyphen, space, line, cell, bracket, dot, slash, comma };  // none: no number near

struct DigitGroup {
  std::uint32_t begin = 0;  // code points of the normalised text
  std::uint32_t end = 0;
  Gap before = Gap::none;
  Gap after = Gap::none;
  bool kanji = false;
  bool letter_before = false;  // a Latin letter touches it
  bool letter_after = false;
  std::string digits;          // at most 20 are kept; size() alone tells of longer ones
};

std::vector<DigitGroup> digit_groups(std::u32string_view normalised_text);

// -1: not a kanji digit.
int kanji_digit(char32_t c);

// 個人番号: 行政手続における特定の個人を識別するための番号の利用等に関する法律施行規則 (平成26年総務省令第85号) 第5条. 12 digits.
bool valid_my_number(std::string_view digits);
// 法人番号: 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条. 13 digits.
bool valid_corporate_number(std::string_view digits);
// ISO/IEC 7812-1, annex B.
bool valid_luhn(std::string_view digits);

}  // namespace sekisho::text
