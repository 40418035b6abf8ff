// The lines of a source and the noise of its pages: page numbers, running heads, markers and rules of Markdown, form feeds. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clauses/model.h"

namespace sekisho::clauses {

struct Line {
  std::uint32_t number = 0;  // from 1
  std::uint32_t page = 0;    // 0: the source has no form feeds
  std::uint32_t indent = 0;  // columns of white space before it
  std::uint32_t begin = 0;   // bytes of the content, without white space round it and without markers
  std::uint32_t end = 0;
  std::u32string text;       // the content, as it stands in the source
  bool blank_before = false;       // a blank line, or the beginning
  bool page_break_before = false;  // a form feed or page noise
  bool marker = false;             // a list marker ("- ") stood before it
  bool heading = false;            // a heading marker ("## ") stood before it
};

struct Source {
  std::vector<Line> lines;  // those with content, without noise
  std::vector<Span> noise;
  std::vector<Repair> repairs;
};

// `source`: valid UTF-8 of at most 4 GiB.
Source read_lines(std::string_view source);

// Whether the line holds a date and nothing else but words like 策定, 改定, 施行: 「令和8年3月30日策定」, "2026年4月1日".
bool is_date_line(std::u32string_view line);
bool has_date(std::u32string_view line);

}  // namespace sekisho::clauses
