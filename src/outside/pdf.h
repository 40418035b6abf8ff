// A small writer of PDF 1.7 (ISO 32000-1): A4 pages of text in one embedded font, lines, and black squares (QR codes). Text can be copied and
// searched; only glyphs that are used are embedded. The same calls give the same bytes.
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

class Pdf {
 public:
  explicit Pdf(const TrueType& font) : font_(font) {}
  void new_page();
  int pages() const { return static_cast<int>(pages_.size()); }
  // The baseline lies at y. Characters that the font lacks show its missing glyph.
  void text(double x, double y, double size, std::string_view utf8);
  void line(double x1, double y1, double x2, double y2);
  void square(double x, double y, double side);  // filled; x, y: its upper left corner
  double width_of(std::string_view utf8, double size) const;
  // Pieces that fit the width, broken at any character and at line ends.
  std::vector<std::string> lines_of(std::string_view utf8, double size, double width) const;
  std::string finish(const std::string& title) const;

 private:
  const TrueType& font_;
  std::vector<std::string> pages_;
  std::map<std::uint16_t, char32_t> used_;
};

}  // namespace sekisho::outside
