// The dossier as one page without scripts, and as a tagged PDF in which the proofs lie as files.
#include "core/markup.h"
#include "features/coverage/dossier.h"
#include "outside/pages.h"

namespace sekisho::coverage {
namespace {

using Kind = DossierPart::Kind;

constexpr const char* kHead =
    "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title><style>"
    "body{font-family:'Noto Sans JP','Hiragino Kaku Gothic ProN',Meiryo,sans-serif;line-height:1.6;margin:2rem;color:#1a1a1a}"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:2px solid #333}"
    "table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{border:1px solid #767676;padding:.25rem .4rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{background:#f0f0f0}pre{white-space:pre-wrap;word-break:break-all;font-size:.75rem;border:1px solid #999;padding:.4rem}"
    "tr{page-break-inside:avoid}@page{size:A4 landscape;margin:12mm}</style></head><body>";
constexpr const char* kBreak = "<br>";

std::string marked(const std::string& text) { return escape_markup(text, kBreak); }

std::string table_html(const DossierPart& part) {
  std::string out = "<table><thead><tr>";
  for (const DossierColumn& column : part.columns) out += "<th scope=\"col\">" + marked(column.name) + "</th>";
  out += "</tr></thead><tbody>";
  for (const auto& row : part.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + marked(cell) + "</td>";
    out += "</tr>";
  }
  return out + "</tbody></table>";
}

}  // namespace

std::string dossier_html(const Dossier& dossier) {
  std::string out = kHead;
  out.replace(out.find("{title}"), 7, marked(dossier.title));
  out += "<h1>" + marked(dossier.title) + "</h1>";
  for (const DossierPart& part : dossier.parts) switch (part.kind) {
      case Kind::chapter: out += "<h2>" + marked(part.text) + "</h2>"; break;
      case Kind::section: out += "<h3>" + marked(part.text) + "</h3>"; break;
      case Kind::words: out += "<p>" + marked(part.text) + "</p>"; break;
      case Kind::table: out += table_html(part); break;
      case Kind::proof: out += "<pre>" + escape_markup(part.text) + "</pre>"; break;
    }
  return out + "</body></html>\n";
}

Result<std::string> dossier_pdf(const Dossier& dossier) {
  SK_TRY(const outside::TrueType font, outside::japanese_font());
  outside::Pages pages(font, outside::kLying, dossier.title);
  pages.heading(1, dossier.title);
  for (const DossierPart& part : dossier.parts) switch (part.kind) {
      case Kind::chapter: pages.heading(2, part.text); break;
      case Kind::section: pages.heading(3, part.text); break;
      case Kind::words: pages.paragraph(part.text); break;
      case Kind::table: {
        std::vector<outside::PageColumn> columns;
        for (const DossierColumn& column : part.columns) columns.push_back({column.name, column.share});
        pages.table(columns, part.rows);
        break;
      }
      case Kind::proof:
        pages.paragraph("（このPDFに添付したファイル: " + part.file + "）");
        pages.small(part.text);
        pages.attach(part.file, "text/plain", part.text);
        break;
    }
  return pages.finish();
}

}  // namespace sekisho::coverage
