#include "text/digits.h"

#include "text/characters.h"

namespace sekisho::text {
namespace {

constexpr std::size_t kKept = 20;
constexpr std::uint32_t kMaxGap = 5;

bool is_hyphen(char32_t c) { return c == U'-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == U'ー' || c == 0x2500 || c == U'~' || c == 0x301C; }
bool is_space(char32_t c) { return c == U' ' || c == U'\r'; }

// What the code points between two groups mean; none: they are apart.
Gap gap_of(std::u32string_view between) {
  if (between.empty()) return Gap::touching;
  if (between.size() > kMaxGap) return Gap::none;
  Gap kind = Gap::space;
  for (const char32_t c : between) {
    Gap here = Gap::space;
    if (is_space(c)) continue;
    if (c == U'\n') here = Gap::line;
    else if (c == U'|' || c == U'\t' || c == U'│' || c == U'┃') here = Gap::cell;
    else if (is_hyphen(c)) here = Gap::hyphen;
    else if (c == U'(' || c == U')' || c == U'〔' || c == U'〕') here = Gap::bracket;
    else if (c == U'.' || c == U'・') here = Gap::dot;
    else if (c == U'/') here = Gap::slash;
    else if (c == U',') here = Gap::comma;
    else return Gap::none;
    // A hyphen at the end of a line is a line's end; a cell's border beats the line's end round it.
    if (kind == Gap::space || here == Gap::cell || (here == Gap::line && kind != Gap::cell)) kind = here;
    else if (kind != here && kind != Gap::cell && kind != Gap::line && kind != Gap::bracket) return Gap::none;
  }
  return kind;
}

bool is_latin(std::u32string_view text, std::uint32_t at) { return char_class(text[at]) == CharClass::latin; }

}  // namespace

int kanji_digit(char32_t c) {
  constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  if (c == U'零') return 0;
  if (c < 0x3007 || c > 0x9FFF) return -1;
  const auto at = kDigits.find(c);
  return at == std::u32string_view::npos ? -1 : static_cast<int>(at);
}

std::vector<DigitGroup> digit_groups(std::u32string_view text) {
  std::vector<DigitGroup> out;
  const auto size = static_cast<std::uint32_t>(text.size());
  const auto value = [&](std::uint32_t at, bool& kanji) {
    const char32_t c = text[at];
    kanji = false;
    if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
    if (c < 0x3007) return -1;
    kanji = true;
    return kanji_digit(c);
  };
  for (std::uint32_t at = 0; at < size;) {
    bool kanji = false;
    int digit = value(at, kanji);
    if (digit < 0) {
      ++at;
      continue;
    }
    DigitGroup group;
    group.begin = at;
    group.kanji = kanji;
    for (bool same = kanji; at < size && (digit = value(at, same)) >= 0 && same == kanji; ++at)
      if (group.digits.size() < kKept) group.digits.push_back(static_cast<char>('0' + digit));
    group.end = at;
    // A-301817989624 is the number of a paper: the hyphen ties the letter to it.
    group.letter_before = (group.begin > 0 && is_latin(text, group.begin - 1)) ||
                          (group.begin > 1 && is_hyphen(text[group.begin - 1]) && is_latin(text, group.begin - 2));
    group.letter_after = at < size && is_latin(text, at);
    if (!out.empty()) {
      const std::uint32_t from = out.back().end;
      group.before = gap_of(text.substr(from, std::min(group.begin - from, kMaxGap + 1)));
      // A comma ties thousands together; elsewhere it stands between two numbers, as in a line of CSV.
      const bool thousands = group.begin == from + 1 && group.digits.size() == 3 && out.back().digits.size() <= 3;
      if (group.before == Gap::comma && !thousands) group.before = Gap::none;
      out.back().after = group.before;
    }
    out.push_back(std::move(group));
  }
  return out;
}

bool valid_my_number(std::string_view d) {
  if (d.size() != 12) return false;
  int sum = 0;
  for (int n = 1; n <= 11; ++n) sum += (d[static_cast<std::size_t>(11 - n)] - '0') * (n <= 6 ? n + 1 : n - 5);
  const int rest = sum % 11;
  return d[11] - '0' == (rest <= 1 ? 0 : 11 - rest);
}

bool valid_corporate_number(std::string_view d) {
  if (d.size() != 13) return false;
  int sum = 0;
  for (int n = 1; n <= 12; ++n) sum += (d[static_cast<std::size_t>(13 - n)] - '0') * (n % 2 == 1 ? 1 : 2);
  return d[0] - '0' == 9 - sum % 9;
}

bool valid_luhn(std::string_view d) {
  int sum = 0;
  for (std::size_t i = 0; i < d.size(); ++i) {
    int n = d[d.size() - 1 - i] - '0';
    if (i % 2 == 1) n = n * 2 > 9 ? n * 2 - 9 : n * 2;
    sum += n;
  }
  return sum % 10 == 0;
}

}  // namespace sekisho::text
