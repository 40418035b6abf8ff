// Tables as CSV and as a spreadsheet, cell by cell, and back: clauses, registers. Pure but for memory.
//
// CSV: RFC 4180, CRLF, every cell quoted. A text that a spreadsheet would take for a formula has an apostrophe before it, and one that begins with
// apostrophes before such a text one more, so that it comes off again. What CP932 does not have is written as &#x9AD9; and a text that holds "&#x"
// as "&#x26;#x", in UTF-8 as well: a file may be saved again in another encoding. Spreadsheet: every cell a text, never a formula.
// Invariant: read_csv(csv_of(s), …).sheet == s for every sheet of cell_text() texts with a cell in each row; the same for csv_cp932_of.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "files/encoding.h"
#include "files/table.h"

namespace sekisho::files {

inline constexpr std::size_t kMaxSheetBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxSheetRows = 20'001;
inline constexpr std::size_t kMaxSheetCell = 32'767;  // characters that a spreadsheet holds in a cell

using Sheet = std::vector<Row>;  // the first line: names of the columns

// The text as files hold it: "\n" alone ends lines, no control characters and no invisible marks of direction.
std::string cell_text(std::string_view text);

std::string csv_of(const Sheet& sheet);  // UTF-8 with BOM
struct Cp932 {
  std::string bytes;
  std::map<std::string, std::set<std::size_t>> missing;  // character -> lines that have it
};
Result<Cp932> csv_cp932_of(const Sheet& sheet);
std::string reference_of(std::string_view character);  // "&#x9AD9;"
Result<std::string> xlsx_of(const Sheet& sheet, const std::string& title);  // of the sheet

struct CsvRead {
  Sheet sheet;
  std::vector<int> rows;  // the record of the file, from 1, that each line was: empty ones are left out
  Encoding encoding = Encoding::utf8;
  bool certain = true;
};
// `encoding` as a person says it; "" is looked for. Failures: files.table_encoding, files.table_size (rows, or a line of more columns),
// files.unknown_encoding.
Result<CsvRead> read_csv(std::string_view bytes, std::string_view encoding, std::size_t max_columns);
// One record as files::Options::cells gives it.
Row read_record(std::string_view record);

}  // namespace sekisho::files
