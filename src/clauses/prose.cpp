#include "clauses/prose.h"

#include <algorithm>
#include <array>

#include "text/utf8.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kRun = 4;  // two characters before a break and two behind it
constexpr std::size_t kMinWrappedLines = 8;
constexpr std::size_t kEntryName = 8;
constexpr std::size_t kShortTitle = 12;
constexpr std::size_t kShortEnd = 3;  // a line like う。 begins no sentence

bool one_of(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }
bool is_letter(char32_t c) { return (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z'); }
bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_upper(char32_t c) { return c >= U'A' && c <= U'Z'; }

char32_t half_width(char32_t c) { return c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c; }

bool is_kanji(char32_t c) { return (c >= U'一' && c <= U'鿿') || c == U'々'; }
bool is_katakana(char32_t c) { return c >= U'ァ' && c <= U'ー'; }
bool one_word(char32_t before, char32_t behind) { return (is_kanji(before) && is_kanji(behind)) || (is_katakana(before) && is_katakana(behind)); }

std::u32string_view trimmed(std::u32string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::size_t columns(std::u32string_view line) {
  std::size_t n = 0;
  for (const char32_t c : line) n += c < 0x80 || (c >= 0xFF61 && c <= 0xFF9F) ? 1 : 2;
  return n;
}

// The width at which full lines end, when many lines end there.
std::size_t wrap_width(const std::vector<std::u32string_view>& lines) {
  std::vector<std::size_t> widths;
  for (const auto line : lines)
    if (!ends_sentence(line)) widths.push_back(columns(line));
  if (widths.size() < kMinWrappedLines) return 0;
  std::sort(widths.begin(), widths.end());
  const std::size_t widest = widths[widths.size() * 95 / 100];
  const auto full = static_cast<std::size_t>(std::count_if(widths.begin(), widths.end(), [&](std::size_t w) { return w + 4 >= widest && w <= widest + 4; }));
  return full * 3 >= widths.size() && widest >= 40 ? widest : 0;
}

bool starts_inside_sentence(std::u32string_view next) {
  if (next.empty()) return false;
  if (one_of(U"、。，．）」』ーっゃゅょァィゥェォッャュョ々ん", next[0])) return true;
  if (one_of(U"をがにへばらるれ", next[0])) return true;
  if (next[0] == U'は' && !next.starts_with(U"はじ")) return true;
  static constexpr std::array<std::u32string_view, 12> kEndings = {U"する", U"した", U"しな", U"され", U"ない", U"なけ", U"ます", U"まし", U"です", U"でき", U"のと", U"のた"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](std::u32string_view e) { return next.starts_with(e); });
}

// The first bracket of the line closes one of the lines above. 3) at its beginning may be a number.
bool closes_bracket(std::u32string_view line) {
  const auto at = line.find_first_of(U"（(）)");
  return at != std::u32string_view::npos && one_of(U"）)", line[at]);
}

// Calls f(begin, end) for each run of ASCII letters and digits.
template <class F>
void for_each_word(std::u32string_view line, F f) {
  for (std::size_t i = 0; i < line.size();) {
    if (!is_letter(line[i]) && !is_digit(line[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < line.size() && (is_letter(line[i]) || is_digit(line[i]))) ++i;
    f(begin, i);
  }
}

std::string ascii(std::u32string_view word) {
  std::string out;
  for (const char32_t c : word) out += static_cast<char>(c);
  return out;
}

}  // namespace

bool is_space(char32_t c) { return c == U' ' || c == U'\t' || c == U'\u3000' || c == U'\u00A0' || c == U'\f' || c == U'\r' || (c >= U'\u2000' && c <= U'\u200B'); }

std::u32string decode(std::string_view utf8) {
  std::u32string out;
  out.reserve(utf8.size() / 3 + 1);
  for (std::size_t at = 0; at < utf8.size();) out += text::decode_utf8(utf8, at);
  return out;
}

std::string encode(std::u32string_view line) {
  std::string out;
  out.reserve(line.size() * 3);
  for (const char32_t c : line) text::append_utf8(out, c);
  return out;
}

std::u32string squeezed(std::u32string_view line) {
  std::u32string out;
  for (const char32_t c : line)
    if (!is_space(c)) out += half_width(c);
  return out;
}

bool ends_sentence(std::u32string_view line) {
  line = trimmed(line);
  while (!line.empty() && one_of(U"）)」』】〕", line.back())) {
    // A bracket closes a sentence only when one ended inside it: 「…とする。）」
    if (line.size() >= 2 && one_of(U"。.！？", line[line.size() - 2])) return true;
    line.remove_suffix(1);
  }
  return !line.empty() && one_of(U"。！？!?", line.back());
}

bool bracket_is_open(std::u32string_view text) {
  std::size_t depth = 0;
  for (const char32_t c : text) {
    if (one_of(U"（(", c)) ++depth;
    if (one_of(U"）)", c) && depth > 0) --depth;
  }
  return depth > 0;
}

bool reads_like_sentence(std::u32string_view line) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char32_t c = line[i];
    if (one_of(U"（(「『", c)) ++depth;
    if (one_of(U"）)」』", c) && depth > 0) --depth;
    if (depth > 0) continue;
    if (c == U'。') return true;
    if (c == U'、' && i > 0 && one_of(U"はがにてでしりをもらけえいくばびたお", line[i - 1])) return true;
  }
  return false;
}

Prose::Prose(const std::vector<std::u32string_view>& lines) : width_(wrap_width(lines)) {
  for (const auto line : lines) {
    for (std::size_t i = 0; i + kRun <= line.size(); ++i) runs_.insert(std::u32string(line.substr(i, kRun)));
    for_each_word(line, [&](std::size_t begin, std::size_t end) { ++words_[ascii(line.substr(begin, end - begin))]; });
  }
}

bool hangs(std::u32string_view whole) {
  whole = trimmed(whole);
  static constexpr std::array<std::u32string_view, 6> kJoining = {U"及び", U"又は", U"並びに", U"若しくは", U"かつ", U"あるいは"};
  return !whole.empty() && (one_of(U"、，・（(「『", whole.back()) || std::any_of(kJoining.begin(), kJoining.end(), [&](std::u32string_view w) { return whole.ends_with(w); }));
}

bool Prose::torn(std::u32string_view whole, std::u32string_view last_line, std::u32string_view next, bool adjacent, bool heading) const {
  whole = trimmed(whole);
  next = trimmed(next);
  if (whole.empty() || next.empty()) return false;
  if (bracket_is_open(whole) && closes_bracket(next)) return true;
  if (ends_sentence(whole)) return false;
  if (hangs(whole)) return true;
  const char32_t last = whole.back();
  // はじめに, 守る: a few words behind a number are a title unless they end in what only joins.
  const bool short_title = heading && whole.size() <= kShortTitle && !reads_like_sentence(whole) && !one_of(U"をがのはへとや", last);
  if (!short_title && one_of(U"をにへがはでともものやずばなたるらまよっさ", last) && !whole.ends_with(U"こと") && !whole.ends_with(U"もの")) return true;
  if (starts_inside_sentence(next) || reads_like_sentence(whole) || (!short_title && next.size() <= kShortEnd && ends_sentence(next))) return true;
  // The second line of a paragraph that goes on to a full stop; a line like 件数：… is an entry of its own.
  const bool entry = next.substr(0, kEntryName).find_first_of(U"：:") != std::u32string_view::npos || one_of(U"○●◯・■□◆◇※（(【「", next.front());
  if (adjacent && !heading && !entry && ends_sentence(next)) return true;
  if (adjacent && width_ > 0 && columns(last_line) + 3 >= width_) return true;
  if (short_title && adjacent) return false;  // a few words that end well within the line
  if (whole.size() >= kRun / 2 && next.size() >= kRun / 2 && one_word(last, next.front())) {
    // The two ends stand together elsewhere: 委託 | 事業者. Between katakana and kanji most words end anyway: no evidence.
    std::u32string run(whole.substr(whole.size() - kRun / 2));
    run += next.substr(0, kRun / 2);
    return runs_.contains(run) || doubled(whole, next);
  }
  return false;
}

bool Prose::doubled(std::u32string_view text, std::u32string_view next) const {
  text = trimmed(text);
  next = trimmed(next);
  if (text.size() < kRun || next.size() < kRun || text.back() != next.front() || !one_word(text.back(), next.front())) return false;
  const auto run = [&](std::size_t before, std::size_t behind, std::size_t left_out) {
    std::u32string letters(text.substr(text.size() - left_out - before, before));
    return letters += next.substr(0, behind);
  };
  return runs_.contains(run(2, 2, 1)) && !runs_.contains(run(2, 2, 0));
}

std::u32string Prose::repaired(std::u32string_view line, std::vector<WordRepair>& repairs) const {
  std::u32string out;
  std::size_t copied = 0;
  std::size_t previous_begin = 0;
  std::size_t previous_end = 0;
  const auto count = [&](const std::string& word) { const auto it = words_.find(word); return it == words_.end() ? 0 : it->second; };
  for_each_word(line, [&](std::size_t begin, std::size_t end) {
    const std::u32string_view word = line.substr(begin, end - begin);
    // A single capital, a space and the rest of a word that stands whole elsewhere.
    if (previous_end > previous_begin && previous_end - previous_begin == 1 && is_upper(line[previous_begin]) && begin == previous_end + 1 && line[previous_end] == U' ' &&
        is_upper(word[0]) && word.size() > 1 && previous_begin >= copied) {
      const std::string whole = ascii(line.substr(previous_begin, 1)) + ascii(word);
      if (count(whole) > 0 && count(whole) >= count(ascii(word))) {
        out += line.substr(copied, previous_begin - copied);
        out += decode(whole);
        copied = end;
        repairs.push_back({encode(line.substr(previous_begin, end - previous_begin)), whole});
      }
    }
    const auto letters = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_upper));
    const bool confusable = letters >= 2 && std::any_of(word.begin(), word.end(), [](char32_t c) { return c == U'0' || c == U'1'; }) &&
                            std::all_of(word.begin(), word.end(), [](char32_t c) { return is_upper(c) || c == U'0' || c == U'1'; });
    if (confusable && begin >= copied) {
      std::string letter_form;
      for (const char32_t c : word) letter_form += c == U'0' ? 'O' : c == U'1' ? 'I' : static_cast<char>(c);
      if (count(letter_form) > 0) {
        out += line.substr(copied, begin - copied);
        out += decode(letter_form);
        copied = end;
        repairs.push_back({ascii(word), letter_form});
      }
    }
    previous_begin = begin;
    previous_end = end;
  });
  out += line.substr(copied);
  return out;
}

}  // namespace sekisho::clauses
