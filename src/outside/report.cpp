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
    "h1{font-size:1.6rem}h2{font-size:1.3rem;border-bottom:2px solid #333}h3{font-size:1.1rem}h4,h5,h6{font-size:1rem}h1,h2,h3,h4,h5,h6{line-height:1.4;break-after:avoid}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed;font-size:.9rem;margin:.5rem 0 1rem}th,td{border:1px solid #767676;padding:.2rem .4rem;text-align:left;vertical-align:top;font-weight:400}"
    "thead th,tbody th{background:#f0f0f0}tr{break-inside:avoid}thead{display:table-header-group}.boxes{width:auto;margin-left:auto}.boxes th,.boxes td{width:7rem;text-align:center;vertical-align:middle}"
    ".boxes td{height:3.5rem}.label{text-align:right;border:1px solid #1a1a1a;width:fit-content;margin-left:auto;padding:0 .5rem}.page{break-before:page}.code svg{width:60mm;height:60mm}pre{white-space:pre-wrap;word-break:break-all;font-size:.75rem;border:1px solid #767676;padding:.4rem}u{text-underline-offset:.2em}"
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

static Part part_of(Part::Kind kind, std::string text) {
  Part out;
  out.kind = kind;
  out.text = std::move(text);
  return out;
}
Part heading(int level, std::string text, double indent) {
  Part out = part_of(Part::Kind::heading, std::move(text));
  out.level = level;
  out.indent = indent;
  return out;
}
Part text(std::string words, double indent) {
  Part out = part_of(Part::Kind::text, std::move(words));
  out.indent = indent;
  return out;
}
Part file(std::string name, std::string text) {
  Part out = part_of(Part::Kind::file, std::move(text));
  out.name = std::move(name);
  return out;
}
Result<Part> code(std::string words, const std::string& bytes) {
  Part out = part_of(Part::Kind::code, std::move(words));
  SK_TRY(out.code, qr_code(bytes));
  return out;
}
Part table(Grid grid) {
  Part out = part_of(Part::Kind::grid, "");
  out.grid = std::move(grid);
  return out;
}
Part boxes(std::vector<Box> all) {
  Part out = part_of(Part::Kind::boxes, "");
  out.boxes = std::move(all);
  return out;
}
Part new_page() { return part_of(Part::Kind::page, ""); }

static std::string part_html(const Part& part) {
  const std::string at = part.indent > 0 ? " style=\"margin-left:" + std::to_string(static_cast<int>(part.indent)) + "pt\"" : "";
  const std::string tag = "h" + std::to_string(part.level);
  switch (part.kind) {
    case Part::Kind::heading: return "<" + tag + at + ">" + words(part.text) + "</" + tag + ">\n";
    case Part::Kind::text: return "<p" + at + ">" + words(part.text) + "</p>\n";
    case Part::Kind::grid: return part.grid.rows.empty() ? "" : grid_html(part.grid);
    case Part::Kind::boxes: return part.boxes.empty() ? "" : boxes_html(part.boxes);
    case Part::Kind::file: return "<pre>" + escape_markup(part.text) + "</pre>\n";
    case Part::Kind::code: return "<figure class=\"code\">" + qr_svg(part.code) + "</figure>\n";
    case Part::Kind::page: break;
  }
  return {};
}

std::string report_html(const Report& report) {
  const std::string title = words(report.title);
  const bool lying = report.sheet == Sheet::lying;
  std::string out = "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" + title + "</title>\n<style>" + kStyle +
                    (lying ? "body{max-width:80rem}@page{size:A4 landscape;" : "@page{size:A4 portrait;") + "margin:20mm 16mm;" +
                    (report.label.empty() ? "" : "@top-right{content:" + css_string(report.label) + ";border:1px solid #1a1a1a;padding:0 2mm;font-size:9pt}") + "@bottom-left{content:" +
                    css_string(report.foot) + ";font-size:8pt}@bottom-right{content:counter(page) \" / \" counter(pages);font-size:8pt}}</style>\n</head>\n<body>\n" +
                    (report.label.empty() ? "" : "<p class=\"label\">" + words(report.label) + "</p>\n") + "<main>\n";
  bool page = false;
  for (const Part& part : report.parts) {
    if (part.kind == Part::Kind::page) {
      page = true;
      continue;
    }
    if (page) out += "<div class=\"page\"></div>\n";
    page = false;
    out += part_html(part);
  }
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace sekisho::outside
