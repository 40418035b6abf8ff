// Policies in the forms of others: OSCAL 1.2 both ways, the table of clauses as XLSX and CSV both ways. docs/oscal.md.
//
// An import is shown before it is done: the preview reads the same file and does everything but write. Nothing is half written: one row that is
// wrong refuses the whole table. Files are untrusted; spreadsheets are unpacked in the sandboxed worker alone.
#pragma once
#include <memory>

#include "features/standard/meaning_operations.h"
#include "features/standard/operations.h"

namespace sekisho::coverage {
class Coverages;
}

namespace sekisho::interchange {

struct OscalIn {
  standard::VersionId version;
  std::optional<std::string> model;  // catalog (left out), component-definition, ssp, assessment-plan, assessment-results, poam
};
BOOST_DESCRIBE_STRUCT(OscalIn, (), (version, model))

struct LossView {
  static constexpr const char* kSchemaName = "OscalLoss";
  std::string kind;
  int count = 0;
  std::string pointer;  // JSON pointer of the first
  std::string text;     // Japanese
};
BOOST_DESCRIBE_STRUCT(LossView, (), (kind, count, pointer, text))

struct Catalog;  // what an import's preparation read

struct OscalImportIn {
  std::string name;                              // of the file
  Secret content;                                // the file, base64: read, never written, so that the record holds its hash alone
  std::optional<standard::DocumentId> document;  // a new version of this one; left out: a document of its own
  std::shared_ptr<Catalog> read;                 // not part of the input
};
BOOST_DESCRIBE_STRUCT(OscalImportIn, (), (name, content, document))
struct OscalImportOut {
  std::optional<standard::DocumentId> document;  // none: of a preview
  std::optional<standard::VersionId> version;
  int number = 1;  // of the version
  std::string title;
  bool ours = false;  // the catalog was written by this program
  int clauses = 0;
  std::optional<standard::CountsView> counts;  // against the document's newest version
  std::vector<LossView> losses;
};
BOOST_DESCRIBE_STRUCT(OscalImportOut, (), (document, version, number, title, ours, clauses, counts, losses))

struct TableFileIn {
  standard::VersionId version;
  std::string format;  // xlsx, csv, csv-cp932
};
BOOST_DESCRIBE_STRUCT(TableFileIn, (), (version, format))
struct MissingView {
  static constexpr const char* kSchemaName = "MissingCharacter";
  std::string character;
  std::string written;           // what stands for it in the file: &#x9AD9;
  std::vector<std::string> refs;  // clauses that have it, at most five
};
BOOST_DESCRIBE_STRUCT(MissingView, (), (character, written, refs))
struct TableFileOut {
  static constexpr const char* kSchemaName = "PolicyTableFile";
  std::string name;
  std::string type;
  std::string content;               // base64
  std::vector<MissingView> missing;  // characters that CP932 does not have
};
BOOST_DESCRIBE_STRUCT(TableFileOut, (), (name, type, content, missing))

struct Grid;  // what an import's preparation read

struct TableImportIn {
  standard::VersionId version;
  std::string name;
  Secret content;              // base64
  std::shared_ptr<Grid> read;  // not part of the input
};
BOOST_DESCRIBE_STRUCT(TableImportIn, (), (version, name, content))
struct CellChange {
  static constexpr const char* kSchemaName = "PolicyTableChange";
  int row = 0;  // of the file, from 1
  std::string ref;
  std::string column;
  std::string before;
  std::string after;
};
BOOST_DESCRIBE_STRUCT(CellChange, (), (row, ref, column, before, after))
struct RowError {
  static constexpr const char* kSchemaName = "PolicyTableError";
  int row = 0;
  std::string column;  // empty: the row as a whole
  std::string text;    // Japanese
};
BOOST_DESCRIBE_STRUCT(RowError, (), (row, column, text))
struct TablePlan {
  static constexpr const char* kSchemaName = "PolicyTablePlan";
  int rows = 0;
  std::vector<CellChange> changes;
  std::vector<RowError> errors;         // one is enough to refuse the import
  std::vector<std::string> own_columns;  // columns that the person added; kept
  bool done = false;
};
BOOST_DESCRIBE_STRUCT(TablePlan, (), (rows, changes, errors, own_columns, done))

// `extractor` null: no spreadsheet can be read (commands that start no worker).
// `coverages` outlives the registry.
void register_operations(gate::Registry& registry, files::Extractor* extractor, std::shared_ptr<const standard::Pack> pack, coverage::Coverages& coverages);
void register_table_operations(gate::Registry& registry, files::Extractor* extractor, std::shared_ptr<const standard::Pack> pack);

}  // namespace sekisho::interchange
