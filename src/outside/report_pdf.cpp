// The PDF of a report. Running heads and feet come last, when it is known how many pages there are.
#include <algorithm>

#include "outside/pdf.h"
#include "outside/report.h"

namespace sekisho::outside {
namespace {

constexpr double kSide = 48;        // of the page's left and right; its top, too, where no label stands
constexpr double kTop = 62;
constexpr double kBottom = 56;
constexpr double kHead = 40;        // baseline of the running head
constexpr double kFoot = 30;        // of the running foot, from below
constexpr double kSmall = 8;
constexpr double kBody = 10;
constexpr double kCell = 9;
constexpr double kPad = 3.5;
constexpr double kLine = 1.45;      // of the size
constexpr double kBoxWidth = 84;
constexpr double kBoxHeight = 46;
constexpr double kGap = 8;          // below tables, boxes and codes
constexpr double kUnder = 4;        // below headings and texts
constexpr double kAbove = 0.6;      // of the size, above a heading
constexpr double kCode = 160;       // side of a QR code
constexpr double kHeadings[] = {18, 14, 12, 11, 10.5, 10.5};

struct Run {
  std::string text;
  double x = 0;
  double width = 0;
  bool marked = false;
};
using Line = std::vector<Run>;
using Cells = std::vector<std::vector<Line>>;

int level_of(const Part& part) { return std::clamp(part.level, 1, 6); }
double size_of(const Part& part) { return kHeadings[level_of(part) - 1]; }
double height_of(std::size_t lines, double size) { return static_cast<double>(lines) * size * kLine; }

std::size_t tallest(const Cells& cells) {
  std::size_t out = 1;
  for (const auto& cell : cells) out = std::max(out, cell.size());
  return out;
}
double band_height(std::size_t lines) { return height_of(lines, kCell) + 2 * kPad; }
std::size_t lines_in(double height) { return height <= 2 * kPad ? 0 : static_cast<std::size_t>((height - 2 * kPad) / (kCell * kLine) + 1e-6); }

class Layout {
 public:
  Layout(Pdf& pdf, const Report& report)
      : pdf_(pdf), report_(report), width_(pdf.size().width - 2 * kSide), top_(report.label.empty() ? kSide : kTop), end_(pdf.size().height - kBottom) {
    turn();
  }

  void run() {
    for (std::size_t i = 0; i < report_.parts.size(); ++i) {
      const Part& part = report_.parts[i];
      switch (part.kind) {
        case Part::Kind::heading: heading(i); break;
        case Part::Kind::text: paragraph(part.text, kBody, part.indent); break;
        case Part::Kind::grid: grid(part.grid); break;
        case Part::Kind::boxes: boxes(part.boxes); break;
        case Part::Kind::page: wants_page_ = true; break;
        case Part::Kind::file: file(part); break;
        case Part::Kind::code: code(part); break;
      }
    }
    for (int page = 0; page < pdf_.pages(); ++page) running(page);
  }

 private:
  // A table that is being written.
  struct Table {
    std::vector<double> edges;  // of its columns, and the right one of the last
    Cells head;                 // none: no head
    bool names = false;         // as of a Grid
    int element = Pdf::kArtifact;

    double width(std::size_t column) const { return edges[column + 1] - edges[column]; }
    double head_height() const { return head.empty() ? 0 : band_height(tallest(head)); }
  };

  void turn() {
    pdf_.new_page();
    y_ = top_;
  }
  // A new page was asked for by a part of the report: only when something follows, so that no page is empty.
  void begin() {
    if (wants_page_ && y_ > top_) turn();
    wants_page_ = false;
  }
  void room_for(double height) {
    if (y_ + height > end_ && y_ > top_) turn();
  }
  void running(int page) {
    pdf_.go_to(page);
    const double right = kSide + width_;
    if (!report_.label.empty()) {
      const double wide = pdf_.width_of(report_.label, kBody);
      pdf_.text(right - wide - 5, kHead, kBody, report_.label);
      frame(right - wide - 10, kHead - kBody - 2, wide + 10, kBody + 7);
    }
    const double foot = pdf_.size().height - kFoot;
    const std::string number = std::to_string(page + 1) + " / " + std::to_string(pdf_.pages());
    pdf_.text(right - pdf_.width_of(number, kSmall), foot, kSmall, number);
    const std::vector<std::string> said = pdf_.lines_of(report_.foot, kSmall, width_ - 70);
    pdf_.text(kSide, foot, kSmall, said.front() + (said.size() > 1 ? "…" : ""));
  }
  void frame(double x, double y, double width, double height) {
    pdf_.line(x, y, x + width, y);
    pdf_.line(x, y + height, x + width, y + height);
    pdf_.line(x, y, x, y + height);
    pdf_.line(x + width, y, x + width, y + height);
  }

  // Lines that fit the width, each in runs of what is marked and what is not.
  std::vector<Line> lines(const Cell& cell, double size, double width) const {
    std::string all;
    for (const Span& span : cell) all += span.text;
    std::vector<Line> out;
    for (const Pdf::Slice& slice : pdf_.slices_of(all, size, width)) {
      out.emplace_back();
      double x = 0;
      std::size_t begins = 0;
      for (const Span& span : cell) {
        const std::size_t from = std::max(slice.from, begins);
        const std::size_t to = std::min(slice.to, begins + span.text.size());
        begins += span.text.size();
        if (from >= to) continue;
        Run run{all.substr(from, to - from), x, 0, span.marked};
        run.width = pdf_.width_of(run.text, size);
        x += run.width;
        out.back().push_back(std::move(run));
      }
    }
    return out;
  }
  void draw(const Line& line, double x, double y, double size, int element) {
    for (const Run& run : line) {
      int of = element;
      if (run.marked) {
        pdf_.line(x + run.x, y + 2, x + run.x + run.width, y + 2);
        if (element != Pdf::kArtifact) pdf_.underlined(of = pdf_.element("Span", element));
      }
      pdf_.text(x + run.x, y, size, run.text, of);
    }
  }

  std::vector<Line> heading_lines(const Part& part) const { return lines({{part.text, false}}, size_of(part), width_ - part.indent); }
  double heading_height(const Part& part) const { return height_of(heading_lines(part).size(), size_of(part)) + size_of(part) * kAbove + kUnder; }
  // What stands under a heading at least: headings below it, and the beginning of what they are of. At most half a page, so that it always fits one.
  double with_heading(std::size_t at) const {
    double out = 0;
    while (at < report_.parts.size() && report_.parts[at].kind == Part::Kind::heading) out += heading_height(report_.parts[at++]);
    return std::min(out + (at < report_.parts.size() ? beginning(report_.parts[at]) : 0), (end_ - top_) / 2);
  }
  double beginning(const Part& part) const {
    switch (part.kind) {
      case Part::Kind::text: return height_of(2, kBody);
      case Part::Kind::file: return height_of(3, kBody);
      case Part::Kind::grid: return part.grid.rows.empty() || part.grid.shares.empty() ? 0 : beginning(part.grid, table_of(part.grid));
      case Part::Kind::boxes: return part.boxes.empty() ? 0 : boxes_height(titles_of(part.boxes));
      case Part::Kind::code: return kCode;
      case Part::Kind::heading:
      case Part::Kind::page: break;
    }
    return 0;
  }
  void heading(std::size_t at) {
    begin();
    const Part& part = report_.parts[at];
    const double size = size_of(part);
    room_for(with_heading(at));
    const int element = pdf_.element("H" + std::to_string(level_of(part)));
    if (y_ > top_) y_ += size * kAbove;
    if (level_of(part) == 2) pdf_.bookmark(part.text, y_);
    for (const Line& line : heading_lines(part)) {
      room_for(size * kLine);
      y_ += size * kLine;
      draw(line, kSide + part.indent, y_ - size * 0.35, size, element);
    }
    if (level_of(part) <= 2) pdf_.line(kSide + part.indent, y_ + 1, kSide + width_, y_ + 1);
    y_ += kUnder;
  }

  void paragraph(const std::string& words, double size, double indent) {
    begin();
    const int element = pdf_.element("P");
    for (const Line& line : lines({{words, false}}, size, width_ - indent)) {
      room_for(size * kLine);
      y_ += size * kLine;
      draw(line, kSide + indent, y_ - size * 0.35, size, element);
    }
    y_ += kUnder;
  }

  void file(const Part& part) {
    begin();
    room_for(beginning(part));
    paragraph("（このPDFに添付したファイル: " + part.name + "）", kBody, 0);
    paragraph(part.text, kSmall, 0);
    pdf_.attach(part.name, "text/plain", part.text);
  }

  void code(const Part& part) {
    if (part.code.empty()) return;
    begin();
    room_for(kCode);
    const double unit = kCode / static_cast<double>(part.code.size() + 8);  // a quiet zone of four around
    std::vector<std::pair<double, double>> black;
    for (std::size_t row = 0; row < part.code.size(); ++row)
      for (std::size_t column = 0; column < part.code[row].size(); ++column)
        if (part.code[row][column]) black.emplace_back(kSide + unit * static_cast<double>(column + 4), y_ + unit * static_cast<double>(row + 4));
    pdf_.figure(black, unit, part.text);
    y_ += kCode + kGap;
  }

  double box_width(std::size_t count) const { return std::min(kBoxWidth, width_ / static_cast<double>(count)); }
  Cells titles_of(const std::vector<Box>& all) const {
    Cells out;
    for (const Box& box : all) out.push_back(lines({{box.title, false}}, kSmall, box_width(all.size()) - 2 * kPad));
    return out;
  }
  static double titles_height(const Cells& titles) { return height_of(tallest(titles), kSmall) + 2 * kPad; }
  static double boxes_height(const Cells& titles) { return titles_height(titles) + kBoxHeight + kGap; }
  void boxes(const std::vector<Box>& all) {
    if (all.empty()) return;
    begin();
    const double wide = box_width(all.size());
    const Cells titles = titles_of(all);
    const double head = titles_height(titles);
    room_for(boxes_height(titles));
    const int table = pdf_.element("Table");
    pdf_.summary(table, "決裁欄");
    const int heads = pdf_.element("TR", table);
    const int inside = pdf_.element("TR", table);
    double x = kSide + width_ - wide * static_cast<double>(all.size());
    for (std::size_t i = 0; i < all.size(); ++i, x += wide) {
      frame(x, y_, wide, head);
      frame(x, y_ + head, wide, kBoxHeight);
      centred(titles[i], x, y_, wide, head, kSmall, pdf_.element("TH", heads));
      Cell words;
      for (const std::string& line : all[i].lines) words.push_back({(words.empty() ? "" : "\n") + line, false});
      centred(lines(words, kCell, wide - 2 * kPad), x, y_ + head, wide, kBoxHeight, kCell, pdf_.element("TD", inside));
    }
    y_ += head + kBoxHeight + kGap;
  }
  void centred(const std::vector<Line>& all, double x, double y, double width, double height, double size, int element) {
    double at = y + (height - height_of(all.size(), size)) / 2;
    for (const Line& line : all) {
      const double wide = line.empty() ? 0 : line.back().x + line.back().width;
      at += size * kLine;
      draw(line, x + (width - wide) / 2, at - size * 0.4, size, element);
    }
  }

  Table table_of(const Grid& grid) const {
    double sum = 0;
    for (const double share : grid.shares) sum += share;
    Table out{{kSide}, {}, grid.names, Pdf::kArtifact};
    for (const double share : grid.shares) out.edges.push_back(out.edges.back() + width_ * share / (sum > 0 ? sum : 1));
    std::vector<Cell> names;
    for (const std::string& name : grid.head) names.push_back({{name, false}});
    if (!names.empty()) out.head = laid(out, names);
    return out;
  }
  Cells laid(const Table& table, const std::vector<Cell>& row) const {
    Cells out;
    for (std::size_t i = 0; i + 1 < table.edges.size(); ++i) out.push_back(lines(i < row.size() ? row[i] : Cell{}, kCell, table.width(i) - 2 * kPad));
    return out;
  }
  // A row that fits half a page is not parted.
  bool stays_whole(const Table& table, std::size_t count) const { return count <= lines_in(end_ - top_ - table.head_height()) / 2; }
  double beginning(const Grid& grid, const Table& table) const {
    const std::size_t first = tallest(laid(table, grid.rows.front()));
    return table.head_height() + band_height(stays_whole(table, first) ? first : 2);
  }

  // Lines [from, from + count) of every cell, within borders; shaded where the cell names others.
  void band(const Table& table, const Cells& cells, std::size_t from, std::size_t count, const std::vector<int>& elements, bool head) {
    const double height = band_height(count);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (head || (table.names && i == 0)) pdf_.shade(table.edges[i], y_, table.width(i), height);
      frame(table.edges[i], y_, table.width(i), height);
      for (std::size_t n = 0; n < count && from + n < cells[i].size(); ++n)
        draw(cells[i][from + n], table.edges[i] + kPad, y_ + kPad + height_of(n + 1, kCell) - kCell * 0.4, kCell, elements[i]);
    }
    y_ += height;
  }
  void put_head(const Table& table, bool again) {
    if (table.head.empty()) return;
    std::vector<int> elements(table.head.size(), Pdf::kArtifact);
    if (!again) {
      const int row = pdf_.element("TR", table.element);
      for (int& element : elements) element = pdf_.element("TH", row);
    }
    band(table, table.head, 0, tallest(table.head), elements, true);
  }
  void next_page(const Table& table) {
    turn();
    put_head(table, true);
  }
  void put_row(const Table& table, const std::vector<Cell>& row) {
    const Cells cells = laid(table, row);
    const std::size_t count = tallest(cells);
    const int element = pdf_.element("TR", table.element);
    std::vector<int> elements;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool name = table.names && i == 0;
      elements.push_back(pdf_.element(name ? "TH" : "TD", element));
      if (name) pdf_.row_head(elements.back());
    }
    if (count > lines_in(end_ - y_) && stays_whole(table, count)) next_page(table);
    for (std::size_t done = 0; done < count;) {
      if (lines_in(end_ - y_) < std::min<std::size_t>(2, count - done)) next_page(table);
      const std::size_t now = std::clamp<std::size_t>(lines_in(end_ - y_), 1, count - done);
      band(table, cells, done, now, elements, false);
      done += now;
    }
  }
  void grid(const Grid& grid) {
    if (grid.rows.empty() || grid.shares.empty()) return;
    begin();
    Table table = table_of(grid);
    room_for(beginning(grid, table));
    table.element = pdf_.element("Table");
    if (!grid.caption.empty()) pdf_.summary(table.element, grid.caption);
    put_head(table, false);
    for (const auto& row : grid.rows) put_row(table, row);
    y_ += kGap;
  }

  Pdf& pdf_;
  const Report& report_;
  const double width_, top_, end_;
  double y_ = 0;  // from above; where the next line begins
  bool wants_page_ = false;
};

}  // namespace

Result<std::string> report_pdf(const Report& report) {
  SK_TRY(const TrueType font, japanese_font());
  Pdf pdf(font, report.sheet == Sheet::lying ? kLying : kUpright);
  Layout(pdf, report).run();
  return pdf.finish(report.title);
}

}  // namespace sekisho::outside
