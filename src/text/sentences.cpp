#include "text/sentences.h"

#include "text/characters.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

constexpr std::u32string_view kOpen = U"「『（(【〔";
constexpr std::u32string_view kClose = U"」』）)】〕";

bool is_space(char32_t c) { return char_class(c) == CharClass::space || c == U'\n' || c == U'\r'; }
bool is_weak_mark(char32_t c) { return c == U'．' || c == U'!' || c == U'?'; }
bool is_mark(char32_t c) { return c == U'。' || c == U'｡' || c == U'！' || c == U'？' || is_weak_mark(c); }

struct Position {
  std::size_t byte = 0;
  std::size_t code_point = 0;
};

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<Sentence> run() {
    while (at_.byte < text_.size()) {
      const char32_t c = next();
      if (c == U'\n') {
        depth_ = 0;
        close();
        continue;
      }
      if (!is_space(c)) note(c);
      if (kOpen.find(c) != kOpen.npos) ++depth_;
      if (kClose.find(c) != kClose.npos && depth_ > 0) --depth_;
      const bool closes_bracket = depth_ == 0 && kClose.find(c) != kClose.npos && mark_inside_ && !c_is_quote(c);
      if (is_mark(c) && depth_ > 0) mark_inside_ = true;
      if ((is_mark(c) && depth_ == 0 && ends_here(c)) || (closes_bracket && opened_by_bracket_)) {
        take_trailing();
        close();
      }
    }
    close();
    return std::move(out_);
  }

 private:
  static bool c_is_quote(char32_t c) { return c == U'」' || c == U'』'; }

  char32_t next() {
    before_ = at_;
    ++at_.code_point;
    return decode_utf8(text_, at_.byte);
  }

  // Marks the visible range of the sentence being read.
  void note(char32_t c) {
    if (!open_) {
      open_ = true;
      begin_ = before_;
      opened_by_bracket_ = kOpen.find(c) != kOpen.npos;
      mark_inside_ = false;
    }
    end_ = at_;
  }

  bool ends_here(char32_t mark) const {
    if (!is_weak_mark(mark) || at_.byte >= text_.size()) return true;
    std::size_t peek = at_.byte;
    const CharClass following = char_class(decode_utf8(text_, peek));
    return following != CharClass::digit && following != CharClass::latin;
  }

  void take_trailing() {
    while (at_.byte < text_.size()) {
      const Position saved = at_;
      const char32_t c = next();
      if (!is_mark(c) && kClose.find(c) == kClose.npos) {
        at_ = saved;
        return;
      }
      end_ = at_;
    }
  }

  void close() {
    if (open_) out_.push_back({begin_.code_point, end_.code_point, text_.substr(begin_.byte, end_.byte - begin_.byte)});
    open_ = false;
  }

  std::string_view text_;
  std::vector<Sentence> out_;
  Position at_, before_, begin_, end_;
  int depth_ = 0;
  bool open_ = false;
  bool opened_by_bracket_ = false;
  bool mark_inside_ = false;
};

}  // namespace

std::vector<Sentence> split_sentences(std::string_view utf8) { return Splitter(utf8).run(); }

}  // namespace sekisho::text
