// Whether a text holds a word. A word that begins or ends in katakana or Latin letters is found as a word: ログ stands not in プログラム. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::clauses {

bool holds(std::string_view text, std::string_view word);
bool holds_one(std::string_view text, const std::vector<std::string>& words);

}  // namespace sekisho::clauses
