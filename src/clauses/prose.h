// What the words of a document say about its lines: where sentences end, which lines are torn pieces of one sentence, which words were
// misread. Nothing here knows a word of any particular document; evidence comes from the document itself. Pure.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace sekisho::clauses {

bool is_space(char32_t c);
std::u32string decode(std::string_view utf8);
std::string encode(std::u32string_view text);
// Without white space, full-width letters and digits as half-width ones: for comparing what two lines say.
std::u32string squeezed(std::u32string_view text);
bool ends_sentence(std::u32string_view text);
// Reads like a piece of a sentence and not like a title or a list entry: 「職員等は、情報資産を」.
bool reads_like_sentence(std::u32string_view text);
// A round bracket that nothing closes: 「（第2条及び第」. One that only closes counts for nothing: 3) may be a number.
bool bracket_is_open(std::u32string_view text);

// Ends in what only joins: a comma, an open bracket, 及び.
bool hangs(std::u32string_view text);

struct WordRepair {
  std::string from;
  std::string to;
};

class Prose {
 public:
  // All lines of the document that are text.
  explicit Prose(const std::vector<std::u32string_view>& lines);

  // `text` is what was read so far, `next` the line behind it: are they one torn sentence? `adjacent`: no blank line between them;
  // `heading`: what was read stands on the line of a number and may be its title.
  bool torn(std::u32string_view text, std::u32string_view last_line, std::u32string_view next, bool adjacent, bool heading) const;
  // The last letter stands once more at the beginning of the next line (情報シ | システム), and the document knows the word with one alone.
  bool doubled(std::u32string_view text, std::u32string_view next) const;
  // Corrects letters and digits that were taken for each other (CIS0 where CISO stands elsewhere) and words torn by a space (L GWAN).
  std::u32string repaired(std::u32string_view line, std::vector<WordRepair>& repairs) const;

 private:
  std::unordered_set<std::u32string> runs_;    // every four characters that stand together somewhere
  std::map<std::string, std::size_t> words_;   // Latin words and how often they stand in the document
  std::size_t width_ = 0;                      // of a full line, in columns; 0: lines are not broken at a width
};

}  // namespace sekisho::clauses
