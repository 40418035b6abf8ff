// What a version's catalog said of itself, and the columns that people added to the table of clauses, as rows.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/standard/table.h"

namespace sekisho::interchange {

// Of the catalog that a version was read from: exported again as it came.
struct Origin {
  std::string name;  // metadata.version
  Timestamp modified_at;
  std::string file_name;
  std::string sha256;
};

// A column of a person's own; in their order.
struct Column {
  std::string name;
  std::map<standard::ClauseId, std::string> cells;  // those that are not empty
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const standard::VersionId& version, const Origin& origin);
  static Result<std::optional<Origin>> origin(sql::Tx& tx, const standard::VersionId& version);
  static Result<std::vector<Column>> columns(sql::Tx& tx, const standard::DocumentId& document);
  // In the place of one of that name; its position is last where there was none. A column without any cell is gone.
  static Status put(sql::Tx& tx, const standard::DocumentId& document, int position, const Column& column);
};

}  // namespace sekisho::interchange
