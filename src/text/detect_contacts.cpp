// Where somebody is reached: mail addresses, postal codes, places.
#include "text/characters.h"
#include "text/detect_parts.h"

namespace sekisho::text {
namespace {

bool mail_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c == U'.' || c == U'_' || c == U'-' || c == U'+' || c == U'%'; }
bool domain_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || c == U'-'; }

}  // namespace

void find_emails(const Looked& in, Candidates& out) {
  constexpr std::uint32_t kLocal = 64, kDomain = 253;
  const std::u32string_view t = in.text;
  for (std::uint32_t at = 0; at < t.size(); ++at) {
    if (t[at] != U'@') continue;
    std::uint32_t begin = at;
    while (begin > 0 && at - begin < kLocal && mail_letter(t[begin - 1])) --begin;
    while (begin < at && (t[begin] == U'.' || t[begin] == U'-')) ++begin;
    std::uint32_t end = at + 1, label = 0, dots = 0;
    for (; end < t.size() && end - at <= kDomain; ++end) {
      if (domain_letter(t[end])) {
        ++label;
      } else if (t[end] == U'.' && label > 0 && end + 1 < t.size() && domain_letter(t[end + 1])) {
        ++dots;
        label = 0;
      } else {
        break;
      }
    }
    if (begin < at && dots > 0 && label >= 2 && t[end - 1] >= U'a' && t[end - 1] <= U'z') out.push_back({FindingKind::email, begin, end, 98});
  }
}

void find_postal_codes(const Looked& in, Candidates& out) {
  for (std::size_t i = 0; i < in.groups.size(); ++i) {
    const DigitGroup& g = in.groups[i];
    const bool one = g.digits.size() == 7;
    const bool two = g.digits.size() == 3 && i + 1 < in.groups.size() && g.after == Gap::hyphen && in.groups[i + 1].digits.size() == 4;
    if (g.kanji || (!one && !two)) continue;
    const DigitGroup& last = in.groups[one ? i : i + 1];
    if (g.before == Gap::hyphen || last.after == Gap::hyphen || g.letter_before || last.letter_after) continue;
    if (in.cues.before(Cue::postal, g.begin, 4) >= 0) out.push_back({FindingKind::postal_code, g.begin, last.end, 95});
    else if (two && in.cues.after(Cue::prefecture, last.end, 4)) out.push_back({FindingKind::postal_code, g.begin, last.end, 90});
  }
}

namespace {

constexpr std::uint32_t kMaxAddress = 48;

bool digit(char32_t c) { return (c >= U'0' && c <= U'9') || kanji_digit(c) >= 0 || c == U'十'; }
bool hyphen(char32_t c) { return c == U'-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == U'ー' || c == U'の' || c == U'ノ'; }
bool place_letter(char32_t c) {
  const CharClass k = char_class(c);
  return k == CharClass::kanji || k == CharClass::katakana || c == U'ケ' || c == U'ヶ' || c == U'が' || c == U'つ' || c == U'の';
}
bool municipality(char32_t c) { return c == U'市' || c == U'区' || c == U'町' || c == U'村' || c == U'郡'; }

// Behind the place's name: 1丁目2番地の3, 605番地, 2-3-4. Gives the end, or `at` when there is no number.
struct Numbers {
  std::uint32_t end = 0;
  bool worded = false;  // with 丁目, 番地, 番 or 号
  int parts = 0;
};
Numbers block_numbers(std::u32string_view t, std::uint32_t at) {
  Numbers out{at, false, 0};
  const auto size = static_cast<std::uint32_t>(t.size());
  for (std::uint32_t p = at; p < size && p - at < 32;) {
    const std::uint32_t begin = p;
    while (p < size && digit(t[p])) ++p;
    if (p == begin) break;
    ++out.parts;
    out.end = p;
    const auto word = [&](std::u32string_view w) { return t.substr(p, w.size()) == w; };
    std::uint32_t w = 0;
    if (word(U"丁目") || word(U"番地")) w = 2;
    else if (word(U"番") || word(U"号")) w = 1;
    if (w > 0) {
      // 3番目 and 2号館 are no addresses.
      if (w == 1 && p + 1 < size && (t[p + 1] == U'目' || t[p + 1] == U'館' || t[p + 1] == U'線')) break;
      p += w;
      out.end = p;
      out.worded = true;
    }
    std::uint32_t next = p;
    while (next < size && next - p < 2 && (hyphen(t[next]) || t[next] == U' ')) ++next;
    if (next == p && w == 0) break;
    p = next;
  }
  return out;
}

// From a prefecture: 兵庫県 西脇市 郷瀬町 605番地.
void from_prefecture(const Looked& in, const CueHit& hit, Candidates& out) {
  const std::u32string_view t = in.text;
  bool town = false;
  std::uint32_t p = hit.end;
  for (std::uint32_t steps = 0; p < t.size() && steps < kMaxAddress; ++p, ++steps) {
    if (municipality(t[p]) && steps > 0) town = true;
    if (digit(t[p]) && town) {
      const Numbers n = block_numbers(t, p);
      const bool sure = n.worded || n.parts >= 2;
      // 北1条西2丁目: a number inside the place's name; 4万人: no place at all.
      const bool goes_on = n.end < t.size() && char_class(t[n.end]) == CharClass::kanji;
      if (sure || (n.parts > 0 && !goes_on && n.end - p <= 5)) {
        out.push_back({FindingKind::address, hit.begin, n.end, sure ? 95 : 75});
        return;
      }
    }
    constexpr std::u32string_view kParticles = U"はをにでともへ";
    if (town && kParticles.find(t[p]) != std::u32string_view::npos) return;
    const CharClass k = char_class(t[p]);
    if (k != CharClass::kanji && k != CharClass::katakana && k != CharClass::hiragana && k != CharClass::digit && t[p] != U' ') return;
  }
}

// From 丁目 or 番地 back to the place: 郷瀬町605番地.
void from_block(const Looked& in, const CueHit& hit, std::uint32_t not_before, Candidates& out) {
  const std::u32string_view t = in.text;
  std::uint32_t begin = hit.begin;
  while (begin > not_before && digit(t[begin - 1])) --begin;
  if (begin == hit.begin) return;
  const Numbers n = block_numbers(t, begin);
  if (!n.worded || (t[hit.begin] == U'番' && hit.end - hit.begin == 1 && n.parts < 2)) return;
  std::uint32_t from = begin;
  bool town = false;
  while (from > not_before && begin - from < kMaxAddress && (place_letter(t[from - 1]) || (t[from - 1] == U' ' && from + 1 < begin))) {
    --from;
    if (municipality(t[from]) && from + 1 <= begin) town = true;
  }
  while (from < begin && (t[from] == U' ' || t[from] == U'の' || t[from] == U'が')) ++from;
  if (begin - from < 2) return;
  const bool labelled = in.cues.before(Cue::address_label, from, 6) >= 0;
  if (town || labelled) out.push_back({FindingKind::address, from, n.end, labelled ? 90 : 75});
}

}  // namespace

void find_addresses(const Looked& in, Candidates& out) {
  const std::size_t first = out.size();
  for (const CueHit& hit : in.cues.of(Cue::prefecture)) from_prefecture(in, hit, out);
  // 所在地: 西脇市郷瀬町605-1, where the label says that it is one.
  for (const CueHit& hit : in.cues.of(Cue::address_label)) {
    std::uint32_t p = hit.end;
    while (p < in.text.size() && p - hit.end < 3 && (in.text[p] == U':' || in.text[p] == U' ' || in.text[p] == U'は' || in.text[p] == U'|')) ++p;
    const std::uint32_t from = p;
    bool town = false;
    while (p < in.text.size() && p - from < 30 && char_class(in.text[p]) >= CharClass::hiragana && !digit(in.text[p])) town = municipality(in.text[p++]) || town;
    const Numbers n = block_numbers(in.text, p);
    if (town && n.parts > 0) out.push_back({FindingKind::address, from, n.end, 90});
  }
  std::uint32_t behind = 0;
  std::size_t seen = first;
  for (const CueHit& hit : in.cues.of(Cue::block)) {
    while (seen < out.size() && out[seen].kind == FindingKind::address && out[seen].end <= hit.begin) behind = std::max(behind, out[seen++].end);
    from_block(in, hit, behind, out);
  }
}

}  // namespace sekisho::text
