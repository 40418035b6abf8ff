// Splits Japanese text into sentences. Pure; thread-safe.
//
//   市民課で受け付ける。（受付は「9時。厳守」とする。）土日は休み  ->  市民課で受け付ける。 | （受付は「9時。厳守」とする。） | 土日は休み
//
// A sentence ends behind 。．！？ ! ? (with closing brackets and further marks that follow) or at a line break, never inside 「」『』（）() of one
// line. `．`, `!` and `?` end one only where no letter or digit follows. White space round a sentence is not part of it; empty ones are left out.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace sekisho::text {

struct Sentence {
  std::size_t begin = 0;  // code points
  std::size_t end = 0;
  std::string_view text;  // a view into what was split
};

std::vector<Sentence> split_sentences(std::string_view utf8);

}  // namespace sekisho::text
