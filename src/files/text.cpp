// Plain text and Markdown.
#include "files/extract.h"
#include "files/lines.h"
#include "files/table.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string_view strip_indent(std::string_view line) {
  const std::size_t from = line.find_first_not_of(" \t");
  return from == std::string_view::npos ? std::string_view{} : line.substr(from);
}

// Links and images become their text; emphasis and code marks go.
std::string plain_inline(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '!' && i + 1 < text.size() && text[i + 1] == '[') continue;
    if (c == '[') {
      const std::size_t close = text.find("](", i);
      const std::size_t end = close == std::string_view::npos ? close : text.find(')', close);
      if (end != std::string_view::npos && text.substr(i, close - i).find('\n') == std::string_view::npos) {
        out.append(text.substr(i + 1, close - i - 1));
        i = end;
        continue;
      }
    }
    if (c == '`' || (c == '*' && i + 1 < text.size() && text[i + 1] == '*')) {
      i += c == '*' ? 1 : 0;
      continue;
    }
    if (c == '\\' && i + 1 < text.size() && std::ispunct(static_cast<unsigned char>(text[i + 1])) != 0) continue;
    out.push_back(c);
  }
  return out;
}

class Markdown {
 public:
  explicit Markdown(Extracted& out) : out_(out) {}

  void read(std::string_view text) {
    while (!text.empty()) line(take_line(text));
    flush_paragraph();
    flush_table();
  }

 private:
  void line(std::string_view raw) {
    const std::string_view text = strip_indent(raw);
    if (text.starts_with("```") || text.starts_with("~~~")) {
      flush_paragraph();
      fenced_ = !fenced_;
    } else if (fenced_) {
      add(Kind::paragraph, 0, std::string(raw));
    } else if (text.starts_with('|')) {
      flush_paragraph();
      table_row(text);
    } else {
      flush_table();
      prose(raw, text);
    }
  }

  void prose(std::string_view raw, std::string_view text) {
    const std::size_t hashes = std::min(text.find_first_not_of('#'), text.size());
    const bool rule = text.find_first_not_of("-*_= ") == std::string_view::npos && text.size() >= 3;
    if (text.empty()) {
      flush_paragraph();
    } else if (hashes >= 1 && hashes <= 6 && (hashes == text.size() || text[hashes] == ' ' || text[hashes] == '\t')) {
      flush_paragraph();
      std::string_view title = trim(text.substr(hashes));
      while (title.ends_with('#')) title.remove_suffix(1);
      heading(static_cast<std::uint8_t>(hashes), title);
    } else if (rule && !paragraph_.empty() && (text[0] == '=' || text[0] == '-')) {
      const std::string title = std::exchange(paragraph_, {});
      heading(text[0] == '=' ? 1 : 2, title);
    } else if (rule) {
      flush_paragraph();
    } else if (const std::size_t mark = list_mark(text); mark > 0) {
      flush_paragraph();
      const auto depth = static_cast<std::uint8_t>(std::min<std::size_t>(1 + (raw.size() - text.size()) / 2, 9));
      add(Kind::list_item, depth, plain_inline(text));
    } else {
      if (!paragraph_.empty()) paragraph_.push_back('\n');
      paragraph_.append(text.starts_with("> ") ? text.substr(2) : text);
    }
  }

  static std::size_t list_mark(std::string_view text) {
    if (text.size() > 2 && (text[0] == '-' || text[0] == '*' || text[0] == '+') && text[1] == ' ') return 2;
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos || digits > 9) return 0;
    return (text[digits] == '.' || text[digits] == ')') && digits + 1 < text.size() && text[digits + 1] == ' ' ? digits + 2 : 0;
  }

  void table_row(std::string_view text) {
    Row row;
    text.remove_prefix(1);
    if (text.find_first_not_of("|-: \t") == std::string_view::npos) {
      table_.header = Header::first_row;
      return;
    }
    while (!text.empty()) {
      const std::size_t bar = text.find('|');
      row.push_back(plain_inline(trim(text.substr(0, bar))));
      text.remove_prefix(bar == std::string_view::npos ? text.size() : bar + 1);
    }
    table_.rows.push_back(std::move(row));
  }

  void heading(std::uint8_t level, std::string_view title) {
    const std::string text = plain_inline(trim(title));
    if (text.empty()) return;
    const Line line = classify_line(text);
    Block& block = add(Kind::heading, level, text);
    block.label = labels_.enter(line);
    if (out_.title.empty()) out_.title = text;
  }

  Block& add(Kind kind, std::uint8_t level, std::string text) {
    Block& block = out_.blocks.emplace_back();
    block.kind = kind;
    block.level = level;
    block.text = std::move(text);
    block.label = labels_.current();
    return block;
  }

  void flush_paragraph() {
    if (paragraph_.empty()) return;
    const std::string text = plain_inline(std::exchange(paragraph_, {}));
    const Line line = classify_line(text);
    labels_.enter(line);
    add(line.mark == Mark::article ? Kind::clause : Kind::paragraph, line.mark == Mark::article ? line.level : 0, text);
  }

  void flush_table() {
    if (!table_.rows.empty()) {
      table_.label = labels_.current();
      append_table(table_, out_.blocks);
    }
    table_ = {};
  }

  Extracted& out_;
  Labels labels_;
  std::string paragraph_;
  Table table_;
  bool fenced_ = false;
};

}  // namespace

Result<Extracted> extract_plain(std::string_view utf8) {
  Extracted out;
  out.type = Type::txt;
  LineBlocks lines(out.blocks, Wrapping::hard);
  lines.add(utf8, 0);
  promote_title(out.blocks);
  return out;
}

Result<Extracted> extract_markdown(std::string_view utf8) {
  Extracted out;
  out.type = Type::md;
  Markdown(out).read(utf8);
  return out;
}

}  // namespace sekisho::files
