// Writes CSV that a spreadsheet opens and never executes: UTF-8 with BOM, every text quoted, CRLF between rows (RFC 4180).
//
// A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP: = + - @ tab CR, also full width and behind
// spaces). Line breaks inside a text stay inside its quotes, as LF: rows are told apart by CRLF. Pure; no cell fails.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace sekisho::text {

class CsvWriter {
 public:
  CsvWriter();
  CsvWriter& cell(std::string_view utf8);
  CsvWriter& cell(std::int64_t number);
  void end_row();
  std::string take() && { return std::move(out_); }

 private:
  void separate();
  std::string out_;
  bool first_ = true;
};

bool looks_like_formula(std::string_view utf8);

}  // namespace sekisho::text
