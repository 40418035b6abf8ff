#include "clauses/lines.h"

#include <algorithm>
#include <array>
#include <map>

#include "clauses/label.h"
#include "clauses/prose.h"
#include "text/utf8.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kHeadRepeats = 4;     // a line that stands on this many pages is a running head
constexpr std::size_t kMaxHeadLength = 40;  // code points
constexpr std::size_t kMaxCaption = 30;     // code points, with its brackets
constexpr std::uint32_t kMaxPage = 2000;
constexpr std::uint32_t kMaxPageGap = 3;
constexpr std::size_t kSurelyPages = 3;
constexpr std::size_t kLeastPage = 200;     // code points between two page numbers
constexpr std::uint32_t kCentred = 16;  // columns before a number in the middle of its line

bool one_of(std::u32string_view set, char32_t c) { return set.find(c) != std::u32string_view::npos; }
bool is_digit(char32_t c) { return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９'); }

struct PageNumber {
  std::uint32_t value = 0;
  bool certain = false;  // dashes, ページ, 3/12
};

// "- 3 -", "－３－", "3/12", "12ページ", "P.3"; a bare number is uncertain.
PageNumber read_page_number(std::u32string_view text) {
  const std::u32string line = squeezed(text);
  std::size_t i = 0;
  bool certain = false;
  while (i < line.size() && one_of(U"-‐‑–—―−ー~〜", line[i])) {
    ++i;
    certain = true;
  }
  if (i + 1 < line.size() && (line[i] == U'P' || line[i] == U'p') && (line[i + 1] == U'.' || is_digit(line[i + 1]))) {
    i += line[i + 1] == U'.' ? 2 : 1;
    certain = true;
  }
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; i < line.size() && is_digit(line[i]) && digits < 5; ++i, ++digits) value = value * 10 + (line[i] - U'0');
  if (digits == 0 || value == 0 || value > kMaxPage) return {};
  const std::u32string_view rest = std::u32string_view(line).substr(i);
  if (rest.empty()) return {value, certain};
  if (rest == U"ページ" || rest == U"頁") return {value, true};
  bool tail = certain || rest[0] == U'/';
  for (std::size_t k = 0; k < rest.size(); ++k) tail = tail && (one_of(U"-‐‑–—―−ー~〜", rest[k]) || (rest[0] == U'/' && (k == 0 || is_digit(rest[k]))));
  return tail ? PageNumber{value, true} : PageNumber{};
}

// Bytes of "- " or "• " before its space. A sign that is not a bullet everywhere (○, ・, ■) is one before a number: ・(1).
std::size_t bullet_length(std::string_view content) {
  for (const std::string_view sign : {"-", "*", "+", "•", "◦", "▪", "‣"})
    if (content.starts_with(sign) && (content.substr(sign.size()).starts_with(' ') || content.substr(sign.size()).starts_with("　"))) return sign.size();
  for (const std::string_view sign : {"・", "○", "●", "■", "□", "◆", "◇"}) {
    if (!content.starts_with(sign)) continue;
    const auto labels = read_labels(decode(content.substr(sign.size())));
    return !labels.empty() && labels.front().text.starts_with('(') ? sign.size() : 0;
  }
  return 0;
}

// What Markdown draws and nobody reads: "---", "|---|:--|", an empty row of a table.
bool is_drawn(std::string_view content) {
  const bool cells = content.starts_with('|');
  if (content.size() < 3 || content.find_first_not_of(cells ? "|-: " : content.substr(0, 1)) != std::string_view::npos) return false;
  return cells || content[0] == '-' || content[0] == '*' || content[0] == '_' || content[0] == '=';
}

// Leaves out the name of a heading for links: "## 目的 {#purpose}".
void strip_heading_name(std::string_view source, Line& line, std::vector<Span>& noise) {
  const std::string_view content = source.substr(line.begin, line.end - line.begin);
  const std::size_t name = content.rfind("{#");
  if (!content.ends_with('}') || name == std::string_view::npos || name == 0 || content.find('}', name) + 1 != content.size()) return;
  noise.push_back({line.begin + static_cast<std::uint32_t>(name), line.end});
  line.end = line.begin + static_cast<std::uint32_t>(name);
  while (line.end > line.begin && source[line.end - 1] == ' ') --line.end;
}

// Moves the beginning behind "## " and "- ", and says which it was.
void strip_markers(std::string_view source, Line& line, std::vector<Span>& noise) {
  for (int round = 0; round < 2; ++round) {
    const std::string_view content = source.substr(line.begin, line.end - line.begin);
    if (content.size() < kMaxHeadLength && read_page_number(decode(content)).certain) return;  // - 3 -
    std::size_t n = 0;
    if (content.starts_with('#')) {
      while (n < content.size() && content[n] == '#') ++n;
      if (n > 6 || n >= content.size() || content[n] != ' ') return;
      line.heading = true;
    } else if (const std::size_t bullet = bullet_length(content); bullet > 0) {
      n = bullet;
      line.marker = true;
    } else {
      return;
    }
    noise.push_back({line.begin, line.begin + static_cast<std::uint32_t>(n)});
    line.begin += static_cast<std::uint32_t>(n);
    while (line.begin < line.end && (source[line.begin] == ' ' || source.substr(line.begin).starts_with("　"))) line.begin += source[line.begin] == ' ' ? 1U : 3U;
  }
}

// Splits at "\n" and form feeds, trims white space.
std::vector<Line> split(std::string_view source, std::vector<Span>& noise) {
  std::vector<Line> out;
  const bool paged = source.find('\f') != std::string_view::npos;
  std::uint32_t number = 1;
  std::uint32_t page = paged ? 1 : 0;
  bool blank = true;
  bool page_break = false;
  std::size_t at = 0;
  while (at <= source.size()) {
    std::size_t end = source.find_first_of("\n\f", at);
    const bool feed = end != std::string_view::npos && source[end] == '\f';
    if (end == std::string_view::npos) end = source.size();
    Line line;
    std::size_t begin = end;
    std::size_t stop = end;
    for (std::size_t i = at; i < end;) {
      const std::size_t start = i;
      const char32_t c = text::decode_utf8(source, i);
      if (is_space(c) || c == U'\uFEFF') {
        if (begin == end) line.indent += c == U'\u3000' ? 2 : 1;
        continue;
      }
      if (begin == end) begin = start;
      stop = i;
    }
    line.begin = static_cast<std::uint32_t>(begin);
    line.end = static_cast<std::uint32_t>(stop);
    line.number = number;
    line.page = page;
    const bool drawn = line.begin < line.end && is_drawn(source.substr(line.begin, line.end - line.begin));
    if (drawn) noise.push_back({line.begin, line.end});
    if (line.begin < line.end && !drawn) strip_markers(source, line, noise);
    if (line.heading) strip_heading_name(source, line, noise);
    if (drawn) {
      // As if it were not there: the row below it goes on with the row above it.
    } else if (line.begin < line.end) {
      line.blank_before = blank;
      line.page_break_before = page_break;
      line.text = decode(source.substr(line.begin, line.end - line.begin));
      out.push_back(std::move(line));
      blank = page_break = false;
    } else {
      blank = true;
    }
    if (feed) {
      ++page;
      page_break = true;
    } else {
      ++number;
    }
    at = end + 1;
  }
  return out;
}

bool at_page_edge(const std::vector<Line>& lines, std::size_t i) {
  return lines[i].page_break_before || i + 1 == lines.size() || lines[i + 1].page_break_before || i == 0;
}

bool is_alone(const std::vector<Line>& lines, std::size_t i) { return lines[i].blank_before && (i + 1 == lines.size() || lines[i + 1].blank_before); }

// Numbers alone on their lines, in a source without form feeds, number its pages when they rise and a page's text lies between them. Where one
// does not, they are numbers of clauses: 2 | 定義. So are one or two that do not begin at 1: the second paragraph of an article.
bool lone_numbers_are_pages(const std::vector<Line>& lines) {
  std::uint32_t last = 0;
  std::uint32_t first = 0;
  std::size_t count = 0;
  std::size_t letters = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const PageNumber number = read_page_number(lines[i].text);
    if (number.value == 0 || number.certain || lines[i].page > 0 || !is_alone(lines, i)) {
      letters += lines[i].text.size();
      continue;
    }
    if (number.value <= last || number.value > last + kMaxPageGap || letters < kLeastPage) return false;
    last = number.value;
    first = first == 0 ? last : first;
    letters = 0;
    ++count;
  }
  return first == 1 || count >= kSurelyPages;
}

// Page numbers rise through the document, one at most on each page of a source with form feeds.
void drop_page_numbers(std::vector<Line>& lines, Source& out) {
  const bool lone = lone_numbers_are_pages(lines);
  std::uint32_t last = 0;
  std::vector<Line> kept;
  bool dropped = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    const PageNumber number = read_page_number(line.text);
    const bool alone = is_alone(lines, i);
    const bool fits = number.value > last && number.value <= last + kMaxPageGap;
    const bool centred = line.blank_before && line.indent >= kCentred;
    const bool edge = centred || (line.page == 0 ? alone && lone : at_page_edge(lines, i));
    if (number.value > 0 && (number.certain ? edge || alone || fits : edge && fits)) {
      last = number.value;
      out.noise.push_back({line.begin, line.end});
      out.repairs.push_back({line.number, "page-number", encode(line.text), "", kNoParent});
      dropped = true;
      continue;
    }
    if (dropped) {
      line.page_break_before = true;
      dropped = false;
    }
    kept.push_back(std::move(line));
  }
  lines = std::move(kept);
}

// The same short line at the edge of many pages; the first one stays.
void drop_running_heads(std::vector<Line>& lines, Source& out) {
  const auto could_be = [&](std::size_t i) {
    const Line& line = lines[i];
    return line.text.size() <= kMaxHeadLength && !ends_sentence(line.text) && at_page_edge(lines, i) && read_labels(line.text).empty();
  };
  std::map<std::u32string, std::size_t> seen;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (could_be(i)) ++seen[squeezed(lines[i].text)];
  std::vector<Line> kept;
  std::map<std::u32string, bool> first;
  bool dropped = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::u32string key = squeezed(lines[i].text);
    if (could_be(i) && seen[key] >= kHeadRepeats && first[key]) {
      out.noise.push_back({lines[i].begin, lines[i].end});
      out.repairs.push_back({lines[i].number, "running-head", encode(lines[i].text), "", kNoParent});
      dropped = true;
      continue;
    }
    first[key] = true;
    kept.push_back(lines[i]);
    if (dropped) kept.back().page_break_before = true;
    dropped = false;
  }
  lines = std::move(kept);
}

// 目　　次 comes out of some files as two lines of one letter, and 附　　則 too.
void join_spaced_headings(std::vector<Line>& lines, Source& out) {
  static constexpr std::array<std::u32string_view, 3> kHeadings = {U"目次", U"附則", U"付則"};
  std::vector<Line> joined;
  for (Line& line : lines) {
    const bool single = line.text.size() == 1 && !joined.empty() && joined.back().text.size() == 1;
    if (single && std::find(kHeadings.begin(), kHeadings.end(), joined.back().text + line.text) != kHeadings.end()) {
      Line& first = joined.back();
      out.repairs.push_back({first.number, "line-break", encode(first.text) + "\n" + encode(line.text), encode(first.text + line.text), kNoParent});
      first.text += line.text;
      first.end = line.end;
      continue;
    }
    joined.push_back(std::move(line));
  }
  lines = std::move(joined);
}

// Where a caption begins that was printed at the end of the line above its article: 「…とする。（見直し）」, 「第2章 管理（範囲）」. 0: nowhere.
std::size_t caption_at(const Line& line, const Line& next) {
  const std::u32string& text = line.text;
  if (text.empty() || !one_of(U"）)", text.back())) return 0;
  const std::size_t open = text.find_last_of(U"（(");
  if (open == std::u32string::npos || open == 0 || text.size() - open > kMaxCaption || text.find_first_of(U"）)", open) + 1 != text.size()) return 0;
  const auto article = read_labels(next.text);
  if (article.empty() || article.front().family != Family::article || article.front().rest >= next.text.size() || one_of(U"（(", next.text[article.front().rest])) return 0;
  const auto own = read_labels(text);
  const bool heading = !own.empty() && is_structure(own.front().family) && is_space(text[open - 1]);
  return (text[open - 1] == U'。' || heading) && text.find(U'。', open) == std::u32string::npos ? open : 0;
}

void free_captions(std::vector<Line>& lines, Source& out) {
  std::vector<Line> freed;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    freed.push_back(std::move(lines[i]));
    const std::size_t at = i + 1 < lines.size() ? caption_at(freed.back(), lines[i + 1]) : 0;
    if (at == 0) continue;
    Line& line = freed.back();
    Line caption = line;
    caption.text = line.text.substr(at);
    caption.begin = line.begin + static_cast<std::uint32_t>(encode(line.text.substr(0, at)).size());
    caption.blank_before = caption.page_break_before = caption.marker = caption.heading = false;
    out.repairs.push_back({line.number, "line-break", encode(line.text.substr(at - 1)), encode(line.text.substr(at - 1, 1)) + "\n" + encode(caption.text), kNoParent});
    line.text.resize(at);
    while (is_space(line.text.back())) line.text.pop_back();
    line.end = line.begin + static_cast<std::uint32_t>(encode(line.text).size());
    freed.push_back(std::move(caption));
  }
  lines = std::move(freed);
}

}  // namespace

Source read_lines(std::string_view source) {
  Source out;
  out.lines = split(source, out.noise);
  drop_page_numbers(out.lines, out);
  drop_running_heads(out.lines, out);
  join_spaced_headings(out.lines, out);
  free_captions(out.lines, out);
  return out;
}

bool has_date(std::u32string_view text) {
  const std::u32string line = squeezed(text);
  const auto year = line.find(U'年');
  if (year == std::u32string::npos || year == 0) return false;
  const bool counted = is_digit(line[year - 1]) || line[year - 1] == U'元' || one_of(U"〇一二三四五六七八九十", line[year - 1]);
  return counted && line.find(U'月', year) != std::u32string::npos;
}

bool is_date_line(std::u32string_view text) {
  std::u32string line = squeezed(text);
  if (!has_date(line) || line.size() > 30) return false;
  static constexpr std::array<std::u32string_view, 12> kWords = {U"令和", U"平成", U"昭和", U"策定", U"制定", U"改定", U"改正", U"改訂", U"施行", U"一部", U"全部", U"元"};
  for (const auto word : kWords)
    for (auto at = line.find(word); at != std::u32string::npos; at = line.find(word)) line.erase(at, word.size());
  for (const char32_t c : line)
    if (!is_digit(c) && !one_of(U"年月日〇一二三四五六七八九十（）()版第.．", c)) return false;
  return true;
}

}  // namespace sekisho::clauses
