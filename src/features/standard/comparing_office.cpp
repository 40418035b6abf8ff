// The comparison as Word and Excel files (ECMA-376): the same three columns, changed words underlined. And 改め文 as a Word file.
#include "core/markup.h"
#include "features/standard/amending.h"
#include "features/standard/comparing.h"
#include "files/zip.h"

namespace sekisho::standard {
namespace {

constexpr const char* kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
constexpr const char* kRelationsOf = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
constexpr const char* kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

std::string content_types(const std::vector<std::pair<std::string, std::string>>& parts) {
  std::string out = std::string(kXml) + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>";
  for (const auto& [name, type] : parts) out += "<Override PartName=\"" + name + "\" ContentType=\"application/vnd.openxmlformats-officedocument." + type + "+xml\"/>";
  return out + "</Types>";
}

std::string relations(const std::vector<std::pair<std::string, std::string>>& targets) {
  std::string out = std::string(kXml) + kRelationsOf;
  for (std::size_t i = 0; i < targets.size(); ++i)
    out += "<Relationship Id=\"rId" + std::to_string(i + 1) + "\" Type=\"" + kOffice + targets[i].first + "\" Target=\"" + targets[i].second + "\"/>";
  return out + "</Relationships>";
}

// Word
enum class Writing { horizontal, vertical };

std::string run_of(std::string_view text, bool underlined, bool bold, bool upright) {
  std::string properties = (bold ? std::string("<w:b/>") : std::string()) + (underlined ? "<w:u w:val=\"single\"/>" : "") + (upright ? "<w:eastAsianLayout w:id=\"1\" w:vert=\"1\"/>" : "");
  if (!properties.empty()) properties = "<w:rPr>" + properties + "</w:rPr>";
  return "<w:r>" + properties + "<w:t xml:space=\"preserve\">" + escape_markup(text) + "</w:t></w:r>";
}

bool half_width(char c) { return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7f; }
bool upright_in_vertical(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// In vertical writing one or two half-width letters or digits stand upright (縦中横); longer ones lie, as words of other languages do.
std::string line_of(std::string_view text, bool underlined, bool bold, Writing writing) {
  if (writing == Writing::horizontal) return run_of(text, underlined, bold, false);
  constexpr std::size_t kUpright = 2;
  std::string out;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && upright_in_vertical(text[end])) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    const bool word = (i > 0 && half_width(text[i - 1]) && text[i - 1] != '(' && text[i - 1] != ')') || (end < text.size() && half_width(text[end]) && text[end] != '(' && text[end] != ')');
    if (end - i <= kUpright && !word) {
      if (i > from) out += run_of(text.substr(from, i - from), underlined, bold, false);
      out += run_of(text.substr(i, end - i), underlined, bold, true);
      from = end;
    }
    i = end;
  }
  if (from < text.size() || out.empty()) out += run_of(text.substr(from), underlined, bold, false);
  return out;
}

std::string run(std::string_view text, bool underlined, bool bold, Writing writing = Writing::horizontal) {
  std::string out;
  for (;;) {
    const auto end = text.find('\n');
    out += line_of(text.substr(0, end), underlined, bold, writing);
    if (end == std::string_view::npos) return out;
    out += "<w:r><w:br/></w:r>";
    text.remove_prefix(end + 1);
  }
}

std::string runs(const std::vector<PieceView>& pieces, Writing writing) {
  std::string out;
  for (const PieceView& piece : pieces) out += run(piece.text, piece.changed, false, writing);
  return out;
}

std::string word_cell(int width, const std::string& paragraphs) {
  return "<w:tc><w:tcPr><w:tcW w:w=\"" + std::to_string(width) + "\" w:type=\"dxa\"/></w:tcPr>" + paragraphs + "</w:tc>";
}

std::string word_paragraph(const std::string& content) { return "<w:p>" + content + "</w:p>"; }

std::string word_side(const std::optional<SideView>& side, const char* nothing, Writing writing) {
  if (!side) return word_paragraph(run(nothing, false, false));
  std::string out = word_paragraph(run(side->ref, false, true, writing) + (side->title.empty() ? "" : run(" ", false, false) + runs(side->title, writing)));
  if (!side->text.empty()) out += word_paragraph(runs(side->text, writing));
  return out;
}

// Along the lines of writing, in twentieths of a point: the width of a lying A4, or its height where the columns are tiers (改正後 above, 改正前 below it).
struct Widths {
  int side, remark;
  int whole() const { return 2 * side + remark; }
};
constexpr Widths kHorizontal{6200, 1600};
constexpr Widths kVertical{4200, 1200};

std::string word_document(const ComparisonView& view, Writing writing) {
  const Widths w = writing == Writing::vertical ? kVertical : kHorizontal;
  const auto grid = [](int width) { return "<w:gridCol w:w=\"" + std::to_string(width) + "\"/>"; };
  const auto name = [&](int width, const std::string& text) { return word_cell(width, word_paragraph(run(text, false, true, writing))); };
  std::string out = std::string(kXml) + "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" + word_paragraph(run("新旧対照表（下線の部分は改正部分）", false, true)) +
                    "<w:tbl><w:tblPr><w:tblW w:w=\"" + std::to_string(w.whole()) + "\" w:type=\"dxa\"/><w:tblBorders>";
  for (const char* edge : {"top", "left", "bottom", "right", "insideH", "insideV"}) out += std::string("<w:") + edge + " w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>";
  out += "</w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>" + grid(w.side) + grid(w.side) + grid(w.remark) + "</w:tblGrid>";
  out += "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + name(w.side, "改正後\n" + view.after_title) + name(w.side, "改正前\n" + view.before_title) + name(w.remark, "備考") + "</w:tr>";
  for (const RowView& row : view.rows)
    out += "<w:tr>" + word_cell(w.side, word_side(row.after, "（削る）", writing)) + word_cell(w.side, word_side(row.before, "（新設）", writing)) +
           word_cell(w.remark, word_paragraph(run(remarks_of(row), false, false))) + "</w:tr>";
  return out + "</w:tbl><w:p/><w:sectPr><w:pgSz w:w=\"16838\" w:h=\"11906\" w:orient=\"landscape\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"851\" "
               "w:footer=\"992\" w:gutter=\"0\"/>" + (writing == Writing::vertical ? "<w:textDirection w:val=\"tbRl\"/>" : "") + "</w:sectPr></w:body></w:document>";
}

std::string indented(const std::string& content, int twentieths) {
  return "<w:p><w:pPr><w:ind w:left=\"" + std::to_string(twentieths) + "\"/></w:pPr>" + content + "</w:p>";
}

std::string amending_document(const AmendingTextOut& text) {
  constexpr int kIndent = 420;  // two letters
  std::string out = std::string(kXml) + "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" + word_paragraph(run("（案）", false, true)) +
                    word_paragraph(run(text.notice, false, false)) + word_paragraph(run(text.title, false, true));
  for (const ProvisionView& p : text.provisions) {
    out += word_paragraph(run("　" + p.rule, false, false));
    for (const std::string& line : p.words) out += indented(run(line, false, false), kIndent);
  }
  return out + "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";
}

// Excel. Inline rich text: no table of shared strings.
std::string sheet_cell(const std::string& place, const std::string& rich) { return "<c r=\"" + place + "\" t=\"inlineStr\" s=\"1\"><is>" + rich + "</is></c>"; }
std::string rich(std::string_view text, bool underlined) {
  if (text.empty()) return {};
  return std::string("<r>") + (underlined ? "<rPr><u/><sz val=\"11\"/></rPr>" : "<rPr><sz val=\"11\"/></rPr>") + "<t xml:space=\"preserve\">" + escape_markup(text) + "</t></r>";
}
std::string rich(const std::vector<PieceView>& pieces) {
  std::string out;
  for (const PieceView& piece : pieces) out += rich(piece.text, piece.changed);
  return out;
}
std::string rich_side(const std::optional<SideView>& side, const char* nothing) {
  if (!side) return rich(nothing, false);
  return rich(side->ref, false) + (side->title.empty() ? "" : rich(" ", false) + rich(side->title)) + (side->text.empty() ? "" : rich("\n", false) + rich(side->text));
}

std::string sheet(const ComparisonView& view) {
  std::string out = std::string(kXml) + "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
                    "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols><col min=\"1\" max=\"2\" width=\"60\" customWidth=\"1\"/><col min=\"3\" max=\"3\" width=\"20\" customWidth=\"1\"/></cols><sheetData>";
  out += "<row r=\"1\">" + sheet_cell("A1", rich("改正後\n" + view.after_title, false)) + sheet_cell("B1", rich("改正前\n" + view.before_title, false)) + sheet_cell("C1", rich("備考", false)) + "</row>";
  for (std::size_t i = 0; i < view.rows.size(); ++i) {
    const RowView& row = view.rows[i];
    const std::string n = std::to_string(i + 2);
    out += "<row r=\"" + n + "\">" + sheet_cell("A" + n, rich_side(row.after, "（削る）")) + sheet_cell("B" + n, rich_side(row.before, "（新設）"));
    if (const std::string remarks = remarks_of(row); !remarks.empty()) out += sheet_cell("C" + n, rich(remarks, false));
    out += "</row>";
  }
  return out + "</sheetData></worksheet>";
}

constexpr const char* kSheetStyles =
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"1\"><font><sz val=\"11\"/></font></fonts><fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills>"
    "<borders count=\"2\"><border/><border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom style=\"thin\"/></border></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
    "<cellXfs count=\"2\"><xf/><xf borderId=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf></cellXfs></styleSheet>";

}  // namespace

Result<std::string> amending_docx(const AmendingTextOut& text) {
  return files::zip({{"[Content_Types].xml", content_types({{"/word/document.xml", "wordprocessingml.document.main"}})},
                     {"_rels/.rels", relations({{"officeDocument", "word/document.xml"}})},
                     {"word/document.xml", amending_document(text)}});
}

Result<std::string> comparison_docx(const ComparisonView& view, bool vertical) {
  return files::zip({{"[Content_Types].xml", content_types({{"/word/document.xml", "wordprocessingml.document.main"}})},
                     {"_rels/.rels", relations({{"officeDocument", "word/document.xml"}})},
                     {"word/document.xml", word_document(view, vertical ? Writing::vertical : Writing::horizontal)}});
}

Result<std::string> comparison_xlsx(const ComparisonView& view) {
  const std::string book = std::string(kXml) +
                           "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"
                           "<sheet name=\"新旧対照表\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
  return files::zip({{"[Content_Types].xml", content_types({{"/xl/workbook.xml", "spreadsheetml.sheet.main"}, {"/xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"}, {"/xl/styles.xml", "spreadsheetml.styles"}})},
                     {"_rels/.rels", relations({{"officeDocument", "xl/workbook.xml"}})},
                     {"xl/workbook.xml", book},
                     {"xl/_rels/workbook.xml.rels", relations({{"worksheet", "worksheets/sheet1.xml"}, {"styles", "styles.xml"}})},
                     {"xl/styles.xml", std::string(kXml) + kSheetStyles},
                     {"xl/worksheets/sheet1.xml", sheet(view)}});
}

}  // namespace sekisho::standard
