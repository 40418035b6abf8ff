#include "clauses/align.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <unordered_map>

#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

constexpr double kTitleShare = 0.35;     // of the similarity, where both have a title and a text
constexpr double kCandidate = 0.25;      // below this two clauses are not looked at together
constexpr double kSure = 0.80;           // pairs that need no context
constexpr double kLikely = 0.52;         // pairs whose parents do not belong together
constexpr double kInPlace = 0.42;        // pairs whose parents do
constexpr std::size_t kOpening = 4;      // letters of a heading with which another clause's text begins
constexpr double kLikest = 0.1;          // how far the words choose between two covers
constexpr double kPreamble = 0.2;        // two preambles that have something in common
constexpr double kParentBonus = 0.15;
constexpr double kNeighbourBonus = 0.05;
constexpr double kLabelBonus = 0.02;
constexpr std::size_t kBest = 64;        // candidates that are kept of each clause

using Grams = std::unordered_map<std::uint64_t, std::uint32_t>;

Grams grams_of(std::string_view utf8) {
  const std::u32string text = squeezed(decode(utf8));
  Grams out;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) ++out[(static_cast<std::uint64_t>(text[i]) << 32) | text[i + 1]];
  if (text.size() == 1) ++out[text[0]];
  return out;
}

struct Side {
  std::vector<Grams> grams;
  std::vector<double> weight;
};

// One field (titles, or texts) of both documents; similarity of every pair that shares something.
class Field {
 public:
  Field(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after) : before_(make(before)), after_(make(after)) {
    for (Side* side : {&before_, &after_})
      for (const Grams& grams : side->grams)
        for (const auto& [gram, count] : grams) ++documents_[gram];
    const double all = static_cast<double>(before.size() + after.size());
    for (auto& [gram, n] : documents_) idf_[gram] = std::log(1.0 + all / static_cast<double>(n));
    for (Side* side : {&before_, &after_})
      for (std::size_t i = 0; i < side->grams.size(); ++i)
        for (const auto& [gram, count] : side->grams[i]) side->weight[i] += idf_[gram] * count;
    for (std::size_t j = 0; j < after_.grams.size(); ++j)
      for (const auto& [gram, count] : after_.grams[j]) postings_[gram].push_back({static_cast<std::uint32_t>(j), count});
  }

  // Into `row` (one place for each clause of the new version): Dice's coefficient.
  void similar(std::size_t i, std::vector<double>& row) const {
    std::fill(row.begin(), row.end(), 0.0);
    for (const auto& [gram, count] : before_.grams[i]) {
      const auto it = postings_.find(gram);
      if (it == postings_.end()) continue;
      const double idf = idf_.at(gram);
      for (const auto& [j, other] : it->second) row[j] += idf * std::min(count, other);
    }
    for (std::size_t j = 0; j < row.size(); ++j)
      if (row[j] > 0) row[j] = 2 * row[j] / (before_.weight[i] + after_.weight[j]);
  }
  bool empty_before(std::size_t i) const { return before_.grams[i].empty(); }
  bool empty_after(std::size_t j) const { return after_.grams[j].empty(); }

 private:
  static Side make(const std::vector<std::string_view>& texts) {
    Side side;
    for (const auto text : texts) side.grams.push_back(grams_of(text));
    side.weight.resize(texts.size(), 0.0);
    return side;
  }
  Side before_;
  Side after_;
  std::unordered_map<std::uint64_t, std::uint32_t> documents_;
  std::unordered_map<std::uint64_t, double> idf_;
  std::unordered_map<std::uint64_t, std::vector<std::pair<std::uint32_t, std::uint32_t>>> postings_;
};

// A clause that is a heading alone, or a text alone; of others both are empty.
struct Opening {
  std::u32string heading;
  std::u32string text;
};

std::vector<Opening> openings_of(const std::vector<Comparable>& clauses) {
  std::vector<Opening> out;
  for (const Comparable& c : clauses) out.push_back({c.text.empty() ? squeezed(decode(c.title)) : std::u32string(), c.title.empty() ? squeezed(decode(c.text)) : std::u32string()});
  return out;
}

// 「接続系」 that became 「接続系においては、…」, either way.
bool opens_with(const Opening& a, const Opening& b) {
  return (a.heading.size() >= kOpening && b.text.starts_with(a.heading)) || (b.heading.size() >= kOpening && a.text.starts_with(b.heading));
}

// Parts that a document has once, whatever their words: 表紙, 目次, 附則, 署名. A preamble of quite other words is another one's.
bool is_fixed_part(const Comparable& a, const Comparable& b, double score) {
  if (a.kind == Kind::clause || a.kind == Kind::row || a.kind == Kind::item || a.label != b.label) return false;
  return a.kind != Kind::preamble || score >= kPreamble;
}

struct Siblings {
  int previous = kNoPartner;
  int next = kNoPartner;
};

std::vector<Siblings> siblings_of(const std::vector<Comparable>& clauses) {
  std::vector<Siblings> out(clauses.size());
  std::unordered_map<int, int> last;  // of each parent
  for (int i = 0; i < static_cast<int>(clauses.size()); ++i) {
    const auto [at, first] = last.try_emplace(clauses[static_cast<std::size_t>(i)].parent, i);
    if (first) continue;
    out[static_cast<std::size_t>(i)].previous = at->second;
    out[static_cast<std::size_t>(at->second)].next = i;
    at->second = i;
  }
  return out;
}

struct Pair {
  double score;
  int before;
  int after;
};

class Aligner {
 public:
  Aligner(const std::vector<Comparable>& before, const std::vector<Comparable>& after) : before_(before), after_(after) {
    result_.to_new.assign(before.size(), kNoPartner);
    result_.to_old.assign(after.size(), kNoPartner);
    siblings_before_ = siblings_of(before);
    siblings_after_ = siblings_of(after);
    find_candidates();
  }

  Alignment run() {
    accept(kSure, kSure, false);
    // Each round knows more of what belongs together than the one before.
    for (int round = 0; round < 3; ++round) accept(kLikely, kInPlace, true);
    return std::move(result_);
  }

 private:
  static bool comparable_kinds(const Comparable& a, const Comparable& b) { return a.kind == b.kind; }

  void find_candidates() {
    std::vector<std::string_view> titles_before, titles_after, texts_before, texts_after;
    for (const Comparable& c : before_) titles_before.emplace_back(c.title), texts_before.emplace_back(c.text);
    for (const Comparable& c : after_) titles_after.emplace_back(c.title), texts_after.emplace_back(c.text);
    const Field titles(titles_before, titles_after);
    const Field texts(texts_before, texts_after);
    const auto openings_before = openings_of(before_);
    const auto openings_after = openings_of(after_);
    std::vector<double> title_row(after_.size());
    std::vector<double> text_row(after_.size());
    for (std::size_t i = 0; i < before_.size(); ++i) {
      titles.similar(i, title_row);
      texts.similar(i, text_row);
      std::vector<Pair> mine;
      for (std::size_t j = 0; j < after_.size(); ++j) {
        if (!comparable_kinds(before_[i], after_[j])) continue;
        const bool no_title = titles.empty_before(i) && titles.empty_after(j);
        const bool no_text = texts.empty_before(i) && texts.empty_after(j);
        // Where only one side has a text (a heading that got one), its title alone speaks, but less loudly.
        const bool half_text = texts.empty_before(i) != texts.empty_after(j);
        double score = no_title ? text_row[j] : no_text ? title_row[j] : kTitleShare * title_row[j] + (1 - kTitleShare) * text_row[j];
        if (half_text) score = 0.7 * title_row[j];
        // Enough under headings that belong together, and nowhere else.
        if (opens_with(openings_before[i], openings_after[j])) score = std::max(score, kInPlace);
        if (is_fixed_part(before_[i], after_[j], score)) score = std::max(score, kLikely + kLikest * score);
        if (score >= kCandidate) mine.push_back({score, static_cast<int>(i), static_cast<int>(j)});
      }
      keep_best(mine);
      candidates_.insert(candidates_.end(), mine.begin(), mine.end());
    }
  }

  // Sentences that stand everywhere would make a pair of every two clauses: the likest stay, and among like ones those with the same number nearby.
  void keep_best(std::vector<Pair>& pairs) const {
    if (pairs.size() <= kBest) return;
    const auto rank = [&](const Pair& p) {
      const bool label = before_[static_cast<std::size_t>(p.before)].label == after_[static_cast<std::size_t>(p.after)].label;
      return p.score + (label ? kLabelBonus : 0.0) - 1e-5 * std::abs(p.before - p.after);
    };
    std::nth_element(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(kBest), pairs.end(), [&](const Pair& a, const Pair& b) { return rank(a) > rank(b); });
    pairs.resize(kBest);
  }

  int partner_of_parent(int i) const {
    const int parent = before_[static_cast<std::size_t>(i)].parent;
    return parent == kNoParent ? kNoParent : result_.to_new[static_cast<std::size_t>(parent)] == kNoPartner ? -2 : result_.to_new[static_cast<std::size_t>(parent)];
  }
  bool same_place(const Pair& pair) const {
    const int parent = after_[static_cast<std::size_t>(pair.after)].parent;
    return partner_of_parent(pair.before) == parent;
  }
  bool beside(const Pair& pair) const {
    const auto i = static_cast<std::size_t>(pair.before);
    const auto j = static_cast<std::size_t>(pair.after);
    const bool above = i > 0 && j > 0 && result_.to_new[i - 1] == static_cast<int>(j) - 1;
    const bool below = i + 1 < before_.size() && j + 1 < after_.size() && result_.to_new[i + 1] == static_cast<int>(j) + 1;
    return above || below;
  }

  // The clause before or after it under the same parent has moved to beside the other: a chapter's headings that became the items of one clause.
  bool beside_sibling(const Pair& pair) const {
    const Siblings& i = siblings_before_[static_cast<std::size_t>(pair.before)];
    const Siblings& j = siblings_after_[static_cast<std::size_t>(pair.after)];
    const auto together = [this](int before, int after) { return before != kNoPartner && after != kNoPartner && result_.to_new[static_cast<std::size_t>(before)] == after; };
    return together(i.previous, j.previous) || together(i.next, j.next);
  }

  void accept(double apart, double in_place, bool with_context) {
    std::vector<Pair> open;
    for (const Pair& pair : candidates_) {
      const auto i = static_cast<std::size_t>(pair.before);
      const auto j = static_cast<std::size_t>(pair.after);
      if (result_.to_new[i] != kNoPartner || result_.to_old[j] != kNoPartner) continue;
      const bool place = same_place(pair) || (with_context && beside_sibling(pair));
      if (pair.score < (place ? in_place : apart)) continue;
      double score = pair.score;
      if (place) score += kParentBonus;
      if (with_context && beside(pair)) score += kNeighbourBonus;
      if (before_[i].label == after_[j].label) score += kLabelBonus;
      open.push_back({score, pair.before, pair.after});
    }
    std::stable_sort(open.begin(), open.end(), [](const Pair& a, const Pair& b) { return a.score > b.score; });
    for (const Pair& pair : open) {
      int& to_new = result_.to_new[static_cast<std::size_t>(pair.before)];
      int& to_old = result_.to_old[static_cast<std::size_t>(pair.after)];
      if (to_new != kNoPartner || to_old != kNoPartner) continue;
      to_new = pair.after;
      to_old = pair.before;
    }
  }

  const std::vector<Comparable>& before_;
  const std::vector<Comparable>& after_;
  std::vector<Siblings> siblings_before_;
  std::vector<Siblings> siblings_after_;
  std::vector<Pair> candidates_;
  Alignment result_;
};

}  // namespace

std::vector<Comparable> comparables(const Document& document) {
  std::vector<Comparable> out;
  for (const Clause& c : document.clauses) out.push_back({c.parent, c.kind, c.label, c.title, c.text});
  return out;
}

Alignment align(const std::vector<Comparable>& before, const std::vector<Comparable>& after) { return Aligner(before, after).run(); }

}  // namespace sekisho::clauses
