#include "outside/certificate.h"

#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "outside/pages.h"
#include "outside/pdf.h"

namespace sekisho::outside {
namespace {

constexpr double kLeft = 57, kRight = kPageWidth - 57, kTop = 57, kBottom = kPageHeight - 57;
constexpr double kName = 120;  // width of the column of names
constexpr double kSize = 9.5, kLeading = 14;

class Sheet {
 public:
  explicit Sheet(Pdf& pdf) : pdf_(pdf) { turn(); }
  void heading(const std::string& text, double size) {
    room(size * 3);
    y_ += size * 1.4;
    pdf_.text(kLeft, y_, size, text);
    y_ += size * 0.8;
  }
  void paragraph(const std::string& text, double size) {
    for (const std::string& line : pdf_.lines_of(text, size, kRight - kLeft)) {
      room(kLeading);
      y_ += kLeading;
      pdf_.text(kLeft, y_ - 4, size, line);
    }
  }
  void row(const std::string& name, const std::string& value) {
    const auto names = pdf_.lines_of(name, kSize, kName - 8);
    const auto values = pdf_.lines_of(value, kSize, kRight - kLeft - kName - 8);
    for (std::size_t i = 0; i < std::max(names.size(), values.size()); ++i) {
      room(kLeading);
      if (i == 0) pdf_.line(kLeft, y_, kRight, y_);
      y_ += kLeading;
      if (i < names.size()) pdf_.text(kLeft + 2, y_ - 4, kSize, names[i]);
      if (i < values.size()) pdf_.text(kLeft + kName, y_ - 4, kSize, values[i]);
    }
  }
  void end_rows() {
    pdf_.line(kLeft, y_, kRight, y_);
    y_ += 4;
  }
  Status code(const std::string& bytes, double side) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> made(
        QRcode_encodeData(static_cast<int>(bytes.size()), reinterpret_cast<const unsigned char*>(bytes.data()), 0, QR_ECLEVEL_M), QRcode_free);
    if (made == nullptr) return fail(Code::too_large, "log.qr", "does not fit a QR code");
    room(side + 20);
    const double unit = side / made->width;
    for (int row = 0; row < made->width; ++row)
      for (int column = 0; column < made->width; ++column)
        if ((made->data[row * made->width + column] & 1) != 0) pdf_.square(kLeft + 10 + column * unit, y_ + 10 + row * unit, unit);
    y_ += side + 20;
    return ok();
  }

 private:
  void room(double height) {
    if (y_ + height > kBottom) turn();
  }
  void turn() {
    pdf_.new_page();
    y_ = kTop;
    pdf_.text(kRight - 20, kPageHeight - 30, 8, std::to_string(pdf_.pages()));
  }
  Pdf& pdf_;
  double y_ = kTop;
};

}  // namespace

Result<std::string> certificate_pdf(const CertificatePage& page) {
  SK_TRY(const TrueType with, japanese_font());
  Pdf pdf(with);
  Sheet sheet(pdf);
  sheet.heading(page.title, 18);
  for (const std::string& text : page.lead) sheet.paragraph(text, 10);
  for (const auto& section : page.sections) {
    sheet.heading(section.title, 12);
    for (const auto& [name, value] : section.rows) sheet.row(name, value);
    if (!section.rows.empty()) sheet.end_rows();
  }
  sheet.heading("署名", 12);
  sheet.row("Ed25519", page.signature);
  sheet.end_rows();
  sheet.heading("記録の先頭", 12);
  sheet.paragraph(page.checkpoint, 7.5);
  SK_CHECK(sheet.code(page.checkpoint, 150));
  return pdf.finish(page.title);
}

}  // namespace sekisho::outside
