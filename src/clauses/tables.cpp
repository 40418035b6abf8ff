#include "clauses/tables.h"

#include <algorithm>
#include <array>

#include "clauses/label.h"
#include "clauses/prose.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kMaxTag = 400;
constexpr std::size_t kMaxHeaderCell = 16;
constexpr std::size_t kMaxTableLines = 2000;

bool is_bullet(char32_t c) { return std::u32string_view(U"○●◯◎・･■□◆◇▪•▶※").find(c) != std::u32string_view::npos; }

struct Tag {
  std::u32string_view name;
  std::size_t length = 0;  // 0: no tag
  bool closing = false;
};

Tag read_tag(std::u32string_view line, std::size_t at) {
  const auto end = line.substr(at, kMaxTag).find(U'>');
  if (line[at] != U'<' || end == std::u32string_view::npos) return {};
  std::size_t i = at + 1;
  const bool closing = i < line.size() && line[i] == U'/';
  if (closing) ++i;
  const std::size_t begin = i;
  while (i < line.size() && ((line[i] >= U'a' && line[i] <= U'z') || (line[i] >= U'A' && line[i] <= U'Z') || (i > begin && line[i] >= U'0' && line[i] <= U'9'))) ++i;
  const std::u32string_view name = line.substr(begin, i - begin);
  static constexpr std::array<std::u32string_view, 22> kKnown = {U"table", U"thead", U"tbody", U"tr", U"td", U"th", U"ul", U"ol", U"li", U"br", U"p",
                                                                 U"div", U"span", U"b", U"i", U"u", U"sup", U"sub", U"strong", U"em", U"caption", U"col"};
  if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) return {};
  return {name, end + 1, closing};
}

char32_t mark_of(const Tag& tag) {
  if (tag.name == U"tr") return U'\v';
  if ((tag.name == U"td" || tag.name == U"th") && tag.closing) return U'\t';
  if (tag.name == U"li" || tag.name == U"br" || tag.name == U"p" || tag.name == U"div") return U'\n';
  return 0;
}

std::u32string tidy(std::u32string_view cell) {
  std::u32string out;
  for (const char32_t c : cell) {
    const bool blank = is_space(c) || c == U'\n' || c == U'\v';
    if (blank && (out.empty() || out.back() == U'\n' || (c != U'\n' && out.back() == U' '))) continue;
    out += c == U'\n' ? U'\n' : blank ? U' ' : c;
  }
  while (!out.empty() && (out.back() == U' ' || out.back() == U'\n')) out.pop_back();
  return out;
}

std::vector<std::u32string> split(std::u32string_view text, char32_t at) {
  std::vector<std::u32string> out;
  for (;;) {
    const auto end = text.find(at);
    out.push_back(tidy(text.substr(0, end)));
    if (end == std::u32string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

bool has_cells(const Line& line) {
  if (line.text.find(U'\t') == std::u32string::npos) return false;
  const auto cells = split(strip_html(line.text).text, U'\t');
  const auto labels = read_labels(line.text);
  // "1<tab>目的" is a numbered line, not a row.
  return cells.size() > (labels.empty() ? 1U : 2U);
}

bool is_barred(std::u32string_view line) { return line.size() > 2 && line.front() == U'|' && line.back() == U'|' && line.find(U'|', 1) + 1 < line.size(); }

// ①, 2: the first cell of a row that is numbered, and of no header.
bool is_count(std::u32string_view cell) {
  return !cell.empty() && std::all_of(cell.begin(), cell.end(), [](char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９') || (c >= U'①' && c <= U'⑳'); });
}

bool looks_like_header(const TableRow& row) {
  if (row.cells.empty() || is_count(row.cells.front())) return false;
  return std::all_of(row.cells.begin(), row.cells.end(), [](const std::u32string& c) { return !c.empty() && c.size() <= kMaxHeaderCell && !ends_sentence(c); });
}

Table read_tab_table(const std::vector<Line>& lines, std::size_t at) {
  Table out;
  std::size_t i = at;
  for (; i < lines.size(); ++i) {
    if (has_cells(lines[i])) {
      out.rows.push_back({split(strip_html(lines[i].text).text, U'\t'), i, i});
    } else if (i > at && !lines[i].blank_before && read_labels(lines[i].text).empty() && !out.rows.back().cells.empty()) {
      // A cell goes on in the next line.
      std::u32string& cell = out.rows.back().cells.back();
      cell = tidy(cell + strip_html(lines[i].text).text);
      out.rows.back().last = i;
    } else {
      break;
    }
  }
  if (out.rows.size() < 2) return {};
  out.header = looks_like_header(out.rows.front());
  out.end = i;
  return out;
}

// | A | B |, as Markdown writes it; the line of dashes below the head is no line here.
Table read_barred_table(const std::vector<Line>& lines, std::size_t at) {
  Table out;
  std::size_t i = at;
  for (; i < lines.size() && is_barred(lines[i].text) && (i == at || !lines[i].blank_before); ++i)
    out.rows.push_back({split(strip_html(std::u32string_view(lines[i].text).substr(1, lines[i].text.size() - 2)).text, U'|'), i, i});
  if (out.rows.size() < 2) return {};
  out.header = looks_like_header(out.rows.front());
  out.end = i;
  return out;
}

// A cell of a line that is laid out with blanks, and the column where it begins, in half-width letters.
struct AlignedCell {
  std::u32string_view text;
  std::size_t column = 0;
};

constexpr std::size_t kLeastGap = 3;  // columns between two cells; one full-width space stands between words

std::vector<AlignedCell> aligned_cells(std::u32string_view line) {
  std::vector<AlignedCell> out;
  std::size_t column = 0, gap = kLeastGap;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t wide = line[i] < 0x80 || (line[i] >= 0xff61 && line[i] <= 0xff9f) ? 1 : 2;
    if (is_space(line[i])) {
      gap += wide;
    } else {
      if (gap >= kLeastGap) out.push_back({line.substr(i, 1), column});
      else out.back().text = line.substr(static_cast<std::size_t>(out.back().text.data() - line.data()), i + 1 - static_cast<std::size_t>(out.back().text.data() - line.data()));
      gap = 0;
    }
    column += wide;
  }
  return out;
}

// Lines one below another whose cells begin at the same columns, under a line of short names: at least two rows, or it may be chance.
Table read_aligned_table(const std::vector<Line>& lines, std::size_t at) {
  const auto head = aligned_cells(lines[at].text);
  if (head.size() < 2 || !read_labels(lines[at].text).empty()) return {};
  Table out;
  std::size_t i = at;
  for (; i < lines.size() && (i == at || !lines[i].blank_before); ++i) {
    const auto cells = aligned_cells(lines[i].text);
    const bool under = cells.size() == head.size() && std::equal(cells.begin(), cells.end(), head.begin(), [](const auto& a, const auto& b) { return a.column == b.column; });
    if (!under || !read_labels(lines[i].text).empty()) break;
    TableRow row{{}, i, i};
    for (const AlignedCell& cell : cells) row.cells.push_back(tidy(cell.text));
    out.rows.push_back(std::move(row));
  }
  if (out.rows.size() < 3 || !looks_like_header(out.rows.front())) return {};
  out.header = true;
  out.end = i;
  return out;
}

Table read_html_table(const std::vector<Line>& lines, std::size_t at) {
  std::size_t last = at;
  bool closed = false;
  for (; last < lines.size() && last < at + kMaxTableLines && !closed; ++last) closed = lines[last].text.find(U"</table") != std::u32string::npos;
  if (!closed) return {};
  Table out;
  TableRow row{{}, at, at};
  std::u32string cell;
  const auto end_row = [&](std::size_t line) {
    const bool any = std::any_of(row.cells.begin(), row.cells.end(), [](const std::u32string& c) { return !c.empty(); });
    row.last = line;
    if (any) out.rows.push_back(std::move(row));
    row = {{}, line, line};
    cell.clear();
  };
  for (std::size_t i = at; i < last; ++i) {
    for (const char32_t c : strip_html(lines[i].text).text) {
      if (c == U'\v') {
        end_row(i);
      } else if (c == U'\t') {
        row.cells.push_back(tidy(cell));
        cell.clear();
      } else {
        cell += c;
      }
    }
  }
  end_row(last - 1);
  if (out.rows.empty()) return {};
  out.rows.front().first = at;
  for (std::size_t i = 0; i + 1 < out.rows.size(); ++i) out.rows[i + 1].first = std::max(out.rows[i + 1].first, out.rows[i].last);
  out.header = out.rows.size() > 1 && looks_like_header(out.rows.front());
  out.end = last;
  return out;
}

}  // namespace

Stripped strip_html(std::u32string_view line) {
  Stripped out;
  for (std::size_t i = 0; i < line.size();) {
    const Tag tag = line[i] == U'<' ? read_tag(line, i) : Tag{};
    if (tag.length == 0) {
      out.text += line[i++];
      continue;
    }
    out.tags.emplace_back(line.substr(i, tag.length));
    if (const char32_t mark = mark_of(tag)) out.text += mark;
    i += tag.length;
  }
  return out;
}

std::vector<std::u32string> cell_items(std::u32string_view cell) {
  std::vector<std::u32string> out;
  const std::u32string text = tidy(cell);
  const bool listed = (!text.empty() && is_bullet(text[0])) || text.find(U'\n') != std::u32string::npos;
  if (!listed) return out;
  std::u32string item;
  const auto end_item = [&] {
    const std::u32string one = tidy(item);
    if (!one.empty()) out.push_back(one);
    item.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = text[i] == U'\n' || (is_bullet(text[i]) && (i == 0 || is_space(text[i - 1])) && (i + 1 == text.size() || text[i + 1] != text[i]));
    if (begins) end_item();
    if (!begins) item += text[i];
  }
  end_item();
  return out;
}

bool begins_grid(const std::vector<Line>& lines, std::size_t at) {
  const auto tabs = [](const Line& line) { return std::count(line.text.begin(), line.text.end(), U'\t'); };
  return tabs(lines[at]) >= 2 && at + 1 < lines.size() && !lines[at + 1].blank_before && tabs(lines[at + 1]) == tabs(lines[at]);
}

Table read_table(const std::vector<Line>& lines, std::size_t at) {
  if (is_barred(lines[at].text)) return read_barred_table(lines, at);
  if (lines[at].text.find(U"<table") != std::u32string::npos) return read_html_table(lines, at);
  return has_cells(lines[at]) ? read_tab_table(lines, at) : read_aligned_table(lines, at);
}

}  // namespace sekisho::clauses
