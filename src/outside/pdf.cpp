#include "outside/pdf.h"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace sekisho::outside {

static std::string deflated(const std::string& bytes) {
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

// Malformed bytes count as U+FFFD; everything printed is valid UTF-8. A carriage return is nothing. `at`: where each character begins, and the end.
std::u32string decoded(std::string_view text, std::vector<std::size_t>* at = nullptr) {
  std::u32string out;
  const auto add = [&](char32_t c, std::size_t i) {
    if (c == U'\r') return;
    out += c;
    if (at != nullptr) at->push_back(i);
  };
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    if (length == 0 || i + length > text.size()) {
      add(U'\uFFFD', i++);
      continue;
    }
    char32_t c = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    add(c, i);
    i += length;
  }
  if (at != nullptr) at->push_back(text.size());
  return out;
}

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

std::string utf16_text(std::string_view utf8) {
  std::string out = "<FEFF";
  for (const char32_t c : decoded(utf8)) out += utf16_hex(c);
  return out + ">";
}

std::string reference(std::size_t object) { return std::to_string(object) + " 0 R"; }

// JIS X 4051: what does not begin a line, and what does not end one.
bool begins_no_line(char32_t c) {
  static constexpr std::u32string_view kNever = U"、。，．・：；？！ー」』）］｝〉》】〕々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ)]},.:;?!%％";
  return kNever.find(c) != std::u32string_view::npos;
}
bool ends_no_line(char32_t c) { return std::u32string_view(U"「『（［｛〈《【〔([{").find(c) != std::u32string_view::npos; }
bool of_a_word(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z') || c == U'-' || c == U'_' || c == U'.' || c == U':'; }

constexpr std::size_t kLookBack = 24;  // letters; what is longer (a hash) is broken anywhere

// Where to break a line of the letters [from, to) that has no room for the one at `to`.
std::size_t break_in(const std::u32string& text, std::size_t from, std::size_t to) {
  for (std::size_t at = to; at > from && to - at <= kLookBack; --at)
    if (!begins_no_line(text[at]) && !ends_no_line(text[at - 1]) && !(of_a_word(text[at - 1]) && (of_a_word(text[at]) || text[at] == U'('))) return at;
  return to;
}

}  // namespace

struct Pdf::Layout {
  static constexpr std::size_t kFirstPage = 8;
  std::size_t info, root, elements, parents, outline, files;
  explicit Layout(const Pdf& pdf) {
    info = kFirstPage + 2 * pdf.pages_.size();
    root = info + 1;
    elements = root + 1;
    parents = elements + 1 + pdf.elements_.size();  // the first element is the document
    outline = pdf.elements_.empty() ? root : parents + 1;
    files = outline + (pdf.bookmarks_.empty() ? 0 : 1 + pdf.bookmarks_.size());
  }
  static std::size_t page(std::size_t n) { return kFirstPage + 2 * n; }
  std::size_t element(int id) const { return elements + static_cast<std::size_t>(id + 1); }
};

void Pdf::new_page() {
  pages_.emplace_back("0.5 w\n");
  marks_.emplace_back();
  current_ = pages_.size() - 1;
}

int Pdf::element(std::string_view type, int under) {
  elements_.push_back({std::string(type), under, {}, type == "TH" ? "/A<</O/Table/Scope/Column>>" : ""});
  const int id = static_cast<int>(elements_.size()) - 1;
  if (under != kArtifact) elements_[static_cast<std::size_t>(under)].kids.push_back({-1, id});
  return id;
}

void Pdf::row_head(int element) { elements_[static_cast<std::size_t>(element)].entries = "/A<</O/Table/Scope/Row>>"; }

void Pdf::summary(int element, std::string_view utf8) { elements_[static_cast<std::size_t>(element)].entries = "/A<</O/Table/Summary " + utf16_text(utf8) + ">>"; }

void Pdf::underlined(int element) { elements_[static_cast<std::size_t>(element)].entries = "/A<</O/Layout/TextDecorationType/Underline>>"; }

void Pdf::draw(const std::string& operators) { pages_[current_] += elements_.empty() ? operators : "/Artifact BMC\n" + operators + "EMC\n"; }

void Pdf::text(double x, double y, double size, std::string_view utf8, int element) {
  std::string codes;
  for (const char32_t c : decoded(utf8)) {
    const std::uint16_t glyph = font_.glyph(c);
    used_.try_emplace(glyph, c);
    codes += hex4(glyph);
  }
  const std::string shown = "BT /F " + number(size) + " Tf " + number(x) + " " + number(size_.height - y) + " Td <" + codes + "> Tj ET\n";
  element == kArtifact ? draw(shown) : mark(element, shown);
}

void Pdf::mark(int element, const std::string& operators) {
  Element& of = elements_[static_cast<std::size_t>(element)];
  const int id = static_cast<int>(marks_[current_].size());
  marks_[current_].push_back(element);
  of.kids.push_back({static_cast<int>(current_), id});
  pages_[current_] += "/" + of.type + " <</MCID " + std::to_string(id) + ">> BDC\n" + operators + "EMC\n";
}

void Pdf::line(double x1, double y1, double x2, double y2) {
  draw(number(x1) + " " + number(size_.height - y1) + " m " + number(x2) + " " + number(size_.height - y2) + " l S\n");
}

void Pdf::figure(const std::vector<std::pair<double, double>>& corners, double side, std::string_view words) {
  if (corners.empty()) return;
  std::string operators;
  double left = corners.front().first, right = left, top = corners.front().second, bottom = top;
  for (const auto& [x, y] : corners) {
    operators += number(x) + " " + number(size_.height - y - side) + " " + number(side) + " " + number(side) + " re f\n";
    left = std::min(left, x);
    right = std::max(right, x + side);
    top = std::min(top, y);
    bottom = std::max(bottom, y + side);
  }
  const int made = element("Figure");
  elements_[static_cast<std::size_t>(made)].entries = "/Alt " + utf16_text(words) + "/A<</O/Layout/Placement/Block/BBox[" + number(left) + " " + number(size_.height - bottom) + " " +
                                                      number(right) + " " + number(size_.height - top) + "]>>";
  mark(made, operators);
}

void Pdf::shade(double x, double y, double width, double height) {
  draw("0.92 g " + number(x) + " " + number(size_.height - y - height) + " " + number(width) + " " + number(height) + " re f 0 g\n");
}

void Pdf::bookmark(std::string_view utf8, double y) { bookmarks_.push_back({std::string(utf8), current_, y}); }

void Pdf::attach(std::string name, std::string type, std::string bytes) { files_.push_back({std::move(name), std::move(type), std::move(bytes)}); }

double Pdf::width_of(std::string_view utf8, double size) const {
  int units = 0;
  for (const char32_t c : decoded(utf8)) units += font_.advance(font_.glyph(c));
  return units * size / 1000;
}

std::vector<Pdf::Slice> Pdf::slices_of(std::string_view utf8, double size, double width) const {
  std::vector<Slice> out;
  std::vector<std::size_t> at;
  const std::u32string text = decoded(utf8, &at);
  const auto wide = [&](char32_t c) { return font_.advance(font_.glyph(c)) * size / 1000; };
  std::size_t from = 0;
  double used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == U'\n') {
      out.push_back({at[from], at[i]});
      from = i + 1;
      used = 0;
      continue;
    }
    if (used + wide(text[i]) > width && i > from) {
      const std::size_t broken = break_in(text, from, i);
      out.push_back({at[from], at[broken]});
      from = broken;
      used = 0;
      for (std::size_t k = from; k < i; ++k) used += wide(text[k]);
    }
    used += wide(text[i]);
  }
  out.push_back({at[from], at.back()});
  return out;
}

std::vector<std::string> Pdf::lines_of(std::string_view utf8, double size, double width) const {
  std::vector<std::string> out;
  for (const Slice& slice : slices_of(utf8, size, width)) out.emplace_back(utf8.substr(slice.from, slice.to - slice.from));
  return out;
}

void Pdf::add_pages(const Layout&, Objects& out) const {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    out.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + number(size_.width) + " " + number(size_.height) + "]/Resources<</Font<</F 3 0 R>>>>" +
            (elements_.empty() ? "" : "/StructParents " + std::to_string(i) + "/Tabs/S") + "/Contents " + reference(Layout::page(i) + 1) + ">>");
    out.add_stream("", pages_[i]);
  }
}

void Pdf::add_structure(const Layout& layout, Objects& out) const {
  if (elements_.empty()) return;
  out.add("<</Type/StructTreeRoot/K " + reference(layout.elements) + "/ParentTree " + reference(layout.parents) + "/ParentTreeNextKey " + std::to_string(pages_.size()) + ">>");
  std::string top;
  for (std::size_t i = 0; i < elements_.size(); ++i)
    if (elements_[i].under == kArtifact) top += reference(layout.element(static_cast<int>(i))) + " ";
  out.add("<</Type/StructElem/S/Document/P " + reference(layout.root) + "/K[" + top + "]>>");
  for (const Element& e : elements_) {
    std::string kids;
    for (const Kid& kid : e.kids)
      kids += kid.page < 0 ? reference(layout.element(kid.id)) + " "
                           : "<</Type/MCR/Pg " + reference(Layout::page(static_cast<std::size_t>(kid.page))) + "/MCID " + std::to_string(kid.id) + ">> ";
    out.add("<</Type/StructElem/S/" + e.type + "/P " + reference(e.under == kArtifact ? layout.elements : layout.element(e.under)) + e.entries + "/K[" + kids + "]>>");
  }
  std::string parents;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    parents += std::to_string(i) + "[";
    for (const int element : marks_[i]) parents += reference(layout.element(element)) + " ";
    parents += "]";
  }
  out.add("<</Nums[" + parents + "]>>");
}

void Pdf::add_bookmarks(const Layout& layout, Objects& out) const {
  if (bookmarks_.empty()) return;
  const std::size_t n = bookmarks_.size();
  out.add("<</Type/Outlines/First " + reference(layout.outline + 1) + "/Last " + reference(layout.outline + n) + "/Count " + std::to_string(n) + ">>");
  for (std::size_t i = 0; i < n; ++i) {
    const Bookmark& b = bookmarks_[i];
    out.add("<</Title " + utf16_text(b.text) + "/Parent " + reference(layout.outline) + (i > 0 ? "/Prev " + reference(layout.outline + i) : "") +
            (i + 1 < n ? "/Next " + reference(layout.outline + i + 2) : "") + "/Dest[" + reference(Layout::page(b.page)) + "/XYZ null " + number(size_.height - b.y) + " null]>>");
  }
}

void Pdf::add_files(const Layout& layout, Objects& out) const {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const File& f = files_[i];
    const std::string stream = reference(layout.files + 2 * i + 1);
    std::string type = f.type;  // as a name: "/" is #2F
    type.replace(type.find('/'), 1, "#2F");
    out.add("<</Type/Filespec/F(" + f.name + ")/UF(" + f.name + ")/AFRelationship/Supplement/EF<</F " + stream + "/UF " + stream + ">>>>");
    out.add_stream("/Type/EmbeddedFile/Subtype/" + type + "/Params<</Size " + std::to_string(f.bytes.size()) + ">>", f.bytes);
  }
}

std::string Pdf::finish(const std::string& title) const {
  const Layout layout(*this);
  std::string kids, widths;
  for (std::size_t i = 0; i < pages_.size(); ++i) kids += reference(Layout::page(i)) + " ";
  std::set<std::uint16_t> glyphs;
  for (const auto& [glyph, character] : used_) {
    glyphs.insert(glyph);
    widths += std::to_string(glyph) + "[" + std::to_string(font_.advance(glyph)) + "]";
  }
  std::map<std::string, std::size_t> names;  // a name tree is sorted
  for (std::size_t i = 0; i < files_.size(); ++i) names.emplace(files_[i].name, layout.files + 2 * i);
  std::string embedded;
  for (const auto& [name, object] : names) embedded += "(" + name + ")" + reference(object) + " ";
  Objects out;
  out.add("<</Type/Catalog/Pages 2 0 R/Lang(ja-JP)/ViewerPreferences<</DisplayDocTitle true>>" +
          (elements_.empty() ? "" : "/MarkInfo<</Marked true>>/StructTreeRoot " + reference(layout.root)) + (bookmarks_.empty() ? "" : "/Outlines " + reference(layout.outline)) +
          (names.empty() ? "" : "/Names<</EmbeddedFiles<</Names[" + embedded + "]>>>>") + ">>");
  out.add("<</Type/Pages/Kids[" + kids + "]/Count " + std::to_string(pages_.size()) + ">>");
  out.add("<</Type/Font/Subtype/Type0/BaseFont/SKSHOA+Japanese/Encoding/Identity-H/DescendantFonts[4 0 R]/ToUnicode 7 0 R>>");
  out.add("<</Type/Font/Subtype/CIDFontType2/BaseFont/SKSHOA+Japanese/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 5 0 R"
          "/CIDToGIDMap/Identity/DW 1000/W[" + widths + "]>>");
  out.add("<</Type/FontDescriptor/FontName/SKSHOA+Japanese/Flags 4/FontBBox[-200 " + std::to_string(font_.descent()) + " 1200 " + std::to_string(font_.ascent()) +
          "]/ItalicAngle 0/Ascent " + std::to_string(font_.ascent()) + "/Descent " + std::to_string(font_.descent()) + "/CapHeight 700/StemV 80/FontFile2 6 0 R>>");
  const std::string file = font_.subset(glyphs);
  out.add_stream("/Length1 " + std::to_string(file.size()), file);
  out.add_stream("", to_unicode(used_));
  add_pages(layout, out);
  out.add("<</Title " + utf16_text(title) + "/Producer(Sekisho)>>");
  add_structure(layout, out);
  add_bookmarks(layout, out);
  add_files(layout, out);
  return out.finish("/Root 1 0 R/Info " + reference(layout.info));
}

}  // namespace sekisho::outside
