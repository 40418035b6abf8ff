// Classes of normalised code points and the folding of old character forms. Pure; tables are built once per process.
#pragma once
#include <cstdint>
#include <string>

namespace sekisho::text {

enum class CharClass : std::uint8_t { other, space, punctuation, sentence_end, digit, latin, hiragana, katakana, kanji };

CharClass char_class(char32_t c);
inline bool is_kana(CharClass c) { return c == CharClass::hiragana || c == CharClass::katakana; }

// 旧字体 and common 異体字 to the form of the 常用漢字表 (發 to 発, 齋 to 斎, 髙 to 高): applied to documents and questions alike, so that
// each spelling finds the other. One code point to one code point: offsets do not move.
void fold_old_forms(std::u32string& text);

// Katakana and hiragana letters lie 0x60 apart.
std::u32string to_hiragana(std::u32string_view text);
std::u32string to_katakana(std::u32string_view text);

}  // namespace sekisho::text
