#include "files/outline.h"

#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::size_t kTitleCharacters = 40;

struct Division {
  std::string_view unit;
  std::uint8_t level;
};
constexpr std::array kDivisions = {Division{"編", 1}, Division{"部", 1}, Division{"章", 2},
                                   Division{"節", 3}, Division{"款", 4}, Division{"目", 5}};
constexpr std::uint8_t kArticleLevel = 6;

bool is_digit(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９'); }
bool is_kanji_digit(char32_t c) {
  constexpr std::u32string_view kDigits = U"一二三四五六七八九十百千〇";
  return kDigits.find(c) != std::u32string_view::npos;
}
char32_t narrow(char32_t c) { return c >= U'０' && c <= U'９' ? c - U'０' + U'0' : c; }

// Reads a line from the left; every take_* moves on only when it matches.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool done() const { return at_ >= text_.size(); }
  char32_t peek() const {
    std::size_t at = at_;
    return done() ? 0 : next_code_point(text_, at);
  }
  bool take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  bool take_blank() {
    const std::size_t before = at_;
    while (!done() && is_blank(peek())) advance();
    return at_ > before;
  }
  // Arabic digits, narrowed; empty when there are none.
  std::string take_digits() { return take_while(is_digit); }
  std::string take_kanji_digits() { return take_while(is_kanji_digit); }
  std::string take_any_digits() {
    std::string digits = take_digits();
    return digits.empty() ? take_kanji_digits() : digits;
  }
  char32_t advance() { return next_code_point(text_, at_); }
  std::string_view rest() const { return trim(text_.substr(at_)); }
  bool at_break() const { return done() || is_blank(peek()); }

 private:
  template <class Test>
  std::string take_while(Test test) {
    std::string out;
    while (!done() && test(peek()) && out.size() < 32) append_utf8(out, narrow(advance()));
    return out;
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

// 第N章 …, 第N条の2 …
bool read_ordinal(Cursor cursor, Line& line) {
  if (!cursor.take("第")) return false;
  std::string number = cursor.take_any_digits();
  if (number.empty()) return false;
  line.number = "第" + number;
  const auto branch = [&] {
    while (cursor.take("の")) {
      const std::string part = cursor.take_any_digits();
      if (part.empty()) return false;
      line.number += "の" + part;
    }
    return true;
  };
  if (cursor.take("条")) {
    line.number += "条";
    if (!branch() || !(cursor.at_break() || cursor.peek() == U'（' || cursor.peek() == U'(')) return false;
    line.mark = Mark::article;
    line.level = kArticleLevel;
    line.rest = cursor.rest();
    return true;
  }
  for (const Division& division : kDivisions) {
    if (!cursor.take(division.unit)) continue;
    line.number += division.unit;
    if (!branch() || !cursor.at_break()) return false;
    line.mark = Mark::division;
    line.level = division.level;
    line.rest = cursor.rest();
    return looks_like_title(line.rest);
  }
  return false;
}

// 附則, 別表第1, 様式第1号（第5条関係）
bool read_annex(Cursor cursor, std::string_view whole, Line& line) {
  if (count_code_points(whole) > kTitleCharacters) return false;
  Cursor start = cursor;
  if (start.take("附")) {
    start.take_blank();
    if (!start.take("則") || !(start.at_break() || start.peek() == U'（' || start.peek() == U'(')) return false;
    line.number = "附則";
  } else {
    start.take("別記");
    start.take_blank();
    const bool table = start.take("別表");
    if (!table && !start.take("様式")) return false;
    line.number = table ? "別表" : "様式";
    if (start.take("第")) {
      line.number += "第" + start.take_any_digits();
      if (start.take("号")) line.number += "号";
      while (start.take("の")) line.number += "の" + start.take_any_digits();
    } else if (!table) {
      return false;
    }
    if (!start.at_break() && start.peek() != U'（' && start.peek() != U'(') return false;
  }
  line.mark = Mark::division;
  line.level = 2;
  line.rest = start.rest();
  return true;
}

bool is_kana_mark(char32_t c) { return c >= U'ア' && c <= U'ン'; }

// (1) （１） (ア) （一）
bool read_parenthesis(Cursor cursor, Line& line) {
  if (!cursor.take("(") && !cursor.take("（")) return false;
  if (is_kana_mark(cursor.peek())) {
    append_utf8(line.number, cursor.advance());
    line.mark = Mark::kana_item;
    line.level = 9;
  } else {
    line.number = cursor.take_any_digits();
    if (line.number.empty()) return false;
    line.mark = Mark::item;
    line.level = 7;
  }
  if (!cursor.take(")") && !cursor.take("）")) return false;
  line.rest = cursor.rest();
  return true;
}

// （目的）
bool read_article_title(std::string_view whole, Line& line) {
  const bool wide = whole.starts_with("（") && whole.ends_with("）");
  if (!wide && !(whole.starts_with("(") && whole.ends_with(")"))) return false;
  const std::size_t bracket = wide ? 3 : 1;
  if (whole.size() <= 2 * bracket || count_code_points(whole) > kTitleCharacters) return false;
  const std::string_view inside = whole.substr(bracket, whole.size() - 2 * bracket);
  if (inside.find("（") != std::string_view::npos || inside.find("。") != std::string_view::npos) return false;
  line.mark = Mark::article_title;
  line.level = kArticleLevel;
  line.rest = inside;
  return true;
}

// "2　…", "1.2 …", "３．…", "一　…"
bool read_number(Cursor cursor, Line& line) {
  line.number = cursor.take_digits();
  if (line.number.empty()) {
    line.number = cursor.take_kanji_digits();
    if (line.number.empty() || !cursor.take_blank()) return false;
    line.mark = Mark::item;
    line.level = 7;
    line.rest = cursor.rest();
    return !line.rest.empty();
  }
  if (line.number.size() > 3) return false;
  std::uint8_t level = 3;
  while (level < 6 && (cursor.peek() == U'.' || cursor.peek() == U'．' || cursor.peek() == U'-' || cursor.peek() == U'－')) {
    Cursor ahead = cursor;
    const bool dash = ahead.peek() == U'-' || ahead.peek() == U'－';
    ahead.advance();
    const std::string part = ahead.take_digits();
    if (part.empty() || part.size() > 3) break;
    line.number += (dash ? "-" : ".") + part;
    cursor = ahead;
    ++level;
  }
  const bool dotted = cursor.take(".") || cursor.take("．") || cursor.take("、");
  if (!cursor.take_blank() && !dotted) return false;
  line.mark = Mark::number;
  line.level = level;
  line.rest = cursor.rest();
  return !line.rest.empty() && !is_digit(Cursor(line.rest).peek());
}

bool read_kana(Cursor cursor, Line& line) {
  if (!is_kana_mark(cursor.peek())) return false;
  append_utf8(line.number, cursor.advance());
  const bool dotted = cursor.take("．") || cursor.take(".");
  if (!cursor.take_blank() && !dotted) return false;
  line.mark = Mark::kana;
  line.level = 8;
  line.rest = cursor.rest();
  return !line.rest.empty();
}

// 問1 …, Q1. …
bool read_question(Cursor cursor, Line& line) {
  if (!cursor.take("問") && !cursor.take("Q") && !cursor.take("Ｑ")) return false;
  line.number = cursor.take_digits();
  if (line.number.empty()) return false;
  line.number.insert(0, "問");
  const bool separated = cursor.take(".") || cursor.take("．") || cursor.take("：") || cursor.take(":") || cursor.at_break();
  line.mark = Mark::symbol;
  line.level = 5;
  line.rest = cursor.rest();
  return separated && !line.rest.empty();
}

bool ends_like_regulation(std::string_view text) {
  for (const std::string_view end : {"条例", "規則", "要綱", "規程", "要領", "訓令", "要項", "指針"})
    if (text.ends_with(end)) return true;
  return false;
}

bool read_symbol(Cursor cursor, std::string_view whole, Line& line) {
  if (whole.starts_with("【")) {
    line.mark = Mark::symbol;
    line.level = 4;
    line.rest = whole;
    return whole.ends_with("】") || looks_like_title(whole);
  }
  if (cursor.take("○") && ends_like_regulation(whole) && count_code_points(whole) <= 2 * kTitleCharacters) {
    line.mark = Mark::division;
    line.level = 1;
    line.rest = cursor.rest();
    return true;
  }
  for (const std::string_view mark : {"■", "◆", "▼", "□", "◇", "◎"}) {
    if (!cursor.take(mark)) continue;
    line.mark = Mark::symbol;
    line.level = 4;
    line.rest = cursor.rest();
    return !line.rest.empty();
  }
  for (const std::string_view mark : {"・", "●", "○", "- ", "* ", "• ", "※"}) {
    if (!whole.starts_with(mark)) continue;
    line.rest = trim(whole.substr(mark.size()));
    line.mark = Mark::bullet;
    // "- (3) …": a list item that carries its number.
    Line inner;
    const Cursor inside(line.rest);
    if ((read_parenthesis(inside, inner) || read_kana(inside, inner)) && !inner.rest.empty()) line = std::move(inner);
    return !line.rest.empty();
  }
  return false;
}

// Lines that begin with none of these cannot carry a mark; most lines leave here.
bool may_be_marked(char32_t c) {
  constexpr std::u32string_view kStarts = U"第附別様(（問QＱ【○■◆▼□◇◎・●-*•※";
  return is_digit(c) || is_kanji_digit(c) || is_kana_mark(c) || kStarts.find(c) != std::u32string_view::npos;
}

}  // namespace

bool looks_like_title(std::string_view text) {
  if (text.size() > 4 * kTitleCharacters || count_code_points(text) > kTitleCharacters) return false;
  for (const std::string_view end : {"。", "、", "，", ".", ",", "；", "："})
    if (text.ends_with(end)) return false;
  // Lines of a table of contents: leaders and a page number.
  for (const std::string_view leader : {"....", "……", "・・・"})
    if (text.find(leader) != std::string_view::npos) return false;
  return text.find("。") == std::string_view::npos;
}

Line classify_line(std::string_view raw) {
  const std::string_view text = trim(raw);
  if (text.empty() || !may_be_marked(Cursor(text).peek())) return {};
  const Cursor cursor(text);
  using Reader = bool (*)(Cursor, std::string_view, Line&);
  constexpr Reader kReaders[] = {
      [](Cursor c, std::string_view, Line& out) { return read_ordinal(c, out); },
      [](Cursor c, std::string_view whole, Line& out) { return read_annex(c, whole, out); },
      [](Cursor c, std::string_view, Line& out) { return read_parenthesis(c, out); },
      [](Cursor, std::string_view whole, Line& out) { return read_article_title(whole, out); },
      [](Cursor c, std::string_view, Line& out) { return read_number(c, out); },
      [](Cursor c, std::string_view, Line& out) { return read_kana(c, out); },
      [](Cursor c, std::string_view, Line& out) { return read_question(c, out); },
      [](Cursor c, std::string_view whole, Line& out) { return read_symbol(c, whole, out); },
  };
  for (const Reader reader : kReaders) {
    Line line;
    if (reader(cursor, text, line)) return line;
  }
  return {};
}

bool is_heading(const Line& line, const Line& next) {
  switch (line.mark) {
    case Mark::division:
      return true;
    case Mark::article_title:
      return next.mark == Mark::article;
    case Mark::symbol:
      return looks_like_title(line.rest) || line.rest.ends_with("？") || line.rest.ends_with("?");
    case Mark::number:
    case Mark::item:
    case Mark::kana:
    case Mark::kana_item:
      return looks_like_title(line.rest) && next.mark != line.mark && next.level != line.level;
    case Mark::none:
    case Mark::article:
    case Mark::bullet:
      return false;
  }
  return false;
}

void Labels::reset() {
  slots_.fill({});
  label_.clear();
}

const std::string& Labels::enter(const Line& line) {
  std::size_t slot = 0;
  switch (line.mark) {
    case Mark::none:
    case Mark::bullet:
    case Mark::article_title:
      return label_;
    case Mark::division:
      slot = 0;
      break;
    case Mark::symbol:
      slot = 0;
      break;
    case Mark::article:
      slot = 1;
      break;
    case Mark::number:
      slot = 2;
      break;
    case Mark::item:
      slot = 3;
      break;
    case Mark::kana:
      slot = 4;
      break;
    case Mark::kana_item:
      slot = 5;
      break;
  }
  for (std::size_t i = slot; i < slots_.size(); ++i) slots_[i].clear();
  // 章, 節 and the like are headings in the path; articles are numbered through them, so they leave no prefix.
  const bool prefix =
      line.mark != Mark::division || line.number.starts_with("附則") || line.number.starts_with("別表") || line.number.starts_with("様式");
  if (prefix) slots_[slot] = line.number;
  compose();
  return label_;
}

void Labels::compose() {
  const auto& [annex, article, number, item, kana, kana_item] = slots_;
  const bool legal = !article.empty() || annex == "附則";
  label_ = annex + article;
  if (!number.empty()) label_ += legal ? "第" + number + "項" : number;
  if (!item.empty()) label_ += legal ? "第" + item + "号" : "(" + item + ")";
  label_ += kana;
  if (!kana_item.empty()) label_ += "(" + kana_item + ")";
}

}  // namespace sekisho::files
