// A compiled MeCab dictionary, read in place: words, their costs, the costs of neighbours, the classes of characters.
//
//   sys.dic, unk.dic   10 x u32 (magic = size xor 0xef718f77, version 102, type, words, left ids, right ids, bytes of trie, entries, features, 0),
//                      32 bytes of character set, then the three parts. Trie: a double array of {i32 base, u32 check} over bytes of UTF-8; a word's
//                      value is count | first entry << 8. Features: lines that end with NUL.
//   matrix.bin         u16 left ids, u16 right ids, then i16 cost[left id of the second word][right id of the first]
//   char.bin           u32 classes, a name of 32 bytes each, then a u32 for each code point below 0xFFFF: 18 bits of classes that it belongs to,
//                      8 its own class, 4 length, 1 group, 1 invoke (MeCab's char.def)
//
// Encoding: UTF-8 dictionaries only. Threads: immutable. Memory: the files are mapped, so pages count once for all who read them.
// Failures: open() says which file is missing or makes no sense (text.dictionary_missing, text.dictionary); what was opened cannot lead outside
// the files, whatever their bytes are.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::text {

// A word of the dictionary, or of the list for words that it does not know; as stored.
struct Entry {
  std::uint16_t left = 0, right = 0;  // ids of its sides in the matrix
  std::uint16_t part = 0;             // part of speech (pos-id.def)
  std::int16_t cost = 0;
  std::uint32_t feature = 0;
  std::uint32_t compound = 0;
};

// What unknown words may begin with a character.
struct CharInfo {
  std::uint32_t bits = 0;
  bool kin(CharInfo other) const { return (bits & other.bits & 0x3FFFF) != 0; }
  std::uint32_t own() const { return bits >> 18 & 0xFF; }
  std::uint32_t length() const { return bits >> 26 & 0xF; }
  bool group() const { return (bits >> 30 & 1) != 0; }
  bool invoke() const { return bits >> 31 != 0; }
};

// One mapped file of words.
class WordFile {
 public:
  static Result<std::unique_ptr<const WordFile>> open(const std::string& path);
  ~WordFile();
  WordFile(const WordFile&) = delete;
  WordFile& operator=(const WordFile&) = delete;

  // A place in the trie; 0 is outside of it.
  using Place = std::uint32_t;
  Place root() const { return at(0) ? static_cast<Place>(trie_[0].base) : 0; }
  Place step(Place from, unsigned char byte) const {
    const std::uint64_t to = std::uint64_t{from} + byte + 1;
    return at(to) && trie_[to].check == from ? static_cast<Place>(trie_[to].base) : 0;
  }
  Place step(Place from, char32_t code_point) const;
  // The value of the word that ends here, or -1.
  std::int32_t value(Place here) const { return at(here) && trie_[here].check == here && trie_[here].base < 0 ? -1 - trie_[here].base : -1; }
  // The entries of a value.
  const Entry* begin(std::int32_t value) const { return entries_ + (static_cast<std::uint32_t>(value) >> 8); }
  std::uint32_t count(std::int32_t value) const;
  const char* feature(const Entry& entry) const { return features_ + entry.feature; }
  std::string_view bytes() const { return bytes_; }
  std::uint32_t left_ids() const { return left_ids_; }
  std::uint32_t right_ids() const { return right_ids_; }
  // Gives back pages that were read once and are seldom read again.
  void release_pages() const;

 private:
  struct Unit {
    std::int32_t base;
    std::uint32_t check;
  };
  WordFile() = default;
  Status layout();
  bool at(std::uint64_t index) const { return index < units_; }

  std::string_view bytes_;  // mapped
  const Unit* trie_ = nullptr;
  const Entry* entries_ = nullptr;
  const char* features_ = nullptr;
  std::uint64_t units_ = 0;
  std::uint32_t entry_count_ = 0, left_ids_ = 0, right_ids_ = 0;
};

class Dictionary {
 public:
  static Result<std::unique_ptr<const Dictionary>> open(const std::string& folder);

  const WordFile& words() const { return *words_; }
  const WordFile& unknown() const { return *unknown_; }
  CharInfo info(char32_t c) const { return classes_[c < classes_.size() ? c : 0]; }
  // Behind the first character of words; kept apart from the trie, where it takes three steps far from one another.
  WordFile::Place first(char32_t c) const { return c < first_.size() ? first_[c] : words_->step(words_->root(), c); }
  // Entries for an unknown word whose first character is of this class.
  std::int32_t unknown_of(std::uint32_t own_class) const { return own_class < unknown_of_.size() ? unknown_of_[own_class] : -1; }
  // Costs of a word with this left id behind each right id.
  const std::int16_t* costs(std::uint16_t left) const { return matrix_.data() + std::size_t{left} * right_ids_; }
  std::uint32_t left_ids() const { return words_->left_ids(); }

 private:
  Dictionary() = default;
  Status read_matrix(const std::string& path);
  Status read_classes(const std::string& path);

  std::unique_ptr<const WordFile> words_, unknown_;
  std::vector<std::int16_t> matrix_;
  std::vector<CharInfo> classes_;  // by code point
  std::vector<std::int32_t> unknown_of_;
  std::vector<WordFile::Place> first_;  // by code point of the basic plane
  std::size_t right_ids_ = 0;
};

}  // namespace sekisho::text
