#include "features/standard/reference_table.h"

namespace sekisho::standard {
namespace {

constexpr const char* kOf = "SELECT clause_id, item, state FROM policy_reference WHERE document_id = :document ORDER BY clause_id, item LIMIT 50000";
constexpr const char* kPut =
    "INSERT INTO policy_reference (document_id, clause_id, item, state, decided_by, decided_at) VALUES (:document, :clause, :item, :state, :by, :at) "
    "ON CONFLICT (document_id, clause_id, item) DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at";
constexpr const char* kRemove = "DELETE FROM policy_reference WHERE document_id = :document AND clause_id = :clause AND item = :item";

}  // namespace

Result<std::map<std::pair<ClauseId, std::string>, std::string>> ReferenceTable::of(sql::Tx& tx, const DocumentId& document) {
  SK_TRY(auto rows, tx.query(kOf).bind("document", document).all<ClauseId, std::string, std::string>());
  std::map<std::pair<ClauseId, std::string>, std::string> out;
  for (auto& [clause, item, state] : rows) out[{clause, item}] = state;
  return out;
}

Status ReferenceTable::put(sql::Tx& tx, const DocumentId& document, const ClauseId& clause, const std::string& item, const std::string& state, const std::string& by, Timestamp at) {
  SK_CHECK(tx.query(kPut).bind("document", document).bind("clause", clause).bind("item", item).bind("state", state).bind("by", by).bind("at", at).run());
  return ok();
}

Status ReferenceTable::remove(sql::Tx& tx, const DocumentId& document, const ClauseId& clause, const std::string& item) {
  SK_CHECK(tx.query(kRemove).bind("document", document).bind("clause", clause).bind("item", item).run());
  return ok();
}

}  // namespace sekisho::standard
