// Cuts a sentence into the words of a dictionary: the way of least cost through all words that fit (Viterbi), the same that MeCab finds with the
// same dictionary, ties included; lattice_test.cpp compares them.
//
// Why not MeCab itself: it was two fifths of the processor time of ingestion, much of it spent waiting for memory, byte by byte through the trie.
// Here the first two characters of a word are looked up in a small table of those seen lately, a word costs 32 bytes, and words with the same left
// id share the search for the best word before them.
//
// Threads: one at a time; the dictionary is shared. Memory: about 600 KB, plus 32 bytes for each word that fits anywhere in the sentence.
// Encoding: code points in and out. Source: Kudo, Yamamoto, Matsumoto 2004 (costs and unknown words as in MeCab 0.996).
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/dictionary.h"

namespace sekisho::text {

struct Morpheme {
  std::uint32_t begin = 0;  // code points of the sentence; white space before a word is not part of it
  std::uint32_t end = 0;
  const Entry* entry = nullptr;
  bool known = false;       // stands in the dictionary: `entry` is one of words(), otherwise of unknown()
};

class Lattice {
 public:
  explicit Lattice(const Dictionary& dictionary);
  // The words of one sentence, in order; valid until the next call.
  const std::vector<Morpheme>& cut(std::u32string_view text);
  const char* feature(const Morpheme& word) const { return (word.known ? dictionary_.words() : dictionary_.unknown()).feature(*word.entry); }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Node {
    const Entry* entry;
    std::int32_t cost;       // of the best way up to and with this word
    std::uint32_t previous;  // node
    std::uint32_t next_end;  // another node that ends here
    std::uint32_t begin;
    std::uint32_t end;
    bool known;
  };
  struct Candidate {
    const Entry* entry;
    std::uint32_t end;
    bool known;
  };
  // Two characters that words begin with: what the trie says of them.
  struct Start {
    std::uint64_t key = ~std::uint64_t{0};
    std::int32_t one = -1, two = -1;  // values of the words of one and two characters
    WordFile::Place place = 0;        // behind both; 0: no longer words
  };
  // The best word before one with this left id, at the position of `stamp`.
  struct Best {
    std::uint64_t stamp = 0;
    std::uint32_t node = 0;
    std::int32_t cost = 0;
  };

  const Start& start_of(std::u32string_view text, std::uint32_t at);
  void add_known(std::int32_t value, std::uint32_t end);
  void add_unknown(CharInfo first, std::uint32_t end);
  CharInfo info_at(std::u32string_view text, std::uint32_t at) const { return dictionary_.info(at < text.size() ? text[at] : U'\0'); }
  std::uint32_t pass_kin(std::u32string_view text, std::uint32_t at, CharInfo& info, std::uint32_t& passed) const;
  std::uint32_t find_words(std::u32string_view text, std::uint32_t at);
  void find_unknown(std::u32string_view text, std::uint32_t begin, CharInfo first);
  void gather_before(std::uint32_t at);
  const Best& best_before(std::uint16_t left);
  void connect(std::uint32_t at, std::uint32_t begin);

  const Dictionary& dictionary_;
  const CharInfo space_;
  std::vector<Start> starts_;
  std::vector<Best> best_;          // by left id
  std::uint64_t stamp_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> ends_;  // by code point: the last node added that ends there
  std::vector<Candidate> candidates_;
  struct Before {
    std::uint32_t node;
    std::int32_t cost;
    std::uint16_t right;
  };
  std::vector<Before> before_;
  std::vector<Morpheme> out_;
};

}  // namespace sekisho::text
