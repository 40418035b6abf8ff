#include "clauses/words.h"

#include <algorithm>

#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

char32_t char_at(std::string_view text) {
  const std::u32string one = decode(text.substr(0, 4));
  return one.empty() ? U' ' : one.front();
}

char32_t char_before(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xC0) == 0x80) {}
  return char_at(text.substr(at));
}

enum class Script { katakana, latin, other };
Script script_of(char32_t c) {
  if (c >= 0x30A1 && c <= 0x30FC) return Script::katakana;
  return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') ? Script::latin : Script::other;
}

}  // namespace

bool holds(std::string_view text, std::string_view word) {
  const Script first = script_of(char_at(word)), last = script_of(char_before(word));
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const bool begins = first == Script::other || at == 0 || script_of(char_before(text.substr(0, at))) != first;
    const std::string_view rest = text.substr(at + word.size());
    const bool ends = last == Script::other || rest.empty() || script_of(char_at(rest)) != last;
    if (begins && ends) return true;
  }
  return false;
}

bool holds_one(std::string_view text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return holds(text, word); });
}

}  // namespace sekisho::clauses
