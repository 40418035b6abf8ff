// Words of the dictionary by their reading. Two uses, both on questions:
//   words         ネッタイ to 熱帯: a question writes in kana what documents write in kanji
//   respellings   取り組み to 取組, 取組み; 子ども to 子供; 行なう to 行う: the same word with other 送り仮名 or partly in kana. Two words are taken for one
//                 when their readings agree and their kanji are the same or one's kanji are part of the other's, in order.
// Built once from the features section of a compiled MeCab dictionary (about 10 MB and 150 ms for IPADIC); immutable; thread-safe.
//
// A feature is a NUL-terminated line 名詞,一般,*,*,*,*,熱帯,ネッタイ,ネッタイ (field 5 conjugated form, field 6 base form, field 7 reading).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::text {

class Readings {
 public:
  // dictionary.h, Dictionary::features().
  static Readings build(std::string_view features);

  // Base forms of nouns with this katakana reading; empty when there are none or more than kMaxHomophones.
  std::vector<std::string_view> words(std::string_view katakana) const;
  static constexpr std::size_t kMaxHomophones = 3;
  // Other spellings of a word in base form; at most kMaxRespellings.
  std::vector<std::string_view> respellings(std::string_view base) const;
  static constexpr std::size_t kMaxRespellings = 8;

 private:
  struct Entry {
    std::uint32_t hash;
    std::uint32_t text_at;
    bool operator<(const Entry& other) const { return hash != other.hash ? hash < other.hash : text_at < other.text_at; }
  };
  struct Word {
    std::string_view base, reading;
  };
  Word word_at(std::uint32_t text_at) const;
  static std::span<const Entry> with_hash(const std::vector<Entry>& entries, std::uint32_t hash);

  std::vector<Entry> by_reading_;
  std::vector<Entry> by_base_;
  std::string text_;            // base NUL reading NUL ...
};

}  // namespace sekisho::text
