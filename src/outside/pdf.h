// A small writer of PDF 1.7 (ISO 32000-1): A4 pages of text in one embedded font, lines, and black squares (QR codes). Text can be copied and
// searched; only glyphs that are used are embedded. The same calls give the same bytes.
//
// A document with elements is a tagged one (14.7, 14.8): text and codes that belong to an element are read out in the elements' order, all other marks
// are artifacts. The first element is made before anything is drawn. Files may lie in it (7.11.4), and headings may be bookmarks (12.3.3).
// One Pdf per document and thread. Positions are in points from the upper left corner.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "outside/truetype.h"

namespace sekisho::outside {

inline constexpr double kPageWidth = 595.28;   // A4
inline constexpr double kPageHeight = 841.89;

struct PageSize {
  double width = kPageWidth;
  double height = kPageHeight;
};
inline constexpr PageSize kUpright{};
inline constexpr PageSize kLying{kPageHeight, kPageWidth};

class Objects;  // of the file, in order of their numbers

class Pdf {
 public:
  static constexpr int kArtifact = -1;

  explicit Pdf(const TrueType& font, PageSize size = kUpright) : font_(font), size_(size) {}
  PageSize size() const { return size_; }
  void new_page();
  int pages() const { return static_cast<int>(pages_.size()); }
  void go_to(int page) { current_ = static_cast<std::size_t>(page); }  // what follows is drawn there
  // An element of the document's structure by its standard type (H1 to H6, P, Table, TR, TH, TD, Span, Figure), under another one (kArtifact: the
  // document). A TH names its column.
  int element(std::string_view type, int under = kArtifact);
  void row_head(int element);                             // a TH that names its row
  void summary(int element, std::string_view utf8);       // of a Table
  void underlined(int element);                           // a Span
  // The baseline lies at y. Characters that the font lacks show its missing glyph.
  void text(double x, double y, double size, std::string_view utf8, int element = kArtifact);
  void line(double x1, double y1, double x2, double y2);
  // Black squares by their upper left corners, as a Figure with words for who hears the page.
  void figure(const std::vector<std::pair<double, double>>& corners, double side, std::string_view words);
  void shade(double x, double y, double width, double height);  // light grey; before the text on it
  void bookmark(std::string_view utf8, double y);               // of the current page
  void attach(std::string name, std::string type, std::string bytes);  // name: ASCII without parentheses; type: application/…, text/…
  double width_of(std::string_view utf8, double size) const;
  struct Slice {
    std::size_t from = 0;  // bytes of the text
    std::size_t to = 0;
  };
  // Pieces that fit the width: broken at line ends, not within words and numbers as long as they are short, not before 。 or ） nor behind （ (JIS X 4051).
  std::vector<Slice> slices_of(std::string_view utf8, double size, double width) const;
  std::vector<std::string> lines_of(std::string_view utf8, double size, double width) const;
  std::string finish(const std::string& title) const;

 private:
  struct Kid {
    int page = -1;  // -1: `id` is an element; else the mark `id` on the page
    int id = 0;
  };
  struct Element {
    std::string type;
    int under = kArtifact;
    std::vector<Kid> kids;
    std::string entries;  // of its dictionary
  };
  struct Bookmark {
    std::string text;
    std::size_t page = 0;
    double y = 0;
  };
  struct File {
    std::string name, type, bytes;
  };
  struct Layout;  // the numbers of objects
  void draw(const std::string& operators);
  void mark(int element, const std::string& operators);
  void add_pages(const Layout& layout, Objects& out) const;
  void add_structure(const Layout& layout, Objects& out) const;
  void add_bookmarks(const Layout& layout, Objects& out) const;
  void add_files(const Layout& layout, Objects& out) const;

  const TrueType& font_;
  const PageSize size_;
  std::size_t current_ = 0;
  std::vector<std::string> pages_;
  std::vector<std::vector<int>> marks_;  // by page: the element of each mark
  std::vector<Element> elements_;
  std::vector<Bookmark> bookmarks_;
  std::vector<File> files_;
  std::map<std::uint16_t, char32_t> used_;
};

}  // namespace sekisho::outside
