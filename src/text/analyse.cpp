#include "text/analyse.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <unordered_set>

#include "text/characters.h"
#include "text/dictionary.h"
#include "text/katakana.h"
#include "text/normalise.h"
#include "text/numbers.h"
#include "text/readings.h"
#include "text/segmenter.h"
#include "text/utf8.h"
#include "text/variants.h"

namespace sekisho::text {
namespace {

constexpr std::uint64_t kRules = 2;                 // raise when the rules of this folder change what is indexed
constexpr std::uint64_t kTermBits = (1ull << 48) - 1;
constexpr std::uint32_t kMaxSentence = 1'000;       // code points; longer runs without a full stop are cut

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  return x ^ x >> 32;
}

std::uint64_t as_term(std::uint64_t x) { return std::max<std::uint64_t>(mix(x) & kTermBits, 1); }

std::uint64_t text_hash(std::uint64_t seed, std::string_view bytes) {
  std::uint64_t hash = seed * 0x9e3779b97f4a7c15u + bytes.size();
  while (bytes.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    hash ^= hash >> 32;
    bytes.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, bytes.data(), bytes.size());
  return (hash ^ rest) * 0xff51afd7ed558ccdu;
}

std::uint64_t bigram_term(char32_t a, char32_t b) { return as_term(std::uint64_t{a} << 32 | b << 3 | static_cast<std::uint64_t>(TokenKind::bigram)); }

// IPADIC's part-of-speech ids (pos-id.def) that carry content.
constexpr std::array<bool, 70> kContent = [] {
  std::array<bool, 70> keep{};
  for (const int id : {5, 10, 31, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 51, 53, 56, 67}) keep[static_cast<std::size_t>(id)] = true;
  return keep;
}();
constexpr unsigned kNumeral = 48;
constexpr unsigned kCounterWord = 53;
constexpr unsigned kNameGeneral = 42;  // 人名,一般; 43 人名,姓; 44 人名,名
constexpr unsigned kNameGiven = 44;

const std::unordered_set<std::string_view>& stop_words() {
  static const std::unordered_set<std::string_view> words = {
      "する",   "なる",   "ある",   "いる",   "おる",   "れる",   "られる", "せる",   "させる", "できる", "出来る", "こと", "事",     "もの",     "物",       "ため",
      "よう",   "ところ", "とき",   "うち",   "ほう",   "わけ",   "はず",   "つもり", "いう",   "言う",   "いく",   "くる", "みる",   "しまう",   "くれる",   "もらう",
      "やる",   "くださる", "下さる", "いただく", "頂く", "ない",   "無い",   "よい",   "いい",   "良い",   "なに",   "何",   "どこ",   "どれ",     "いつ",     "だれ",
      "誰",     "どう",   "どんな", "いくつ", "いくら", "これ",   "それ",   "あれ",   "ここ",   "そこ",   "また",   "及び", "つく",   "よる",     "とる",     "おく",
      "教える", "知る",   "内容",   "場合",   "さん",   "氏",     "者",     "的",     "等",     "性",     "際",     "上",   "中",     "かかる",   "係る",     "ください"};
  return words;
}

bool is_stop_word(std::string_view base) {
  constexpr std::size_t kLongest = 15;  // bytes
  return base.size() <= kLongest && stop_words().contains(base);
}

std::u32string decode_all(std::string_view utf8) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size();) out.push_back(decode_utf8(utf8, at));
  return out;
}

std::string encode_all(std::u32string_view text) {
  std::string out;
  append_utf8(out, text);
  return out;
}

struct Word {
  std::string_view surface;
  std::string_view base;  // as indexed
  bool has_base;          // the dictionary names one
  const char* feature;
  std::uint32_t begin;  // code points of the normalised text
  std::uint32_t end;
};

}  // namespace

std::uint64_t term_hash(TokenKind kind, std::string_view utf8) {
  if (kind == TokenKind::bigram) {
    const std::u32string pair = decode_all(utf8);
    return pair.size() == 2 ? bigram_term(pair[0], pair[1]) : 1;
  }
  return as_term(text_hash(static_cast<std::uint64_t>(kind) + 1, utf8));
}

struct Analyzer::Shared {
  std::unique_ptr<const Dictionary> dictionary;
  VariantTable variants;
  std::uint64_t fingerprint = 0;

  // Only questions need them, and most commands ask none.
  const Readings& readings() const {
    std::call_once(readings_built_, [this] { readings_ = Readings::build(dictionary->features()); });
    return readings_;
  }

 private:
  mutable std::once_flag readings_built_;
  mutable Readings readings_;
};

struct Analyzer::Session::State {
  // What a dictionary entry is indexed as, by the address of its feature text; asked for nearly every word of every document.
  struct KnownWord {
    const char* feature = nullptr;
    std::uint64_t term = 0;  // 0: a stop word
  };
  static constexpr unsigned kKnownBits = 14;

  explicit State(const Shared& s) : shared(s), segmenter(*s.dictionary) {}

  const Shared& shared;
  std::vector<KnownWord> known_words{std::size_t{1} << kKnownBits};
  Segmenter segmenter;
  Normalised normal;
  std::vector<NumberTerm> numbers;
  std::vector<Token> tokens;
  std::string surface;   // of the word looked at
  std::string katakana;

  // Words of content of one sentence, in places of the normalised text.
  template <class OnWord>
  void each_word(std::uint32_t begin, std::uint32_t end, OnWord on_word);
  bool is_content(const Morpheme& word) const;
  Word word_of(const Morpheme& word);
  std::uint64_t term_of(const Morpheme& word);
  std::uint32_t sentence_end(std::uint32_t begin, bool& has_number) const;
  bool in_number(std::uint32_t begin, std::uint32_t end) const;
  void prepare(std::string_view utf8);
  template <class OnBigram>
  void each_bigram(std::uint32_t begin, std::uint32_t end, OnBigram on_bigram) const;
  std::vector<std::string> spellings(const Word& word) const;
  template <class OnSpelling>
  void each_spelling_of_several_words(std::uint32_t begin, OnSpelling on_spelling) const;
  void analyse_sentence(std::uint32_t begin, std::uint32_t end, bool has_number);
  Token source_token(std::uint64_t term, std::uint32_t begin, std::uint32_t end, TokenKind kind) const {
    return {term, normal.source_begin(begin), normal.source_end(end), kind};
  }
};

void Analyzer::Session::State::prepare(std::string_view utf8) {
  normalise(utf8, normal);
  fold_old_forms(normal.text);
}

// End of the sentence that starts at `begin`: behind its full stop, or where a long run is cut.
std::uint32_t Analyzer::Session::State::sentence_end(std::uint32_t begin, bool& has_number) const {
  const auto size = static_cast<std::uint32_t>(normal.text.size());
  const std::uint32_t limit = size - begin > kMaxSentence ? begin + kMaxSentence : size;
  has_number = false;
  for (std::uint32_t at = begin; at < limit; ++at) {
    const char32_t c = normal.text[at];
    if (char_class(c) == CharClass::sentence_end) return at + 1;
    has_number = has_number || may_hold_number(c);
  }
  return limit;
}

bool Analyzer::Session::State::in_number(std::uint32_t begin, std::uint32_t end) const {
  return std::any_of(numbers.begin(), numbers.end(), [&](const NumberTerm& n) { return n.begin < end && begin < n.end; });
}

bool Analyzer::Session::State::is_content(const Morpheme& word) const {
  const unsigned part = word.part_of_speech;
  if (part == kNumeral || part >= kContent.size() || !kContent[part]) return false;
  if (part == kCounterWord && in_number(word.begin, word.end)) return false;
  const CharClass first = char_class(normal.text[word.begin]);
  if (first < CharClass::digit || (first == CharClass::digit && in_number(word.begin, word.end))) return false;
  return word.end - word.begin > 1 || first != CharClass::hiragana;
}

// The word as it is indexed; views last until the next call.
Word Analyzer::Session::State::word_of(const Morpheme& morpheme) {
  surface.clear();
  append_utf8(surface, std::u32string_view(normal.text).substr(morpheme.begin, morpheme.end - morpheme.begin));
  Word word{surface, feature_field(morpheme.feature, 6), true, morpheme.feature, morpheme.begin, morpheme.end};
  word.has_base = !word.base.empty() && word.base != "*";
  if (!word.has_base) word.base = word.surface;
  if (starts_katakana(word.base)) {
    katakana = canonical_katakana(word.base);
    word.base = katakana;
  }
  return word;
}

// The term of a word of content, 0 for a stop word.
std::uint64_t Analyzer::Session::State::term_of(const Morpheme& morpheme) {
  KnownWord& known = known_words[(reinterpret_cast<std::uintptr_t>(morpheme.feature) * 0x9e3779b97f4a7c15u) >> (64 - kKnownBits)];
  if (known.feature == morpheme.feature) return known.term;
  const Word word = word_of(morpheme);
  const std::uint64_t term = is_stop_word(word.base) ? 0 : term_hash(TokenKind::word, word.base);
  // A feature without a base form serves many words: the surface decides.
  if (morpheme.known && word.has_base) known = {morpheme.feature, term};
  return term;
}

template <class OnWord>
void Analyzer::Session::State::each_word(std::uint32_t begin, std::uint32_t end, OnWord on_word) {
  for (Morpheme word : segmenter.cut(std::u32string_view(normal.text).substr(begin, end - begin))) {
    word.begin += begin;
    word.end += begin;
    if (is_content(word)) on_word(word);
  }
}

// Spellings of the table that the dictionary has cut into several words: 欧羅巴 as 欧 羅 巴. Of the sentence that was cut last, which begins at `begin`.
template <class OnSpelling>
void Analyzer::Session::State::each_spelling_of_several_words(std::uint32_t begin, OnSpelling on_spelling) const {
  const std::vector<Morpheme>& words = segmenter.words();
  if (words.size() < 2) return;
  std::string sentence;
  std::vector<std::size_t> bytes;  // by code point: where it begins
  for (std::uint32_t at = 0; at < words.back().end; ++at) {
    bytes.push_back(sentence.size());
    append_utf8(sentence, normal.text[begin + at]);
  }
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string_view rest = std::string_view(sentence).substr(bytes[words[i].begin]);
    const std::string_view spelling = rest.substr(0, shared.variants.longest_prefix(rest));
    if (spelling.empty()) continue;
    const auto last = static_cast<std::uint32_t>(words[i].begin + count_code_points(spelling));
    const auto ends_there = [&](const Morpheme& word) { return word.end == last; };
    if (std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end(), ends_there)) on_spelling(spelling, begin + words[i].begin, begin + last);
  }
}

template <class OnBigram>
void Analyzer::Session::State::each_bigram(std::uint32_t begin, std::uint32_t end, OnBigram on_bigram) const {
  CharClass previous = CharClass::other;
  for (std::uint32_t at = begin; at < end; ++at) {
    const CharClass now = char_class(normal.text[at]);
    if (now == previous && (now == CharClass::kanji || now == CharClass::katakana)) on_bigram(at - 1);
    previous = now;
  }
}

void Analyzer::Session::State::analyse_sentence(std::uint32_t begin, std::uint32_t end, bool has_number) {
  numbers.clear();
  if (has_number) find_numbers(normal.text, begin, end, numbers);
  std::size_t next_number = 0;
  const auto numbers_until = [&](std::uint32_t at) {
    for (; next_number < numbers.size() && numbers[next_number].begin <= at; ++next_number) {
      const NumberTerm& n = numbers[next_number];
      tokens.push_back(source_token(term_hash(TokenKind::number, encode_all(n.term)), n.begin, n.end, TokenKind::number));
    }
  };
  each_word(begin, end, [&](const Morpheme& word) {
    const std::uint64_t term = term_of(word);
    if (term == 0) return;
    numbers_until(word.begin);
    tokens.push_back(source_token(term, word.begin, word.end, TokenKind::word));
  });
  numbers_until(end);
  each_bigram(begin, end, [&](std::uint32_t at) {
    tokens.push_back(source_token(bigram_term(normal.text[at], normal.text[at + 1]), at, at + 2, TokenKind::bigram));
  });
  tokens.push_back({0, normal.source_begin(end - 1), normal.source_end(end), TokenKind::sentence_end});
}

// Other ways to write a word of a question: the table, its reading in kana, the kanji of a word given in kana.
std::vector<std::string> Analyzer::Session::State::spellings(const Word& word) const {
  std::vector<std::string> out;
  for (const std::string_view other : shared.variants.others(word.base)) out.emplace_back(other);
  if (word.surface != word.base) {
    for (const std::string_view other : shared.variants.others(word.surface)) out.emplace_back(other);
  }
  for (const std::string_view other : shared.readings().respellings(word.base)) out.emplace_back(other);
  constexpr std::size_t kMinKana = 3;
  bool kana = true;
  for (std::uint32_t at = word.begin; at < word.end; ++at) kana = kana && is_kana(char_class(normal.text[at]));
  const std::u32string text = decode_all(kana ? word.surface : feature_field(word.feature, 7));
  if (text.size() < kMinKana || (!kana && word.surface != feature_field(word.feature, 6))) return out;
  const std::string katakana_form = encode_all(to_katakana(text));
  out.push_back(katakana_form);
  out.push_back(encode_all(to_hiragana(text)));
  if (kana) {
    for (const std::string_view base : shared.readings().words(katakana_form)) out.emplace_back(base);
  }
  return out;
}

namespace {

void add_spelling(QueryTerm& term, std::string_view spelling) {
  const std::uint64_t hash = term_hash(TokenKind::word, canonical_katakana(spelling));
  if (std::find(term.terms.begin(), term.terms.end(), hash) == term.terms.end()) term.terms.push_back(hash);
}

}  // namespace

Analyzer::Session::Session(const Analyzer& analyzer) : state_(std::make_unique<State>(*analyzer.shared_)) {}
Analyzer::Session::~Session() = default;
Analyzer::Session::Session(Session&&) noexcept = default;
Analyzer::Session& Analyzer::Session::operator=(Session&&) noexcept = default;

const std::vector<Token>& Analyzer::Session::analyse(std::string_view utf8) {
  State& s = *state_;
  s.tokens.clear();
  s.prepare(utf8);
  const auto size = static_cast<std::uint32_t>(s.normal.text.size());
  for (std::uint32_t begin = 0; begin < size;) {
    bool has_number = false;
    const std::uint32_t end = s.sentence_end(begin, has_number);
    s.analyse_sentence(begin, end, has_number);
    begin = end;
  }
  return s.tokens;
}

std::vector<TaggedWord> Analyzer::Session::tag_names(std::u32string_view normalised) {
  std::vector<TaggedWord> out;
  for (const Morpheme& word : state_->segmenter.cut(normalised)) {
    const bool name = word.known && word.part_of_speech >= kNameGeneral && word.part_of_speech <= kNameGiven;
    out.push_back({word.begin, word.end, name ? static_cast<NamePart>(word.part_of_speech - kNameGeneral + 1) : NamePart::none});
  }
  return out;
}

std::vector<QueryTerm> Analyzer::Session::analyse_query(std::string_view utf8) {
  State& s = *state_;
  std::vector<QueryTerm> out;
  std::unordered_set<std::uint64_t> seen;
  const auto add = [&](TokenKind kind, std::string text, std::uint64_t hash, std::uint32_t begin, std::uint32_t end) -> QueryTerm* {
    if (out.size() >= kMaxQueryTerms || !seen.insert(hash).second) return nullptr;
    out.push_back({kind, std::move(text), {hash}, s.normal.source_begin(begin), s.normal.source_end(end)});
    return &out.back();
  };
  s.prepare(slice_code_points(utf8, 0, kMaxQueryCodePoints));
  const auto size = static_cast<std::uint32_t>(s.normal.text.size());
  for (std::uint32_t begin = 0; begin < size;) {
    bool has_number = false;
    const std::uint32_t end = s.sentence_end(begin, has_number);
    s.numbers.clear();
    find_numbers(s.normal.text, begin, end, s.numbers);
    std::size_t next_number = 0;
    const auto numbers_until = [&](std::uint32_t at) {
      for (; next_number < s.numbers.size() && s.numbers[next_number].begin <= at; ++next_number) {
        const NumberTerm& n = s.numbers[next_number];
        const std::string text = encode_all(n.term);
        add(TokenKind::number, text, term_hash(TokenKind::number, text), n.begin, n.end);
        // A question about an article asks first for the place where the article stands.
        if (text.find("条") != text.npos && !text.starts_with("§")) {
          const std::string heading = "§" + text;
          add(TokenKind::number, heading, term_hash(TokenKind::number, heading), n.begin, n.end);
        }
      }
    };
    s.each_word(begin, end, [&](const Morpheme& morpheme) {
      const Word word = s.word_of(morpheme);
      if (is_stop_word(word.base)) return;
      numbers_until(word.begin);
      QueryTerm* term = add(TokenKind::word, std::string(word.base), term_hash(TokenKind::word, word.base), word.begin, word.end);
      if (!term) return;
      for (const std::string& other : s.spellings(word)) add_spelling(*term, other);
    });
    numbers_until(end);
    s.each_spelling_of_several_words(begin, [&](std::string_view spelling, std::uint32_t first, std::uint32_t last) {
      const std::string name = canonical_katakana(spelling);
      QueryTerm* term = add(TokenKind::word, name, term_hash(TokenKind::word, name), first, last);
      if (!term) return;
      for (const std::string_view other : s.shared.variants.others(spelling)) add_spelling(*term, other);
    });
    begin = end;
  }
  s.each_bigram(0, size, [&](std::uint32_t at) {
    add(TokenKind::bigram, encode_all(std::u32string_view(s.normal.text).substr(at, 2)), bigram_term(s.normal.text[at], s.normal.text[at + 1]), at, at + 2);
  });
  return out;
}

namespace {

// The dictionary's identity: sizes of its files and samples of them (reading all 50 MB at each start would cost more than it tells).
std::uint64_t fingerprint_of(const Dictionary& dictionary) {
  constexpr std::size_t kSamples = 64, kSampleBytes = 1024;
  std::uint64_t hash = kRules;
  for (const std::string_view bytes : dictionary.files()) {
    std::string sample;
    for (std::size_t i = 0; i < kSamples; ++i) sample.append(bytes.substr(bytes.size() / kSamples * i, kSampleBytes));
    hash = mix(hash ^ text_hash(bytes.size(), sample));
  }
  return hash;
}

}  // namespace

Analyzer::Analyzer(std::unique_ptr<Shared> shared) : shared_(std::move(shared)) {}
Analyzer::~Analyzer() = default;

const Dictionary& Analyzer::dictionary() const { return *shared_->dictionary; }
std::uint64_t Analyzer::fingerprint() const { return shared_->fingerprint; }

Result<std::unique_ptr<const Analyzer>> Analyzer::create(const Options& options) {
  auto shared = std::make_unique<Shared>();
  SK_TRY(shared->dictionary, Dictionary::open(options.dictionary));
  shared->fingerprint = fingerprint_of(*shared->dictionary);
  if (!options.variants.empty()) {
    SK_TRY(shared->variants, VariantTable::load(options.variants));
  }
  return std::unique_ptr<const Analyzer>(new Analyzer(std::move(shared)));
}

}  // namespace sekisho::text
