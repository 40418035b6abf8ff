// The table as a spreadsheet (ECMA-376 SpreadsheetML): one sheet, every cell an inline text, the first row held fast.
#include "core/markup.h"
#include "files/sheet.h"
#include "files/zip.h"

namespace sekisho::files {
namespace {

constexpr const char* kXml = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

// 0 -> A, 25 -> Z, 26 -> AA
std::string column_name(std::size_t column) {
  std::string out;
  for (std::size_t n = column + 1; n > 0; n = (n - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (n - 1) % 26));
  return out;
}

std::string sheet_xml(const Sheet& sheet) {
  std::string out = std::string(kXml) +
                    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
                    "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>";
  for (std::size_t row = 0; row < sheet.size(); ++row) {
    const std::string number = std::to_string(row + 1);
    out += "<row r=\"" + number + "\">";
    for (std::size_t column = 0; column < sheet[row].size(); ++column) {
      const std::string& cell = sheet[row][column];
      if (!cell.empty()) out += "<c r=\"" + column_name(column) + number + "\" t=\"inlineStr\" s=\"1\"><is><t xml:space=\"preserve\">" + escape_markup(cell) + "</t></is></c>";
    }
    out += "</row>";
  }
  return out + "</sheetData></worksheet>";
}

}  // namespace

Result<std::string> xlsx_of(const Sheet& sheet, const std::string& title) {
  const std::string types = std::string(kXml) +
                            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
                            "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override "
                            "PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override "
                            "PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" "
                            "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";
  const std::string relations = std::string(kXml) + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  const std::string kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  const std::string book = std::string(kXml) +
                           "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
                           "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"" + escape_markup(title) + "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
  // "@" (49): cells that a person fills are texts too; wrapped.
  const std::string styles = std::string(kXml) +
                             "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"1\"><font><sz val=\"11\"/></font></fonts><fills count=\"1\"><fill>"
                             "<patternFill patternType=\"none\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"2\"><xf/><xf "
                             "numFmtId=\"49\" applyNumberFormat=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf></cellXfs></styleSheet>";
  return zip({{"[Content_Types].xml", types},
                     {"_rels/.rels", relations + "<Relationship Id=\"rId1\" Type=\"" + kind + "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
                     {"xl/workbook.xml", book},
                     {"xl/_rels/workbook.xml.rels", relations + "<Relationship Id=\"rId1\" Type=\"" + kind + "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" + kind +
                                                        "styles\" Target=\"styles.xml\"/></Relationships>"},
                     {"xl/styles.xml", styles},
                     {"xl/worksheets/sheet1.xml", sheet_xml(sheet)}});
}

}  // namespace sekisho::files
