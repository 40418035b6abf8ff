// A ledger that exists already, as a file, against a register: which column is which field, what each row would do, and doing it.
//
//   file -> columns, each to a field, to the number, kept under its own name, or left out -> for each row: opens a case, changes one, changes nothing, or
//   cannot be taken, and why
//
// A row belongs to the case with its number, or with the same text in the key column; so a file read twice changes nothing the second time. An empty cell
// leaves what is there. Rows become cases as if the person had opened or edited them by hand: the same checks, the same rights. Two things differ: whoever
// keeps the definitions (policies.manage) may take a ledger over into the state that the definition names for that, and nobody is told of each single case.
//
// Threads: those of the transaction.
#pragma once
#include <memory>

#include "core/secret.h"
#include "features/office/from_text.h"
#include "features/office/kept_table.h"
#include "files/pool.h"
#include "gate/operation.h"

namespace sekisho::office {

struct ReadLedger;  // what the preparation read of the file

struct ColumnTo {
  static constexpr const char* kSchemaName = "OfficeColumnTo";
  int column = 0;  // from 1
  std::string to;  // a field, "field:axis" of a class, or one of kNumber, kKeep, kLeave
};
BOOST_DESCRIBE_STRUCT(ColumnTo, (), (column, to))
inline constexpr const char* kNumber = "@number";
inline constexpr const char* kKeep = "@keep";
inline constexpr const char* kLeave = "@leave";
inline constexpr const char* kNoKey = "@none";

struct LedgerIn {
  std::string definition;
  std::string name;     // of the file: .csv or .xlsx
  Secret content;       // base64
  std::optional<std::string> encoding;                // of a CSV; left out: looked for
  std::optional<int> header;                          // the row of the file with the columns' names; left out: looked for
  std::optional<std::vector<ColumnTo>> columns;       // what differs from what is suggested
  std::optional<std::string> key;                     // "@number", a text field, "@none"; left out: suggested
  std::optional<bool> good_only;                      // when importing: rows that cannot be taken are left out; otherwise nothing is done if there is one
  std::shared_ptr<const ReadLedger> read;             // not part of the input
};
BOOST_DESCRIBE_STRUCT(LedgerIn, (), (definition, name, content, encoding, header, columns, key, good_only))

struct TargetView {
  static constexpr const char* kSchemaName = "OfficeImportTarget";
  std::string to;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(TargetView, (), (to, title))
struct LedgerColumn {
  static constexpr const char* kSchemaName = "OfficeImportColumn";
  int column = 0;
  std::string header;
  std::string to;
  std::vector<std::string> samples;  // the first that are not empty, three at most
};
BOOST_DESCRIBE_STRUCT(LedgerColumn, (), (column, header, to, samples))
struct LedgerError {
  static constexpr const char* kSchemaName = "OfficeImportError";
  int row = 0;  // of the file
  std::string column;
  std::string value;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(LedgerError, (), (row, column, value, text))
struct LedgerOut {
  static constexpr const char* kSchemaName = "OfficeImport";
  bool done = false;     // the rows are in
  std::string encoding;  // empty: a workbook
  bool encoding_certain = true;
  int header = 1;
  std::vector<LedgerColumn> columns;
  std::vector<TargetView> targets;
  std::vector<TargetView> keys;
  std::string key;
  std::string state;    // title of the state that new cases begin in, where all is filled in
  int rows = 0;
  int opened = 0;
  int changed = 0;
  int same = 0;
  int bad = 0;
  std::vector<LedgerError> errors;  // the first 500
  int errors_total = 0;
};
BOOST_DESCRIBE_STRUCT(LedgerOut, (), (done, encoding, encoding_certain, header, columns, targets, keys, key, state, rows, opened, changed, same, bad, errors, errors_total))

// office.import_preview, office.import. `extractor`: reads workbooks in its sandbox; null in a program without one.
void register_ledger_operations(gate::Registry& registry, const std::shared_ptr<Office>& office, files::Extractor* extractor);

}  // namespace sekisho::office
