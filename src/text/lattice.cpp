#include "text/lattice.h"

#include <algorithm>
#include <limits>

namespace sekisho::text {
namespace {

constexpr unsigned kStartBits = 14;
constexpr std::uint32_t kLongestGroup = 24;  // MeCab's max-grouping-size
constexpr char32_t kNoCharacter = 0x1FFFFF;
const Entry kEdge{};                         // begin and end of a sentence: ids 0, no cost

}  // namespace

Lattice::Lattice(const Dictionary& dictionary)
    : dictionary_(dictionary), space_(dictionary.info(U' ')), starts_(std::size_t{1} << kStartBits), best_(dictionary.left_ids()) {}

const Lattice::Start& Lattice::start_of(std::u32string_view text, std::uint32_t at) {
  const char32_t first = text[at], second = at + 1 < text.size() ? text[at + 1] : kNoCharacter;
  const std::uint64_t key = std::uint64_t{first} << 21 | second;
  Start& start = starts_[(key * 0x9e3779b97f4a7c15u) >> (64 - kStartBits)];
  if (start.key == key) return start;
  const WordFile& words = dictionary_.words();
  start = {key, -1, -1, dictionary_.first(first)};
  if (start.place == 0) return start;
  start.one = words.value(start.place);
  start.place = second == kNoCharacter ? 0 : words.step(start.place, second);
  if (start.place != 0) start.two = words.value(start.place);
  return start;
}

void Lattice::add_known(std::int32_t value, std::uint32_t end) {
  if (value < 0) return;
  const Entry* const first = dictionary_.words().begin(value);
  for (std::uint32_t i = 0; i < dictionary_.words().count(value); ++i) candidates_.push_back({first + i, end, true});
}

void Lattice::add_unknown(CharInfo first, std::uint32_t end) {
  const std::int32_t value = dictionary_.unknown_of(first.own());
  const Entry* const entry = dictionary_.unknown().begin(value);
  for (std::uint32_t i = 0; i < dictionary_.unknown().count(value); ++i) candidates_.push_back({entry + i, end, false});
}

// Passes characters of which each is kin to the one before, beginning with kin to `info`; which becomes that of the first that is not.
std::uint32_t Lattice::pass_kin(std::u32string_view text, std::uint32_t at, CharInfo& info, std::uint32_t& passed) const {
  CharInfo last = info;
  for (passed = 0; at < text.size(); ++at, ++passed) {
    info = dictionary_.info(text[at]);
    if (!last.kin(info)) break;
    last = info;
  }
  return at;
}

// Unknown words that begin with a character of `first` at `begin`, by the rules of its class.
void Lattice::find_unknown(std::u32string_view text, std::uint32_t begin, CharInfo first) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::uint32_t end = begin + 1, group_end = kNone;
  if (first.group()) {
    CharInfo info = first;
    std::uint32_t passed = 0;
    group_end = pass_kin(text, end, info, passed);
    if (passed <= kLongestGroup) add_unknown(first, group_end);
  }
  for (std::uint32_t length = 1; length <= first.length() && end <= size; ++length) {
    if (end == group_end) continue;
    add_unknown(first, end);
    if (!first.kin(info_at(text, end))) break;
    ++end;
  }
  if (candidates_.empty()) add_unknown(first, std::min(end, size));
}

// Every word that may stand at `at`, behind white space. Answers where it begins.
std::uint32_t Lattice::find_words(std::u32string_view text, std::uint32_t at) {
  candidates_.clear();
  CharInfo first = space_;
  std::uint32_t passed = 0;
  const std::uint32_t begin = pass_kin(text, at, first, passed);
  if (begin == text.size()) return begin;  // white space to the end
  const Start& start = start_of(text, begin);
  add_known(start.one, begin + 1);
  add_known(start.two, begin + 2);
  WordFile::Place place = start.place;
  for (std::uint32_t end = begin + 2; place != 0 && end < text.size();) {
    place = dictionary_.words().step(place, text[end++]);
    if (place != 0) add_known(dictionary_.words().value(place), end);
  }
  if (candidates_.empty() || first.invoke()) find_unknown(text, begin, first);
  return begin;
}

void Lattice::gather_before(std::uint32_t at) {
  ++stamp_;
  before_.clear();
  for (std::uint32_t i = ends_[at]; i != kNone; i = nodes_[i].next_end) before_.push_back({i, nodes_[i].cost, nodes_[i].entry->right});
}

// Of equal costs the first one, in the order of gather_before.
const Lattice::Best& Lattice::best_before(std::uint16_t left) {
  Best& best = best_[left];
  if (best.stamp == stamp_) return best;
  const std::int16_t* const costs = dictionary_.costs(left);
  best = {stamp_, kNone, std::numeric_limits<std::int32_t>::max()};
  for (const Before& before : before_) {
    const std::int32_t cost = before.cost + costs[before.right];
    if (cost >= best.cost) continue;
    best.cost = cost;
    best.node = before.node;
  }
  return best;
}

// The last found comes first, as in MeCab: which of two equal ways is taken depends on the order.
void Lattice::connect(std::uint32_t at, std::uint32_t begin) {
  gather_before(at);
  for (std::size_t i = candidates_.size(); i-- > 0;) {
    const Candidate& word = candidates_[i];
    const Best& best = best_before(word.entry->left);
    const auto node = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({word.entry, best.cost + word.entry->cost, best.node, ends_[word.end], begin, word.end, word.known});
    ends_[word.end] = node;
  }
}

const std::vector<Morpheme>& Lattice::cut(std::u32string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  nodes_.clear();
  ends_.assign(text.size() + 1, kNone);
  nodes_.push_back({&kEdge, 0, kNone, kNone, 0, 0, false});
  ends_[0] = 0;
  for (std::uint32_t at = 0; at < size; ++at) {
    if (ends_[at] == kNone) continue;
    const std::uint32_t begin = find_words(text, at);
    connect(at, begin);
  }
  std::uint32_t last = size;
  while (ends_[last] == kNone) --last;  // at the latest the begin
  gather_before(last);
  out_.clear();
  for (std::uint32_t i = best_before(kEdge.left).node; i != 0; i = nodes_[i].previous) out_.push_back({nodes_[i].begin, nodes_[i].end, nodes_[i].entry, nodes_[i].known});
  std::reverse(out_.begin(), out_.end());
  return out_;
}

}  // namespace sekisho::text
