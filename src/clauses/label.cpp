#include "clauses/label.h"

#include <algorithm>
#include <array>
#include <optional>

#include "clauses/prose.h"
#include "text/utf8.h"

namespace sekisho::clauses {
namespace {

constexpr std::u32string_view kKana = U"アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
constexpr std::u32string_view kIroha = U"イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス";
constexpr std::u32string_view kHalfKana = U"ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ";
constexpr std::u32string_view kKanjiDigits = U"〇一二三四五六七八九";
constexpr std::array<std::string_view, 12> kRoman = {"i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"};
constexpr std::uint32_t kMaxOrdinal = 999;
constexpr std::size_t kMaxDotted = 5;
constexpr std::size_t kMaxGlued = 40;  // code points of a heading
constexpr std::u32string_view kCounters = U"年月日時分秒人件条項号回か箇カヵヶケ以％%個台枚倍週部級点名社階歳才円番桁つ版次類種期位の";

char32_t plain_kana(char32_t c) {
  const auto half = kHalfKana.find(c);
  return half == std::u32string_view::npos ? c : kKana[half];
}

std::uint32_t place_in(std::u32string_view order, char32_t c) {
  const auto at = order.find(c);
  return at == std::u32string_view::npos ? 0 : static_cast<std::uint32_t>(at) + 1;
}

int digit(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (c >= U'０' && c <= U'９') return static_cast<int>(c - U'０');
  return -1;
}

char32_t latin(char32_t c) { return (c >= U'Ａ' && c <= U'Ｚ') || (c >= U'ａ' && c <= U'ｚ') ? c - U'Ａ' + U'A' : c; }

std::string utf8(char32_t c) {
  std::string out;
  text::append_utf8(out, c);
  return out;
}

struct Cursor {
  std::u32string_view line;
  std::size_t at = 0;

  char32_t peek(std::size_t ahead = 0) const { return at + ahead < line.size() ? line[at + ahead] : 0; }
  bool done() const { return at >= line.size(); }

  std::optional<std::uint32_t> number() {
    std::uint32_t value = 0;
    std::size_t n = 0;
    while (digit(peek()) >= 0 && n < 4) {
      value = value * 10 + static_cast<std::uint32_t>(digit(peek()));
      ++at;
      ++n;
    }
    if (n == 0 || n == 4 || value == 0 || value > kMaxOrdinal) return std::nullopt;
    return value;
  }
  // 一 .. 九百九十九 in positional words (二十三).
  std::optional<std::uint32_t> kanji() {
    std::uint32_t total = 0;
    std::uint32_t current = 0;
    std::size_t n = 0;
    for (; n < 7; ++n, ++at) {
      const auto d = kKanjiDigits.find(peek());
      if (d != std::u32string_view::npos && peek() != 0) {
        current = static_cast<std::uint32_t>(d);
      } else if (peek() == U'十' || peek() == U'百') {
        total += (current == 0 ? 1 : current) * (peek() == U'十' ? 10 : 100);
        current = 0;
      } else {
        break;
      }
    }
    total += current;
    if (n == 0 || total == 0 || total > kMaxOrdinal) return std::nullopt;
    return total;
  }
  std::optional<std::uint32_t> any_number() {
    const std::size_t start = at;
    if (auto n = number()) return n;
    at = start;
    return kanji();
  }
};

bool separates(char32_t c) { return is_space(c); }
bool stops(char32_t c) { return c == U'.' || c == U'．' || c == U'、' || c == U'，' || c == U','; }

// Moves behind the separator that bare labels need: white space, or a stop and anything but a digit. False: there is none.
bool skip_separator(Cursor& c) {
  if (c.done()) return true;
  bool found = false;
  if (stops(c.peek()) && digit(c.peek(1)) < 0) {
    ++c.at;
    found = true;
  }
  while (separates(c.peek())) {
    ++c.at;
    found = true;
  }
  return found;
}

std::size_t skip_spaces(std::u32string_view line, std::size_t at) {
  while (at < line.size() && is_space(line[at])) ++at;
  return at;
}

void add(std::vector<Label>& out, Family family, std::uint32_t ordinal, std::size_t length, std::size_t rest) {
  std::string text = label_text(family, ordinal);
  if (ordinal > 0 && !text.empty()) out.push_back({family, ordinal, 0, {}, std::move(text), length, rest});
}

// 第3章, 第二節, 第4条の2
void read_numbered_unit(std::u32string_view line, std::vector<Label>& out) {
  if (line.empty() || line[0] != U'第') return;
  Cursor c{line, 1};
  c.at = skip_spaces(line, c.at);
  const auto n = c.any_number();
  if (!n) return;
  const std::size_t number_end = c.at;
  c.at = skip_spaces(line, c.at);
  static constexpr std::array<std::pair<char32_t, Family>, 7> kUnits = {{{U'部', Family::part}, {U'編', Family::volume}, {U'章', Family::chapter}, {U'節', Family::section},
                                                                            {U'款', Family::subsection}, {U'目', Family::division}, {U'条', Family::article}}};
  for (const auto& [unit, family] : kUnits) {
    if (c.peek() != unit) continue;
    if (c.at > number_end && (unit == U'部' || unit == U'目')) continue;  // 第1 目的
    ++c.at;
    Label label{family, *n, 0, {}, {}, 0, 0};
    label.text = "第" + std::to_string(*n) + utf8(unit);
    if (c.peek() == U'の') {
      // A page sets a blank round its numbers: 第 4 条の 2.
      Cursor branch{line, c.at > number_end + 1 ? skip_spaces(line, c.at + 1) : c.at + 1};
      if (const auto b = branch.any_number()) {
        label.branch = *b;
        label.text += "の" + std::to_string(*b);
        c.at = branch.at;
      }
    }
    label.length = c.at;
    // 第3条の規定により, 第2章に定める: a mention, not a heading.
    const char32_t next = c.peek();
    if (!c.done() && !is_space(next) && std::u32string_view(U"(（．.「【［〔：").find(next) == std::u32string_view::npos) return;
    if (next == U'．' || next == U'.' || next == U'：') ++c.at;
    label.rest = skip_spaces(line, c.at);
    out.push_back(std::move(label));
    return;
  }
  // 第1 趣旨. What counts (第1 回) has its word behind the white space.
  if (number_end < line.size() && (!is_space(line[number_end]) || kCounters.find(c.peek()) != std::u32string_view::npos)) return;
  add(out, Family::ordinal, *n, number_end, c.at);
}

void read_paren(std::u32string_view line, std::vector<Label>& out) {
  if (line.empty() || (line[0] != U'(' && line[0] != U'（')) {
    // ⑴ .. ⒇ and ⒜ .. ⒵ are labels of one character
    if (!line.empty() && line[0] >= U'⑴' && line[0] <= U'⒇') add(out, Family::paren_number, line[0] - U'⑴' + 1, 1, skip_spaces(line, 1));
    if (!line.empty() && line[0] >= U'⒜' && line[0] <= U'⒵') add(out, Family::paren_alpha, line[0] - U'⒜' + 1, 1, skip_spaces(line, 1));
    return;
  }
  std::size_t end = 1;
  while (end < line.size() && end < 9 && line[end] != U')' && line[end] != U'）') ++end;
  if (end >= line.size() || end >= 9 || end == 1) return;
  std::size_t from = skip_spaces(line, 1);
  std::size_t to = end;
  while (to > from && is_space(line[to - 1])) --to;
  const std::u32string_view inside = line.substr(from, to - from);
  if (inside.empty()) return;
  const std::size_t length = end + 1;
  const std::size_t rest = skip_spaces(line, length);
  Cursor number{inside, 0};
  if (const auto n = number.number(); n && number.done()) add(out, Family::paren_number, *n, length, rest);
  Cursor kanji{inside, 0};
  if (const auto n = kanji.kanji(); n && kanji.done()) add(out, Family::paren_kanji, *n, length, rest);
  std::string letters;
  for (const char32_t c : inside) letters += latin(c) < 0x80 ? static_cast<char>(latin(c)) : '?';
  if (inside.size() == 1) {
    add(out, Family::paren_kana, place_in(kKana, plain_kana(inside[0])), length, rest);
    add(out, Family::paren_iroha, place_in(kIroha, plain_kana(inside[0])), length, rest);
    if (letters[0] >= 'a' && letters[0] <= 'z') add(out, Family::paren_alpha, static_cast<std::uint32_t>(letters[0] - 'a') + 1, length, rest);
  }
  if (inside.size() == 1 && inside[0] >= U'ⅰ' && inside[0] <= U'ⅻ') add(out, Family::paren_roman, inside[0] - U'ⅰ' + 1, length, rest);
  for (std::size_t i = 0; i < kRoman.size(); ++i)
    if (letters == kRoman[i]) add(out, Family::paren_roman, static_cast<std::uint32_t>(i) + 1, length, rest);
}

void read_sign(std::u32string_view line, std::vector<Label>& out) {
  if (line.empty()) return;
  const char32_t c = line[0];
  Cursor behind{line, 1};
  if (!skip_separator(behind)) behind.at = 1;
  const std::size_t rest = behind.at;
  if (c >= U'①' && c <= U'⑳') add(out, Family::circled, c - U'①' + 1, 1, rest);
  if (c >= U'㉑' && c <= U'㉟') add(out, Family::circled, c - U'㉑' + 21, 1, rest);
  if (c >= U'Ⅰ' && c <= U'Ⅻ') add(out, Family::roman, c - U'Ⅰ' + 1, 1, rest);
  if (c >= U'ⅰ' && c <= U'ⅻ') add(out, Family::roman, c - U'ⅰ' + 1, 1, rest);
}

// II. or III: the letters of a number, then a separator. One letter may be one of A, B, C as well.
void read_letters_of_roman(std::u32string_view line, std::vector<Label>& out) {
  Cursor c{line, 0};
  std::string letters;
  for (; letters.size() < 5 && (c.peek() == U'I' || c.peek() == U'V' || c.peek() == U'X'); ++c.at) letters += static_cast<char>(c.peek() - U'A' + U'a');
  const std::size_t length = c.at;
  const auto found = std::find(kRoman.begin(), kRoman.end(), letters);
  if (found != kRoman.end() && skip_separator(c)) add(out, Family::roman, static_cast<std::uint32_t>(found - kRoman.begin()) + 1, length, c.at);
}

// （目的）, and nothing behind it.
bool is_bracketed(std::u32string_view text) {
  const bool brackets = text.size() >= 4 && (text.front() == U'(' || text.front() == U'（') && (text.back() == U')' || text.back() == U'）');
  return brackets && text.size() <= kMaxGlued && digit(text[1]) < 0 && text.find_first_of(U"（(。", 1) == std::u32string_view::npos;
}

bool joins(char32_t c) { return std::u32string_view(U".．-－‐‑–—―−").find(c) != std::u32string_view::npos; }

bool closes(char32_t c) { return c == U')' || c == U'）'; }

// 1, 1.2, 1-2-3: 1.2 is {1, 2}. Empty: no number stands here.
std::vector<std::uint32_t> read_parts(Cursor& c) {
  std::vector<std::uint32_t> parts;
  for (;;) {
    const auto n = c.number();
    if (!n) return {};
    parts.push_back(*n);
    if (!joins(c.peek()) || digit(c.peek(1)) < 0 || parts.size() >= kMaxDotted) return parts;
    ++c.at;
  }
}

// 1 週間の…とする。: a sentence that counts, with the blank that a page sets round its numbers; not 1 人の務め, 2 人的.
bool counts(std::u32string_view rest) {
  if (rest.size() < 2 || (!ends_sentence(rest) && !reads_like_sentence(rest)) || kCounters.find(rest[0]) == std::u32string_view::npos) return false;
  return (rest[1] >= U'ぁ' && rest[1] <= U'ん') || std::u32string_view(U"間目以前後").find(rest[1]) != std::u32string_view::npos;
}

// Needs white space or a stop behind it, or its caption: 1（目的）.
void read_number(std::u32string_view line, Glued glued, std::vector<Label>& out) {
  Cursor c{line, 0};
  const std::vector<std::uint32_t> parts = read_parts(c);
  if (parts.empty()) return;
  const std::size_t length = c.at;
  if (parts.size() == 1 && closes(c.peek())) return add(out, Family::half_number, parts[0], length + 1, skip_spaces(line, length + 1));
  const bool captioned = parts.size() == 1 && is_bracketed(line.substr(c.at));
  const bool may_glue = glued == Glued::all || (glued == Glued::dotted && parts.size() > 1);
  if (!skip_separator(c) && !captioned && !(may_glue && glued_numbers(line) == parts.size())) return;
  if (c.at == length + 1 && line[length] == U' ' && counts(line.substr(c.at))) return;
  if (parts.size() == 1) return add(out, Family::number, parts[0], length, c.at);
  Label label{Family::dotted, parts.back(), 0, {}, {}, length, c.at};
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) label.prefix += (i == 0 ? "" : ".") + std::to_string(parts[i]);
  label.text = label.prefix + "." + std::to_string(parts.back());
  out.push_back(std::move(label));
}

// ア, a, A, 一: need white space, a stop or half a bracket behind them.
void read_letter(std::u32string_view line, std::vector<Label>& out) {
  Cursor c{line, 0};
  const char32_t kana = plain_kana(c.peek());
  const char32_t letter = latin(c.peek());
  Cursor one{line, 1};
  if (closes(one.peek())) {
    const std::size_t rest = skip_spaces(line, 2);
    add(out, Family::half_kana, place_in(kKana, kana), 2, rest);
    if (letter >= U'a' && letter <= U'z') add(out, Family::half_alpha, letter - U'a' + 1, 2, rest);
  } else if (skip_separator(one)) {
    add(out, Family::kana, place_in(kKana, kana), 1, one.at);
    add(out, Family::iroha, place_in(kIroha, kana), 1, one.at);
    if (letter >= U'a' && letter <= U'z') add(out, Family::alpha, letter - U'a' + 1, 1, one.at);
    if (letter >= U'A' && letter <= U'Z') add(out, Family::upper, letter - U'A' + 1, 1, one.at);
  }
  if (const auto n = c.kanji()) {
    const std::size_t length = c.at;
    // 一、二の例 is no label.
    const bool stopped = c.peek() == U'、' && kKanjiDigits.find(c.peek(1)) == std::u32string_view::npos;
    if ((c.done() || separates(c.peek()) || stopped) && skip_separator(c)) add(out, Family::kanji, *n, length, c.at);
  }
}

std::string kanji_text(std::uint32_t n) {
  std::string out;
  if (n >= 100) out += (n >= 200 ? utf8(kKanjiDigits[n / 100]) : "") + "百";
  if (n % 100 >= 10) out += (n % 100 >= 20 ? utf8(kKanjiDigits[n % 100 / 10]) : "") + "十";
  if (n % 10 > 0) out += utf8(kKanjiDigits[n % 10]);
  return out;
}

std::string letter_of(std::u32string_view order, std::uint32_t ordinal) { return ordinal <= order.size() ? utf8(order[ordinal - 1]) : std::string(); }

std::string paren(std::string inside) { return inside.empty() ? inside : "(" + inside + ")"; }

}  // namespace

std::size_t glued_numbers(std::u32string_view line) {
  Cursor c{line, 0};
  const std::size_t numbers = read_parts(c).size();
  if (numbers == 0 || (numbers == 1 && c.at > 2) || c.done() || line.size() > kMaxGlued) return 0;
  const char32_t next = c.peek();
  // 3.1に示す, but 1はじめに
  const bool japanese = (next >= (numbers == 1 ? U'ぁ' : U'ァ') && next <= U'ー') || (next >= U'一' && next <= U'鿿');
  return japanese && kCounters.find(next) == std::u32string_view::npos && !ends_sentence(line) && !reads_like_sentence(line) ? numbers : 0;
}

std::vector<Label> read_labels(std::u32string_view line, Glued glued) {
  std::vector<Label> out;
  read_numbered_unit(line, out);
  read_paren(line, out);
  read_sign(line, out);
  read_letters_of_roman(line, out);
  if (!line.empty() && digit(line[0]) >= 0)
    read_number(line, glued, out);
  else if (!line.empty())
    read_letter(line, out);
  return out;
}

std::string label_text(Family family, std::uint32_t n) {
  if (n == 0) return {};
  switch (family) {
    case Family::part: return "第" + std::to_string(n) + "部";
    case Family::volume: return "第" + std::to_string(n) + "編";
    case Family::chapter: return "第" + std::to_string(n) + "章";
    case Family::section: return "第" + std::to_string(n) + "節";
    case Family::subsection: return "第" + std::to_string(n) + "款";
    case Family::division: return "第" + std::to_string(n) + "目";
    case Family::article: return "第" + std::to_string(n) + "条";
    case Family::ordinal: return "第" + std::to_string(n);
    case Family::number: case Family::dotted: return std::to_string(n);
    case Family::paren_number: return paren(std::to_string(n));
    case Family::kana: return letter_of(kKana, n);
    case Family::iroha: return letter_of(kIroha, n);
    case Family::paren_kana: return paren(letter_of(kKana, n));
    case Family::paren_iroha: return paren(letter_of(kIroha, n));
    case Family::alpha: return n <= 26 ? std::string(1, static_cast<char>('a' + n - 1)) : std::string();
    case Family::upper: return n <= 26 ? std::string(1, static_cast<char>('A' + n - 1)) : std::string();
    case Family::paren_alpha: return n <= 26 ? paren(std::string(1, static_cast<char>('a' + n - 1))) : std::string();
    case Family::circled: return n <= 20 ? utf8(U'①' + n - 1) : n <= 35 ? utf8(U'㉑' + n - 21) : std::string();
    case Family::roman: return n <= 12 ? utf8(U'Ⅰ' + n - 1) : std::string();
    case Family::paren_roman: return n <= kRoman.size() ? paren(std::string(kRoman[n - 1])) : std::string();
    case Family::kanji: return kanji_text(n);
    case Family::paren_kanji: return paren(kanji_text(n));
    case Family::half_number: return std::to_string(n) + ")";
    case Family::half_kana: return n <= kKana.size() ? letter_of(kKana, n) + ")" : std::string();
    case Family::half_alpha: return n <= 26 ? std::string(1, static_cast<char>('a' + n - 1)) + ")" : std::string();
  }
  return {};
}

}  // namespace sekisho::clauses
