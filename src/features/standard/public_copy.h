// What the public reads of a version: the tree without what is withheld, as a page, a PDF and plain text. Pure but for the PDF's font file.
//
// Of a withheld clause its number stays, with （非公開） and none of its words; nothing stands for what is below it. A table's row, an item and an annex
// are named by words, so that not even their names stay. The printed table of contents is left out: it repeats titles, and the page makes its own.
// The page keeps to JIS X 8341-3 level AA: language, headings without gaps, landmarks, a link past the contents, contrast, no script.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "features/standard/table.h"

namespace sekisho::standard {

struct PublicClause {
  static constexpr const char* kSchemaName = "PublicClause";
  ClauseId id;
  std::optional<ClauseId> parent;
  std::string kind;
  std::string ref;
  std::string label;
  std::string title;
  std::string text;
  bool withheld = false;
  int depth = 0;
};
BOOST_DESCRIBE_STRUCT(PublicClause, (), (id, parent, kind, ref, label, title, text, withheld, depth))

struct PublicCopy {
  std::string title;
  int number = 1;
  std::string effective_on;
  std::vector<PublicClause> clauses;
};

// For each clause: is it withheld, by itself or by one above it?
std::vector<bool> hidden_in(const Content& content, const std::set<ClauseId>& withheld);
PublicCopy public_copy(const Content& content, const std::set<ClauseId>& withheld, std::string effective_on);
std::string public_html(const PublicCopy& copy);
std::string public_text(const PublicCopy& copy);
// unavailable "font.missing".
Result<std::string> public_pdf(const PublicCopy& copy);

}  // namespace sekisho::standard
