// A printed document of headings, texts, tables, boxes of approval and files: one description, written as a PDF and as an HTML page that stands alone. The
// label of what is in it stands on every page of both, with the page's number and how many there are.
//
// The PDF is tagged, has a bookmark for each heading of the second level, and carries the files as attachments, since a line that a page breaks is no
// longer what was signed. No heading stands alone at the foot of a page. The same report gives the same bytes.
//
// Positions and sizes are points. The HTML names no font that comes from elsewhere and has no script; its running heads are CSS page margin boxes
// (CSS Paged Media 3), and the label stands at its head as well for who reads it on a screen. Pure but for the font's file; thread-safe.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "outside/paper.h"

namespace sekisho::outside {

struct Span {
  std::string text;     // UTF-8; "\n" begins a new line
  bool marked = false;  // underlined
};
using Cell = std::vector<Span>;
Cell cell(std::string text);

struct Grid {
  std::string caption;              // for who hears the page
  std::vector<double> shares;       // of the width; as many as there are columns
  std::vector<std::string> head;    // none: no head; it is repeated on every page that the table goes on to
  std::vector<std::vector<Cell>> rows;
  bool names = false;               // the first column names what stands beside it
};
struct Box {
  std::string title;
  std::vector<std::string> lines;   // name, day; none: the box is empty
};

struct Part {
  enum class Kind { heading, text, grid, boxes, page, file, code };
  Kind kind = Kind::text;
  int level = 2;      // of a heading: 1 (the document's title) to 6
  double indent = 0;  // of a heading or text
  std::string text;   // of a code: words for who hears the page
  std::string name;   // of a file: ASCII without parentheses
  Grid grid;
  std::vector<Box> boxes;
  Modules code;
};
Part heading(int level, std::string text, double indent = 0);
Part text(std::string words, double indent = 0);
Part file(std::string name, std::string text);
// too_large: the bytes do not fit a QR code.
Result<Part> code(std::string words, const std::string& bytes);
Part table(Grid grid);
Part boxes(std::vector<Box> all);
Part new_page();

enum class Sheet { upright, lying };  // A4
struct Report {
  std::string title;
  std::string label;  // classes of the most confidential thing in it, in the body's words; none: it is for all to read
  std::string foot;   // stands at the foot of each page: what it is of, and when it was made
  std::vector<Part> parts;
  Sheet sheet = Sheet::upright;
};

std::string report_html(const Report& report);
// unavailable "font.missing".
Result<std::string> report_pdf(const Report& report);

}  // namespace sekisho::outside
