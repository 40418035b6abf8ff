// Packages. Input that is a ZIP goes in as it is; other input is an XML part, put into a minimal package of the kind its first byte names,
// so that the fuzzer works on the XML and not on checksums.
#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <string>

#include "files/extract.h"

namespace {

class Zip {
 public:
  Zip() : archive_(archive_write_new()), bytes_(1 << 21, '\0') {
    archive_write_set_format_zip(archive_);
    archive_write_zip_set_compression_store(archive_);
    archive_write_open_memory(archive_, bytes_.data(), bytes_.size(), &used_);
  }
  void add(const char* name, std::string_view text) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    if (archive_write_header(archive_, entry) == ARCHIVE_OK) archive_write_data(archive_, text.data(), text.size());
    archive_entry_free(entry);
  }
  std::string finish() {
    archive_write_close(archive_);
    archive_write_free(archive_);
    return bytes_.substr(0, used_);
  }

 private:
  archive* archive_;
  std::string bytes_;
  std::size_t used_ = 0;
};

std::string relation(const char* id, const char* type, const char* target) {
  return std::string("<Relationship Id=\"") + id + "\" Type=\"x/" + type + "\" Target=\"" + target + "\"/>";
}
std::string relations(const std::string& inside) { return "<Relationships>" + inside + "</Relationships>"; }

// The part under test gets the input; the others are as small as they can be.
void read_word(std::string_view xml, int part) {
  Zip zip;
  zip.add("_rels/.rels", relations(relation("a", "officeDocument", "word/document.xml")));
  zip.add("word/_rels/document.xml.rels", relations(relation("b", "styles", "styles.xml") + relation("c", "numbering", "numbering.xml") +
                                                    relation("d", "footnotes", "footnotes.xml")));
  const std::string document =
      "<w:document><w:body><w:p><w:pPr><w:pStyle w:val=\"S\"/><w:numPr><w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>"
      "<w:r><w:t>x</w:t><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:body></w:document>";
  zip.add("word/document.xml", part == 0 ? xml : document);
  if (part == 1) zip.add("word/styles.xml", xml);
  if (part == 2) zip.add("word/numbering.xml", xml);
  if (part == 3) zip.add("word/footnotes.xml", xml);
  (void)sekisho::files::extract_docx(zip.finish()).has_value();
}

void read_sheet(std::string_view xml, int part) {
  Zip zip;
  zip.add("_rels/.rels", relations(relation("a", "officeDocument", "xl/workbook.xml")));
  zip.add("xl/workbook.xml", "<workbook><sheets><sheet name=\"s\" r:id=\"b\"/></sheets></workbook>");
  zip.add("xl/_rels/workbook.xml.rels", relations(relation("b", "worksheet", "sheet.xml") + relation("c", "styles", "styles.xml") +
                                                  relation("d", "sharedStrings", "strings.xml")));
  zip.add("xl/sheet.xml", part == 0 ? xml
                                    : "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" s=\"0\"><v>46111.5</v></c><c "
                                      "t=\"s\"><v>0</v></c></row></sheetData></worksheet>");
  if (part == 1) zip.add("xl/styles.xml", xml);
  if (part >= 2) zip.add("xl/strings.xml", xml);
  (void)sekisho::files::extract_xlsx(zip.finish()).has_value();
}

void read_slides(std::string_view xml, int part) {
  Zip zip;
  zip.add("_rels/.rels", relations(relation("a", "officeDocument", "ppt/presentation.xml")));
  zip.add("ppt/presentation.xml", part == 2 ? xml : "<p:presentation><p:sldIdLst><p:sldId r:id=\"b\"/></p:sldIdLst></p:presentation>");
  zip.add("ppt/_rels/presentation.xml.rels", relations(relation("b", "slide", "slide.xml")));
  zip.add("ppt/slide.xml", part == 0 ? xml : "<p:sld/>");
  zip.add("ppt/_rels/slide.xml.rels", relations(relation("c", "notesSlide", "notes.xml")));
  if (part == 1) zip.add("ppt/notes.xml", xml);
  (void)sekisho::files::extract_pptx(zip.finish()).has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("PK")) {
    for (const char* name : {"a.docx", "a.xlsx", "a.pptx"}) (void)sekisho::files::extract_bytes(name, bytes, {}).has_value();
    return 0;
  }
  if (size < 2 || size > (1U << 20)) return 0;
  const std::string_view xml = bytes.substr(1);
  const int part = data[0] >> 2 & 3;
  switch (data[0] & 3) {
    case 0:
      read_word(xml, part);
      break;
    case 1:
      read_sheet(xml, part);
      break;
    default:
      read_slides(xml, part);
      break;
  }
  return 0;
}
