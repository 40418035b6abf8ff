// Tables inside the text: lines of cells with tabs or bars, lines whose cells stand one below another, and what a converter left of HTML. Pure.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "clauses/lines.h"

namespace sekisho::clauses {

struct TableRow {
  std::vector<std::u32string> cells;  // without markup; entries of lists inside a cell are separated by "\n"
  std::size_t first = 0;              // lines [first, last]
  std::size_t last = 0;
};

struct Table {
  std::vector<TableRow> rows;  // the first is the header where `header` says so
  bool header = false;
  std::size_t end = 0;         // the line behind it
};

// A table that begins at the line; no rows when none does.
Table read_table(const std::vector<Line>& lines, std::size_t at);

// Lines of three cells and more, one below another: rows even where their first cells look like numbers (①).
bool begins_grid(const std::vector<Line>& lines, std::size_t at);

// Entries of a list inside one cell ("○…○…" or lines): empty when it is no list.
std::vector<std::u32string> cell_items(std::u32string_view cell);

struct Stripped {
  std::u32string text;
  std::vector<std::u32string> tags;  // in order
};
// Without HTML tags; <li>, <br> and ends of blocks become "\n", cells "\t", rows "\v". Anything else in angle brackets stays.
Stripped strip_html(std::u32string_view line);

}  // namespace sekisho::clauses
