// Finds thousands of words in one pass (Aho-Corasick over code points). Immutable after create(); thread-safe; pure.
//
// Words and text are compared in the form of text::normalise (NFKC, width, case). The time is linear in the text, whatever the words are.
// A word that begins or ends with a Latin letter or digit counts only where these do not run on: "cat" is not in "concatenate".
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace sekisho::text {

struct WordHit {
  std::uint32_t begin = 0;  // code points of the normalised text
  std::uint32_t end = 0;
  std::uint32_t word = 0;   // position in the list given to the constructor
};

class WordSet {
 public:
  WordSet() = default;
  // Empty words are left out; of equal words the first counts.
  explicit WordSet(const std::vector<std::u32string>& normalised_words);

  bool empty() const { return lengths_.empty(); }
  // Every hit, in order of its end. Hits that lie within another one are reported too.
  void find(std::u32string_view normalised_text, std::vector<WordHit>& out) const;

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Edge {
    std::uint64_t key = ~std::uint64_t{0};  // node << 21 | code point
    std::uint32_t to = 0;
  };
  struct Node {
    std::uint32_t fail = 0;
    std::uint32_t word = kNone;
    std::uint32_t next_word_node = 0;  // nearest node on the way of the fail links that ends a word; 0: none
  };
  std::uint32_t child(std::uint32_t node, char32_t c) const;
  void add_edge(std::uint32_t node, char32_t c, std::uint32_t to);
  void grow();
  void link(const std::vector<std::u32string>& words);

  std::vector<Edge> edges_;
  std::size_t used_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> lengths_;  // by word; 0: left out
  std::vector<bool> first_;             // by code point of the basic plane: some word starts so
};

}  // namespace sekisho::text
