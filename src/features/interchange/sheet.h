// The table of clauses as CSV and as a spreadsheet, cell by cell, and back. Pure but for memory.
//
// CSV: RFC 4180, CRLF, every cell quoted. A text that a spreadsheet would take for a formula has an apostrophe before it, and one that begins with
// apostrophes before such a text one more, so that it comes off again. What CP932 does not have is written as &#x9AD9; and a text that holds "&#x"
// as "&#x26;#x", in UTF-8 as well: a file may be saved again in another encoding. Spreadsheet: every cell a text, never a formula.
// Invariant: read_csv(csv_of(s)) == s for every sheet of cell_text() texts with a cell in each row; the same for csv_cp932_of.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho::interchange {

inline constexpr std::size_t kMaxSheetBytes = std::size_t{8} << 20;
inline constexpr std::size_t kMaxRows = 20'001;
inline constexpr std::size_t kMaxColumns = 64;
inline constexpr std::size_t kMaxCell = 32'767;  // characters that a spreadsheet holds in a cell

using Line = std::vector<std::string>;
using Sheet = std::vector<Line>;  // the first line: names of the columns

// The text as files hold it: "\n" alone ends lines, no control characters and no invisible marks of direction.
std::string cell_text(std::string_view text);

std::string csv_of(const Sheet& sheet);  // UTF-8 with BOM
struct Cp932 {
  std::string bytes;
  std::map<std::string, std::set<std::size_t>> missing;  // character -> lines that have it
};
Result<Cp932> csv_cp932_of(const Sheet& sheet);
std::string reference_of(std::string_view character);  // "&#x9AD9;"
Result<std::string> xlsx_of(const Sheet& sheet);

// Failures: policies.table_encoding, policies.table_size (rows, columns).
Result<Sheet> read_csv(std::string_view bytes);
// One record as files::Options::cells gives it.
Line read_record(std::string_view record);

}  // namespace sekisho::interchange
