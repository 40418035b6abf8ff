// A text of headings, paragraphs and tables as a PDF of A4 pages in Japanese: tagged, with page numbers, bookmarks for the headings of the second
// level, and the head of a table again on each page that it goes on to. One Pages per document and thread; the same calls give the same bytes.
#pragma once
#include <string>
#include <vector>

#include "core/result.h"
#include "outside/pdf.h"

namespace sekisho::outside {

// The font of the package fonts-ipaexfont-gothic. unavailable "font.missing" when it is not installed.
Result<TrueType> japanese_font();

struct PageColumn {
  std::string name;
  double share = 1;  // of the width, beside the other columns
};

class Pages {
 public:
  // The font outlives the pages.
  Pages(const TrueType& font, PageSize size, std::string title);

  // level: 1 (the document's title) to 6. Lines of any text end with "\n"; long ones are broken. indent: points.
  void heading(int level, const std::string& text, double indent = 0);
  void paragraph(const std::string& text, double indent = 0);
  void small(const std::string& text);  // what is there to be compared or typed rather than read
  // Each row has as many cells as there are columns. A row that a page has no room for goes to the next one; only one longer than a page is parted.
  void table(const std::vector<PageColumn>& columns, const std::vector<std::vector<std::string>>& rows);
  void attach(std::string name, std::string type, std::string bytes) { pdf_.attach(std::move(name), std::move(type), std::move(bytes)); }
  std::string finish();

 private:
  struct Head;
  double room() const;
  void turn();
  void write(const std::string& text, double size, double indent, int element);
  void draw_head(const Head& head, int row);
  void draw_row(const Head& head, const std::vector<std::string>& cells, int table);
  void frame(const Head& head, double top, double height);

  Pdf pdf_;
  const std::string title_;
  double y_ = 0;  // from above; where the next line begins
};

}  // namespace sekisho::outside
