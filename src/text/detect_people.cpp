// Persons: names in their context, dates of birth.
#include <algorithm>

#include "text/characters.h"
#include "text/detect_parts.h"

namespace sekisho::text {
namespace {

constexpr std::uint32_t kName = 12;   // code points of the longest name looked at
constexpr std::uint32_t kAround = 6;  // and of what follows, for the dictionary's sake

bool name_letter(char32_t c) {
  const CharClass k = char_class(c);
  return k == CharClass::kanji || k == CharClass::katakana || k == CharClass::hiragana || c == U' ' || c == U'・';
}

bool separator(char32_t c) { return c == U':' || c == U' ' || c == U'|' || c == U'\t' || c == U'(' || c == U'=' || c == U','; }

std::uint32_t line_begin(std::u32string_view t, std::uint32_t at, std::uint32_t most) {
  std::uint32_t p = at;
  while (p > 0 && at - p < most && name_letter(t[p - 1])) --p;
  return p;
}

// 山田太郎様: names that end where the honorific begins.
void before_honorific(const Looked& in, const CueHit& hit, Candidates& out) {
  const std::u32string_view t = in.text;
  std::uint32_t at = hit.begin;
  while (at > 0 && hit.begin - at < 2 && t[at - 1] == U' ') --at;
  const std::uint32_t begin = line_begin(t, at, kName + 8);
  if (begin == at) return;
  const CharClass last = char_class(t[at - 1]);
  if (last != CharClass::kanji && last != CharClass::katakana && last != CharClass::hiragana) return;
  const auto words = in.words(begin, std::min<std::uint32_t>(hit.end + kAround, static_cast<std::uint32_t>(t.size())));
  std::uint32_t name_begin = at;
  bool known = false, surname = false;
  for (std::size_t i = words.size(); i-- > 0;) {
    const TaggedWord& w = words[i];
    if (w.begin >= at) continue;
    if (w.end > at) return;  // 皆様, お客様: one word
    std::uint32_t gap = name_begin - w.end;
    const bool near = gap == 0 || (gap == 1 && known);
    if (!near || w.part == NamePart::none) break;
    known = true;
    surname = surname || w.part == NamePart::surname;
    name_begin = w.begin;
    if (at - name_begin > kName) return;
  }
  if (known && at - name_begin >= 2) out.push_back({FindingKind::person_name, name_begin, at, surname ? 90 : 75});
}

// 氏名: 山田 太郎, and 申請者 山田太郎.
void behind_label(const Looked& in, const CueHit& hit, bool only_a_name, Candidates& out) {
  const std::u32string_view t = in.text;
  const auto size = static_cast<std::uint32_t>(t.size());
  std::uint32_t p = hit.end;
  while (p < size && p - hit.end < 4 && (separator(t[p]) || (p == hit.end && t[p] == U'は'))) ++p;
  if (p == hit.end || p >= size) return;
  std::uint32_t end = p;
  while (end < size && end - p < kName && name_letter(t[end])) ++end;
  if (end - p < 2) return;
  std::uint32_t name_end = p;
  bool surname = false;
  for (const TaggedWord& w : in.words(p, std::min(end + kAround, size))) {
    if (w.begin > name_end + (name_end > p ? 1 : 0) || w.part == NamePart::none || w.end > end) break;
    surname = surname || w.part == NamePart::surname;
    name_end = w.end;
  }
  if (name_end - p >= 2) {
    out.push_back({FindingKind::person_name, p, name_end, surname && only_a_name ? 95 : surname ? 80 : 60});
    return;
  }
  if (!only_a_name) return;
  // A name that no dictionary knows stands alone behind its label: 氏名： 𠮷川 あおい, ﾌﾘｶﾞﾅ: ヤマダ タロウ.
  const bool told = std::find(t.begin() + hit.end, t.begin() + p, U':') != t.begin() + p || std::find(t.begin() + hit.end, t.begin() + p, U'|') != t.begin() + p;
  std::uint32_t spaces = 0;
  for (std::uint32_t i = p; i < end; ++i) spaces += t[i] == U' ' ? 1 : 0;
  const bool closes = end == size || t[end] == U'\n' || t[end] == U'|' || t[end] == U',' || t[end] == U'、' || t[end] == U'(' || t[end] == U'\t';
  if (told && closes && spaces == 1 && end - p <= 11) out.push_back({FindingKind::person_name, p, end, 70});
}

}  // namespace

void find_names(const Looked& in, Candidates& out) {
  for (const CueHit& hit : in.cues.of(Cue::honorific)) before_honorific(in, hit, out);
  for (const CueHit& hit : in.cues.of(Cue::name_label)) behind_label(in, hit, true, out);
  for (const CueHit& hit : in.cues.of(Cue::kana_label)) behind_label(in, hit, true, out);
  for (const CueHit& hit : in.cues.of(Cue::role_label)) behind_label(in, hit, false, out);
}

namespace {

// A number of up to four digits, in either kind of digits; -1 when there is none.
int number(std::u32string_view t, std::uint32_t& p) {
  int value = 0, tens = 0;
  std::uint32_t begin = p;
  for (; p < t.size() && p - begin < 4; ++p) {
    const char32_t c = t[p];
    if (c >= U'0' && c <= U'9') value = value * 10 + static_cast<int>(c - U'0');
    else if (const int k = kanji_digit(c); k >= 0) value = value * 10 + k;
    else if (c == U'十') {
      tens = (value == 0 ? 1 : value) * 10;
      value = 0;
    } else if (c == U'元' && p == begin) value = 1;
    else break;
  }
  return p == begin ? -1 : tens + value;
}

bool skip(std::u32string_view t, std::uint32_t& p, std::u32string_view any) {
  while (p < t.size() && t[p] == U' ') ++p;
  if (p >= t.size() || any.find(t[p]) == std::u32string_view::npos) return false;
  ++p;
  while (p < t.size() && t[p] == U' ') ++p;
  return true;
}

// 昭和45年3月2日, S45.3.2, 1970/03/02, 19700302. The end, or 0.
std::uint32_t date_end(std::u32string_view t, std::uint32_t p) {
  constexpr std::u32string_view kEras[] = {U"明治", U"大正", U"昭和", U"平成", U"令和", U"m", U"t", U"s", U"h", U"r"};
  bool era = false;
  for (const auto& name : kEras)
    if (!era && t.substr(p, name.size()) == name) {
      p += static_cast<std::uint32_t>(name.size());
      era = true;
      if (p < t.size() && t[p] == U'.') ++p;
    }
  while (era && p < t.size() && t[p] == U' ') ++p;
  const std::uint32_t year_at = p;
  const int year = number(t, p);
  const auto two_digits = [&] {
    const bool there = p + 2 <= t.size() && t[p] >= U'0' && t[p] <= U'9' && t[p + 1] >= U'0' && t[p + 1] <= U'9';
    const int value = there ? static_cast<int>((t[p] - U'0') * 10 + (t[p + 1] - U'0')) : -1;
    p += there ? 2 : 0;
    return value;
  };
  if (year < 1 || (era && year > 99) || (!era && (p - year_at != 4 || year < 1868 || year > 2100))) return 0;
  int month = 0, day = 0;
  if (!era && p < t.size() && t[p] >= U'0' && t[p] <= U'9') {
    month = two_digits();
    day = two_digits();
  } else {
    if (!skip(t, p, U"年./-")) return 0;
    month = number(t, p);
    if (!skip(t, p, U"月./-")) return 0;
    day = number(t, p);
    if (p < t.size() && t[p] == U'日') ++p;
  }
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? p : 0;
}

}  // namespace

void find_birth_dates(const Looked& in, Candidates& out) {
  const std::u32string_view t = in.text;
  for (const CueHit& hit : in.cues.of(Cue::birth)) {
    const std::uint32_t limit = std::min<std::uint32_t>(hit.end + 8, static_cast<std::uint32_t>(t.size()));
    for (std::uint32_t p = hit.end; p < limit; ++p)
      if (const std::uint32_t end = date_end(t, p); end > 0) {
        out.push_back({FindingKind::birth_date, p, end, 95});
        break;
      }
  }
  for (const CueHit& hit : in.cues.of(Cue::born)) {
    const std::uint32_t close = t[hit.begin] == U'日' ? hit.begin + 1 : hit.begin;
    const std::uint32_t from = close > 20 ? close - 20 : 0;
    for (std::uint32_t p = from; p < close; ++p)
      if (const std::uint32_t end = date_end(t, p); end > 0 && end <= close && close - end <= 1) {
        out.push_back({FindingKind::birth_date, p, end, 92});
        break;
      }
  }
}

}  // namespace sekisho::text
