// The PDF of a report: laid out twice, since every page says how many there are.
#include <algorithm>

#include "outside/pages.h"
#include "outside/pdf.h"
#include "outside/report.h"

namespace sekisho::outside {
namespace {

constexpr double kSide = 48;        // of the page's left and right
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
constexpr double kWidth = kPageWidth - 2 * kSide;
constexpr double kEnd = kPageHeight - kBottom;
constexpr double kHeadings[] = {20, 14, 12, 10.5};

struct Run {
  std::string text;
  double x = 0;
  double width = 0;
  bool marked = false;
};
using Line = std::vector<Run>;

// What does not stand at the beginning of a line (JIS X 4051, 行頭禁則): it hangs over the edge of the one before.
bool never_first(std::string_view character) {
  static constexpr std::string_view kClosing[] = {"、", "。", "，", "．", "）", "」", "』", "】", "〕", "・", "：", "ー", ")", "]", "っ", "ゃ", "ゅ", "ょ", "々"};
  return std::find(std::begin(kClosing), std::end(kClosing), character) != std::end(kClosing);
}

std::size_t length_at(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0) == 0x80) ++n;
  return n;
}

class Layout {
 public:
  Layout(Pdf& pdf, const Report& report, int total) : pdf_(pdf), report_(report), total_(total) { turn(); }

  void run() {
    for (const Part& part : report_.parts) {
      switch (part.kind) {
        case Part::Kind::heading: heading(part); break;
        case Part::Kind::text: text(part.text); break;
        case Part::Kind::grid: grid(part.grid); break;
        case Part::Kind::boxes: boxes(part.boxes); break;
        case Part::Kind::page: wants_page_ = true; break;
      }
    }
  }

 private:
  void turn() {
    pdf_.new_page();
    y_ = kTop;
    fresh_ = true;
    if (!report_.label.empty()) {
      const double wide = pdf_.width_of(report_.label, kBody);
      pdf_.text(kPageWidth - kSide - wide - 5, kHead, kBody, report_.label);
      frame(kPageWidth - kSide - wide - 10, kHead - kBody - 2, wide + 10, kBody + 7);
    }
    const std::string number = std::to_string(pdf_.pages()) + " / " + std::to_string(total_);
    pdf_.text(kPageWidth - kSide - pdf_.width_of(number, kSmall), kPageHeight - kFoot, kSmall, number);
    const auto foot = lines({{report_.foot, false}}, kSmall, kWidth - 60);
    if (!foot.empty()) draw(foot.front(), kSide, kPageHeight - kFoot, kSmall);
  }
  // Asked for by a part of the report: only when something follows, so that no page is empty.
  void begin() {
    if (wants_page_ && !fresh_) turn();
    wants_page_ = false;
    fresh_ = false;
  }
  void room_for(double height) {
    if (y_ + height > kEnd && y_ > kTop) turn();
    fresh_ = false;
  }
  void frame(double x, double y, double width, double height) {
    pdf_.line(x, y, x + width, y);
    pdf_.line(x, y + height, x + width, y + height);
    pdf_.line(x, y, x, y + height);
    pdf_.line(x + width, y, x + width, y + height);
  }

  std::vector<Line> lines(const Cell& cell, double size, double width) const {
    std::vector<Line> out(1);
    double used = 0;
    for (const Span& span : cell) {
      for (std::size_t at = 0; at < span.text.size();) {
        const std::size_t n = length_at(span.text, at);
        const std::string_view one = std::string_view(span.text).substr(at, n);
        at += n;
        if (one == "\r") continue;
        if (one == "\n") {
          out.emplace_back();
          used = 0;
          continue;
        }
        const double wide = pdf_.width_of(one, size);
        if (used + wide > width && !out.back().empty() && !never_first(one)) {
          out.emplace_back();
          used = 0;
        }
        Line& line = out.back();
        if (line.empty() || line.back().marked != span.marked) line.push_back({"", used, 0, span.marked});
        line.back().text += one;
        line.back().width += wide;
        used += wide;
      }
    }
    return out;
  }
  void draw(const Line& line, double x, double y, double size) {
    for (const Run& run : line) {
      pdf_.text(x + run.x, y, size, run.text);
      if (run.marked) pdf_.line(x + run.x, y + 2, x + run.x + run.width, y + 2);
    }
  }

  void heading(const Part& part) {
    begin();
    const double size = kHeadings[std::clamp(part.level, 1, 4) - 1];
    const auto all = lines({{part.text, false}}, size, kWidth);
    // Not alone at the foot of a page: with the beginning of what follows, be it a table's head and two lines.
    room_for(static_cast<double>(all.size()) * size * kLine + size * 0.6 + 5 * kBody * kLine);
    if (y_ > kTop) y_ += size * 0.6;
    for (const Line& line : all) {
      y_ += size * kLine;
      draw(line, kSide, y_ - size * 0.35, size);
    }
    if (part.level <= 2) pdf_.line(kSide, y_ + 1, kSide + kWidth, y_ + 1);
    y_ += 4;
  }

  void text(const std::string& words) {
    begin();
    for (const Line& line : lines({{words, false}}, kBody, kWidth)) {
      room_for(kBody * kLine);
      y_ += kBody * kLine;
      draw(line, kSide, y_ - kBody * 0.35, kBody);
    }
    y_ += 4;
  }

  void boxes(const std::vector<Box>& all) {
    if (all.empty()) return;
    begin();
    const double wide = std::min(kBoxWidth, kWidth / static_cast<double>(all.size()));
    std::vector<std::vector<Line>> titles;
    std::size_t tallest = 1;
    for (const Box& box : all) {
      titles.push_back(lines({{box.title, false}}, kSmall, wide - 2 * kPad));
      tallest = std::max(tallest, titles.back().size());
    }
    const double head = static_cast<double>(tallest) * kSmall * kLine + 2 * kPad;
    room_for(head + kBoxHeight + 8);
    double x = kSide + kWidth - wide * static_cast<double>(all.size());
    for (std::size_t i = 0; i < all.size(); ++i, x += wide) {
      frame(x, y_, wide, head);
      frame(x, y_ + head, wide, kBoxHeight);
      centred(titles[i], x, y_, wide, head, kSmall);
      Cell inside;
      for (const std::string& line : all[i].lines) inside.push_back({(inside.empty() ? "" : "\n") + line, false});
      if (!inside.empty()) centred(lines(inside, kCell, wide - 2 * kPad), x, y_ + head, wide, kBoxHeight, kCell);
    }
    y_ += head + kBoxHeight + 8;
  }
  void centred(const std::vector<Line>& all, double x, double y, double width, double height, double size) {
    double at = y + (height - static_cast<double>(all.size()) * size * kLine) / 2;
    for (const Line& line : all) {
      const double wide = line.empty() ? 0 : line.back().x + line.back().width;
      at += size * kLine;
      draw(line, x + (width - wide) / 2, at - size * 0.4, size);
    }
  }

  struct Columns {
    std::vector<double> at;  // left edges, and the right edge of the last
    double width(std::size_t i) const { return at[i + 1] - at[i] - 2 * kPad; }
  };
  static Columns columns_of(const Grid& grid) {
    double sum = 0;
    for (const double share : grid.shares) sum += share;
    Columns out{{kSide}};
    for (const double share : grid.shares) out.at.push_back(out.at.back() + kWidth * share / (sum > 0 ? sum : 1));
    return out;
  }
  // Lines [from, from + count) of every cell, within borders.
  void band(const Columns& columns, const std::vector<std::vector<Line>>& cells, std::size_t from, std::size_t count) {
    const double height = static_cast<double>(count) * kCell * kLine + 2 * kPad;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      frame(columns.at[i], y_, columns.at[i + 1] - columns.at[i], height);
      for (std::size_t n = 0; n < count && from + n < cells[i].size(); ++n)
        draw(cells[i][from + n], columns.at[i] + kPad, y_ + kPad + static_cast<double>(n + 1) * kCell * kLine - kCell * 0.4, kCell);
    }
    y_ += height;
  }
  static std::size_t tallest(const std::vector<std::vector<Line>>& cells) {
    std::size_t out = 1;
    for (const auto& cell : cells) out = std::max(out, cell.size());
    return out;
  }
  std::vector<std::vector<Line>> laid(const Columns& columns, const std::vector<Cell>& row) const {
    std::vector<std::vector<Line>> out;
    for (std::size_t i = 0; i + 1 < columns.at.size(); ++i) out.push_back(lines(i < row.size() ? row[i] : Cell{}, kCell, columns.width(i)));
    return out;
  }
  static std::size_t lines_in(double height) { return height <= 2 * kPad ? 0 : static_cast<std::size_t>((height - 2 * kPad) / (kCell * kLine)); }

  void grid(const Grid& grid) {
    if (grid.rows.empty() || grid.shares.empty()) return;
    begin();
    const Columns columns = columns_of(grid);
    std::vector<Cell> names;
    for (const std::string& name : grid.head) names.push_back({{name, false}});
    const auto head = laid(columns, names);
    const auto put_head = [&] {
      if (!names.empty()) band(columns, head, 0, tallest(head));
    };
    const double head_height = names.empty() ? 0 : static_cast<double>(tallest(head)) * kCell * kLine + 2 * kPad;
    room_for(head_height + 2 * kCell * kLine + 2 * kPad);
    put_head();
    const std::size_t whole_page = lines_in(kEnd - kTop - head_height);
    for (const auto& row : grid.rows) {
      const auto cells = laid(columns, row);
      const std::size_t count = tallest(cells);
      // A row that fits on a page is not parted, unless it is long.
      if (count > lines_in(kEnd - y_) && count <= whole_page / 2) {
        turn();
        put_head();
      }
      for (std::size_t done = 0; done < count;) {
        const std::size_t room = lines_in(kEnd - y_);
        if (room < std::min<std::size_t>(2, count - done)) {
          turn();
          put_head();
          fresh_ = false;
          continue;
        }
        const std::size_t now = std::min(room, count - done);
        band(columns, cells, done, now);
        done += now;
      }
      fresh_ = false;
    }
    y_ += 8;
  }

  Pdf& pdf_;
  const Report& report_;
  const int total_;
  double y_ = 0;
  bool fresh_ = true;
  bool wants_page_ = false;
};

}  // namespace

Result<std::string> report_pdf(const Report& report) {
  SK_TRY(const TrueType font, japanese_font());
  Pdf counted(font);
  Layout(counted, report, 999).run();
  Pdf pdf(font);
  Layout(pdf, report, counted.pages()).run();
  return pdf.finish(report.title);
}

}  // namespace sekisho::outside
