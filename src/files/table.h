// Rows of cells to blocks: each row becomes one line that can be found and read on its own. Shared by csv, html, docx, xlsx and pptx. Pure.
//
//   header 氏名 | 課 ; row 山田 | 税務課   ->   "氏名: 山田 | 課: 税務課"
//
// Without a header the cells are joined by " | ". Merged cells arrive here already repeated.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "files/model.h"

namespace sekisho::files {

using Row = std::vector<std::string>;

enum class Header { guess, first_row, none };

struct Table {
  std::vector<Row> rows;
  Header header = Header::guess;
  std::uint32_t page = 0;
  std::string label;            // prefix of each row's label: シート「予算」
  std::string context;          // caption, title of the sheet
  bool number_rows = false;     // label each row with its number
  std::uint32_t first_row = 1;  // the number of rows[0]
};

// Whether a row reads like column names: at least two, each short, none a number, none twice in a row's width.
bool reads_like_header(const Row& row, std::size_t columns);
// Appends blocks; empty rows are left out. Cells may hold line ends; they become spaces.
void append_table(const Table& table, std::vector<Block>& out);

}  // namespace sekisho::files
