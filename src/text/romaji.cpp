#include "text/romaji.h"

#include <array>
#include <utility>

#include "text/utf8.h"

namespace sekisho::text {
namespace {

// From ァ (U+30A1) on, one per code point.
constexpr std::array<std::string_view, 86> kSyllables = {
    "a",  "a",  "i",  "i",  "u",  "u",  "e",  "e",  "o",  "o",  "ka", "ga", "ki", "gi",  "ku", "gu", "ke", "ge", "ko", "go",  "sa", "za", "shi", "ji", "su", "zu", "se", "ze", "so",
    "zo", "ta", "da", "chi", "ji", "",   "tsu", "zu", "te", "de", "to", "do", "na", "ni", "nu", "ne", "no", "ha", "ba", "pa",  "hi", "bi", "pi", "fu", "bu", "pu", "he", "be", "pe",
    "ho", "bo", "po", "ma", "mi", "mu", "me", "mo", "ya", "ya", "yu", "yu", "yo", "yo", "ra", "ri", "ru", "re", "ro", "wa", "wa", "i",  "e",  "o",  "n",  "vu", "ka", "ke"};

constexpr char32_t kFirst = 0x30A1, kLast = 0x30F6, kSmallTsu = 0x30C3, kLong = 0x30FC;
constexpr bool small_y(char32_t c) { return c == 0x30E3 || c == 0x30E5 || c == 0x30E7; }
constexpr bool small_vowel(char32_t c) { return c == 0x30A1 || c == 0x30A3 || c == 0x30A5 || c == 0x30A7 || c == 0x30A9; }

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  for (std::size_t at = out.find(from); at != std::string::npos; at = out.find(from, at + to.size())) out.replace(at, from.size(), to);
  return out;
}

}  // namespace

std::string romanise(std::string_view kana) {
  std::string out;
  bool doubled = false;
  for (std::size_t at = 0; at < kana.size();) {
    char32_t c = decode_utf8(kana, at);
    if (c >= 0x3041 && c <= 0x3096) c += 0x60;  // hiragana
    if (c == kLong || c < kFirst || c > kLast) continue;
    if (c == kSmallTsu) {
      doubled = true;
      continue;
    }
    const std::string_view syllable = kSyllables[c - kFirst];
    if (small_y(c) && out.size() >= 2 && out.back() == 'i') {
      // kiya -> kya, but shiya -> sha, chiyu -> chu, jiyo -> jo.
      out.pop_back();
      const bool soft = out.ends_with("sh") || out.ends_with("ch") || out.ends_with('j');
      out += soft ? syllable.substr(1) : syllable;
    } else if (small_vowel(c) && out.size() >= 2 && std::string_view("aiueo").find(out.back()) != std::string_view::npos) {
      out.back() = syllable[0];
    } else {
      if (doubled && !syllable.empty()) out += syllable.starts_with("ch") ? 't' : syllable[0];
      out += syllable;
    }
    doubled = false;
  }
  return out;
}

std::string short_vowels(std::string_view latin) {
  std::string out = replaced(replaced(replaced(latin, "ou", "o"), "oo", "o"), "uu", "u");
  return out == latin ? std::string() : out;
}

std::string official_spelling(std::string_view latin) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kPairs = {{{"shi", "si"}, {"chi", "ti"}, {"tsu", "tu"}, {"fu", "hu"}, {"sha", "sya"}, {"shu", "syu"},
                                                                                    {"sho", "syo"}, {"cha", "tya"}, {"chu", "tyu"}, {"cho", "tyo"}, {"ji", "zi"}}};
  std::string out(latin);
  for (const auto& [from, to] : kPairs) out = replaced(out, from, to);
  return out == latin ? std::string() : out;
}

}  // namespace sekisho::text
