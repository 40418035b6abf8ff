#include "outside/report.h"

#include "core/markup.h"

namespace sekisho::outside {
namespace {

constexpr const char* kBreak = "<br>";

std::string words(std::string_view text) { return escape_markup(text, kBreak); }

// A text inside a CSS string: what would end it is written as its code (CSS Syntax 3, 4.3.7).
std::string css_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '<' || c == '>' || c == '&') {
      constexpr const char* kHex = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      out += std::string("\\") + kHex[byte >> 4] + kHex[byte & 15] + " ";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

constexpr const char* kStyle =
    "body{font-family:'Noto Sans JP','Hiragino Kaku Gothic ProN','IPAexGothic',Meiryo,sans-serif;line-height:1.6;color:#1a1a1a;margin:0 auto;max-width:50rem;padding:1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem}h2{font-size:1.3rem;border-bottom:2px solid #333}h3{font-size:1.1rem}h4{font-size:1rem}h1,h2,h3,h4{line-height:1.4;break-after:avoid}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:.9rem;margin:.5rem 0 1rem}th,td{border:1px solid #767676;padding:.2rem .4rem;text-align:left;vertical-align:top;font-weight:400}"
    "thead th,tbody th{background:#f0f0f0}tr{break-inside:avoid}thead{display:table-header-group}.boxes{width:auto;margin-left:auto}.boxes th,.boxes td{width:7rem;text-align:center;vertical-align:middle}"
    ".boxes td{height:3.5rem}.label{text-align:right;border:1px solid #1a1a1a;width:fit-content;margin-left:auto;padding:0 .5rem}.page{break-before:page}u{text-underline-offset:.2em}"
    "@media print{body{max-width:none;padding:0;font-size:10pt}.label{display:none}}";

std::string cell_html(const Cell& cell) {
  std::string out;
  for (const Span& span : cell) out += span.marked && !span.text.empty() ? "<u>" + words(span.text) + "</u>" : words(span.text);
  return out;
}

std::string grid_html(const Grid& grid) {
  double sum = 0;
  for (const double share : grid.shares) sum += share;
  std::string out = "<table><caption style=\"position:absolute;left:-999rem\">" + words(grid.caption) + "</caption><colgroup>";
  for (const double share : grid.shares) out += "<col style=\"width:" + std::to_string(static_cast<int>(100 * share / (sum > 0 ? sum : 1))) + "%\">";
  out += "</colgroup>";
  if (!grid.head.empty()) {
    out += "<thead><tr>";
    for (const std::string& name : grid.head) out += "<th scope=\"col\">" + words(name) + "</th>";
    out += "</tr></thead>";
  }
  out += "<tbody>";
  for (const auto& row : grid.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool name = grid.names && i == 0;
      out += (name ? "<th scope=\"row\">" : "<td>") + cell_html(row[i]) + (name ? "</th>" : "</td>");
    }
    out += "</tr>";
  }
  return out + "</tbody></table>\n";
}

std::string boxes_html(const std::vector<Box>& all) {
  std::string head, body;
  for (const Box& box : all) {
    head += "<th scope=\"col\">" + words(box.title) + "</th>";
    body += "<td>";
    for (std::size_t i = 0; i < box.lines.size(); ++i) body += (i > 0 ? kBreak : "") + words(box.lines[i]);
    body += "</td>";
  }
  return "<table class=\"boxes\"><caption style=\"position:absolute;left:-999rem\">決裁欄</caption><thead><tr>" + head + "</tr></thead><tbody><tr>" + body + "</tr></tbody></table>\n";
}

}  // namespace

Cell cell(std::string text) { return {{std::move(text), false}}; }

Part heading(int level, std::string text) { return {Part::Kind::heading, level, std::move(text), {}, {}}; }
Part text(std::string words) { return {Part::Kind::text, 2, std::move(words), {}, {}}; }
Part table(Grid grid) { return {Part::Kind::grid, 2, "", std::move(grid), {}}; }
Part boxes(std::vector<Box> all) { return {Part::Kind::boxes, 2, "", {}, std::move(all)}; }
Part new_page() { return {Part::Kind::page, 2, "", {}, {}}; }

std::string report_html(const Report& report) {
  const std::string title = words(report.title);
  std::string out = "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + title + "</title>\n<style>" + kStyle +
                    "@page{size:A4 portrait;margin:20mm 16mm;@top-right{content:" + css_string(report.label) + ";border:1px solid #1a1a1a;padding:0 2mm;font-size:9pt}@bottom-left{content:" +
                    css_string(report.foot) + ";font-size:8pt}@bottom-right{content:counter(page) \" / \" counter(pages);font-size:8pt}}</style>\n</head>\n<body>\n<p class=\"label\">" + words(report.label) +
                    "</p>\n<main>\n";
  bool page = false;
  for (const Part& part : report.parts) {
    if (part.kind == Part::Kind::page) {
      page = true;
      continue;
    }
    if (page) out += "<div class=\"page\"></div>\n";
    page = false;
    const std::string tag = "h" + std::to_string(part.level);
    if (part.kind == Part::Kind::heading) out += "<" + tag + ">" + words(part.text) + "</" + tag + ">\n";
    if (part.kind == Part::Kind::text) out += "<p>" + words(part.text) + "</p>\n";
    if (part.kind == Part::Kind::grid && !part.grid.rows.empty()) out += grid_html(part.grid);
    if (part.kind == Part::Kind::boxes && !part.boxes.empty()) out += boxes_html(part.boxes);
  }
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace sekisho::outside
