#include "files/csv.h"

#include "files/extract.h"

namespace sekisho::files {
namespace {

// Behind the opening quote; leaves `text` at the delimiter, the line end or the end.
std::string take_quoted(std::string_view& text) {
  std::string field;
  while (!text.empty()) {
    const std::size_t quote = text.find('"');
    field.append(text.substr(0, quote));
    if (quote == std::string_view::npos) {
      text = {};
      break;
    }
    text.remove_prefix(quote + 1);
    if (!text.starts_with('"')) break;
    field.push_back('"');
    text.remove_prefix(1);
  }
  return field;
}

}  // namespace

Row take_record(std::string_view& text, char delimiter) {
  const char pair[] = {delimiter, '\n'};
  const std::string_view ends(pair, 2);
  Row row;
  while (true) {
    std::string field;
    if (text.starts_with('"')) {
      text.remove_prefix(1);
      field = take_quoted(text);
    }
    const std::size_t end = std::min(text.find_first_of(ends), text.size());
    field.append(text.substr(0, end));
    row.push_back(std::move(field));
    text.remove_prefix(end);
    if (text.empty()) return row;
    const bool more = text.front() == delimiter;
    text.remove_prefix(1);
    if (!more) return row;
  }
}

Result<Extracted> extract_delimited(std::string_view utf8, char delimiter) {
  Extracted out;
  out.type = delimiter == ',' ? Type::csv : Type::tsv;
  Table table;
  table.number_rows = true;
  std::size_t cells = 0;
  while (!utf8.empty()) {
    table.rows.push_back(take_record(utf8, delimiter));
    cells += table.rows.back().size();
    if (cells > kMaxTableCells * 2) return fail(Code::too_large, "files.too_complex", "too many cells");
  }
  append_table(table, out.blocks);
  return out;
}

}  // namespace sekisho::files
