#include "text/katakana.h"

#include <array>

#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kShort = 3;           // shorter words stay as they are
constexpr std::size_t kLongMarkMatters = 4;  // ビル and ビール are two words; from five letters on the mark tells nothing

void replace_all(std::u32string& text, std::u32string_view from, std::u32string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
}

bool contains(std::u32string_view letters, char32_t c) { return letters.find(c) != letters.npos; }

constexpr std::array<std::array<std::u32string_view, 2>, 13> kSame = {{{U"ヴァ", U"バ"}, {U"ヴィ", U"ビ"}, {U"ヴェ", U"ベ"}, {U"ヴォ", U"ボ"}, {U"ヴュ", U"ビュ"}, {U"ヴ", U"ブ"}, {U"ヷ", U"バ"},
                                                                     {U"ヂ", U"ジ"}, {U"ヅ", U"ズ"}, {U"イェ", U"エ"}, {U"クァ", U"クア"}, {U"グァ", U"グア"}, {U"ツァ", U"ツア"}}};
// Only in longer words, where they cannot make two words one.
constexpr std::array<std::array<std::u32string_view, 2>, 5> kSameInLong = {{{U"ティ", U"チ"}, {U"ディ", U"ジ"}, {U"ジェ", U"ゼ"}, {U"テュ", U"チュ"}, {U"デュ", U"ジュ"}}};
constexpr std::array<std::array<char32_t, 2>, 9> kLarge = {{{U'ァ', U'ア'}, {U'ィ', U'イ'}, {U'ゥ', U'ウ'}, {U'ェ', U'エ'}, {U'ォ', U'オ'}, {U'ャ', U'ヤ'}, {U'ュ', U'ユ'}, {U'ョ', U'ヨ'}, {U'ッ', U'ツ'}}};
constexpr std::u32string_view kBeforeE = U"エケセテネヘメレゲゼデベペ";
constexpr std::u32string_view kBeforeYa = U"イキシチニヒミリギジビピ";

void drop_long_marks(std::u32string& text) {
  std::u32string without;
  for (const char32_t c : text) {
    if (c != U'ー') without.push_back(c);
  }
  if (without.size() > kLongMarkMatters) text = std::move(without);
  else if (text.size() >= 4 && text.back() == U'ー') text.pop_back();
}

}  // namespace

bool starts_katakana(std::string_view text) {
  return text.size() >= 3 && text[0] == '\xE3' && ((text[1] == '\x82' && static_cast<unsigned char>(text[2]) >= 0xA1) || text[1] == '\x83');
}

std::string canonical_katakana(std::string_view word) {
  if (!starts_katakana(word)) return std::string(word);
  std::u32string text;
  for (std::size_t at = 0; at < word.size();) text.push_back(decode_utf8(word, at));
  if (text.size() < kShort) return std::string(word);
  for (const auto& [from, to] : kSame) replace_all(text, from, to);
  if (text.size() > kLongMarkMatters) {
    for (const auto& [from, to] : kSameInLong) replace_all(text, from, to);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const auto& [small, large] : kLarge) text[i] = text[i] == small ? large : text[i];
    if (i == 0) continue;
    if (text[i] == U'イ' && contains(kBeforeE, text[i - 1])) text[i] = U'ー';
    if (text[i] == U'ア' && contains(kBeforeYa, text[i - 1])) text[i] = U'ヤ';
  }
  drop_long_marks(text);
  std::string out;
  append_utf8(out, text);
  return out;
}

}  // namespace sekisho::text
