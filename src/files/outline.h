// The structure that Japanese administrative texts write into their lines: 第N編/章/節/款, 第N条, 項 (２　…), 号 ((1) or 一), ア, (ア),
// numbered and marked headings (1 目的, 1.2 概要, 【】, ■, 問1), 附則, 別表, 様式. Pure; works on one line of UTF-8 text at a time, so that
// plain text, PDF and Word paragraphs share it.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::files {

enum class Mark : std::uint8_t {
  none,
  division,       // 編 章 節 款 目, 附則, 別表, 様式, title of a regulation: always a heading
  article_title,  // （目的） alone on its line, before 第N条
  article,        // 第5条　この条例は…
  number,         // 2　前項の… / 1.2 概要
  item,           // (1) / （１） / 一　
  kana,           // ア　 / ア.
  kana_item,      // (ア)
  symbol,         // 【…】 ■ ◆ 問1: a heading when short
  bullet,         // ・ - ● ○
};

struct Line {
  Mark mark = Mark::none;
  std::uint8_t level = 0;  // heading level it would have, from 1
  std::string number;      // as printed, full-width digits narrowed: 第5条の2, 3, 1.2, 一, ア
  std::string_view rest;   // behind the mark, trimmed; a view into the line
};

// The line is trimmed by the callee.
Line classify_line(std::string_view line);

// Short and not a sentence: may stand as a title.
bool looks_like_title(std::string_view text);

// Whether a numbered or marked line is a heading, given the line that follows it (empty at the end): titles are followed by
// something else than their own sibling.
bool is_heading(const Line& line, const Line& next);

// Follows the marks down a document and composes the label of the place: 第5条第2項第1号ア, 2(1)ア, 附則第2項.
class Labels {
 public:
  // The full label at this line; the label of the enclosing place for unmarked lines.
  const std::string& enter(const Line& line);
  const std::string& current() const { return label_; }
  void reset();

 private:
  void compose();
  // annex, article, number, item, kana, kana_item
  std::array<std::string, 6> slots_;
  std::string label_;
};

}  // namespace sekisho::files
