#include "files/lines.h"

#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::uint64_t kFullLine = 30;  // characters from which a line may be wrapped by width rather than ended by its writer
constexpr std::size_t kMaxParagraphBytes = 64 * 1024;

bool ends_sentence(std::string_view line) {
  for (const std::string_view end : {"。", "．", "！", "？", "」", "）", "：", ":", ".", ";"})
    if (line.ends_with(end)) return true;
  return false;
}

bool is_ascii_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ','; }

// One line at a time, "\n" excluded.
bool next_line(std::string_view& text, std::string_view& line) {
  if (text.empty()) return false;
  const std::size_t end = text.find('\n');
  line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return true;
}

bool is_own_heading(const Block& block) {
  if (block.kind != Kind::heading) return false;
  const Mark mark = classify_line(block.text).mark;
  return mark != Mark::division && mark != Mark::article_title;
}

}  // namespace

void promote_title(std::vector<Block>& blocks) {
  if (blocks.size() < 2 || blocks[0].kind != Kind::paragraph || blocks[0].page != blocks[1].page) return;
  const std::string_view text = blocks[0].text;
  // Many letters begin with a date, a number or an addressee.
  for (const std::string_view end : {"日", "号", "様", "殿", "御中", "各位", "現在"})
    if (text.ends_with(end)) return;
  if (count_code_points(text) < 3 || !looks_like_title(text) || text.find('\n') != std::string_view::npos) return;
  blocks[0].kind = Kind::heading;
  blocks[0].level = 1;
}

void promote_headings(std::vector<Block>& blocks) {
  if (std::any_of(blocks.begin(), blocks.end(), is_own_heading)) return;
  Mark before = Mark::none;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Block& block = blocks[i];
    const Mark previous = std::exchange(before, Mark::none);
    if (block.kind != Kind::paragraph && block.kind != Kind::list_item) continue;
    const Line line = classify_line(block.text);
    before = line.mark;
    // Inside an article, numbers are 項 and 号, which are body text.
    if (line.mark == Mark::none || line.mark == Mark::article_title || block.label.find("条") != std::string::npos) continue;
    const Line next = i + 1 < blocks.size() && blocks[i + 1].kind != Kind::table_row ? classify_line(blocks[i + 1].text) : Line{};
    if ((previous == line.mark && line.mark != Mark::symbol) || !is_heading(line, next)) continue;
    before = Mark::none;
    block.kind = Kind::heading;
    block.level = line.level;
  }
}

bool LineBlocks::continues(const Entry& previous, const Entry& entry) const {
  if (wrapping_ == Wrapping::none || entry.blank_before || entry.mark.mark != Mark::none) return false;
  if (previous.line.size() < kFullLine || ends_sentence(trim(previous.line)) || count_code_points(previous.line) < kFullLine) return false;
  std::size_t at = 0;
  if (wrapping_ == Wrapping::hard && is_blank(next_code_point(entry.line, at))) return false;  // an indent begins a paragraph
  return out_.back().kind != Kind::heading && out_.back().text.size() < kMaxParagraphBytes;
}

void LineBlocks::emit(const Entry& entry, const Line& next, std::uint32_t page) {
  Block block;
  block.page = page;
  block.text = trim(entry.line);
  block.label = labels_.enter(entry.mark);
  if (entry.mark.mark == Mark::article_title && next.mark == Mark::article) {
    // The title stands before its article and bears its number.
    Labels ahead = labels_;
    block.label = ahead.enter(next);
  }
  const bool body_of_article = entry.mark.level > 2 && entry.mark.mark != Mark::division && entry.mark.mark != Mark::article_title &&
                               entry.mark.mark != Mark::symbol && block.label.find("条") != std::string::npos;
  // The last of several siblings is no title, whatever follows it.
  const bool in_list = list_mark_ == entry.mark.mark && entry.mark.mark != Mark::none && entry.mark.mark != Mark::symbol;
  if (!body_of_article && !in_list && is_heading(entry.mark, next)) {
    block.kind = Kind::heading;
    block.level = entry.mark.level;
  } else if (entry.mark.mark == Mark::article) {
    block.kind = titled_ ? Kind::paragraph : Kind::clause;
    block.level = entry.mark.level;
  } else if (entry.mark.mark != Mark::none && entry.mark.mark != Mark::article_title) {
    block.kind = Kind::list_item;
    block.level = entry.mark.level > 6 ? static_cast<std::uint8_t>(entry.mark.level - 5) : 1;
  }
  list_mark_ = block.kind == Kind::list_item ? entry.mark.mark : Mark::none;
  titled_ = block.kind == Kind::heading && entry.mark.mark == Mark::article_title;
  out_.push_back(std::move(block));
}

void LineBlocks::add(std::string_view text, std::uint32_t page) {
  Entry previous;
  Entry current;
  bool has_current = false;
  bool has_previous = false;
  bool blank = false;
  const auto flush = [&](const Line& next) {
    if (!has_current) return;
    if (has_previous && continues(previous, current)) {
      std::string& whole = out_.back().text;
      const std::string_view line = trim(current.line);
      if (wrapping_ == Wrapping::hard) whole.push_back('\n');
      if (wrapping_ == Wrapping::joined && is_ascii_word(whole.back()) && is_ascii_word(line.front())) whole.push_back(' ');
      whole.append(line);
    } else {
      emit(current, next, page);
    }
    previous = current;
    has_previous = true;
  };
  std::string_view line;
  while (next_line(text, line)) {
    if (trim(line).empty()) {
      blank = true;
      continue;
    }
    Entry entry{line, classify_line(line), blank};
    blank = false;
    flush(entry.mark);
    current = std::move(entry);
    has_current = true;
  }
  flush({});
}

}  // namespace sekisho::files
