#include "files/table.h"

#include <set>

#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::size_t kMaxHeaderCharacters = 30;
constexpr std::size_t kHeaderSearchRows = 10;  // a sheet may begin with its title, date and unit

bool is_number(std::string_view cell) {
  bool digit = false;
  for (std::size_t at = 0; at < cell.size();) {
    const char32_t c = next_code_point(cell, at);
    const bool one = (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９');
    digit |= one;
    constexpr std::u32string_view kAround = U".,-+%/: ，．－▲△¥￥円";
    if (!one && kAround.find(c) == std::u32string_view::npos) return false;
  }
  return digit;
}

std::size_t filled(const Row& row) {
  return static_cast<std::size_t>(std::count_if(row.begin(), row.end(), [](const std::string& cell) { return !trim(cell).empty(); }));
}

std::size_t columns_of(const std::vector<Row>& rows) {
  std::size_t columns = 0;
  for (const Row& row : rows) columns = std::max(columns, row.size());
  return columns;
}

// Index of the header row, or nothing.
std::size_t find_header(const Table& table) {
  constexpr auto kNone = static_cast<std::size_t>(-1);
  if (table.header == Header::none || table.rows.size() < 2) return kNone;
  if (table.header == Header::first_row) return 0;
  const std::size_t columns = columns_of(table.rows);
  for (std::size_t i = 0; i < std::min(kHeaderSearchRows, table.rows.size() - 1); ++i) {
    if (filled(table.rows[i]) == 0) continue;
    if (reads_like_header(table.rows[i], columns)) return i;
    // A full row that is no header: there is none below it either.
    if (filled(table.rows[i]) * 2 > columns && columns > 1) return kNone;
  }
  return kNone;
}

// A merged title row repeats one text; say it once.
std::string join_cells(const Row& row) {
  std::string out;
  std::string last;
  for (const std::string& cell : row) {
    std::string text = squeeze(cell);
    if (text.empty() || text == last) continue;
    if (!out.empty()) out += " | ";
    out += text;
    last = std::move(text);
  }
  return out;
}

std::string name_cells(const Row& row, const Row& names) {
  std::string out;
  std::string before;
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::string text = squeeze(row[i]);
    const bool named = i < names.size() && !names[i].empty();
    // One cell over several columns of the same name is one statement.
    const bool repeated = i > 0 && named && names[i] == names[i - 1] && text == before;
    if (!text.empty() && !repeated) {
      if (!out.empty()) out += " | ";
      if (named) out.append(names[i]).append(": ");
      out += text;
    }
    before = std::move(text);
  }
  return out;
}

Row header_names(const Row& row) {
  Row names;
  for (const std::string& cell : row) names.push_back(squeeze(cell));
  return names;
}

}  // namespace

bool reads_like_header(const Row& row, std::size_t columns) {
  std::set<std::string_view> seen;
  std::size_t count = 0;
  for (const std::string& cell : row) {
    const std::string_view text = trim(cell);
    if (text.empty()) continue;
    if (count_code_points(text) > kMaxHeaderCharacters || is_number(text) || text.find("。") != std::string_view::npos) return false;
    seen.insert(text);
    ++count;
  }
  return seen.size() >= 2 && count * 5 >= columns * 4 && seen.size() * 5 >= count * 3;
}

void append_table(const Table& table, std::vector<Block>& out) {
  const std::size_t header = find_header(table);
  const bool has_header = header < table.rows.size();
  const Row names = has_header ? header_names(table.rows[header]) : Row{};
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const bool body = has_header && i > header;
    std::string text = body ? name_cells(table.rows[i], names) : join_cells(table.rows[i]);
    if (text.empty()) continue;
    Block& block = out.emplace_back();
    block.kind = Kind::table_row;
    block.page = table.page;
    block.text = std::move(text);
    block.context = table.context;
    block.label = table.label;
    if (table.number_rows) {
      if (!block.label.empty()) block.label += ' ';
      block.label += std::to_string(table.first_row + i) + "行目";
    }
  }
}

}  // namespace sekisho::files
