#include "text/numbers.h"

#include <array>
#include <optional>

#include "text/characters.h"

namespace sekisho::text {
namespace {

constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
constexpr std::uint64_t kLargest = 1'000'000'000'000'000'000u;

// Longest first where one begins another.
constexpr std::array<std::u32string_view, 93> kCounters = {
    U"平方キロメートル", U"キロメートル", U"センチメートル", U"ミリメートル", U"平方メートル", U"立方メートル", U"ヘクタール", U"キログラム", U"メートル", U"グラム",
    U"リットル", U"パーセント", U"ポイント", U"ページ", U"年度", U"年間", U"年生", U"年代", U"年", U"箇月", U"か月", U"カ月", U"ケ月", U"ヶ月", U"ヵ月", U"月", U"日間", U"日", U"週間", U"週",
    U"時間", U"時", U"分間", U"分", U"秒", U"条", U"項", U"号線", U"号室", U"号", U"章", U"節", U"款", U"目", U"編", U"部", U"人", U"名", U"世紀", U"世帯", U"世",
    U"円", U"ドル", U"回", U"件", U"歳", U"才", U"個", U"箇所", U"か所", U"カ所", U"枚", U"台", U"本", U"冊", U"階", U"級", U"種", U"度", U"丁目", U"番地", U"番", U"区", U"位", U"点", U"倍",
    U"割", U"代", U"期", U"次", U"戸", U"棟", U"頭", U"匹", U"頁", U"km", U"cm", U"mm", U"kg", U"m2", U"ha", U"%", U"m"};

struct Era {
  std::u32string_view name;
  std::uint32_t before_first;  // the western year before year 1
};
constexpr std::array<Era, 10> kEras = {{{U"令和", 2018}, {U"平成", 1988}, {U"昭和", 1925}, {U"大正", 1911}, {U"明治", 1867},
                                        {U"r", 2018}, {U"h", 1988}, {U"s", 1925}, {U"t", 1911}, {U"m", 1867}}};

std::uint64_t power_of(char32_t c) {
  switch (c) {
    case U'十': return 10;
    case U'百': return 100;
    case U'千': return 1000;
    case U'万': return 10'000;
    case U'億': return 100'000'000;
    case U'兆': return 1'000'000'000'000;
    default: return 0;
  }
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_numeral(char32_t c) {
  if (c < U'〇') return is_digit(c);  // kana, which most letters are, and the numerals 一 to 億 have their own blocks
  if (c > U'〇' && c < U'一') return false;
  return kDigits.find(c) != kDigits.npos || power_of(c) != 0;
}

struct Number {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::u32string value;  // decimal digits, a fraction kept as written
  bool kanji_only = true;
};

std::u32string to_decimal(std::uint64_t value) {
  std::u32string out;
  for (const char c : std::to_string(value)) out.push_back(static_cast<char32_t>(c));
  return out;
}

// Positional digits (123, 1,234, 一九九五) from `at` on.
std::uint64_t read_digits(std::u32string_view text, std::uint32_t end, std::uint32_t& at, bool& kanji_only, bool& overflow) {
  std::uint64_t value = 0;
  while (at < end) {
    const char32_t c = text[at];
    std::size_t digit = kDigits.find(c);
    if (is_digit(c)) {
      digit = c - U'0';
      kanji_only = false;
    } else if (c == U',' && at + 3 < end && at > 0 && is_digit(text[at - 1]) && is_digit(text[at + 1]) && is_digit(text[at + 2]) && is_digit(text[at + 3]) &&
               (at + 4 >= end || !is_digit(text[at + 4]))) {
      ++at;
      continue;
    } else if (digit == kDigits.npos) {
      break;
    }
    if (value >= kLargest / 10) overflow = true;
    if (!overflow) value = value * 10 + digit;
    ++at;
  }
  return value;
}

// 3万5千, 千二百三十四, 12: the usual mixture. Stops before what does not continue the number.
std::optional<Number> read_number(std::u32string_view text, std::uint32_t begin, std::uint32_t end) {
  Number number;
  number.begin = begin;
  std::uint64_t total = 0, group = 0;
  bool overflow = false;
  std::uint32_t at = begin;
  while (at < end && is_numeral(text[at])) {
    const std::uint32_t start = at;
    const std::uint64_t digits = read_digits(text, end, at, number.kanji_only, overflow);
    const bool had_digits = at > start;
    const std::uint64_t power = at < end ? power_of(text[at]) : 0;
    if (power == 0) {
      group += digits;
      break;
    }
    const std::uint64_t factor = had_digits ? digits : 1;
    if (power < 10'000) {
      overflow = overflow || factor > kLargest / power;
      if (!overflow) group += factor * power;
    } else {
      if (had_digits) group += digits;
      if (group == 0) group = 1;
      overflow = overflow || group > kLargest / power;
      if (!overflow) total += group * power;
      group = 0;
    }
    overflow = overflow || total > kLargest || group > kLargest;
    ++at;
  }
  if (at == begin) return std::nullopt;
  number.end = at;
  number.value = overflow ? std::u32string(text.substr(begin, at - begin)) : to_decimal(total + group);
  if (!number.kanji_only && !overflow && at + 1 < end && text[at] == U'.' && is_digit(text[at + 1])) {
    std::uint32_t last = at + 1;
    while (last < end && is_digit(text[last])) ++last;
    number.value.append(text.substr(at, last - at));
    number.end = last;
  }
  return number;
}

std::u32string_view counter_at(std::u32string_view text, std::uint32_t at, std::uint32_t end) {
  const std::u32string_view rest = text.substr(at, end - at);
  if (rest.empty()) return {};
  for (const auto counter : kCounters) {
    if (counter.front() == rest.front() && rest.starts_with(counter)) return counter;
  }
  return {};
}

// One spelling for counters that are written in several ways.
std::u32string_view counter_name(std::u32string_view counter) {
  if (counter.size() == 2 && counter[1] == U'月') return U"か月";
  if (counter == U"箇所" || counter == U"カ所") return U"か所";
  if (counter == U"才") return U"歳";
  if (counter == U"パーセント") return U"%";
  if (counter == U"頁") return U"ページ";
  return counter;
}

const Era* era_before(std::u32string_view text, std::uint32_t begin, std::uint32_t at) {
  for (const Era& era : kEras) {
    const auto size = static_cast<std::uint32_t>(era.name.size());
    if (at < begin + size || text.substr(at - size, size) != era.name) continue;
    const bool letter = size == 1;
    if (letter && at > begin + 1 && char_class(text[at - 2]) == CharClass::latin) continue;
    return &era;
  }
  return nullptr;
}

std::u32string word_before(std::u32string_view text, std::uint32_t begin, std::uint32_t at) {
  for (const std::u32string_view word : {U"様式", U"別表", U"別記", U"議案", U"附則", U"付則"}) {
    if (at >= begin + word.size() && text.substr(at - word.size(), word.size()) == word) return std::u32string(word);
  }
  return {};
}

class Finder {
 public:
  Finder(std::u32string_view text, std::uint32_t begin, std::uint32_t end, std::vector<NumberTerm>& out) : text_(text), begin_(begin), end_(end), out_(out) {}

  void run() {
    for (std::uint32_t at = begin_; at < end_;) {
      if (text_[at] == U'元' && at + 1 < end_ && text_[at + 1] == U'年' && era_before(text_, begin_, at)) {
        Number first;
        first.begin = at;
        first.end = at + 1;
        first.value = U"1";
        at = take(first);
        continue;
      }
      if (!is_numeral(text_[at])) {
        ++at;
        continue;
      }
      const auto number = read_number(text_, at, end_);
      at = number ? take(*number) : at + 1;
    }
  }

 private:
  void add(std::uint32_t from, std::uint32_t to, std::u32string term) { out_.push_back({from, to, std::move(term)}); }

  // Emits the terms of one number and says where to go on.
  std::uint32_t take(const Number& number) {
    const std::u32string_view counter = counter_at(text_, number.end, end_);
    const bool ordinal = number.begin > begin_ && text_[number.begin - 1] == U'第';
    const std::uint32_t start = ordinal ? number.begin - 1 : number.begin;
    const auto after = static_cast<std::uint32_t>(number.end + counter.size());
    if (number.kanji_only && counter.empty() && !ordinal && number.end - number.begin < 2) return number.end;
    if (counter == U"年" || counter == U"年度") {
      if (take_year(number, counter, after)) return after;
    }
    std::uint32_t last = after;
    if (!counter.empty()) {
      std::u32string term = number.value + std::u32string(counter_name(counter));
      if (counter == U"条") last = take_branches(after, term);
      if (counter == U"条" && ordinal && stands_as_heading(start, last)) add(start, last, U"§" + term);
      add(start, last, term);
    }
    take_form(number, counter, ordinal ? start : number.begin, after);
    add(number.begin, number.end, number.value);
    return last;
  }

  // 第12条の2の3: the branches belong to the article's name.
  std::uint32_t take_branches(std::uint32_t at, std::u32string& term) {
    while (at + 1 < end_ && text_[at] == U'の' && is_numeral(text_[at + 1])) {
      const auto branch = read_number(text_, at + 1, end_);
      if (!branch) break;
      term += U"の" + branch->value;
      at = branch->end;
    }
    return at;
  }

  bool stands_as_heading(std::uint32_t start, std::uint32_t after) const {
    std::uint32_t first = begin_;
    while (first < start && (char_class(text_[first]) == CharClass::space || text_[first] == U'#')) ++first;
    const bool opens = first == start || char_class(text_[start - 1]) == CharClass::space || text_[start - 1] == U')';
    if (!opens) return false;
    return after >= end_ || char_class(text_[after]) == CharClass::space || text_[after] == U'(' || text_[after] == U'【';
  }

  bool take_year(const Number& number, std::u32string_view counter, std::uint32_t after) {
    if (number.value.size() > 4 || number.value.find(U'.') != number.value.npos) return false;
    std::uint32_t year = 0;
    for (const char32_t c : number.value) year = year * 10 + static_cast<std::uint32_t>(c - U'0');
    const Era* era = era_before(text_, begin_, number.begin);
    if (!era && (year < 1000 || year > 2999)) return false;
    if (era && (year == 0 || year > 99)) return false;
    const std::u32string name = to_decimal(era ? year + era->before_first : year);
    const std::uint32_t start = era ? number.begin - static_cast<std::uint32_t>(era->name.size()) : number.begin;
    add(start, after, U"y" + name);
    if (counter == U"年度") add(start, after, U"fy" + name);
    if (!era) add(number.begin, number.end, number.value);
    return true;
  }

  // 様式第3号, 別表第1, 第3号様式.
  void take_form(const Number& number, std::u32string_view counter, std::uint32_t start, std::uint32_t after) {
    std::u32string word = word_before(text_, begin_, start);
    if (!word.empty()) {
      add(start - static_cast<std::uint32_t>(word.size()), after, word + number.value);
    } else if (counter == U"号" && text_.substr(after, std::min<std::uint32_t>(2, end_ - after)) == U"様式") {
      add(start, after + 2, U"様式" + number.value);
    }
  }

  std::u32string_view text_;
  std::uint32_t begin_;
  std::uint32_t end_;
  std::vector<NumberTerm>& out_;
};

}  // namespace

bool may_hold_number(char32_t c) { return is_numeral(c) || c == U'元'; }

void find_numbers(std::u32string_view text, std::uint32_t begin, std::uint32_t end, std::vector<NumberTerm>& out) {
  Finder(text, begin, end, out).run();
}

}  // namespace sekisho::text
