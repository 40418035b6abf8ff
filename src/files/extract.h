// From bytes to Extracted. Everything here parses untrusted bytes and runs only inside the sandboxed worker (and in tests and fuzzers).
//
// Pure but for PDF, which runs poppler's pdftotext beside it in the same cage. Single-threaded. Failures carry a key of reasons.h.
#pragma once
#include <string>
#include <string_view>

#include "core/result.h"
#include "files/limits.h"
#include "files/model.h"

namespace sekisho::files {

struct Options {
  std::string encoding;  // chosen by a person; empty = detect. Only plain text and HTML heed it.
  // Spreadsheets alone: the rows of the first sheet as they stand, each a block whose text is one CSV record (RFC 4180, every cell quoted, line
  // ends inside kept), for tables that this program wrote and reads again.
  bool cells = false;
  // PDF alone: every page is one block and its lines stand as they are, page numbers too, for a reader that joins torn sentences itself and
  // tells a person which.
  bool lines = false;
};

// `name` decides among plain-text types and is compared with the content (detect.h).
Result<Extracted> extract_bytes(std::string_view name, std::string_view bytes, const Options& options);

// One per format; bytes are of that type. They return raw blocks; extract_bytes cleans and checks them (finish).
Result<Extracted> extract_plain(std::string_view utf8);
Result<Extracted> extract_markdown(std::string_view utf8);
Result<Extracted> extract_delimited(std::string_view utf8, char delimiter);
Result<Extracted> extract_html(std::string_view utf8);
Result<Extracted> extract_pdf(std::string_view bytes, const Options& options);
Result<Extracted> extract_docx(std::string_view bytes);
Result<Extracted> extract_xlsx(std::string_view bytes);
Result<Extracted> extract_xlsx_cells(std::string_view bytes);
Result<Extracted> extract_pptx(std::string_view bytes);

}  // namespace sekisho::files
