// Japanese analysis for search: what a text is found by.
//
//   text      汐見野市文書取扱規程第12条を見直す
//   words     汐見 野 市 文書 取扱 規程 見直す          (IPADIC content words in base form; stop words dropped)
//   numbers   12条 12                                     (numbers.h; article numbers, dates, years of both calendars)
//   bigrams   汐見 見野 野市 市文 文書 ...                (over runs of kanji and of katakana)
//
// Index path: Session::analyse gives 48-bit term hashes with source ranges and no strings. Question path: analyse_query gives the
// same terms with their text and their spelling variants, which the index joins to one term.
//
// Threads: an Analyzer is immutable and shared; a Session belongs to one thread at a time and keeps its buffers. The Analyzer must
// outlive its Sessions. Encoding: UTF-8 in (any bytes are accepted: malformed parts count as U+FFFD); ranges are code points of the source.
// Failures: create() says which dictionary is missing. Analysis itself cannot fail.
// Invariants: 1. the same bytes give the same tokens in every thread and process that has the same fingerprint().
//             2. begin < end <= code points of the text; words and numbers of one sentence come in order of their begin.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::text {

inline constexpr std::string_view kDefaultDictionary = "/var/lib/mecab/dic/ipadic-utf8";

enum class TokenKind : std::uint8_t { word, number, bigram, sentence_end };

struct Token {
  std::uint64_t term = 0;   // term_hash(kind, text); 0 for sentence_end
  std::uint32_t begin = 0;  // code points of the source
  std::uint32_t end = 0;
  TokenKind kind = TokenKind::word;
};

// A term's name in the index: 48 significant bits, never 0.
std::uint64_t term_hash(TokenKind kind, std::string_view utf8);

// What the dictionary says of a word as part of a person's name.
enum class NamePart : std::uint8_t { none, name, surname, given };
struct TaggedWord {
  std::uint32_t begin = 0;  // code points
  std::uint32_t end = 0;
  NamePart part = NamePart::none;
};

struct QueryTerm {
  TokenKind kind = TokenKind::word;
  std::string text;
  std::vector<std::uint64_t> terms;  // its own hash first, then those of its spelling variants
  std::uint32_t begin = 0;           // code points of the question
  std::uint32_t end = 0;
};

class Dictionary;

class Analyzer {
 public:
  struct Options {
    std::string dictionary{kDefaultDictionary};  // folder of a compiled MeCab IPADIC in UTF-8
    std::string variants;                        // variants.tsv; empty = no table
  };

  static Result<std::unique_ptr<const Analyzer>> create(const Options& options);
  ~Analyzer();
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;

  // Changes when the dictionary or the rules change: an index made under another fingerprint must be built anew.
  // The variant table does not count, it works on questions only.
  std::uint64_t fingerprint() const;

  const Dictionary& dictionary() const;

  class Session {
   public:
    explicit Session(const Analyzer& analyzer);
    ~Session();
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;

    // The tokens of one text, valid until the next call. A sentence_end token closes each sentence.
    const std::vector<Token>& analyse(std::string_view utf8);
    // Terms of a question: each once, words and numbers in order, then bigrams. At most kMaxQueryTerms.
    std::vector<QueryTerm> analyse_query(std::string_view utf8);
    // Every word of a short piece of normalised text (one line or sentence), white space left out.
    std::vector<TaggedWord> tag_names(std::u32string_view normalised);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  static constexpr std::size_t kMaxQueryTerms = 128;
  static constexpr std::size_t kMaxQueryCodePoints = 4'000;  // what follows in a longer question does not take part in the search

 private:
  struct Shared;
  explicit Analyzer(std::unique_ptr<Shared> shared);
  std::unique_ptr<Shared> shared_;
};

}  // namespace sekisho::text
