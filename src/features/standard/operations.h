// Operations on the body's own policy: import a document as a clause tree, confirm what the import repaired, edit, compare two versions.
#pragma once
#include <memory>

#include "clauses/check.h"
#include "clauses/compare.h"
#include "features/bodies/operations.h"
#include "features/standard/table.h"
#include "files/pool.h"
#include "gate/operation.h"

namespace sekisho::standard {

struct RepairView {
  static constexpr const char* kSchemaName = "PolicyRepair";
  int repair = 0;  // its number in the version, from 0
  int line = 0;
  std::string kind;
  std::string from;
  std::string to;
  std::optional<std::string> ref;
  std::string state;
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
};
BOOST_DESCRIBE_STRUCT(RepairView, (), (repair, line, kind, from, to, ref, state, decided_by, decided_at))

struct FindingView {
  static constexpr const char* kSchemaName = "PolicyFinding";
  std::string kind;
  std::string ref;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (kind, ref, detail))

struct ClauseView {
  static constexpr const char* kSchemaName = "PolicyClause";
  std::string ref;
  ClauseId id;
  std::optional<ClauseId> parent;
  std::string kind;
  int part = 1;
  int line = 0;
  std::string label;      // as printed
  std::string corrected;  // as it should read
  std::string title;
  std::string text;
  std::string raw;        // the source's own words, line by line
  std::optional<int> page;
  std::optional<std::string> edited_by;
  std::optional<Timestamp> edited_at;
};
BOOST_DESCRIBE_STRUCT(ClauseView, (), (ref, id, parent, kind, part, line, label, corrected, title, text, raw, page, edited_by, edited_at))

struct TreeView {
  static constexpr const char* kSchemaName = "PolicyTree";
  DocumentId document;
  VersionId version;
  int number = 1;
  std::string title;
  std::string file_name;
  double attributed = 0;
  std::vector<ClauseView> clauses;
  std::vector<RepairView> repairs;
  std::vector<FindingView> findings;
};
BOOST_DESCRIBE_STRUCT(TreeView, (), (document, version, number, title, file_name, attributed, clauses, repairs, findings))

struct VersionView {
  static constexpr const char* kSchemaName = "PolicyVersion";
  VersionId id;
  int number = 1;
  std::string title;
  std::string file_name;
  std::string sha256;
  int clauses = 0;
  int open_repairs = 0;
  double attributed = 0;
  std::string imported_by;
  Timestamp imported_at;
  std::string state;  // draft, opinions, committee, decided, in_force, superseded, withdrawn
};
BOOST_DESCRIBE_STRUCT(VersionView, (), (id, number, title, file_name, sha256, clauses, open_repairs, attributed, imported_by, imported_at, state))
struct DocumentView {
  static constexpr const char* kSchemaName = "PolicyDocument";
  DocumentId id;
  std::string title;
  std::vector<VersionView> versions;  // newest first
};
BOOST_DESCRIBE_STRUCT(DocumentView, (), (id, title, versions))
struct DocumentList {
  std::vector<DocumentView> items;
  bool may_manage = false;
};
BOOST_DESCRIBE_STRUCT(DocumentList, (), (items, may_manage))

struct Read;  // what an import's preparation made of the file

struct ImportIn {
  std::string name;                    // of the file
  Secret content;                      // the file, base64: read, never written, so that the record holds its hash alone
  std::optional<DocumentId> document;  // a new version of this one; left out: a document of its own
  std::shared_ptr<Read> read;          // not part of the input
};
BOOST_DESCRIBE_STRUCT(ImportIn, (), (name, content, document))
struct ImportOut {
  DocumentId document;
  VersionId version;
  int number = 1;
  int clauses = 0;
  std::vector<RepairView> repairs;
  double attributed = 0;
  int findings = 0;
};
BOOST_DESCRIBE_STRUCT(ImportOut, (), (document, version, number, clauses, repairs, attributed, findings))

struct TreeIn {
  VersionId version;
};
BOOST_DESCRIBE_STRUCT(TreeIn, (), (version))
struct DecideIn {
  VersionId version;
  std::string repair;  // its number
  std::string state;   // confirmed, rejected
};
BOOST_DESCRIBE_STRUCT(DecideIn, (), (version, repair, state))
struct EditIn {
  VersionId version;
  ClauseId clause;
  std::optional<std::string> label;
  std::optional<Secret> title;  // words of a draft: read, never written, so that the record holds their hash alone
  std::optional<Secret> text;
};
BOOST_DESCRIBE_STRUCT(EditIn, (), (version, clause, label, title, text))

struct PieceView {
  static constexpr const char* kSchemaName = "ComparedPiece";
  std::string text;
  bool changed = false;
};
BOOST_DESCRIBE_STRUCT(PieceView, (), (text, changed))
struct SideView {
  static constexpr const char* kSchemaName = "ComparedClause";
  std::string ref;
  ClauseId id;
  std::string label;
  std::vector<PieceView> title;
  std::vector<PieceView> text;
};
BOOST_DESCRIBE_STRUCT(SideView, (), (ref, id, label, title, text))
struct RowView {
  static constexpr const char* kSchemaName = "ComparedRow";
  std::optional<SideView> before;
  std::optional<SideView> after;
  bool changed = false;
  bool renumbered = false;
  bool moved = false;
};
BOOST_DESCRIBE_STRUCT(RowView, (), (before, after, changed, renumbered, moved))
struct CountsView {
  static constexpr const char* kSchemaName = "ComparedCounts";
  int same = 0;
  int changed = 0;
  int added = 0;
  int dropped = 0;
  int renumbered = 0;
  int moved = 0;
};
BOOST_DESCRIBE_STRUCT(CountsView, (), (same, changed, added, dropped, renumbered, moved))
struct ComparisonView {
  static constexpr const char* kSchemaName = "PolicyComparison";
  std::string before_title;
  std::string after_title;
  CountsView counts;
  std::vector<RowView> rows;
};
BOOST_DESCRIBE_STRUCT(ComparisonView, (), (before_title, after_title, counts, rows))

struct CompareIn {
  VersionId before;
  VersionId after;
  std::optional<std::vector<int>> before_parts;  // documents bound into one file; left out: all
  std::optional<std::vector<int>> after_parts;
  std::optional<bool> whole;  // rows without a change too
};
BOOST_DESCRIBE_STRUCT(CompareIn, (), (before, after, before_parts, after_parts, whole))
struct ComparisonFileIn {
  VersionId before;
  VersionId after;
  std::optional<std::vector<int>> before_parts;
  std::optional<std::vector<int>> after_parts;
  std::optional<bool> whole;
  std::string format;           // html, docx, xlsx
  std::optional<bool> vertical;  // 縦書き: html and docx
};
BOOST_DESCRIBE_STRUCT(ComparisonFileIn, (), (before, after, before_parts, after_parts, whole, format, vertical))
struct FileOut {
  static constexpr const char* kSchemaName = "MadeFile";
  std::string name;
  std::string type;
  std::string content;  // base64
};
BOOST_DESCRIBE_STRUCT(FileOut, (), (name, type, content))

// The version as its operations give it out.
Result<TreeView> tree_of(gate::Context& context, const VersionId& version);

// `extractor` null: only plain UTF-8 text can be read (commands that start no worker).
void register_operations(gate::Registry& registry, files::Extractor* extractor);

}  // namespace sekisho::standard
