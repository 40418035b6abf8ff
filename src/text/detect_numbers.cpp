// Numbers that carry their own proof (check digits, issuer ranges) and numbers that only their label tells.
#include <algorithm>

#include "text/characters.h"
#include "text/detect_parts.h"

namespace sekisho::text {
namespace {

constexpr std::uint32_t kLabelDistance = 24;  // code points between a label and its number
constexpr int kUnlikely = 30;

bool all_equal(std::string_view d) { return d.find_first_not_of(d[0]) == std::string_view::npos; }

// 202611260931: a time stamp is no number of a person.
bool is_timestamp(std::string_view d) {
  const auto two = [&](std::size_t at) { return (d[at] - '0') * 10 + (d[at + 1] - '0'); };
  const int century = two(0);
  return (century == 19 || century == 20) && two(4) >= 1 && two(4) <= 12 && two(6) >= 1 && two(6) <= 31 && two(8) < 24 && two(10) < 60;
}

// The label that stands nearest before the number decides what it is.
enum class Said { nothing, this_kind, other };
Said said(const Cues& cues, std::uint32_t at, std::initializer_list<Cue> own, std::initializer_list<Cue> other, std::uint32_t distance = kLabelDistance) {
  int mine = -1, theirs = -1;
  for (const Cue cue : own)
    if (const int d = cues.before(cue, at, distance); d >= 0 && (mine < 0 || d < mine)) mine = d;
  for (const Cue cue : other)
    if (const int d = cues.before(cue, at, distance); d >= 0 && (theirs < 0 || d < theirs)) theirs = d;
  if (mine >= 0 && (theirs < 0 || mine <= theirs)) return Said::this_kind;
  return theirs >= 0 ? Said::other : Said::nothing;
}

struct Window {
  std::size_t first = 0;
  std::size_t last = 0;  // included
  std::string digits;
  std::vector<std::size_t> sizes;
  Gap gap = Gap::none;  // the one kind between its groups; none: several kinds, or a single group
  bool mixed = false;
};

bool joins(Gap gap) { return gap == Gap::touching || gap == Gap::hyphen || gap == Gap::space || gap == Gap::line || gap == Gap::cell || gap == Gap::dot; }

// A number goes on where a hyphen, dot, slash or comma ties the next group to it.
bool tied(Gap gap) { return gap == Gap::hyphen || gap == Gap::dot || gap == Gap::slash || gap == Gap::comma; }

// Calls `take` for each run of groups from `first` on that has `wanted` digits; bounded by the digits.
template <class Take>
void windows(const std::vector<DigitGroup>& groups, std::size_t first, std::size_t wanted, Take take) {
  Window w;
  w.first = first;
  for (std::size_t i = first; i < groups.size(); ++i) {
    const DigitGroup& g = groups[i];
    if (i > first) {
      if (!joins(g.before)) return;
      w.mixed = w.mixed || (w.gap != Gap::none && w.gap != g.before);
      w.gap = g.before;
    }
    if (w.digits.size() + g.digits.size() > wanted) return;
    w.digits += g.digits;
    w.sizes.push_back(g.digits.size());
    w.last = i;
    if (w.digits.size() == wanted) {
      take(w);
      return;
    }
  }
}

bool closed(const std::vector<DigitGroup>& groups, const Window& w) {
  const Gap before = groups[w.first].before, after = groups[w.last].after;
  if (groups[w.first].letter_before || groups[w.last].letter_after) return false;
  if (w.first == w.last) return !tied(before) && !tied(after);
  // A row of equal groups that goes on in the same way is a longer number or a table.
  const auto continues = [&](Gap gap, std::size_t neighbour, std::size_t size) {
    return tied(gap) || gap == Gap::touching || (gap == w.gap && gap != Gap::none && (w.mixed || groups[neighbour].digits.size() == size));
  };
  if (w.first > 0 && continues(before, w.first - 1, w.sizes.front())) return false;
  return w.last + 1 >= groups.size() || !continues(after, w.last + 1, w.sizes.back());
}

bool years(const std::vector<DigitGroup>& groups, const Window& w) {
  for (std::size_t i = w.first; i <= w.last; ++i)
    if (groups[i].digits.substr(0, 2) != "19" && groups[i].digits.substr(0, 2) != "20") return false;
  return true;
}

// How sure the way of writing makes it, without any label: 0 when the way says nothing.
int shape_confidence(const std::vector<DigitGroup>& groups, const Window& w) {
  if (w.first == w.last) return is_timestamp(w.digits) ? kUnlikely : 90;
  const auto each = [&](std::size_t size) { return std::all_of(w.sizes.begin(), w.sizes.end(), [&](std::size_t s) { return s == size; }); };
  const bool across = w.gap == Gap::line || w.gap == Gap::cell;
  if (each(4)) return w.mixed ? 60 : across ? (years(groups, w) ? 0 : 60) : 90;
  if (each(1)) return w.mixed ? 70 : 90;
  if (w.sizes.size() == 2 && w.gap == Gap::touching) return 80;   // half of it in kanji
  if (w.sizes.size() == 2 && w.gap == Gap::line) return 40;       // wrapped at the end of a line, or two numbers
  if (each(w.sizes.front()) && !across && !w.mixed) return 40;
  return 0;
}

}  // namespace

void find_my_numbers(const Looked& in, Candidates& out) {
  const auto& groups = in.groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].digits.size() > 12) continue;
    windows(groups, i, 12, [&](const Window& w) {
      if (!valid_my_number(w.digits) || all_equal(w.digits)) return;
      const std::uint32_t begin = groups[w.first].begin;
      const Said label = said(in.cues, begin, {Cue::my_number}, {Cue::other_number, Cue::licence, Cue::phone, Cue::account, Cue::card, Cue::insurance}, kLabelDistance);
      const bool framed = closed(groups, w);
      if (label == Said::this_kind && (framed || w.first == w.last)) {
        out.push_back({FindingKind::my_number, begin, groups[w.last].end, 98});
        return;
      }
      if (!framed) return;
      const int shape = shape_confidence(groups, w);
      const int sure = label == Said::other ? std::min(shape, kUnlikely) : shape;
      if (sure > 0) out.push_back({FindingKind::my_number, begin, groups[w.last].end, sure});
    });
  }
}

namespace {

bool card_issuer(std::string_view d) {
  const auto lead = [&](std::size_t n) { return std::stoi(std::string(d.substr(0, n))); };
  const std::size_t n = d.size();
  if (d[0] == '4') return n == 16 || n == 13 || n == 19;                                                  // Visa
  if ((lead(2) >= 51 && lead(2) <= 55) || (lead(4) >= 2221 && lead(4) <= 2720)) return n == 16;           // Mastercard
  if (lead(4) >= 3528 && lead(4) <= 3589) return n >= 16 && n <= 19;                                      // JCB
  if (lead(2) == 34 || lead(2) == 37) return n == 15;                                                     // American Express
  if ((lead(3) >= 300 && lead(3) <= 305) || lead(3) == 309 || lead(2) == 36 || lead(2) == 38) return n == 14;  // Diners
  if (lead(2) == 62) return n >= 16 && n <= 19;                                                           // UnionPay
  return (lead(4) == 6011 || lead(2) == 65 || (lead(3) >= 644 && lead(3) <= 649)) && n == 16;             // Discover
}

bool card_shape(const Window& w) {
  if (w.first == w.last) return true;
  if (w.mixed && w.gap != Gap::line) return false;
  const std::vector<std::size_t> fours = {4, 4, 4, 4}, amex = {4, 6, 5}, diners = {4, 6, 4};
  return w.sizes == fours || w.sizes == amex || w.sizes == diners;
}

}  // namespace

void find_long_numbers(const Looked& in, Candidates& out) {
  const auto& groups = in.groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const DigitGroup& g = groups[i];
    // 登録番号 T1234567890123 is the corporate number with a T.
    const bool invoice_t = g.letter_before && in.text[g.begin - 1] == U't' && (g.begin < 2 || char_class(in.text[g.begin - 2]) != CharClass::latin);
    if (g.digits.size() <= 13)
      windows(groups, i, 13, [&](const Window& w) {
        if (!valid_corporate_number(w.digits) || all_equal(w.digits)) return;
        const std::vector<std::size_t> fours = {1, 4, 4, 4};
        const bool shaped = w.first == w.last || w.sizes == fours || std::all_of(w.sizes.begin(), w.sizes.end(), [](std::size_t s) { return s == 1; });
        const bool framed = closed(groups, w) || (invoice_t && !groups[w.last].letter_after);
        if (shaped && framed) out.push_back({FindingKind::corporate_number, groups[w.first].begin, groups[w.last].end, invoice_t ? 95 : 80});
      });
    if (g.digits.size() != 4 && g.digits.size() < 13) continue;
    for (std::size_t length = std::max<std::size_t>(13, g.digits.size()); length <= 19; ++length)
      windows(groups, i, length, [&](const Window& w) {
        if (!card_shape(w) || !closed(groups, w) || !card_issuer(w.digits) || !valid_luhn(w.digits) || all_equal(w.digits)) return;
        const Said label = said(in.cues, groups[w.first].begin, {Cue::card}, {Cue::other_number});
        const int sure = label == Said::this_kind ? 98 : label == Said::other ? kUnlikely : length == 13 ? 40 : 90;
        out.push_back({FindingKind::credit_card, groups[w.first].begin, groups[w.last].end, sure});
      });
  }
}

namespace {

// A number of one of these lengths whose label stands just before it.
struct Labelled {
  Cue cue;
  FindingKind kind;
  std::size_t least;
  std::size_t most;
  int confidence;
};
constexpr Labelled kLabelled[] = {
    {Cue::account, FindingKind::bank_account, 6, 8, 92},           {Cue::licence, FindingKind::driving_licence, 12, 12, 95},
    {Cue::insurance, FindingKind::insurance_number, 6, 11, 90},    {Cue::pension, FindingKind::insurance_number, 10, 10, 95},
};

void labelled(const Looked& in, std::size_t i, Candidates& out) {
  const auto& groups = in.groups;
  const std::uint32_t begin = groups[i].begin;
  for (const Labelled& rule : kLabelled) {
    const int distance = in.cues.before(rule.cue, begin, 12);
    if (distance < 0 || groups[i].letter_before || groups[i].letter_after) continue;
    // One group, or the 4-6 of a pension number.
    std::size_t digits = groups[i].digits.size(), last = i;
    while (digits < rule.least && last + 1 < groups.size() && (groups[last].after == Gap::hyphen || groups[last].after == Gap::space)) digits += groups[++last].digits.size();
    if (digits < rule.least || digits > rule.most || tied(groups[last].after)) continue;
    out.push_back({rule.kind, begin, groups[last].end, rule.confidence});
  }
}

void bank_accounts(const Looked& in, std::size_t i, Candidates& out) {
  const DigitGroup& g = in.groups[i];
  if (g.letter_before || g.letter_after) return;
  // 西脇銀行 本店 普通 1234567: the kind of account just before, a bank somewhere before that.
  if (g.digits.size() == 7 && in.cues.before(Cue::account_type, g.begin, 8) >= 0 && in.cues.before(Cue::bank, g.begin, 60) >= 0 && !tied(g.after))
    out.push_back({FindingKind::bank_account, g.begin, g.end, 92});
  // ゆうちょ: 記号 5 digits that begin with 1, 番号 up to 8 that end with 1.
  if (g.digits.size() != 5 || g.digits[0] != '1' || i + 1 >= in.groups.size()) return;
  const DigitGroup& n = in.groups[i + 1];
  const bool mark = in.cues.before(Cue::account_mark, g.begin, 4) >= 0;
  const bool post = in.cues.before(Cue::post_bank, g.begin, 60) >= 0;
  const std::uint32_t gap = n.begin - g.end;
  if ((mark || post) && gap <= 8 && n.digits.size() >= 6 && n.digits.size() <= 8 && n.digits.back() == '1')
    out.push_back({FindingKind::bank_account, g.begin, n.end, mark && post ? 95 : 85});
}

bool latin(char32_t c) { return c >= U'a' && c <= U'z'; }

// ab12345678cd: a residence card; tk1234567: a passport where it is called one.
void lettered(const Looked& in, const DigitGroup& g, Candidates& out) {
  if (!g.letter_before || g.begin < 2 || !latin(in.text[g.begin - 1]) || !latin(in.text[g.begin - 2])) return;
  if (g.begin >= 3 && (latin(in.text[g.begin - 3]) || in.text[g.begin - 3] == U'-')) return;
  const std::uint32_t begin = g.begin - 2;
  const bool tail = g.end + 1 < in.text.size() && latin(in.text[g.end]) && latin(in.text[g.end + 1]) && (g.end + 2 >= in.text.size() || !latin(in.text[g.end + 2]));
  if (g.digits.size() == 8 && tail) out.push_back({FindingKind::residence_card, begin, g.end + 2, in.cues.before(Cue::residence_card, begin, 24) >= 0 ? 98 : 80});
  if (g.digits.size() == 7 && !g.letter_after && in.cues.before(Cue::passport, begin, 24) >= 0) out.push_back({FindingKind::passport, begin, g.end, 95});
}

}  // namespace

void find_labelled_numbers(const Looked& in, Candidates& out) {
  for (std::size_t i = 0; i < in.groups.size(); ++i) {
    if (in.groups[i].kanji) continue;
    labelled(in, i, out);
    bank_accounts(in, i, out);
    lettered(in, in.groups[i], out);
  }
}

namespace {

bool between_hyphens(Gap gap) { return gap == Gap::hyphen || gap == Gap::bracket; }

bool mobile(std::string_view d) { return d.size() == 11 && d[0] == '0' && (d[1] == '5' || d[1] >= '7') && d[2] == '0' && d[3] != '0'; }

// The numbering plan: 0 + area code + exchange are six digits, the subscriber four; mobiles and IP telephones 0x0-xxxx-xxxx; 0120, 0570, 0800.
bool plan(std::string_view a, std::string_view b, std::string_view c) {
  if (a.empty() || a[0] != '0' || a.size() < 2 || a[1] == '0') return false;
  if (a.size() + b.size() == 6 && c.size() == 4 && a.size() <= 5 && !b.empty()) return true;
  if (a == "0120" || a == "0570" || a == "0800" || a == "0990")
    return (b.size() == 3 && (c.size() == 3 || c.size() == 4)) || (b.size() == 2 && c.size() == 4);
  return a.size() == 3 && b.size() == 4 && c.size() == 4 && mobile(std::string(a) + std::string(b) + std::string(c));
}

bool phone_in_one(const Looked& in, const DigitGroup& g, int& sure) {
  if (g.digits[0] != '0' || g.before == Gap::hyphen || g.before == Gap::dot || g.after == Gap::hyphen || g.after == Gap::dot || g.letter_after) return false;
  const Said label = said(in.cues, g.begin, {Cue::phone}, {Cue::other_number, Cue::account, Cue::insurance, Cue::card});
  if (label == Said::other) return false;
  if (mobile(g.digits)) sure = label == Said::this_kind ? 95 : 80;
  else if (g.digits.size() == 10 && g.digits[1] != '0' && label == Said::this_kind) sure = 90;
  else return false;
  return !g.letter_before || label == Said::this_kind;
}

}  // namespace

void find_phones(const Looked& in, Candidates& out) {
  const auto& groups = in.groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const DigitGroup& g = groups[i];
    if (g.kanji) continue;
    int sure = 0;
    if (phone_in_one(in, g, sure)) {
      out.push_back({FindingKind::phone, g.begin, g.end, sure});
      continue;
    }
    // +81-90-1234-5678: the 0 is left out.
    const bool abroad = g.digits == "81" && g.begin > 0 && in.text[g.begin - 1] == U'+';
    const std::size_t a = abroad ? i + 1 : i;
    if (a + 2 >= groups.size()) continue;
    const DigitGroup &x = groups[a], &y = groups[a + 1], &z = groups[a + 2];
    if (y.kanji || z.kanji || !plan(abroad ? "0" + x.digits : x.digits, y.digits, z.digits)) continue;
    const bool spaced = x.after == Gap::space && y.after == Gap::space;
    const bool written = between_hyphens(x.after) && between_hyphens(y.after);
    const Said label = said(in.cues, g.begin, {Cue::phone}, {Cue::other_number, Cue::account, Cue::insurance, Cue::card});
    if ((!spaced && !written) || g.before == Gap::hyphen || g.before == Gap::dot || z.after == Gap::hyphen || z.letter_after || label == Said::other) continue;
    if (g.letter_before && label != Said::this_kind) continue;
    sure = label == Said::this_kind || abroad ? 97 : written ? 90 : 60;
    // (0790)22-3111 begins with its bracket, +81 with its sign.
    const bool open = abroad || (g.begin > 0 && in.text[g.begin - 1] == U'(' && x.after == Gap::bracket);
    out.push_back({FindingKind::phone, open ? g.begin - 1 : g.begin, z.end, sure});
    i = a + 2;
  }
}

}  // namespace sekisho::text
