#include "text/segmenter.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace sekisho::text {
namespace {

constexpr std::uint32_t kNone = 0xFFFFFFFF;
constexpr unsigned kOrderBits = 20;  // below the cost: of equal ways the first counts
constexpr std::int64_t kOrder = (1 << kOrderBits) - 1;
constexpr std::uint32_t kLongestGroup = 25;  // characters of an unknown word: MeCab's max-grouping-size and the first

}  // namespace

// Where unknown words of the kind of their first character end.
void Segmenter::gather_unknown(std::uint32_t begin, CharacterKind kind) {
  const auto size = static_cast<std::uint32_t>(text_.size());
  unknown_ends_.clear();
  std::uint32_t group_end = kNone;
  if (kind.group) {
    CharacterKind last = kind;
    group_end = begin + 1;
    for (; group_end < size && group_end - begin <= kLongestGroup; ++group_end) {
      const CharacterKind next = dictionary_.kind_of(text_[group_end]);
      if (!last.shares_kind(next)) break;
      last = next;
    }
    if (group_end - begin <= kLongestGroup) unknown_ends_.push_back(group_end);
  }
  for (std::uint32_t end = begin + 1; end <= std::min(begin + kind.length, size) && end != group_end; ++end) {
    unknown_ends_.push_back(end);
    if (end == size || !kind.shares_kind(dictionary_.kind_of(text_[end]))) break;
  }
  if (unknown_ends_.empty()) unknown_ends_.push_back(begin + 1);
}

// Of the words that end here with the same context only the cheapest counts, for what follows sees no difference between them but the cost. Of equal
// ones the first counts, that is the one added last; so it is with equal ways, and the order stands below the cost.
void Segmenter::gather_lefts(std::uint32_t at) {
  ends_.clear();
  lefts_.clear();
  bests_.clear();
  for (std::uint32_t i = newest_[at]; i != kNone; i = nodes_[i].older) {
    const Node& node = nodes_[i];
    const std::int64_t key = node.cost << kOrderBits | static_cast<std::int64_t>(ends_.size());
    ends_.push_back(i);
    const auto same = std::find_if(lefts_.begin(), lefts_.end(), [&](const Left& left) { return left.right == node.right; });
    if (same == lefts_.end()) {
      lefts_.push_back({key, node.right});
    } else {
      same->key = std::min(same->key, key);
    }
  }
}

const Segmenter::Best& Segmenter::best_before(std::uint16_t left) {
  for (const Best& best : bests_)
    if (best.left == left) return best;
  const std::int16_t* costs = dictionary_.costs(left);
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const Left& before : lefts_) least = std::min(least, before.key + (std::int64_t{costs[before.right]} << kOrderBits));
  return bests_.emplace_back(Best{least >> kOrderBits, ends_[static_cast<std::size_t>(least & kOrder)], left});
}

void Segmenter::add(std::span<const DictionaryEntry> entries, std::uint32_t begin, std::uint32_t end) {
  if (nodes_.size() < used_ + entries.size()) nodes_.resize(2 * (used_ + entries.size()));
  Node* const nodes = nodes_.data();
  std::uint32_t newest = newest_[end];
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const Best& best = best_before(entry->left);
    nodes[used_] = {best.cost + entry->cost, &*entry, best.node, newest, begin, end, entry->right};
    newest = used_++;
  }
  newest_[end] = newest;
}

// Against the order in which MeCab finds them, for there the word found last is the first in its lists.
void Segmenter::add_words(std::uint32_t begin) {
  const CharacterKind kind = dictionary_.kind_of(text_[begin]);
  if (longest_[begin] == kNone || kind.invoke) {
    gather_unknown(begin, kind);
    for (auto end = unknown_ends_.rbegin(); end != unknown_ends_.rend(); ++end) add(dictionary_.unknown_words(kind), begin, *end);
  }
  for (std::uint32_t i = longest_[begin]; i != kNone; i = shorter_[i]) add(matches_[i].entries, begin, matches_[i].end);
}

void Segmenter::find_words() {
  dictionary_.find_words(text_, buffers_, matches_);
  longest_.assign(text_.size(), kNone);
  shorter_.resize(matches_.size());
  for (std::uint32_t i = 0; i < matches_.size(); ++i) shorter_[i] = std::exchange(longest_[matches_[i].begin], i);
}

const std::vector<Morpheme>& Segmenter::cut(std::u32string_view text) {
  static constexpr DictionaryEntry kEdge{};  // context 0 is that of the beginning and of the end
  text_ = text;
  const auto size = static_cast<std::uint32_t>(text.size());
  find_words();
  newest_.assign(size + 1, kNone);
  used_ = 0;
  if (nodes_.empty()) nodes_.resize(1);
  nodes_[used_++] = {0, &kEdge, kNone, kNone, 0, 0, kEdge.right};
  newest_[0] = 0;
  std::uint32_t last = 0;  // the end furthest behind
  for (std::uint32_t at = 0; at < size; ++at) {
    if (newest_[at] == kNone) continue;
    last = at;
    std::uint32_t begin = at;
    for (CharacterKind kind = dictionary_.space(); begin < size && kind.shares_kind(dictionary_.kind_of(text[begin])); ++begin)
      kind = dictionary_.kind_of(text[begin]);
    if (begin == size) continue;
    gather_lefts(at);
    add_words(begin);
  }
  if (newest_[size] != kNone) last = size;
  gather_lefts(last);
  morphemes_.clear();
  for (std::uint32_t i = best_before(kEdge.left).node; i != 0; i = nodes_[i].before) {
    const Node& node = nodes_[i];
    morphemes_.push_back({dictionary_.feature(*node.entry), node.begin, node.end, node.entry->part_of_speech, dictionary_.is_known(*node.entry)});
  }
  std::reverse(morphemes_.begin(), morphemes_.end());
  return morphemes_;
}

}  // namespace sekisho::text
