#include "outside/pages.h"

#include "core/bytes.h"
#include "outside/pdf.h"

namespace sekisho::outside {
namespace {

// Of the package fonts-ipaexfont-gothic; the second is where its older version lay.
constexpr const char* kFonts[] = {"/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf", "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf"};
constexpr std::size_t kMaxFont = 32u << 20;
constexpr double kMargin = 57;
constexpr double kBody = 10;      // up to this size a block is body text
constexpr double kLeading = 1.6;  // of the size
constexpr double kFoot = 30;      // of the page number, from below
constexpr double kFootSize = 8;

}  // namespace

Result<TrueType> japanese_font() {
  for (const char* path : kFonts) {
    auto bytes = read_file(path, kMaxFont);
    if (bytes) return TrueType::from_bytes(std::move(*bytes));
  }
  return fail(Code::unavailable, "font.missing", "install fonts-ipaexfont-gothic");
}

Result<std::string> pages_pdf(const std::string& title, const std::vector<PageBlock>& blocks) {
  SK_TRY(const TrueType font, japanese_font());
  Pdf pdf(font);
  double y = 0;
  const auto turn = [&] {
    pdf.new_page();
    y = kMargin;
    const std::string number = std::to_string(pdf.pages());
    pdf.text((kPageWidth - pdf.width_of(number, kFootSize)) / 2, kPageHeight - kFoot, kFootSize, number);
  };
  turn();
  for (const PageBlock& block : blocks) {
    const double line = block.size * kLeading;
    const bool heading = block.size > kBody;
    // A heading does not stand alone at the foot of a page.
    if (heading && y + 3 * line > kPageHeight - kMargin) turn();
    if (heading && y > kMargin) y += block.size * 0.6;
    for (const std::string& text : pdf.lines_of(block.text, block.size, kPageWidth - 2 * kMargin - block.indent)) {
      if (y + line > kPageHeight - kMargin) turn();
      y += line;
      pdf.text(kMargin + block.indent, y - block.size * 0.4, block.size, text);
    }
  }
  return pdf.finish(title);
}

}  // namespace sekisho::outside
