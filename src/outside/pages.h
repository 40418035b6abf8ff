// A text of headings and paragraphs as a PDF of A4 pages in Japanese, with page numbers. Pure but for the font's file; thread-safe.
#pragma once
#include <string>
#include <vector>

#include "core/result.h"
#include "outside/truetype.h"

namespace sekisho::outside {

struct PageBlock {
  std::string text;     // lines end with "\n"; long ones are broken
  double size = 10;     // points; what is larger than the body text gets more room above it
  double indent = 0;    // points
};
Result<std::string> pages_pdf(const std::string& title, const std::vector<PageBlock>& blocks);

// The font of the package fonts-ipaexfont-gothic. unavailable "font.missing" when it is not installed.
Result<TrueType> japanese_font();

}  // namespace sekisho::outside
