// Counts what a person calls characters: extended grapheme clusters (UAX #29). The unit in which usage is metered.
// Pure; thread-safe. Text of ordinary letters, kana and kanji never reaches ICU; the rest goes to its break iterator piece by piece.
#pragma once
#include <cstddef>
#include <string_view>

namespace sekisho::text {

std::size_t count_graphemes(std::string_view utf8);

}  // namespace sekisho::text
