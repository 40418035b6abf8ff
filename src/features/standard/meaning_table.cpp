#include "features/standard/meaning_table.h"

namespace sekisho::standard {
namespace {

constexpr const char* kOf =
    "SELECT clause_id, content_hash, modality, actor, object, kind, capability, state, decided_by, decided_at FROM policy_meaning WHERE document_id = :document "
    "ORDER BY clause_id LIMIT 50000";
constexpr const char* kPut =
    "INSERT INTO policy_meaning (document_id, clause_id, content_hash, modality, actor, object, kind, capability, state, decided_by, decided_at) VALUES "
    "(:document, :clause, :hash, :modality, :actor, :object, :kind, :capability, :state, :by, :at) ON CONFLICT (document_id, clause_id) DO UPDATE SET "
    "content_hash = excluded.content_hash, modality = excluded.modality, actor = excluded.actor, object = excluded.object, kind = excluded.kind, "
    "capability = excluded.capability, state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at";
constexpr const char* kRemove = "DELETE FROM policy_meaning WHERE document_id = :document AND clause_id = :clause";

}  // namespace

Result<std::map<ClauseId, MeaningRow>> MeaningTable::of(sql::Tx& tx, const DocumentId& document) {
  SK_TRY(auto rows, tx.query(kOf).bind("document", document).all<ClauseId, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                                                                  std::optional<std::string>, std::optional<Timestamp>>());
  std::map<ClauseId, MeaningRow> out;
  for (auto& [clause, hash, modality, actor, object, kind, capability, state, by, at] : rows)
    out[clause] = {clause, hash, modality, actor, object, kind, capability, state, by, at};
  return out;
}

Status MeaningTable::put(sql::Tx& tx, const DocumentId& document, const MeaningRow& row) {
  SK_CHECK(tx.query(kPut).bind("document", document).bind("clause", row.clause).bind("hash", row.content_hash).bind("modality", row.modality).bind("actor", row.actor)
               .bind("object", row.object).bind("kind", row.kind).bind("capability", row.capability).bind("state", row.state).bind("by", row.decided_by)
               .bind("at", row.decided_at).run());
  return ok();
}

Status MeaningTable::remove(sql::Tx& tx, const DocumentId& document, const ClauseId& clause) {
  SK_CHECK(tx.query(kRemove).bind("document", document).bind("clause", clause).run());
  return ok();
}

}  // namespace sekisho::standard
