// Words of the dictionary by their reading: ネッタイ to 熱帯. For questions that write in kana what documents write in kanji.
// Built once from the features section of a compiled MeCab dictionary (about 2 MB for IPADIC); immutable; thread-safe.
//
// sys.dic, little-endian: 10 x u32 (magic, version, type, words, left, right, bytes of the double array, of the tokens, of the
// features, reserved), 32 bytes of character set, double array, tokens, features. A feature is a NUL-terminated line
// 名詞,一般,*,*,*,*,熱帯,ネッタイ,ネッタイ (field 6 base form, field 7 reading).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::text {

class Readings {
 public:
  static Result<Readings> build(std::string_view sys_dic);

  // Base forms of nouns with this katakana reading; empty when there are none or more than kMaxHomophones.
  std::vector<std::string_view> words(std::string_view katakana) const;
  static constexpr std::size_t kMaxHomophones = 3;

 private:
  struct Entry {
    std::uint32_t reading_hash;
    std::uint32_t text_at;
  };
  std::vector<Entry> entries_;  // sorted by hash
  std::string text_;            // base NUL reading NUL ...
};

}  // namespace sekisho::text
