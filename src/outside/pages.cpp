#include "outside/pages.h"

#include <algorithm>

#include "core/bytes.h"

namespace sekisho::outside {
namespace {

// Of the package fonts-ipaexfont-gothic; the second is where its older version lay.
constexpr const char* kFonts[] = {"/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf", "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf"};
constexpr std::size_t kMaxFont = 32u << 20;
// Points.
constexpr double kMargin = 51;
constexpr double kBody = 10;
constexpr double kSmall = 8;
constexpr double kCell = 9;       // text of tables
constexpr double kPad = 3;        // between a cell's text and its lines
constexpr double kFoot = 27;      // of the page number, from below
constexpr double kFootSize = 8;
constexpr double kHeadings[] = {18, 14, 12, 11, 10.5, 10.5};
constexpr double kLeading = 1.6;  // of the size
constexpr double kCellLeading = 1.4;

}  // namespace

Result<TrueType> japanese_font() {
  for (const char* path : kFonts) {
    auto bytes = read_file(path, kMaxFont);
    if (bytes) return TrueType::from_bytes(std::move(*bytes));
  }
  return fail(Code::unavailable, "font.missing", "install fonts-ipaexfont-gothic");
}

// The columns of a table: their names, and where each begins and ends.
struct Pages::Head {
  std::vector<std::vector<std::string>> names;
  std::vector<double> edges;
  double height = 0;

  double width(std::size_t column) const { return edges[column + 1] - edges[column]; }
};

Pages::Pages(const TrueType& font, PageSize size, std::string title) : pdf_(font, size), title_(std::move(title)) { turn(); }

double Pages::room() const { return pdf_.size().height - kMargin - y_; }

void Pages::turn() {
  pdf_.new_page();
  y_ = kMargin;
}

void Pages::write(const std::string& text, double size, double indent, int element) {
  const double line = size * kLeading;
  for (const std::string& piece : pdf_.lines_of(text, size, pdf_.size().width - 2 * kMargin - indent)) {
    if (room() < line) turn();
    y_ += line;
    pdf_.text(kMargin + indent, y_ - size * 0.4, size, piece, element);
  }
}

void Pages::heading(int level, const std::string& text, double indent) {
  const int of = std::clamp(level, 1, 6);
  const double size = kHeadings[of - 1];
  const int element = pdf_.element("H" + std::to_string(of));
  // A heading does not stand alone at the foot of a page.
  if (room() < 4 * size * kLeading) turn();
  if (y_ > kMargin) y_ += size * 0.6;
  if (of == 2) pdf_.bookmark(text, y_);
  write(text, size, indent, element);
}

void Pages::paragraph(const std::string& text, double indent) { write(text, kBody, indent, pdf_.element("P")); }

void Pages::small(const std::string& text) { write(text, kSmall, 0, pdf_.element("P")); }

void Pages::frame(const Head& head, double top, double height) {
  pdf_.line(head.edges.front(), top + height, head.edges.back(), top + height);
  for (const double edge : head.edges) pdf_.line(edge, top, edge, top + height);
}

// row: of the structure; kArtifact where the head is there again.
void Pages::draw_head(const Head& head, int row) {
  const double line = kCell * kCellLeading;
  pdf_.shade(head.edges.front(), y_, head.edges.back() - head.edges.front(), head.height);
  pdf_.line(head.edges.front(), y_, head.edges.back(), y_);
  for (std::size_t c = 0; c < head.names.size(); ++c) {
    const int cell = row == Pdf::kArtifact ? Pdf::kArtifact : pdf_.element("TH", row);
    for (std::size_t n = 0; n < head.names[c].size(); ++n) pdf_.text(head.edges[c] + kPad, y_ + kPad + line * static_cast<double>(n + 1) - kCell * 0.35, kCell, head.names[c][n], cell);
  }
  frame(head, y_, head.height);
  y_ += head.height;
}

void Pages::draw_row(const Head& head, const std::vector<std::string>& cells, int table) {
  const double line = kCell * kCellLeading;
  const int row = pdf_.element("TR", table);
  std::vector<std::vector<std::string>> lines;
  std::vector<int> elements;
  std::size_t most = 1;
  for (std::size_t c = 0; c < head.names.size(); ++c) {
    lines.push_back(pdf_.lines_of(c < cells.size() ? cells[c] : std::string(), kCell, head.width(c) - 2 * kPad));
    elements.push_back(pdf_.element("TD", row));
    most = std::max(most, lines.back().size());
  }
  const auto next_page = [&] {
    turn();
    draw_head(head, Pdf::kArtifact);
  };
  const double whole = static_cast<double>(most) * line + 2 * kPad;
  if (whole > room() && whole <= pdf_.size().height - 2 * kMargin - head.height) next_page();
  for (std::size_t done = 0; done < most;) {
    if (room() < line + 2 * kPad) next_page();
    const std::size_t count = std::min(most - done, static_cast<std::size_t>(std::max(1.0, (room() - 2 * kPad) / line)));
    for (std::size_t c = 0; c < lines.size(); ++c)
      for (std::size_t n = done; n < std::min(done + count, lines[c].size()); ++n)
        pdf_.text(head.edges[c] + kPad, y_ + kPad + line * static_cast<double>(n - done + 1) - kCell * 0.35, kCell, lines[c][n], elements[c]);
    const double height = static_cast<double>(count) * line + 2 * kPad;
    frame(head, y_, height);
    y_ += height;
    done += count;
  }
}

void Pages::table(const std::vector<PageColumn>& columns, const std::vector<std::vector<std::string>>& rows) {
  const double line = kCell * kCellLeading;
  Head head;
  double all = 0;
  for (const PageColumn& column : columns) all += column.share;
  head.edges.push_back(kMargin);
  std::size_t most = 1;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    head.edges.push_back(head.edges.back() + (pdf_.size().width - 2 * kMargin) * columns[c].share / all);
    head.names.push_back(pdf_.lines_of(columns[c].name, kCell, head.width(c) - 2 * kPad));
    most = std::max(most, head.names.back().size());
  }
  head.height = static_cast<double>(most) * line + 2 * kPad;
  if (room() < head.height + 2 * line + 2 * kPad) turn();
  y_ += kPad;
  const int table = pdf_.element("Table");
  draw_head(head, pdf_.element("TR", table));
  for (const auto& cells : rows) draw_row(head, cells, table);
  y_ += kPad;
}

std::string Pages::finish() {
  for (int page = 0; page < pdf_.pages(); ++page) {
    pdf_.go_to(page);
    const std::string number = std::to_string(page + 1) + " / " + std::to_string(pdf_.pages());
    const double foot = pdf_.size().height - kFoot;
    pdf_.text(kMargin, foot, kFootSize, pdf_.lines_of(title_, kFootSize, pdf_.size().width - 2 * kMargin - 60).front());
    pdf_.text(pdf_.size().width - kMargin - pdf_.width_of(number, kFootSize), foot, kFootSize, number);
  }
  return pdf_.finish(title_);
}

}  // namespace sekisho::outside
