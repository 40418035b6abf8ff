#include "text/csv.h"

#include <array>

namespace sekisho::text {
namespace {

constexpr std::array<std::string_view, 10> kStarts = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
constexpr std::array<std::string_view, 4> kBlanks = {" ", "\n", "　", "\xC2\xA0"};

}  // namespace

bool looks_like_formula(std::string_view s) {
  for (bool skipped = true; skipped;) {
    skipped = false;
    for (const std::string_view start : kStarts)
      if (s.starts_with(start)) return true;
    for (const std::string_view blank : kBlanks)
      if (s.starts_with(blank)) {
        s.remove_prefix(blank.size());
        skipped = true;
      }
  }
  return false;
}

CsvWriter::CsvWriter() : out_("\xEF\xBB\xBF") {}

void CsvWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

CsvWriter& CsvWriter::cell(std::string_view utf8) {
  separate();
  out_ += '"';
  if (looks_like_formula(utf8)) out_ += '\'';
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (c == '\r') {
      // CRLF and a lone CR are line breaks of the text.
      if (i + 1 == utf8.size() || utf8[i + 1] != '\n') out_ += '\n';
    } else if (c != '\0') {
      if (c == '"') out_ += '"';
      out_ += c;
    }
  }
  out_ += '"';
  return *this;
}

CsvWriter& CsvWriter::cell(std::int64_t number) {
  separate();
  out_ += std::to_string(number);
  return *this;
}

void CsvWriter::end_row() {
  out_ += "\r\n";
  first_ = true;
}

}  // namespace sekisho::text
