#include "outside/pdf.h"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace sekisho::outside {
namespace {

std::string number(double v) {
  char out[32];
  std::snprintf(out, sizeof out, "%.2f", v);
  return out;
}

std::string hex4(std::uint32_t v) {
  char out[8];
  std::snprintf(out, sizeof out, "%04X", v & 0xffffu);
  return out;
}

std::string utf16_hex(char32_t c) {
  if (c < 0x10000) return hex4(c);
  const std::uint32_t rest = c - 0x10000;
  return hex4(0xd800 + (rest >> 10)) + hex4(0xdc00 + (rest & 0x3ff));
}

// Malformed bytes count as U+FFFD; everything printed is valid UTF-8.
std::u32string decoded(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (length == 0 || i + length > text.size()) {
      out += U'\uFFFD';
      ++i;
      continue;
    }
    char32_t c = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    out += c;
    i += length;
  }
  return out;
}

std::string encoded(char32_t c) {
  std::string out;
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) out += static_cast<char>(0xc0 | c >> 6);
  else if (c < 0x10000) (out += static_cast<char>(0xe0 | c >> 12)) += static_cast<char>(0x80 | (c >> 6 & 0x3f));
  else ((out += static_cast<char>(0xf0 | c >> 18)) += static_cast<char>(0x80 | (c >> 12 & 0x3f))) += static_cast<char>(0x80 | (c >> 6 & 0x3f));
  return out += static_cast<char>(0x80 | (c & 0x3f));
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()), 9) != Z_OK) return {};
  out.resize(size);
  return out;
}

// Objects in order of their numbers, then where they lie.
class Objects {
 public:
  void add(const std::string& body) {
    at_.push_back(out_.size());
    out_ += std::to_string(at_.size()) + " 0 obj\n" + body + "\nendobj\n";
  }
  void add_stream(const std::string& dictionary, const std::string& bytes) {
    const std::string packed = deflated(bytes);
    add("<<" + dictionary + "/Filter/FlateDecode/Length " + std::to_string(packed.size()) + ">>\nstream\n" + packed + "\nendstream");
  }
  std::string finish(const std::string& trailer) {
    const std::size_t table = out_.size();
    out_ += "xref\n0 " + std::to_string(at_.size() + 1) + "\n0000000000 65535 f \n";
    for (const std::size_t at : at_) {
      char row[32];
      std::snprintf(row, sizeof row, "%010zu 00000 n \n", at);
      out_ += row;
    }
    return out_ + "trailer\n<</Size " + std::to_string(at_.size() + 1) + trailer + ">>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  }

 private:
  std::string out_ = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
  std::vector<std::size_t> at_;
};

std::string to_unicode(const std::map<std::uint16_t, char32_t>& used) {
  std::string out =
      "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n"
      "/CMapName /Sekisho def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n";
  std::size_t left = used.size();
  std::size_t in_block = 0;
  for (const auto& [glyph, character] : used) {
    if (in_block == 0) out += std::to_string(std::min<std::size_t>(left, 100)) + " beginbfchar\n";
    out += "<" + hex4(glyph) + "> <" + utf16_hex(character) + ">\n";
    --left;
    if (++in_block == 100 || left == 0) {
      out += "endbfchar\n";
      in_block = 0;
    }
  }
  return out + "endcmap CMapName currentdict /CMap defineresource pop end end\n";
}

}  // namespace

void Pdf::new_page() { pages_.emplace_back("0.5 w\n"); }

void Pdf::text(double x, double y, double size, std::string_view utf8) {
  std::string codes;
  for (const char32_t c : decoded(utf8)) {
    const std::uint16_t glyph = font_.glyph(c);
    used_.try_emplace(glyph, c);
    codes += hex4(glyph);
  }
  pages_.back() += "BT /F " + number(size) + " Tf " + number(x) + " " + number(kPageHeight - y) + " Td <" + codes + "> Tj ET\n";
}

void Pdf::line(double x1, double y1, double x2, double y2) {
  pages_.back() += number(x1) + " " + number(kPageHeight - y1) + " m " + number(x2) + " " + number(kPageHeight - y2) + " l S\n";
}

void Pdf::square(double x, double y, double side) {
  pages_.back() += number(x) + " " + number(kPageHeight - y - side) + " " + number(side) + " " + number(side) + " re f\n";
}

double Pdf::width_of(std::string_view utf8, double size) const {
  int units = 0;
  for (const char32_t c : decoded(utf8)) units += font_.advance(font_.glyph(c));
  return units * size / 1000;
}

std::vector<std::string> Pdf::lines_of(std::string_view utf8, double size, double width) const {
  std::vector<std::string> out(1);
  double used = 0;
  for (const char32_t c : decoded(utf8)) {
    const double wide = font_.advance(font_.glyph(c)) * size / 1000;
    if (c == U'\n' || (used + wide > width && !out.back().empty())) {
      out.emplace_back();
      used = 0;
    }
    if (c == U'\n' || c == U'\r') continue;
    out.back() += encoded(c);
    used += wide;
  }
  return out;
}

std::string Pdf::finish(const std::string& title) const {
  std::string kids, widths, name = "FEFF";
  constexpr int kFirstPage = 8;
  for (std::size_t i = 0; i < pages_.size(); ++i) kids += std::to_string(kFirstPage + 2 * i) + " 0 R ";
  std::set<std::uint16_t> glyphs;
  for (const auto& [glyph, character] : used_) {
    glyphs.insert(glyph);
    widths += std::to_string(glyph) + "[" + std::to_string(font_.advance(glyph)) + "]";
  }
  for (const char32_t c : decoded(title)) name += utf16_hex(c);
  Objects out;
  out.add("<</Type/Catalog/Pages 2 0 R/Lang(ja-JP)/ViewerPreferences<</DisplayDocTitle true>>>>");
  out.add("<</Type/Pages/Kids[" + kids + "]/Count " + std::to_string(pages_.size()) + ">>");
  out.add("<</Type/Font/Subtype/Type0/BaseFont/SKSHOA+Japanese/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 7 0 R>>");
  out.add("<</Type/Font/Subtype/CIDFontType2/BaseFont/SKSHOA+Japanese/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 5 0 R"
          "/CIDToGIDMap/Identity/DW 1000/W[" + widths + "]>>");
  out.add("<</Type/FontDescriptor/FontName/SKSHOA+Japanese/Flags 4/FontBBox[-200 " + std::to_string(font_.descent()) + " 1200 " + std::to_string(font_.ascent()) +
          "]/ItalicAngle 0/Ascent " + std::to_string(font_.ascent()) + "/Descent " + std::to_string(font_.descent()) + "/CapHeight 700/StemV 80/FontFile2 6 0 R>>");
  const std::string file = font_.subset(glyphs);
  out.add_stream("/Length1 " + std::to_string(file.size()), file);
  out.add_stream("", to_unicode(used_));
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    out.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + number(kPageWidth) + " " + number(kPageHeight) + "]/Resources<</Font<</F 3 0 R>>>>/Contents " +
            std::to_string(kFirstPage + 2 * i + 1) + " 0 R>>");
    out.add_stream("", pages_[i]);
  }
  out.add("<</Title<" + name + ">/Producer(Sekisho)>>");
  return out.finish("/Root 1 0 R/Info " + std::to_string(kFirstPage + 2 * pages_.size()) + " 0 R");
}

}  // namespace sekisho::outside
