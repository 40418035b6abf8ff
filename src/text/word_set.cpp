#include "text/word_set.h"

#include <string>

#include "text/characters.h"

namespace sekisho::text {
namespace {

// Latin letters run on into Latin letters, digits into digits; every other place is a word's border.
bool runs_on(char32_t a, char32_t b) {
  const CharClass k = char_class(a);
  return (k == CharClass::latin || k == CharClass::digit) && k == char_class(b);
}

}  // namespace

WordSet::WordSet(const std::vector<std::u32string>& words) : edges_(64), nodes_(1), lengths_(words.size(), 0), first_(0x10000, false) {
  for (std::uint32_t w = 0; w < words.size(); ++w) {
    if (words[w].empty()) continue;
    std::uint32_t node = 0;
    for (const char32_t c : words[w]) {
      std::uint32_t next = child(node, c);
      if (next == kNone) {
        next = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
        add_edge(node, c, next);
      }
      node = next;
    }
    if (nodes_[node].word != kNone) continue;
    nodes_[node].word = w;
    lengths_[w] = static_cast<std::uint32_t>(words[w].size());
    if (words[w][0] < 0x10000) first_[words[w][0]] = true;
  }
  link(words);
}

std::uint32_t WordSet::child(std::uint32_t node, char32_t c) const {
  const std::uint64_t key = std::uint64_t{node} << 21 | c;
  for (std::size_t at = (key * 0x9e3779b97f4a7c15u) >> 32;; ++at) {
    const Edge& edge = edges_[at & (edges_.size() - 1)];
    if (edge.key == key) return edge.to;
    if (edge.key == ~std::uint64_t{0}) return kNone;
  }
}

void WordSet::add_edge(std::uint32_t node, char32_t c, std::uint32_t to) {
  if (used_ * 2 >= edges_.size()) grow();
  const std::uint64_t key = std::uint64_t{node} << 21 | c;
  std::size_t at = (key * 0x9e3779b97f4a7c15u) >> 32;
  while (edges_[at & (edges_.size() - 1)].key != ~std::uint64_t{0}) ++at;
  edges_[at & (edges_.size() - 1)] = {key, to};
  ++used_;
}

void WordSet::grow() {
  std::vector<Edge> old(edges_.size() * 2);
  old.swap(edges_);
  used_ = 0;
  for (const Edge& edge : old)
    if (edge.key != ~std::uint64_t{0}) add_edge(static_cast<std::uint32_t>(edge.key >> 21), static_cast<char32_t>(edge.key & 0x1FFFFF), edge.to);
}

// Fail links, level by level: each prefix of each word in order of its length.
void WordSet::link(const std::vector<std::u32string>& words) {
  std::vector<bool> done(nodes_.size(), false);
  std::size_t longest = 0;
  for (const std::u32string& word : words) longest = std::max(longest, word.size());
  std::vector<std::uint32_t> reached(words.size(), 0);
  for (std::size_t depth = 0; depth < longest; ++depth)
    for (std::size_t w = 0; w < words.size(); ++w) {
      if (depth >= words[w].size()) continue;
      const char32_t c = words[w][depth];
      const std::uint32_t parent = reached[w];
      const std::uint32_t node = child(parent, c);
      reached[w] = node;
      if (done[node]) continue;
      done[node] = true;
      std::uint32_t fail = 0;
      if (parent != 0) {
        std::uint32_t from = nodes_[parent].fail;
        std::uint32_t next = child(from, c);
        while (next == kNone && from != 0) {
          from = nodes_[from].fail;
          next = child(from, c);
        }
        fail = next == kNone ? 0 : next;
      }
      nodes_[node].fail = fail;
      nodes_[node].next_word_node = nodes_[fail].word != kNone ? fail : nodes_[fail].next_word_node;
    }
}

void WordSet::find(std::u32string_view text, std::vector<WordHit>& out) const {
  if (empty()) return;
  std::uint32_t state = 0;
  for (std::uint32_t at = 0; at < text.size(); ++at) {
    const char32_t c = text[at];
    if (state == 0 && c < 0x10000 && !first_[c]) continue;
    std::uint32_t next = child(state, c);
    while (next == kNone && state != 0) {
      state = nodes_[state].fail;
      next = child(state, c);
    }
    state = next == kNone ? 0 : next;
    std::uint32_t ending = nodes_[state].word != kNone ? state : nodes_[state].next_word_node;
    for (; ending != 0; ending = nodes_[ending].next_word_node) {
      const std::uint32_t word = nodes_[ending].word;
      const std::uint32_t begin = at + 1 - lengths_[word];
      const bool open_left = begin > 0 && runs_on(text[begin - 1], text[begin]);
      const bool open_right = at + 1 < text.size() && runs_on(c, text[at + 1]);
      if (!open_left && !open_right) out.push_back({begin, at + 1, word});
    }
  }
}

}  // namespace sekisho::text
