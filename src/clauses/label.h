// Reads the number or letter that a line of a Japanese rule begins with. Pure.
//
//   第３章 組織   structure   1 目的 / １．目的   number      (1) / （１）   paren_number    ア 範囲     kana    (ア)   paren_kana
//   第4条の2      article     1.2.3 / 1-2        dotted      ① / ②        circled         a 手順      alpha   (a)    paren_alpha
//   第1 趣旨      ordinal     一 / 十二          kanji       （一）         paren_kanji     Ⅰ / ⅱ / II. roman
//   1) / １）     half_number ア) / ア）         half_kana   a) / ａ）      half_alpha
// Half- and full-width forms are the same label. Source: the customs of 法制執務 and 公用文作成の考え方 (文化審議会建議, 令和4年1月7日).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::clauses {

enum class Family : std::uint8_t {
  part, volume, chapter, section, subsection, division,  // 部 編 章 節 款 目
  article,                                               // 条
  ordinal,                                               // 第1, 第2 without a unit: 要綱 and 要領 that have no 条
  number, dotted, paren_number, kana, iroha, paren_kana, paren_iroha, alpha, upper, paren_alpha, circled, roman, paren_roman, kanji, paren_kanji,
  half_number, half_kana, half_alpha
};
inline constexpr bool is_structure(Family family) { return family <= Family::division; }
inline constexpr bool is_half(Family family) { return family >= Family::half_number; }

struct Label {
  Family family = Family::number;
  std::uint32_t ordinal = 0;   // from 1; of dotted labels the last part
  std::uint32_t branch = 0;    // 第4条の2: 2
  std::string prefix;          // of dotted labels what stands before the last part: "1.2"
  std::string text;            // canonical: "(ア)", "第4条の2", "1.2.3"
  std::size_t length = 0;      // code points of the line that are the label itself
  std::size_t rest = 0;        // where the text behind it begins
};

// More than one where letters are shared: イ is the second of アイウ and the first of イロハ. Empty: the line begins with no label.
// `glued`: the document writes such numbers against their headings (1目的, 1.2範囲), so that they need no separator before a heading.
enum class Glued : std::uint8_t { none, dotted, all };
std::vector<Label> read_labels(std::u32string_view line, Glued glued = Glued::none);
// How many numbers (1 of 1目的, 2 of 1.2範囲) are written against a heading; 0: none. Not 2以上の情報, 3年, 2.5倍, 3.1に示す.
std::size_t glued_numbers(std::u32string_view line);
// The canonical label of an ordinal: (paren_kana, 5) -> "(オ)". Empty when the family has no such ordinal.
std::string label_text(Family family, std::uint32_t ordinal);

}  // namespace sekisho::clauses
