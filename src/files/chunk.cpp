#include "files/chunk.h"

#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr std::size_t kMaxHeadingCharacters = 120;

bool opens_section(const Block& block) { return block.kind == Kind::heading || block.kind == Kind::clause; }

std::string heading_of(const Block& block) {
  if (block.kind == Kind::clause) return block.label;
  std::string text = squeeze(block.text);
  for (const std::string_view mark : {"○", "■", "◆", "▼", "□", "◇", "◎", "- "})
    if (text.starts_with(mark) && text.size() > mark.size()) text = trim(std::string_view(text).substr(mark.size()));
  if (count_code_points(text) > kMaxHeadingCharacters) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < kMaxHeadingCharacters; ++i) next_code_point(text, at);
    text = text.substr(0, at) + "…";
  }
  // （目的） alone says little; 第1条（目的） says where.
  const bool article_title = (text.starts_with("（") || text.starts_with("(")) && block.label.starts_with("第");
  return article_title ? block.label + text : text;
}

// A piece that is not cut further: a sentence, a line, a table row.
struct Unit {
  Span span;
  bool opens_block = false;
  const Block* block = nullptr;
};

// Ends of sentences, with the closing brackets that belong to them.
bool is_sentence_end(char32_t c) { return c == U'。' || c == U'！' || c == U'？' || c == U'．' || c == U'!' || c == U'?'; }
bool is_closing(char32_t c) { return c == U'」' || c == U'』' || c == U'）' || c == U')' || c == U'】' || c == U'”'; }
bool is_soft_end(char32_t c) { return c == U'、' || c == U'，' || c == U'\n' || c == U' ' || c == U'　' || c == U'；' || c == U'|'; }

class Chunker {
 public:
  explicit Chunker(const Extracted& extracted) : extracted_(extracted) {}

  Chunked run() {
    std::size_t bytes = 0;
    for (const Block& block : extracted_.blocks) bytes += block.text.size() + 1;
    out_.text.reserve(bytes);
    const std::size_t count = extracted_.blocks.size();
    for (std::size_t i = 0; i < count; ++i) {
      const Block& block = extracted_.blocks[i];
      if (block.text.empty()) continue;
      if (!out_.text.empty()) append("\n");
      if (opens_section(block) || out_.sections.empty()) begin_section(block);
      place(block);
    }
    end_section(nullptr);
    out_.characters = at_;
    return std::move(out_);
  }

 private:
  Span here() const { return {at_, at_, out_.text.size(), out_.text.size()}; }
  void append(std::string_view text) {
    out_.text.append(text);
    at_ += count_code_points(text);
  }

  void begin_section(const Block& block) {
    end_section(&block);
    Section section;
    section.page = block.page;
    section.label = block.label;
    section.span = here();
    if (opens_section(block)) {
      section.heading = heading_of(block);
      section.level = block.level;
      while (!path_.empty() && path_.back().level >= block.level) path_.pop_back();
      path_.push_back({block.level, section.heading});
    }
    for (const Step& step : path_) section.path.push_back(step.heading);
    out_.sections.push_back(std::move(section));
  }

  // `next` is the block that opens the next section, or null at the end of the text.
  void end_section(const Block* next) {
    flush();
    if (out_.sections.empty()) return;
    Section& section = out_.sections.back();
    section.span.end = at_;
    section.span.end_byte = out_.text.size();
    // A heading above deeper headings lives in their paths; a heading with nothing at all below is found by its own words.
    const bool deeper = next != nullptr && next->level > section.level;
    if (!has_body_ && heading_.span.end > heading_.span.start && !deeper) {
      const Unit alone = heading_;
      sentences(alone.span, *alone.block);
      flush();
    }
    has_body_ = false;
    heading_ = {};
  }

  void place(const Block& block) {
    const Span from = here();
    append(block.text);
    const Span whole = trimmed({from.start, at_, from.start_byte, out_.text.size()});
    if (whole.end == whole.start) return;
    if (block.kind == Kind::heading) {
      heading_ = {whole, true, &block};
      return;
    }
    has_body_ = true;
    if (block.kind == Kind::table_row && whole.end - whole.start <= kMaxRowCharacters) {
      add({whole, true, &block});
    } else {
      sentences(whole, block);
    }
  }

  void sentences(const Span& whole, const Block& block) {
    Span current{whole.start, whole.start, whole.start_byte, whole.start_byte};
    Span soft{};  // the last place in `current` where a cut hurts least
    bool opens = true;
    const auto cut = [&](Span piece) {
      piece = trimmed(piece);
      if (piece.end > piece.start) add({piece, opens, &block});
      opens = false;
    };
    while (current.end_byte < whole.end_byte) {
      const char32_t c = next_code_point(out_.text, current.end_byte);
      ++current.end;
      if (is_soft_end(c)) soft = current;
      const bool full = current.end - current.start >= kMaxChunkCharacters;
      if (full && soft.end > current.start + kGoodChunkCharacters / 2) {
        cut({current.start, soft.end, current.start_byte, soft.end_byte});
        current.start = soft.end;
        current.start_byte = soft.end_byte;
      } else if (full || ends_here(c, current, whole)) {
        cut(current);
        current.start = current.end;
        current.start_byte = current.end_byte;
      }
      after_sentence_ = is_sentence_end(c) || (is_closing(c) && after_sentence_);
    }
    cut(current);
    after_sentence_ = false;
  }

  // Behind 。 unless a bracket closes next (（…できる。）。); behind such a bracket only where the line ends too (「…です。」と述べた goes
  // on).
  bool ends_here(char32_t c, const Span& current, const Span& whole) const {
    const bool closing = is_closing(c) && after_sentence_;
    if (!closing && !is_sentence_end(c)) return false;
    if (current.end_byte >= whole.end_byte) return true;
    std::size_t at = current.end_byte;
    const char32_t next = next_code_point(out_.text, at);
    if (closing) return is_blank(next);
    return !is_closing(next) && !is_sentence_end(next);
  }

  Span trimmed(Span span) const {
    while (span.start_byte < span.end_byte) {
      std::size_t next = span.start_byte;
      if (!is_blank(next_code_point(out_.text, next))) break;
      span.start_byte = next;
      ++span.start;
    }
    while (span.end_byte > span.start_byte) {
      std::size_t last = span.end_byte - 1;
      while (last > span.start_byte && (static_cast<unsigned char>(out_.text[last]) & 0xC0) == 0x80) --last;
      std::size_t next = last;
      if (!is_blank(next_code_point(out_.text, next))) break;
      span.end_byte = last;
      --span.end;
    }
    return span;
  }

  void add(const Unit& unit) {
    if (!units_.empty()) {
      const std::uint64_t so_far = units_.back().span.end - units_.front().span.start;
      const std::uint64_t with_it = unit.span.end - units_.front().span.start;
      const bool other_table = unit.block->context != units_.front().block->context ||
                               (unit.block->kind == Kind::table_row) != (units_.front().block->kind == Kind::table_row);
      const bool good_place = unit.opens_block || so_far >= (kGoodChunkCharacters + kMaxChunkCharacters) / 2;
      const bool other_page = unit.block->page != units_.front().block->page && so_far >= kGoodChunkCharacters / 2;
      if (with_it > kMaxChunkCharacters || other_page || (so_far >= kGoodChunkCharacters && good_place) ||
          (other_table && so_far >= kGoodChunkCharacters / 2))
        flush();
    }
    units_.push_back(unit);
  }

  void flush() {
    if (units_.empty()) return;
    const Unit& first = units_.front();
    const Span& last = units_.back().span;
    Chunk chunk;
    chunk.section = out_.sections.size() - 1;
    chunk.label = first.block->label;
    chunk.page = first.block->page;
    chunk.context = first.block->context;
    chunk.span = {first.span.start, last.end, first.span.start_byte, last.end_byte};
    out_.chunks.push_back(std::move(chunk));
    units_.clear();
  }

  struct Step {
    std::uint8_t level;
    std::string heading;
  };

  const Extracted& extracted_;
  Chunked out_;
  std::uint64_t at_ = 0;
  std::vector<Unit> units_;
  std::vector<Step> path_;
  Unit heading_;
  bool has_body_ = false;
  bool after_sentence_ = false;
};

}  // namespace

Chunked chunk(const Extracted& extracted) { return Chunker(extracted).run(); }

std::string path_text(const Section& section) {
  std::string out;
  for (const std::string& heading : section.path) {
    if (!out.empty()) out += " > ";
    out += heading;
  }
  return out;
}

}  // namespace sekisho::files
