// Puts a document together line by line: which clause is open, what its paragraphs are, what was repaired. Used by parse.cpp alone.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clauses/lines.h"
#include "clauses/model.h"
#include "clauses/outline.h"
#include "clauses/prose.h"
#include "clauses/tables.h"

namespace sekisho::clauses {

class Builder {
 public:
  Builder(std::string_view source, Source lines);

  const std::vector<Line>& lines() const { return lines_; }
  const Line& line(std::size_t at) const { return lines_[at]; }
  const Prose& prose() const { return prose_; }
  const Outline& outline() const { return outline_; }
  const std::vector<Label>& labels(std::size_t at) const { return labels_[at]; }

  void begin_part();
  std::uint32_t part() const { return part_; }
  bool body_begun() const { return body_begun_; }
  bool numbered() const { return numbered_; }  // the part has numbered clauses already

  // A clause that is no numbered one; it becomes the open one.
  int add(Kind kind, std::string label, std::size_t at, int parent);
  // The clause of the label, where the outline puts it.
  int add_labelled(const Placement& placement, const Label& printed, std::size_t at);
  // Text of the line from `from` (code points) on: joined to the open clause's last paragraph when it is torn, else a paragraph of its own.
  void add_text(std::size_t at, std::size_t from);
  // The whole line belongs to the clause, without being shown as text.
  void add_span(std::size_t at, int clause);
  void add_paragraph(int clause, std::u32string text);
  void caption(std::size_t at);  // 「（目的）」 above an article
  void head(std::size_t at);     // the line is the title of the open clause
  void add_table(const Table& table);
  void end_lists() { outline_.clear(); }

  int open_clause() const { return open_; }
  // The text that is open reads on beyond this line.
  bool unfinished(std::size_t at) const;
  // Text without a number stands behind the last numbered line.
  bool list_interrupted() const;
  // A placement that the text before the line allows.
  bool plausible(const Placement& placement, std::size_t at) const;
  Outline::Ahead ahead_of(std::size_t at) const;
  void repair(std::uint32_t line, std::string kind, std::string from, std::string to);

  Document finish();

 private:
  struct Draft {
    std::vector<std::u32string> paragraphs;
    std::u32string last_line;
    bool labelled_line = false;  // the first paragraph stands on the label's line
    bool keep_lines = false;     // front matter: each line for itself
    bool headed = false;         // 附則, 別表: the first line is a heading, nothing goes on with it
    Family family = Family::number;
  };

  static bool is_heading(const Draft& draft) { return draft.labelled_line && draft.paragraphs.size() == 1; }
  static bool is_closed(const Draft& draft) { return draft.keep_lines || draft.paragraphs.empty() || (draft.headed && draft.paragraphs.size() == 1); }
  std::u32string cleaned(std::size_t at, std::size_t from);
  bool repeats_tail(const Draft& draft, std::u32string_view text) const;
  void join(Draft& draft, std::size_t at, const std::u32string& text);
  void add_row(const Table& table, const TableRow& row, std::vector<std::size_t>& counts, int parent);
  bool is_below_article(const Clause& clause) const;
  void settle(std::size_t index, bool has_children);
  double attributed() const;

  std::string_view source_;
  std::vector<Line> lines_;
  std::vector<std::vector<Label>> labels_;
  Prose prose_;
  Outline outline_;
  Document document_;
  std::vector<Draft> drafts_;
  static constexpr std::size_t kBoundary = static_cast<std::size_t>(-1);
  std::vector<std::size_t> label_lines_;  // lines that bear labels, in order; kBoundary where a table of contents or 附則 stands between
  std::vector<std::size_t> label_place_;  // where in label_lines_ a line with labels stands
  std::vector<std::size_t> captions_;  // lines that wait for their article
  int open_ = kNoParent;
  int root_ = kNoParent;  // 附則 or 別表 that holds what follows
  std::uint32_t part_ = 0;
  bool body_begun_ = false;
  bool numbered_ = false;
};

}  // namespace sekisho::clauses
