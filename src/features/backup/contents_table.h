// What a body's database holds, counted: for the manifest of a set, and for comparing what was restored with it. Reads every table of the schema by
// its own description, so this is SQLite's (another engine has its own tools for backups). Functions of a transaction.
#pragma once
#include <functional>
#include <set>

#include "features/backup/format.h"
#include "sql/db.h"

namespace sekisho::backup {

// Rows and SHA-256 of the rows of every table, in the order of names and of rowids. `go_on` is asked between pages; false ends it
// without a result.
using GoOn = std::function<bool()>;
Result<std::vector<TableDigest>> digest_tables(sql::Tx& tx, const GoOn& go_on);
Result<std::int64_t> schema_number(sql::Tx& tx);        // of the newest step
Result<std::set<std::int64_t>> steps_taken(sql::Tx& tx);
Result<std::int64_t> database_bytes(sql::Tx& tx);
// The join of all labels that the body knows, without their readers, as policy::encode writes it.
Result<std::string> highest_label(sql::Tx& tx);
// What SQLite finds wrong: pages, indexes, foreign keys. Empty: nothing.
Result<std::vector<std::string>> integrity_faults(sql::Tx& tx);
// Originals that documents refer to.
Result<std::vector<std::string>> originals_named(sql::Tx& tx);

}  // namespace sekisho::backup
