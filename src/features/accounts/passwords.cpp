#include "features/accounts/passwords.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/bytes.h"
#include "text/normalise.h"
#include "text/utf8.h"

namespace sekisho::accounts {
namespace {

// Bits that a guesser spends on one piece. A word of the pack is one of some 600, in a few spellings; a name around the person one of ten.
constexpr double kWordBits = 9;
constexpr double kNameBits = 4;
constexpr double kYearBits = 5;
constexpr double kDateBits = 10;
constexpr double kWalkBits = 7;
constexpr double kRunBits = 5;
constexpr double kRepeatBits = 5;
constexpr double kDigitBits = 3.3;
constexpr double kLetterBits = 5;
constexpr double kSeparatorBits = 2;
constexpr double kOtherBits = 7;  // a character beyond ASCII
// Far more than online guessing under the lockout reaches in a lifetime; less than 15 random digits or 8 random letters are worth.
constexpr double kFloorSingle = 36;
constexpr double kFloorMulti = 24;
constexpr std::size_t kMaxCharacters = 1024;
constexpr std::size_t kShortestWord = 2;
constexpr std::size_t kLongestWord = 24;
constexpr std::size_t kShortestName = 3;

constexpr std::array<std::u32string_view, 7> kRows = {U"1234567890-^\\", U"qwertyuiop@[", U"asdfghjkl;:]", U"zxcvbnm,./", U"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
                                                      U"qazwsxedcrfvtgbyhnujmik,ol.", U"!\"#$%&'()=~|"};

// What a character may stand for in a word.
char32_t plain(char32_t c) {
  switch (c) {
    case U'0': return U'o';
    case U'1': case U'!': case U'|': return U'i';
    case U'3': return U'e';
    case U'4': case U'@': return U'a';
    case U'5': case U'$': return U's';
    case U'7': case U'+': return U't';
    case U'8': return U'b';
    default: return c;
  }
}

bool digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool letter(char32_t c) { return c >= U'a' && c <= U'z'; }

double bits_of(char32_t c) {
  if (digit(c)) return kDigitBits;
  if (letter(c)) return kLetterBits;
  return c < 128 ? kSeparatorBits : kOtherBits;
}

std::u32string decoded(std::string_view utf8) {
  text::Normalised out;
  text::normalise(utf8, out);
  return out.text;
}

struct Cheapest {
  double bits = std::numeric_limits<double>::infinity();
  std::size_t from = 0;
  const char* kind = nullptr;
};

class Reading {
 public:
  explicit Reading(std::u32string text) : text_(std::move(text)), best_(text_.size() + 1) { best_[0].bits = 0; }

  void words(const std::vector<std::string>& sorted, double bits, const char* kind, std::size_t shortest) {
    std::string seen;
    for (std::size_t from = 0; from < text_.size(); ++from) {
      for (const bool mapped : {false, true}) {
        seen.clear();
        for (std::size_t to = from; to < text_.size() && to - from < kLongestWord; ++to) {
          const char32_t c = mapped ? plain(text_[to]) : text_[to];
          text::append_utf8(seen, c);
          // Capitals and 0 for o are tried right after the plain word.
          if (to + 1 - from >= shortest && std::binary_search(sorted.begin(), sorted.end(), seen)) offer(from, to + 1, bits + (mapped ? 1 : 0), kind);
        }
      }
    }
  }

  void patterns() {
    for (std::size_t from = 0; from < text_.size(); ++from) {
      numbers(from);
      stretch(from, 3, kRepeatBits, "repeat", [](char32_t a, char32_t b) { return a == b; });
      stretch(from, 3, kRunBits, "run", [](char32_t a, char32_t b) { return b == a + 1 && (digit(b) || letter(b)); });
      stretch(from, 3, kRunBits, "run", [](char32_t a, char32_t b) { return a == b + 1 && (digit(b) || letter(b)); });
      walks(from);
    }
  }

  // The cheapest whole.
  double solve(std::vector<std::string>& found) {
    for (std::size_t end = 1; end <= text_.size(); ++end) {
      relax(end, best_[end - 1].bits + bits_of(text_[end - 1]), end - 1, nullptr);
      for (const Offer& o : offers_)
        if (o.to == end) relax(end, best_[o.from].bits + o.bits, o.from, o.kind);
    }
    for (std::size_t at = text_.size(); at > 0; at = best_[at].from)
      if (best_[at].kind != nullptr && std::find(found.begin(), found.end(), best_[at].kind) == found.end()) found.emplace_back(best_[at].kind);
    return best_.back().bits;
  }

 private:
  struct Offer {
    std::size_t from, to;
    double bits;
    const char* kind;
  };
  void offer(std::size_t from, std::size_t to, double bits, const char* kind) { offers_.push_back({from, to, bits, kind}); }
  void relax(std::size_t end, double bits, std::size_t from, const char* kind) {
    if (bits < best_[end].bits) best_[end] = {bits, from, kind};
  }

  template <class Next>
  void stretch(std::size_t from, std::size_t shortest, double bits, const char* kind, Next next) {
    std::size_t to = from + 1;
    while (to < text_.size() && next(text_[to - 1], text_[to])) ++to;
    if (to - from >= shortest) offer(from, to, bits, kind);
  }

  void walks(std::size_t from) {
    for (const std::u32string_view row : kRows)
      for (const int step : {1, -1}) {
        const std::size_t start = row.find(text_[from]);
        if (start == std::u32string_view::npos) continue;
        std::size_t to = from + 1;
        for (auto at = static_cast<std::ptrdiff_t>(start) + step; to < text_.size() && at >= 0 && at < static_cast<std::ptrdiff_t>(row.size()) &&
                                                                  row[static_cast<std::size_t>(at)] == text_[to];
             at += step)
          ++to;
        if (to - from >= 4) offer(from, to, kWalkBits, "keyboard");
      }
  }

  // Years 1900 to 2099, eras with a year (r8, h12, s55), and dates of six or eight digits.
  void numbers(std::size_t from) {
    std::size_t to = from;
    int value = 0;
    while (to < text_.size() && to - from < 8 && digit(text_[to])) {
      value = value * 10 + static_cast<int>(text_[to++] - U'0');
      const std::size_t n = to - from;
      const auto day = [](int month, int d) { return month >= 1 && month <= 12 && d >= 1 && d <= 31; };
      if (n == 4 && value >= 1900 && value <= 2099) offer(from, to, kYearBits, "year");
      if (n == 4 && day(value / 100, value % 100)) offer(from, to, kYearBits + 3, "year");
      if (n == 6 && day(value / 100 % 100, value % 100)) offer(from, to, kDateBits, "year");
      if (n == 8 && value / 10000 >= 1900 && value / 10000 <= 2099 && day(value / 100 % 100, value % 100)) offer(from, to, kDateBits, "year");
    }
    const bool era = text_[from] == U'r' || text_[from] == U'h' || text_[from] == U's';
    for (std::size_t n = 1; era && n <= 2 && from + n < text_.size() && digit(text_[from + n]); ++n) offer(from, from + n + 1, kYearBits, "year");
  }

  const std::u32string text_;
  std::vector<Cheapest> best_;
  std::vector<Offer> offers_;
};

// "abcabcabc" is worth no more than "abc" and how often.
std::u32string_view repeated_unit(std::u32string_view text) {
  for (std::size_t unit = 1; unit * 2 <= text.size(); ++unit) {
    if (text.size() % unit != 0) continue;
    bool same = true;
    for (std::size_t i = unit; same && i < text.size(); ++i) same = text[i] == text[i - unit];
    if (same) return text.substr(0, unit);
  }
  return text;
}

}  // namespace

Passwords Passwords::of(std::vector<std::string> words, PasswordRule rule) {
  Passwords out;
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  out.words_ = std::move(words);
  out.rule_ = rule;
  return out;
}

Result<Passwords> Passwords::load(const std::string& path, PasswordRule rule) {
  SK_TRY(const std::string text, read_file(path, 4u << 20).context("words that passwords may not be made of"));
  std::vector<std::string> words;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with('#')) continue;
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t space = std::min(line.find(' ', at), line.size());
      if (space - at >= kShortestWord) words.emplace_back(line.substr(at, space - at));
      at = space + 1;
    }
  }
  if (words.size() < 100) return fail(Code::corrupt, "config.value", path + " holds no list of words");
  return of(std::move(words), rule);
}

PasswordVerdict Passwords::judge(std::string_view password, int factors, const std::vector<std::string>& around) const {
  PasswordVerdict out;
  out.least = factors >= 2 ? rule_.least_multi : rule_.least_single;
  if (!text::is_valid_utf8(password)) {
    out.key = "accounts.password_encoding";
    return out;
  }
  const Secret whole = prepared(Secret(std::string(password)));
  out.characters = static_cast<int>(text::count_code_points(whole.reveal()));
  if (whole.reveal().size() > kMaxCharacters) {
    out.key = "accounts.password_long";
    return out;
  }
  const std::u32string folded = decoded(password);
  const std::u32string_view unit = repeated_unit(folded);
  std::vector<std::string> names = around;
  std::sort(names.begin(), names.end());
  Reading reading{std::u32string(unit)};
  reading.words(words_, kWordBits, "word", kShortestWord);
  reading.words(names, kNameBits, "name", kShortestName);
  reading.patterns();
  double bits = reading.solve(out.found);
  if (unit.size() < folded.size()) {
    bits += 3;
    out.found.emplace_back("repeat");
  }
  if (out.characters < out.least) out.key = "accounts.password_short";
  else if (bits < (factors >= 2 ? kFloorMulti : kFloorSingle)) out.key = "accounts.password_guessable";
  return out;
}

Error Passwords::error_of(const PasswordVerdict& verdict) {
  return Error{Code::invalid_argument, verdict.key, std::to_string(verdict.characters) + " of " + std::to_string(verdict.least) + " characters", "10(4)ウ(ウ)",
               "system_manager"};
}

Secret prepared(const Secret& typed) {
  const std::string_view bytes = typed.reveal();
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t end = at;
    const bool ascii = static_cast<unsigned char>(bytes[at]) < 0x80;
    while (end < bytes.size() && (static_cast<unsigned char>(bytes[end]) < 0x80) == ascii) ++end;
    if (ascii) out.append(bytes.substr(at, end - at));
    else out.append(text::normalise(bytes.substr(at, end - at)));
    at = end;
  }
  return Secret(std::move(out));
}

void add_around(std::vector<std::string>& around, std::string_view text) {
  const std::string folded = text::normalise(text);
  std::string word;
  const auto keep = [&around](std::string_view w) {
    if (text::count_code_points(w) >= kShortestName && w.size() <= 4 * kLongestWord) around.emplace_back(w);
  };
  std::string joined;
  for (const char c : folded) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (part) {
      word += c;
      joined += c;
      continue;
    }
    keep(word);
    word.clear();
  }
  keep(word);
  if (joined != word) keep(joined);
}

}  // namespace sekisho::accounts
