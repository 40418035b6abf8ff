#include "features/chat/export.h"

#include "core/markup.h"
#include "files/zip.h"
#include "text/lines.h"

namespace sekisho::chat {
namespace {

constexpr const char* kDocxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

std::string source_line(const Citation& c) {
  std::string out = "[" + std::to_string(c.n) + "] " + c.document;
  if (!c.section.empty()) out += "　" + c.section;
  if (c.page) out += "　" + std::to_string(*c.page) + "ページ";
  return out;
}

std::string origin_line(const Message& m, const std::string& label, Timestamp at) {
  const std::string engine = m.engine == "extractive" ? "抽出（資料からの抜粋）" : m.engine;
  return "分類: " + label + "　作成: " + to_jst_minutes(at) + "　回答: " + engine + "　生成AIの回答です。内容を確かめてから使ってください。";
}

// Markdown marks that only shape text are dropped; the words stay.
std::string plain_line(std::string_view line) {
  while (line.starts_with("#")) line.remove_prefix(1);
  if (line.starts_with(" ")) line.remove_prefix(1);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.substr(i, 2) == "**") {
      ++i;
      continue;
    }
    if (line[i] != '`') out += line[i];
  }
  return out;
}

std::string as_text(const Message& m, const std::string& label, Timestamp at, bool markdown) {
  std::string out;
  for (const auto line : text::lines_of(m.text)) out += (markdown ? std::string(line) : plain_line(line)) + "\n";
  if (!m.citations.empty()) {
    out += markdown ? "\n## 資料\n\n" : "\n資料\n";
    for (const Citation& c : m.citations) out += (markdown ? "- " : "") + source_line(c) + "\n";
  }
  return out + "\n" + origin_line(m, label, at) + "\n";
}

std::string paragraph(std::string_view text, const char* style) {
  const std::string properties = style == nullptr ? "" : std::string("<w:pPr><w:pStyle w:val=\"") + style + "\"/></w:pPr>";
  return "<w:p>" + properties + "<w:r><w:t xml:space=\"preserve\">" + escape_markup(text) + "</w:t></w:r></w:p>";
}

std::string document_xml(const Message& m, const std::string& label, Timestamp at) {
  std::string body;
  for (const auto line : text::lines_of(m.text)) body += paragraph(plain_line(line), line.starts_with("#") ? "Heading1" : nullptr);
  if (!m.citations.empty()) {
    body += paragraph("資料", "Heading1");
    for (const Citation& c : m.citations) body += paragraph(source_line(c), nullptr);
  }
  body += paragraph(origin_line(m, label, at), nullptr);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>" +
         body + "<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1701\" w:right=\"1701\" w:bottom=\"1701\" w:left=\"1701\" w:header=\"851\" w:footer=\"992\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";
}

constexpr const char* kContentTypes =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/></Types>";
constexpr const char* kRelations =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
constexpr const char* kDocumentRelations =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
constexpr const char* kStyles =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
    "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Century\" w:eastAsia=\"ＭＳ 明朝\"/><w:sz w:val=\"21\"/><w:lang w:val=\"ja-JP\" w:eastAsia=\"ja-JP\"/></w:rPr></w:rPrDefault></w:docDefaults>"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"26\"/></w:rPr></w:style></w:styles>";

}  // namespace

Result<ExportedFile> export_as(const std::string& format, const policy::Released<Message>& released, const std::string& label, Timestamp at) {
  const Message& message = released.get();
  const std::string name = "回答-" + message.id.str().substr(0, 10);
  if (format == "txt") return ExportedFile{name + ".txt", "text/plain; charset=utf-8", as_text(message, label, at, false)};
  if (format == "md") return ExportedFile{name + ".md", "text/markdown; charset=utf-8", as_text(message, label, at, true)};
  if (format != "docx") return fail(Code::invalid_argument, "chat.export_format", "txt, md or docx");
  auto bytes = files::zip({{"[Content_Types].xml", kContentTypes},
                           {"_rels/.rels", kRelations},
                           {"word/document.xml", document_xml(message, label, at)},
                           {"word/_rels/document.xml.rels", kDocumentRelations},
                           {"word/styles.xml", kStyles}});
  if (!bytes) return fail(Code::internal, "chat.export_failed", bytes.error().detail);
  return ExportedFile{name + ".docx", kDocxType, std::move(*bytes)};
}

}  // namespace sekisho::chat
