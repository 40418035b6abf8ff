#include "features/interchange/table.h"

namespace sekisho::interchange {
namespace {

constexpr const char* kInsertOrigin = "INSERT INTO policy_origin (version_id, name, modified_at, file_name, sha256) VALUES (:version, :name, :modified, :file, :sha)";
constexpr const char* kOrigin = "SELECT name, modified_at, file_name, sha256 FROM policy_origin WHERE version_id = :version";
constexpr const char* kColumns = "SELECT name, clause_id, content FROM policy_column WHERE document_id = :document ORDER BY position, name, clause_id LIMIT 500000";
constexpr const char* kRemoveColumn = "DELETE FROM policy_column WHERE document_id = :document AND name = :name";
constexpr const char* kInsertCell = "INSERT INTO policy_column (document_id, name, position, clause_id, content) VALUES (:document, :name, :position, :clause, :content)";

}  // namespace

Status Table::insert(sql::Tx& tx, const standard::VersionId& version, const Origin& o) {
  SK_CHECK(tx.query(kInsertOrigin).bind("version", version).bind("name", o.name).bind("modified", o.modified_at).bind("file", o.file_name).bind("sha", o.sha256).run());
  return ok();
}

Result<std::optional<Origin>> Table::origin(sql::Tx& tx, const standard::VersionId& version) {
  SK_TRY(auto row, tx.query(kOrigin).bind("version", version).maybe_one<std::string, Timestamp, std::string, std::string>());
  if (!row) return std::optional<Origin>();
  auto& [name, modified, file, sha] = *row;
  return std::optional(Origin{name, modified, file, sha});
}

Result<std::vector<Column>> Table::columns(sql::Tx& tx, const standard::DocumentId& document) {
  SK_TRY(auto rows, tx.query(kColumns).bind("document", document).all<std::string, standard::ClauseId, std::string>());
  std::vector<Column> out;
  for (auto& [name, clause, content] : rows) {
    if (out.empty() || out.back().name != name) out.push_back({name, {}});
    out.back().cells[clause] = content;
  }
  return out;
}

Status Table::put(sql::Tx& tx, const standard::DocumentId& document, int position, const Column& column) {
  SK_CHECK(tx.query(kRemoveColumn).bind("document", document).bind("name", column.name).run());
  for (const auto& [clause, content] : column.cells)
    SK_CHECK(tx.query(kInsertCell).bind("document", document).bind("name", column.name).bind("position", position).bind("clause", clause).bind("content", content).run());
  return ok();
}

}  // namespace sekisho::interchange
