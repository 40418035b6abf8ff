#include "features/standard/importing.h"

#include <algorithm>

#include "text/utf8.h"

namespace sekisho::standard {
namespace {

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return lower.ends_with(end); });
}

std::string unix_lines(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r') {
      if (i + 1 < bytes.size() && bytes[i + 1] == '\n') continue;
      out += '\n';
    } else if (bytes[i] != '\0') {
      out += bytes[i];
    }
  }
  return out;
}

struct Cells {
  std::vector<std::string> names;
  std::vector<std::string> values;
};

// "分類: 高 | 扱い: 鍵をかける" as the reader of files writes a row under a header.
Cells cells_of(std::string_view row) {
  Cells out;
  for (;;) {
    const auto end = row.find(" | ");
    const std::string_view cell = row.substr(0, end);
    const auto colon = cell.find(": ");
    out.names.emplace_back(colon == std::string_view::npos ? "" : cell.substr(0, colon));
    out.values.emplace_back(colon == std::string_view::npos ? cell : cell.substr(colon + 2));
    if (end == std::string_view::npos) return out;
    row.remove_prefix(end + 3);
  }
}

std::string tabbed(const std::vector<std::string>& cells) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : "\t") + cells[i];
  return out;
}

}  // namespace

std::string plain_text(const files::Extracted& extracted) {
  std::string out;
  std::uint32_t page = 0;
  std::vector<std::string> header;
  std::vector<std::string> above;  // the row that was written last
  bool in_table = false;
  for (const files::Block& block : extracted.blocks) {
    if (block.page != page && page != 0) out += "\f";
    page = block.page;
    if (block.kind != files::Kind::table_row) {
      in_table = false;
      out += "\n" + block.text + "\n";
      continue;
    }
    const Cells cells = cells_of(block.text);
    const bool named = !cells.names.empty() && std::all_of(cells.names.begin(), cells.names.end(), [](const std::string& n) { return !n.empty(); });
    if (!in_table) out += "\n";
    // The header of a table stands in its own row where the file has one.
    if (named && (!in_table || (cells.names != header && cells.names != above))) out += tabbed(cells.names) + "\n";
    if (named) header = cells.names;
    out += tabbed(cells.values) + "\n";
    above = cells.values;
    in_table = true;
  }
  return out;
}

Result<std::string> text_of(std::string_view name, std::string_view bytes, files::Extractor* extractor) {
  const bool plain = ends_with_any(name, {".txt", ".md", ".text"});
  if (plain && text::is_valid_utf8(bytes)) return unix_lines(bytes);
  if (!plain && !ends_with_any(name, {".docx", ".pdf", ".html", ".htm"})) return fail(Code::unsupported, "policies.file_type", "txt, docx, pdf or html");
  if (extractor == nullptr) return fail(Code::unavailable, "policies.no_reader", "no worker in this program");
  files::Options options;
  options.lines = true;  // the clause reader joins torn sentences and lists each joint
  SK_TRY(const files::Extracted extracted, extractor->extract(name, bytes, options));
  return plain_text(extracted);
}

}  // namespace sekisho::standard
