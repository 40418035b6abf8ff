// Lines of running text to blocks: headings, clauses, list items and paragraphs, with labels (outline.h). Pure.
#pragma once
#include <string_view>
#include <vector>

#include "files/model.h"
#include "files/outline.h"

namespace sekisho::files {

enum class Wrapping {
  none,   // every line is a paragraph (Word, Markdown)
  hard,   // a full line goes on in the next one (plain text); the line end stays in the text
  joined  // as hard, and the line end is removed (PDF)
};

class LineBlocks {
 public:
  LineBlocks(std::vector<Block>& out, Wrapping wrapping) : out_(out), wrapping_(wrapping) {}
  // A whole text; labels go on from the text before.
  void add(std::string_view text, std::uint32_t page);

 private:
  struct Entry {
    std::string_view line;
    Line mark;
    bool blank_before = false;
  };
  void emit(const Entry& entry, const Line& next, std::uint32_t page);
  bool continues(const Entry& previous, const Entry& entry) const;

  std::vector<Block>& out_;
  Wrapping wrapping_;
  Labels labels_;
  bool titled_ = false;          // an article title has just been emitted
  Mark list_mark_ = Mark::none;  // of the list item just emitted, if it was one
};

// The first line of a text that names itself becomes its level 1 heading.
void promote_title(std::vector<Block>& blocks);
// Paragraphs and list items that read like titles (1 目的, 【注意】, ■ 手続) become headings, where the format named no heading itself.
// Does nothing when there is already a heading other than 章, 条 and the like, which stand on a level of their own.
void promote_headings(std::vector<Block>& blocks);

}  // namespace sekisho::files
