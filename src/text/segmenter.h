// Cuts Japanese text into the words of a dictionary: of all ways to cut it, the one whose words and neighbourhoods cost least (Viterbi). The words
// are those that MeCab 0.996 gives with the same dictionary, one for one (segmenter_test holds it against libmecab); it takes two thirds of the time,
// because of the words that end at one place with the same context only the cheapest is kept, and the words that begin there with the same context
// are joined to it once. Cutting is most of what taking documents into the index costs.
//
// Threads: a Segmenter belongs to one thread at a time and keeps its buffers; the Dictionary must outlive it. Positions are code points of the
// text. Cutting cannot fail. Source: Kudo, Yamamoto, Matsumoto 2004, "Applying Conditional Random Fields to Japanese Morphological Analysis".
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/dictionary.h"

namespace sekisho::text {

struct Morpheme {
  const char* feature;  // CSV, lives as long as the dictionary
  std::uint32_t begin;  // code points; white space between words belongs to none
  std::uint32_t end;
  std::uint16_t part_of_speech;
  bool known;  // it stands in the dictionary
};

class Segmenter {
 public:
  explicit Segmenter(const Dictionary& dictionary) : dictionary_(dictionary) {}

  // Valid until the next call.
  const std::vector<Morpheme>& cut(std::u32string_view text);
  // Those of the last call.
  const std::vector<Morpheme>& words() const { return morphemes_; }

 private:
  struct Node {
    std::int64_t cost;  // of the best way to the end of this word
    const DictionaryEntry* entry;
    std::uint32_t before;  // the word before on that way
    std::uint32_t older;   // another word that ends at the same place
    std::uint32_t begin;
    std::uint32_t end;
    std::uint16_t right;
  };
  struct Left {
    std::int64_t key;  // cost and order
    std::uint16_t right;
  };
  struct Best {
    std::int64_t cost;
    std::uint32_t node;
    std::uint16_t left;
  };

  void find_words();
  void gather_unknown(std::uint32_t begin, CharacterKind kind);
  void gather_lefts(std::uint32_t at);
  const Best& best_before(std::uint16_t left);
  void add(std::span<const DictionaryEntry> entries, std::uint32_t begin, std::uint32_t end);
  void add_words(std::uint32_t begin);

  const Dictionary& dictionary_;
  std::u32string_view text_;
  std::vector<Node> nodes_;            // [0] is the beginning
  std::uint32_t used_ = 0;             // of them; not cleared, for that costs as much as filling them
  std::vector<std::uint32_t> newest_;  // by the place where they end: the node added last
  Dictionary::Buffers buffers_;
  std::vector<Dictionary::Match> matches_;
  std::vector<std::uint32_t> longest_;  // by the place where they begin: the longest match
  std::vector<std::uint32_t> shorter_;  // beside the matches: the next shorter one that begins there
  std::vector<std::uint32_t> unknown_ends_;
  std::vector<std::uint32_t> ends_;  // words that end there, the one added last first
  std::vector<Left> lefts_;          // of each context the best of them
  std::vector<Best> bests_;          // the best of them for each left context asked for
  std::vector<Morpheme> morphemes_;
};

}  // namespace sekisho::text
