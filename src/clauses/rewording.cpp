#include "clauses/rewording.h"

#include <algorithm>

#include "clauses/compare.h"
#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMostWords = 6;     // more changes than this are read more easily as a whole
constexpr std::size_t kLongestRun = 8;    // code points of a word that a change is widened to
constexpr std::size_t kShortKana = 2;     // code points: alone they are no word
constexpr double kMostChanged = 0.6;

using View = std::u32string_view;

struct Text {
  std::u32string letters;
  std::vector<bool> changed;
};

Text flat(const std::vector<Piece>& pieces) {
  Text out;
  for (const Piece& piece : pieces) {
    out.letters += decode(piece.text);
    out.changed.resize(out.letters.size(), piece.changed);
  }
  return out;
}

// [a_begin, a_end) of the old words became [b_begin, b_end) of the new ones.
struct Op {
  std::size_t a_begin, a_end, b_begin, b_end;
};

// White space is no change and need not have a partner.
std::vector<Op> ops_of(const Text& a, const Text& b) {
  std::vector<Op> out;
  std::size_t i = 0;
  std::size_t j = 0;
  const auto skip = [](const Text& t, std::size_t& at) {
    while (at < t.letters.size() && !t.changed[at] && is_space(t.letters[at])) ++at;
  };
  for (;;) {
    skip(a, i);
    skip(b, j);
    Op op{i, i, j, j};
    while (op.a_end < a.letters.size() && a.changed[op.a_end]) ++op.a_end;
    while (op.b_end < b.letters.size() && b.changed[op.b_end]) ++op.b_end;
    if (op.a_end > op.a_begin || op.b_end > op.b_begin) out.push_back(op);
    i = op.a_end;
    j = op.b_end;
    skip(a, i);
    skip(b, j);
    if (i >= a.letters.size() || j >= b.letters.size()) break;
    if (a.changed[i] || b.changed[j]) continue;
    ++i;
    ++j;
  }
  if (i < a.letters.size() || j < b.letters.size()) out.push_back({i, a.letters.size(), j, b.letters.size()});
  return out;
}

int class_of(char32_t c) {
  if ((c >= U'一' && c <= U'鿿') || c == U'々') return 1;
  if (c >= U'ァ' && c <= U'ー') return 2;
  if ((c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || (c >= U'０' && c <= U'９') || (c >= U'Ａ' && c <= U'Ｚ') || (c >= U'ａ' && c <= U'ｚ')) return 3;
  return 0;
}

bool is_kana(char32_t c) { return c >= U'ぁ' && c <= U'ゖ'; }
bool is_short_kana(View text) { return text.size() <= kShortKana && std::all_of(text.begin(), text.end(), is_kana); }
bool ends_phrase(char32_t c) { return c == U'、' || c == U'。' || c == U'，' || c == U'．' || is_space(c); }

std::size_t count_of(View text, View part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != View::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

class Finder {
 public:
  Finder(const Text& a, const Text& b) : a_(a.letters), b_(b.letters), ops_(ops_of(a, b)) {}

  std::optional<std::vector<Rewording>> run() {
    std::size_t gone = 0;
    for (const Op& op : ops_) gone += op.a_end - op.a_begin;
    if (static_cast<double>(gone) > kMostChanged * static_cast<double>(a_.size())) return std::nullopt;
    for (std::size_t k = 0; k < ops_.size(); ++k) slide(k);
    for (std::size_t k = 0; k < ops_.size(); ++k) widen_to_word(k);
    merge();
    std::vector<Rewording> out;
    for (std::size_t k = 0; k < ops_.size(); ++k) {
      const Rewording made = reworded(k);
      if (made.from.empty() && made.anchor.empty()) return std::nullopt;
      const std::string all = made.from + made.to + made.anchor;
      if (all.find('\n') != std::string::npos || all.find("\xE3\x80\x8C") != std::string::npos || all.find("\xE3\x80\x8D") != std::string::npos) return std::nullopt;
      if (std::find(out.begin(), out.end(), made) == out.end()) out.push_back(made);
    }
    if (out.size() > kMostWords) return std::nullopt;
    return out;
  }

 private:
  std::size_t left_limit(std::size_t k) const { return k == 0 ? 0 : ops_[k - 1].a_end; }
  std::size_t right_limit(std::size_t k) const { return k + 1 < ops_.size() ? ops_[k + 1].a_begin : a_.size(); }
  View before(const Op& op) const { return View(a_).substr(op.a_begin, op.a_end - op.a_begin); }
  View after(const Op& op) const { return View(b_).substr(op.b_begin, op.b_end - op.b_begin); }

  bool to_left(std::size_t k) {
    Op& op = ops_[k];
    if (op.a_begin <= left_limit(k) || op.b_begin == 0 || a_[op.a_begin - 1] != b_[op.b_begin - 1]) return false;
    --op.a_begin;
    --op.b_begin;
    return true;
  }
  bool to_right(std::size_t k) {
    Op& op = ops_[k];
    if (op.a_end >= right_limit(k) || op.b_end >= b_.size() || a_[op.a_end] != b_[op.b_end]) return false;
    ++op.a_end;
    ++op.b_end;
    return true;
  }

  // How well a person would cut before the letter at `begin` and behind the one before `end`.
  static int cut(View text, std::size_t begin, std::size_t end) {
    int out = begin == 0 || ends_phrase(text[begin - 1]) ? 2 : 0;
    if (begin > 0 && class_of(text[begin - 1]) != class_of(text[begin])) ++out;
    return out + (ends_phrase(text[end - 1]) ? 1 : 0);
  }

  // What only goes or only comes may as well begin a few letters earlier, where the same letters stand before it and at its end.
  void slide(std::size_t k) {
    Op& op = ops_[k];
    const bool goes = op.b_begin == op.b_end;
    if (goes == (op.a_begin == op.a_end)) return;
    const View text = goes ? View(a_) : View(b_);
    std::size_t begin = goes ? op.a_begin : op.b_begin;
    std::size_t end = goes ? op.a_end : op.b_end;
    std::size_t best = 0;
    int points = cut(text, begin, end);
    for (std::size_t n = 1; op.a_begin >= left_limit(k) + n && op.b_begin >= n && a_[op.a_begin - n] == b_[op.b_begin - n] && text[begin - 1] == text[end - 1]; ++n) {
      if (const int here = cut(text, --begin, --end); here > points) {
        points = here;
        best = n;
      }
      if (begin == 0) break;
    }
    op.a_begin -= best;
    op.a_end -= best;
    op.b_begin -= best;
    op.b_end -= best;
  }

  // 係 -> 課 reads as 係長 -> 課長, っ -> つ as 当たって -> 当たつて. What only goes or only comes stays as it is.
  void widen_to_word(std::size_t k) {
    const Op& op = ops_[k];
    if (op.a_begin == op.a_end || op.b_begin == op.b_end) return;
    if (is_short_kana(before(op)) && is_short_kana(after(op))) {
      for (std::size_t n = 0; n < kLongestRun && op.a_end < a_.size() && is_kana(a_[op.a_end]); ++n)
        if (!to_right(k)) break;
      for (std::size_t n = 0; n < kLongestRun && op.a_begin > 0 && is_kana(a_[op.a_begin - 1]); ++n)
        if (!to_left(k)) break;
      if (op.a_begin > 0 && class_of(a_[op.a_begin - 1]) != 0 && !to_left(k)) return;
    }
    for (std::size_t n = 0; n < kLongestRun && op.a_begin > 0; ++n)
      if (class_of(a_[op.a_begin]) == 0 || class_of(a_[op.a_begin - 1]) != class_of(a_[op.a_begin]) || !to_left(k)) break;
    for (std::size_t n = 0; n < kLongestRun && op.a_end < a_.size(); ++n)
      if (class_of(a_[op.a_end - 1]) == 0 || class_of(a_[op.a_end]) != class_of(a_[op.a_end - 1]) || !to_right(k)) break;
  }

  // Changes that touch after widening are one.
  void merge() {
    std::vector<Op> out;
    for (const Op& op : ops_) {
      if (!out.empty() && out.back().a_end >= op.a_begin && out.back().b_end >= op.b_begin) {
        out.back().a_end = op.a_end;
        out.back().b_end = op.b_end;
      } else {
        out.push_back(op);
      }
    }
    ops_ = std::move(out);
  }

  // Said once, it is done everywhere: right where every such place changes alike.
  bool everywhere(const Op& op) const {
    const View from = before(op);
    std::size_t alike = 0;
    for (const Op& other : ops_) alike += before(other) == from && after(other) == after(op) ? 1 : 0;
    return alike == count_of(a_, from);
  }

  Rewording reworded(std::size_t k) {
    Op& op = ops_[k];
    if (op.a_begin == op.a_end) return inserted(k);
    while (!everywhere(op))
      if (!to_left(k) && !to_right(k)) break;
    return {encode(before(op)), encode(after(op)), ""};
  }

  Rewording inserted(std::size_t k) {
    Op& op = ops_[k];
    std::size_t begin = op.a_begin;
    const std::size_t limit = left_limit(k);
    while (begin > limit && (begin == op.a_begin || (op.a_begin - begin < kLongestRun && class_of(a_[begin]) != 0 && class_of(a_[begin - 1]) == class_of(a_[begin])))) --begin;
    const auto anchor = [&] { return View(a_).substr(begin, op.a_begin - begin); };
    while (begin > limit && count_of(a_, anchor()) > 1) --begin;
    const auto within = [&] { return begin > limit && begin < op.a_begin && op.a_begin - begin < kLongestRun; };
    // て is no word: 応じて is.
    if (is_kana(a_[begin])) {
      while (within() && is_kana(a_[begin - 1])) --begin;
      if (within() && class_of(a_[begin - 1]) != 0) --begin;
    }
    while (within() && class_of(a_[begin]) != 0 && class_of(a_[begin - 1]) == class_of(a_[begin])) --begin;
    if (begin < op.a_begin && count_of(a_, anchor()) == 1) return {"", encode(after(op)), encode(anchor())};
    // At the very beginning there is nothing to stand behind: the words that follow are written anew with it.
    do {
      if (!to_right(k)) break;
    } while (count_of(a_, before(op)) > 1 || class_of(a_[op.a_end - 1]) != 0);
    return {encode(before(op)), encode(after(op)), ""};
  }

  const std::u32string a_;
  const std::u32string b_;
  std::vector<Op> ops_;
};

std::string quoted(const std::string& text) { return "「" + text + "」"; }

}  // namespace

std::optional<std::vector<Rewording>> rewordings(const std::string& before, const std::string& after) {
  if (before.empty() || after.empty()) return std::nullopt;
  std::vector<Piece> a, b;
  mark_changes(before, after, a, b);
  return Finder(flat(a), flat(b)).run();
}

std::string phrase_of(const std::vector<Rewording>& list) {
  enum class Verb { change, remove, add };
  const auto verb_of = [](const Rewording& r) { return r.from.empty() ? Verb::add : r.to.empty() ? Verb::remove : Verb::change; };
  std::string out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Rewording& r = list[i];
    const Verb verb = verb_of(r);
    const bool last_of_verb = i + 1 == list.size() || verb_of(list[i + 1]) != verb;
    const bool last = i + 1 == list.size();
    if (verb == Verb::add) out += quoted(r.anchor) + "の次に" + quoted(r.to) + (last_of_verb ? last ? "を加える" : "を加え、" : "を、");
    if (verb == Verb::change) out += quoted(r.from) + "を" + quoted(r.to) + (last_of_verb ? last ? "に改める" : "に改め、" : "に、");
    if (verb == Verb::remove) out += quoted(r.from) + (last_of_verb ? last ? "を削る" : "を削り、" : "及び");
  }
  return out;
}

}  // namespace sekisho::clauses
