#include "clauses/outline.h"

#include <algorithm>

namespace sekisho::clauses {
namespace {

constexpr int kExpected = 100;
constexpr int kOpensList = 90;
constexpr int kSecondList = 75;
constexpr int kMisprint = 70;
constexpr int kGap = 55;
constexpr int kFarGap = 30;
constexpr int kNoStart = 40;
constexpr std::uint32_t kSmallGap = 3;
constexpr std::size_t kLookAhead = 400;

}  // namespace

Placement Outline::place(const std::vector<Label>& candidates, const Ahead& ahead, bool interrupted) const {
  Placement best;
  for (const Label& label : candidates) {
    Placement one = place_one(label, ahead, interrupted);
    if (one.quality > best.quality) best = std::move(one);
  }
  return best;
}

Placement Outline::place_structure(const Label& label) const {
  const auto at = std::find_if(stack_.begin(), stack_.end(), [&](const Open& o) { return o.family >= label.family; });
  const auto level = static_cast<std::size_t>(at - stack_.begin());
  const bool sibling = at != stack_.end() && at->family == label.family;
  const bool expected = label.ordinal == 1 || (sibling && label.ordinal == at->last + 1);
  return {level, label, false, expected ? kExpected : kGap};
}

Placement Outline::place_article(const Label& label) const {
  const auto at = std::find_if(stack_.begin(), stack_.end(), [](const Open& o) { return !is_structure(o.family); });
  const bool next = label.branch == 0 ? label.ordinal == last_article_ + 1 : label.ordinal == last_article_ && label.branch == std::max(last_article_branch_, 1U) + 1;
  return {static_cast<std::size_t>(at - stack_.begin()), label, false, next ? kExpected : label.ordinal == 1 ? kOpensList : kGap};
}

// 1.2.1 lies below 1.2, and 1.2 beside 1.1. What has no such place stands where the document's dotted numbers do.
Placement Outline::place_dotted(const Label& label) const {
  for (std::size_t i = stack_.size(); i-- > 0;) {
    if (stack_[i].family == Family::dotted && stack_[i].prefix == label.prefix) return {i, label, false, label.ordinal == stack_[i].last + 1 ? kExpected : label.ordinal == 1 ? kOpensList : kGap};
    if (stack_[i].text == label.prefix) return {i + 1, label, false, label.ordinal == 1 ? kOpensList : kGap};
  }
  const auto first = std::find_if(stack_.begin(), stack_.end(), [](const Open& o) { return o.family == Family::dotted || o.family == Family::number; });
  const int quality = label.ordinal == 1 ? kOpensList : first != stack_.end() ? kGap : label.ordinal <= kSmallGap ? kNoStart : kNoStart / 2;
  return {static_cast<std::size_t>(first - stack_.begin()), label, false, quality};
}

Placement Outline::place_one(const Label& label, const Ahead& ahead, bool interrupted) const {
  if (is_structure(label.family)) return place_structure(label);
  if (label.family == Family::article) return place_article(label);
  if (label.family == Family::dotted) return place_dotted(label);
  for (std::size_t i = stack_.size(); i-- > 0;)
    if (stack_[i].family == label.family && stack_[i].last + 1 == label.ordinal) return {i, label, false, kExpected};
  for (std::size_t i = stack_.size(); i-- > 0;)
    if (stack_[i].family == label.family) return out_of_order(label, i, ahead, interrupted);
  // 3 behind 2.4 where no 2 was printed.
  for (std::size_t i = 0; i < stack_.size() && label.family == Family::number; ++i)
    if (stack_[i].family == Family::dotted && stack_[i].prefix == std::to_string(label.ordinal - 1)) return {i, label, false, kExpected};
  const bool under_article = !stack_.empty() && stack_.back().family == Family::article;
  const std::size_t level = stack_.size();
  // 1 behind the (1), (2), (3) of a preamble: numbers stand above numbers in brackets when those begin anew below.
  if (label.family == Family::number && label.ordinal == 1) {
    const auto first = std::find_if(stack_.begin(), stack_.end(), [](const Open& o) { return !is_structure(o.family); });
    const auto place = static_cast<std::size_t>(first - stack_.begin());
    if (first != stack_.end() && first->family == Family::paren_number && next_of(Family::paren_number, place, ahead) == 1U) return {place, label, false, kOpensList};
  }
  if (label.ordinal == 1) return {level, label, false, kOpensList};
  // The first paragraph of an article bears no number.
  if (label.family == Family::number && label.ordinal == 2 && under_article) return {level, label, false, kExpected};
  if (label.family == Family::number && label.ordinal == 2 && stack_.size() >= 2) {
    for (std::size_t i = stack_.size(); i-- > 0;)
      if (stack_[i].family == Family::article) return {i + 1, label, false, kExpected};
  }
  const bool structure_only = std::all_of(stack_.begin(), stack_.end(), [](const Open& o) { return is_structure(o.family); });
  if (label.family == Family::number && structure_only && !stack_.empty() && label.ordinal == last_number_ + 1) return {level, label, false, kExpected};
  return {level, label, false, label.ordinal <= kSmallGap ? kNoStart : kNoStart / 2};
}

// The ordinal of the family's next label, up to where a list above goes on.
std::optional<std::uint32_t> Outline::next_of(Family family, std::size_t level, const Ahead& ahead) const {
  for (std::size_t i = 0; i < kLookAhead; ++i) {
    const std::vector<Label>* labels = ahead(i);
    if (labels == nullptr) return std::nullopt;
    for (const Label& label : *labels) {
      if (label.family == family) return label.ordinal;
      for (std::size_t k = 0; k < level; ++k)
        if (stack_[k].family == label.family && stack_[k].last + 1 == label.ordinal) return std::nullopt;
    }
  }
  return std::nullopt;
}

// 1, 2, 3 and then 1, 2 once more, and 4: the list that begins anew lies below 3.
bool Outline::resumes_behind(Family family, std::size_t level, const Ahead& ahead) const {
  std::uint32_t inner = 1;
  for (std::size_t i = 0; i < kLookAhead; ++i) {
    const std::vector<Label>* labels = ahead(i);
    if (labels == nullptr) return false;
    for (const Label& label : *labels) {
      for (std::size_t k = 0; k < level; ++k)
        if (stack_[k].family == label.family && stack_[k].last + 1 == label.ordinal) return false;
      if (label.family != family) continue;
      if (label.ordinal == inner + 1)
        ++inner;
      else
        return label.ordinal == stack_[level].last + 1;
    }
  }
  return false;
}

Placement Outline::out_of_order(const Label& label, std::size_t level, const Ahead& ahead, bool interrupted) const {
  const std::uint32_t expected = stack_[level].last + 1;
  const auto next = next_of(label.family, level, ahead);
  const bool restarts = label.ordinal == 1 && (next == 2U || (interrupted && next != expected + 1));
  const bool below = level + 1 < stack_.size() || (restarts && resumes_behind(label.family, level, ahead));
  if (restarts) return {below ? stack_.size() : level, label, false, kSecondList};
  const std::string right = label_text(label.family, expected);
  const bool next_agrees = next == expected + 1;
  const bool repeats = label.ordinal < expected && (!next || next_agrees);
  if (!right.empty() && (next_agrees || repeats)) {
    Label corrected = label;
    corrected.ordinal = expected;
    corrected.text = right;
    return {level, corrected, true, kMisprint};
  }
  return {level, label, false, label.ordinal > expected && label.ordinal <= expected + kSmallGap ? kGap : kFarGap};
}

void Outline::open(const Placement& placement, int clause) {
  stack_.resize(std::min(placement.level, stack_.size()));
  stack_.push_back({placement.label.family, placement.label.ordinal, placement.label.branch, placement.label.text, placement.label.prefix, clause});
  if (placement.label.family == Family::article) {
    last_article_ = placement.label.ordinal;
    last_article_branch_ = placement.label.branch;
  }
  if (placement.label.family == Family::number) last_number_ = placement.label.ordinal;
}

}  // namespace sekisho::clauses
