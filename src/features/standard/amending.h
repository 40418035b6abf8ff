// Edits of a draft: clauses added, removed and moved, with their numbers (clauses/amend.h); and the 改め文 between two versions, as a draft that a
// person must read. Threads: the operations are thread-safe. Failures: policies.*, clauses.* keys.
#pragma once
#include "clauses/amending_text.h"
#include "features/standard/versions.h"

namespace sekisho::standard {

struct AddClauseIn {
  VersionId version;
  std::optional<ClauseId> after;  // behind this one, or
  std::optional<ClauseId> under;  // as the first below this one
  std::optional<Secret> title;    // words of a draft: read, never written, so that the record holds their hash alone
  std::optional<Secret> text;
  std::optional<std::string> numbering;  // shift (default), branch, keep
};
BOOST_DESCRIBE_STRUCT(AddClauseIn, (), (version, after, under, title, text, numbering))
struct RemoveClauseIn {
  VersionId version;
  ClauseId clause;
  std::optional<std::string> numbering;  // shift (default), keep
};
BOOST_DESCRIBE_STRUCT(RemoveClauseIn, (), (version, clause, numbering))
struct MoveClauseIn {
  VersionId version;
  ClauseId clause;
  std::optional<ClauseId> after;
  std::optional<ClauseId> under;
  std::optional<std::string> numbering;
};
BOOST_DESCRIBE_STRUCT(MoveClauseIn, (), (version, clause, after, under, numbering))

struct ProvisionView {
  static constexpr const char* kSchemaName = "AmendingProvision";
  std::string rule;
  std::vector<std::string> words;  // what it brings in, line by line
};
BOOST_DESCRIBE_STRUCT(ProvisionView, (), (rule, words))
struct AmendingTextIn {
  VersionId before;
  VersionId after;
  std::optional<std::string> format;  // docx: a file too
  std::optional<std::vector<int>> before_parts;  // of the documents bound into one file, from 1; left out: all
  std::optional<std::vector<int>> after_parts;
};
BOOST_DESCRIBE_STRUCT(AmendingTextIn, (), (before, after, format, before_parts, after_parts))
struct AmendingTextOut {
  static constexpr const char* kSchemaName = "AmendingText";
  std::string title;
  std::string notice;  // what a reader must know: it is a draft
  std::vector<ProvisionView> provisions;
  std::optional<FileOut> file;
};
BOOST_DESCRIBE_STRUCT(AmendingTextOut, (), (title, notice, provisions, file))

// The wanted documents of those bound into one file.
Content in_parts(const Content& content, const std::optional<std::vector<int>>& parts);
AmendingTextOut amending_view(const Content& before, const Content& after);
Result<std::string> amending_docx(const AmendingTextOut& text);

void register_amending(gate::Registry& registry);

}  // namespace sekisho::standard
