// A compiled MeCab dictionary (IPADIC) in UTF-8, read where it lies: its words, how the kinds of characters make unknown words, and what a word
// costs beside another.
//
//   sys.dic, unk.dic   72 bytes of header, a double array over the bytes of the words, the entries, their features (NUL-terminated CSV)
//   matrix.bin         the cost of every pair of contexts
//   char.bin           the kinds of every character of the basic plane
//
// Threads: immutable, any may read. Encoding: UTF-8 in the files; characters are asked for as code points. Integers are those of the machine, as
// mecab-dict-index writes them. Failures: open() says what is missing or damaged; every number that leads elsewhere is checked there or when it is
// followed, so nothing is read outside the files. Source: MeCab 0.996, the format of its compiled dictionaries; Aoe 1989 (double arrays).
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/mapped_file.h"
#include "core/result.h"

namespace sekisho::text {

// A word of the dictionary, as it lies in the file.
struct DictionaryEntry {
  std::uint16_t left;            // context as seen from the word before
  std::uint16_t right;           // and from the word after
  std::uint16_t part_of_speech;  // pos-id.def
  std::int16_t cost;
  std::uint32_t feature;  // byte in the features
  std::uint32_t compound;
};
static_assert(sizeof(DictionaryEntry) == 16);

// One field of a feature, from 0; empty where it has fewer. IPADIC: 5 the conjugated form, 6 the base form, 7 the reading.
std::string_view feature_field(std::string_view feature, int index);

// What a character is, as it lies in the file.
struct CharacterKind {
  std::uint32_t kinds : 18;  // one bit for each kind that it belongs to
  std::uint32_t first_kind : 8;
  std::uint32_t length : 4;  // unknown words of 1 to `length` characters begin here
  std::uint32_t group : 1;   // an unknown word takes all neighbours of its kind
  std::uint32_t invoke : 1;  // unknown words begin here also where the dictionary has a word
  bool shares_kind(CharacterKind other) const { return (kinds & other.kinds) != 0; }
};
static_assert(sizeof(CharacterKind) == 4);

class Dictionary {
 public:
  static Result<std::unique_ptr<const Dictionary>> open(const std::string& folder);

  // The entries of one word of the dictionary that stands in a text.
  struct Match {
    std::span<const DictionaryEntry> entries;
    std::uint32_t begin;  // code points
    std::uint32_t end;
  };
  // All words of the dictionary in a text; of those that begin at one place short ones first. The places are looked up side by side, a byte of each
  // in turn, so that the memory of one is fetched while the others are followed: one by one, waiting for it is most of the time. `buffers` is kept
  // between calls by who calls often.
  struct Buffers;
  void find_words(std::u32string_view text, Buffers& buffers, std::vector<Match>& out) const;

  CharacterKind kind_of(char32_t c) const { return c < characters_.size() ? characters_[c] : characters_[0]; }
  CharacterKind space() const { return kind_of(U' '); }
  std::span<const DictionaryEntry> unknown_words(CharacterKind kind) const { return unknown_entries_[kind.first_kind]; }
  // Of an entry of this dictionary: whether it is a word, or a kind of unknown words.
  bool is_known(const DictionaryEntry& entry) const {
    return std::less<>()(&entry, words_.entries.data() + words_.entries.size()) && !std::less<>()(&entry, words_.entries.data());
  }
  const char* feature(const DictionaryEntry& entry) const { return (is_known(entry) ? words_ : unknown_).features.data() + entry.feature; }
  // Of a word whose `left` is this one, by the `right` of the word before it.
  const std::int16_t* costs(std::uint16_t left) const { return costs_ + std::size_t{left} * rights_; }

  // All features, each ended by NUL.
  std::string_view features() const { return words_.features; }
  std::array<std::string_view, 4> files() const { return {words_.file.bytes(), costs_file_.bytes(), characters_file_.bytes(), unknown_.file.bytes()}; }

 private:
  struct Unit {
    std::int32_t base;
    std::uint32_t check;
  };
  struct Words {
    MappedFile file;
    std::span<const Unit> units;
    std::span<const DictionaryEntry> entries;
    std::string_view features;

    static constexpr std::uint32_t kNowhere = 0xFFFFFFFF;
    std::uint32_t follow_all(std::string_view word) const;
    std::uint32_t follow(std::uint32_t base, unsigned char byte) const {
      const std::uint64_t at = std::uint64_t{base} + byte + 1;
      return at < units.size() && units[at].check == base ? static_cast<std::uint32_t>(units[at].base) : kNowhere;
    }
    void fetch(std::uint64_t at) const {
      if (at < units.size()) __builtin_prefetch(&units[at]);
    }
    std::span<const DictionaryEntry> entries_at(std::uint32_t base) const {
      if (base >= units.size() || units[base].check != base || units[base].base >= 0) return {};
      const auto value = static_cast<std::uint32_t>(-(units[base].base + 1));
      const std::size_t first = value >> 8, count = value & 0xFF;
      return first + count <= entries.size() ? entries.subspan(first, count) : std::span<const DictionaryEntry>();
    }
  };

  std::uint32_t after_first(char32_t c) const;
  static Result<Words> open_words(const std::string& path);
  Status open_costs(const std::string& path);
  Status open_characters(const std::string& path);
  Status check_entries() const;

  Words words_;
  Words unknown_;
  MappedFile costs_file_;
  const std::int16_t* costs_ = nullptr;
  std::size_t rights_ = 0, lefts_ = 0;
  MappedFile characters_file_;
  std::span<const CharacterKind> characters_;
  std::array<std::span<const DictionaryEntry>, 256> unknown_entries_;
  // Where the double array is after a word's first character, of the basic plane; 0 until somebody asks.
  mutable std::vector<std::atomic<std::uint32_t>> after_first_ = std::vector<std::atomic<std::uint32_t>>(0x10000);
};

struct Dictionary::Buffers {
  struct Walk {
    std::uint32_t base;
    std::uint32_t at;     // the next byte
    std::uint32_t begin;  // code points
    std::uint32_t end;    // behind the one that byte `at` - 1 belongs to
  };
  std::string bytes;  // the text in UTF-8
  std::vector<Walk> walks;
};

}  // namespace sekisho::text
