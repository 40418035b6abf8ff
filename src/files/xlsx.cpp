// Spreadsheets (ECMA-376 SpreadsheetML): sheets in order with their names (hidden ones marked), shown values, merged cells repeated into
// every row and column they cover. Formulas are not evaluated; the value stored with them counts.
#include <charconv>
#include <cmath>

#include "files/extract.h"
#include "files/package.h"
#include "files/table.h"
#include "files/utf8.h"
#include "files/xlsx_format.h"

namespace sekisho::files {
namespace {

constexpr std::uint32_t kMaxRows = 1'048'576;

// Text of an <si> or <is>: plain or in runs; phonetic readings (rPh) are left out.
std::string rich_text(pugi::xml_node node) {
  std::string out;
  for (const pugi::xml_node child : node.children()) {
    if (local_name(child) == "t") out += child.text().as_string();
    if (local_name(child) == "r") out += child_of(child, "t").text().as_string();
  }
  return out;
}

class Formats {
 public:
  explicit Formats(pugi::xml_node styles) {
    std::map<int, std::string> custom;
    for (const pugi::xml_node node : child_of(styles, "numFmts").children())
      custom[int_of(node, "numFmtId", -1)] = attribute_of(node, "formatCode").as_string();
    for (const pugi::xml_node node : child_of(styles, "cellXfs").children()) {
      const int id = int_of(node, "numFmtId", 0);
      const auto found = custom.find(id);
      Format& format = formats_.emplace_back();
      format.code = found != custom.end() ? found->second : std::string(builtin_format(id));
      format.date = is_date_format(format.code);
    }
  }
  std::string show(double value, int style, bool date1904) const {
    static const Format kGeneral;
    const Format& format =
        style >= 0 && static_cast<std::size_t>(style) < formats_.size() ? formats_[static_cast<std::size_t>(style)] : kGeneral;
    return format.date ? format_date(value, format.code, date1904) : format_plain_number(value, format.code);
  }

 private:
  struct Format {
    std::string code;
    bool date = false;
  };
  std::vector<Format> formats_;
};

struct Place {
  std::uint32_t row = 0;  // from 1; 0 = not given
  std::uint32_t column = 0;
};

// "AB12"; either half may be missing.
Place parse_place(std::string_view text) {
  Place out;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && i < 3; ++i)
    out.column = out.column * 26 + static_cast<std::uint32_t>(text[i] - 'A' + 1);
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9' && out.row <= kMaxRows; ++i)
    out.row = out.row * 10 + static_cast<std::uint32_t>(text[i] - '0');
  return out;
}

struct Book {
  Formats formats;
  std::vector<std::string> strings;
  bool date1904 = false;
};

class Sheet {
 public:
  explicit Sheet(const Book& book) : book_(book) {}

  Status read(pugi::xml_node sheet) {
    std::uint32_t number = 0;
    for (const pugi::xml_node row : child_of(sheet, "sheetData").children()) {
      if (local_name(row) != "row") continue;
      const int given = int_of(row, "r", 0);
      number = given > 0 ? static_cast<std::uint32_t>(given) : number + 1;
      if (number > kMaxRows) return fail(Code::invalid_argument, "files.broken", "row number beyond the sheet");
      SK_CHECK(read_row(row, rows_[number]));
    }
    for (const pugi::xml_node merge : child_of(sheet, "mergeCells").children()) SK_CHECK(spread(attribute_of(merge, "ref").as_string()));
    return ok();
  }

  // Every row that says anything, as a CSV record.
  void emit_cells(std::vector<Block>& out) const {
    for (const auto& [number, row] : rows_) {
      if (std::all_of(row.begin(), row.end(), [](const std::string& cell) { return cell.empty(); })) continue;
      std::string record;
      for (const std::string& cell : row) {
        record += record.empty() ? "\"" : ",\"";
        for (const char c : cell) {
          if (c == '"') record += '"';
          record += c;
        }
        record += '"';
      }
      out.push_back({Kind::table_row, 0, 0, std::move(record), std::to_string(number), {}});
    }
  }

  // Runs of rows without a gap of empty rows are one table each when the gap is followed by something that reads like a header.
  void emit(const std::string& label, std::vector<Block>& out) {
    Table table;
    table.label = label;
    table.number_rows = true;
    std::uint32_t last = 0;
    for (auto& [number, row] : rows_) {
      const bool empty = std::all_of(row.begin(), row.end(), [](const std::string& cell) { return trim(cell).empty(); });
      if (empty) continue;
      const bool gap = last != 0 && number != last + 1;
      if (gap && reads_like_header(row, row.size())) {
        append_table(table, out);
        table.rows.clear();
      }
      if (table.rows.empty()) table.first_row = number;
      // Keep printed row numbers true across small gaps; large ones only shift to a new table.
      if (gap && !table.rows.empty() && number - last > 1000) {
        append_table(table, out);
        table.rows.clear();
        table.first_row = number;
      }
      while (!table.rows.empty() && table.first_row + table.rows.size() < number) table.rows.emplace_back();
      table.rows.push_back(std::move(row));
      last = number;
    }
    append_table(table, out);
  }

 private:
  Status read_row(pugi::xml_node row, Row& cells) {
    std::uint32_t column = 0;
    for (const pugi::xml_node cell : row.children()) {
      if (local_name(cell) != "c") continue;
      const Place place = parse_place(attribute_of(cell, "r").as_string());
      column = place.column > 0 ? place.column : column + 1;
      if (column > kMaxColumns) continue;
      std::string value = cell_value(cell);
      if (value.empty()) continue;
      if (cells.size() < column) SK_CHECK(grow(cells, column));
      cells[column - 1] = std::move(value);
    }
    return ok();
  }

  std::string cell_value(pugi::xml_node cell) const {
    const std::string_view type = attribute_of(cell, "t").as_string();
    if (type == "inlineStr") return rich_text(child_of(cell, "is"));
    const std::string_view raw = child_of(cell, "v").text().as_string();
    if (raw.empty()) return {};
    if (type == "s") {
      std::size_t index = 0;
      const auto parsed = std::from_chars(raw.data(), raw.data() + raw.size(), index);
      return parsed.ec == std::errc{} && index < book_.strings.size() ? book_.strings[index] : std::string{};
    }
    if (type == "b") return raw == "1" ? "TRUE" : "FALSE";
    if (!type.empty() && type != "n") return std::string(raw);  // str, e, d
    double value = 0;
    const auto parsed = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    if (parsed.ec != std::errc{} || !std::isfinite(value)) return std::string(raw);
    return book_.formats.show(value, int_of(cell, "s", -1), book_.date1904);
  }

  Status spread(std::string_view range) {
    const std::size_t colon = range.find(':');
    if (colon == std::string_view::npos) return ok();
    const Place from = parse_place(range.substr(0, colon));
    const Place to = parse_place(range.substr(colon + 1));
    const auto first = rows_.find(from.row);
    if (first == rows_.end() || from.column == 0 || from.column > first->second.size()) return ok();
    const std::string text = first->second[from.column - 1];
    if (text.empty() || rows_.empty()) return ok();
    // Beyond the last row with data a merge says nothing about any row.
    const std::uint32_t last_row = std::min(to.row, rows_.rbegin()->first);
    const std::uint32_t last_column = std::min<std::uint32_t>(to.column, kMaxColumns);
    for (auto row = first; row != rows_.end() && row->first <= last_row; ++row) {
      if (row->second.size() < last_column) SK_CHECK(grow(row->second, last_column));
      for (std::uint32_t column = from.column; column <= last_column; ++column) {
        bytes_ += text.size();
        row->second[column - 1] = text;
      }
      if (bytes_ > kMaxUnpackedBytes) return fail(Code::too_large, "files.too_complex", "merged cells repeat too much text");
    }
    return ok();
  }

  Status grow(Row& row, std::size_t columns) {
    cells_ += columns - row.size();
    if (cells_ > kMaxTableCells) return fail(Code::too_large, "files.too_complex", "too many cells");
    row.resize(columns);
    return ok();
  }

  const Book& book_;
  std::map<std::uint32_t, Row> rows_;
  std::size_t cells_ = 0;
  std::uint64_t bytes_ = 0;
};

Result<Book> read_book(Package& package, pugi::xml_node workbook, const std::vector<Relation>& relations) {
  std::string styles_part;
  std::string strings_part;
  for (const Relation& relation : relations) {
    if (relation.type == "styles") styles_part = relation.target;
    if (relation.type == "sharedStrings") strings_part = relation.target;
  }
  SK_TRY(const Xml styles, package.take_optional(styles_part));
  SK_TRY(const Xml strings, package.take_optional(strings_part));
  Book book{Formats(styles->document_element()), {}, attribute_of(child_of(workbook, "workbookPr"), "date1904").as_bool()};
  for (const pugi::xml_node node : strings->document_element().children())
    if (local_name(node) == "si") book.strings.push_back(rich_text(node));
  return book;
}

}  // namespace

namespace {

Result<Extracted> extract_book(std::string_view bytes, bool cells) {
  SK_TRY(Package package, Package::open(bytes));
  SK_TRY(const std::string main, package.main_part());
  SK_TRY(const std::vector<Relation> relations, package.relations(main));
  SK_TRY(const Xml workbook, package.take(main));
  SK_TRY(const Book book, read_book(package, workbook->document_element(), relations));
  Extracted out;
  out.type = Type::xlsx;
  out.title = package.title();
  for (const pugi::xml_node node : child_of(workbook->document_element(), "sheets").children()) {
    const std::string_view id = node.attribute("r:id") ? node.attribute("r:id").value() : attribute_of(node, "id").as_string();
    const auto relation = std::find_if(relations.begin(), relations.end(), [&](const Relation& r) { return r.id == id; });
    if (relation == relations.end() || relation->type != "worksheet") continue;  // chart sheets have no cells
    SK_TRY(const Xml part, package.take(relation->target));
    Sheet sheet(book);
    SK_CHECK(sheet.read(part->document_element()));
    if (cells) {
      sheet.emit_cells(out.blocks);
      break;
    }
    const bool hidden = std::string_view(attribute_of(node, "state").as_string("visible")) != "visible";
    const std::string name = attribute_of(node, "name").as_string();
    const std::string label = "シート「" + name + "」" + (hidden ? "（非表示）" : "");
    const std::size_t before = out.blocks.size();
    out.blocks.push_back({Kind::heading, 1, 0, name + (hidden ? "（非表示）" : ""), label, {}});
    sheet.emit(label, out.blocks);
    if (out.blocks.size() == before + 1) out.blocks.pop_back();  // an empty sheet
  }
  return out;
}

}  // namespace

Result<Extracted> extract_xlsx(std::string_view bytes) { return extract_book(bytes, false); }
Result<Extracted> extract_xlsx_cells(std::string_view bytes) { return extract_book(bytes, true); }

}  // namespace sekisho::files
