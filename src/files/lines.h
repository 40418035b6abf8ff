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
  bool titled_ = false;  // an article title has just been emitted
};

}  // namespace sekisho::files
