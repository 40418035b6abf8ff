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

}  // namespace

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
  if (is_heading(entry.mark, next)) {
    block.kind = Kind::heading;
    block.level = entry.mark.level;
  } else if (entry.mark.mark == Mark::article) {
    block.kind = titled_ ? Kind::paragraph : Kind::clause;
    block.level = entry.mark.level;
  } else if (entry.mark.mark != Mark::none && entry.mark.mark != Mark::article_title) {
    block.kind = Kind::list_item;
    block.level = entry.mark.level > 6 ? static_cast<std::uint8_t>(entry.mark.level - 5) : 1;
  }
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
