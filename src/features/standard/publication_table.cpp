#include "features/standard/publication_table.h"

namespace sekisho::standard {
namespace {

#define SK_PUBLICATION_COLUMNS "document_id, held, collection_id, placed_id, account_id, published_by, published_at"

constexpr const char* kFind = "SELECT " SK_PUBLICATION_COLUMNS " FROM policy_publication WHERE document_id = :document";
constexpr const char* kAll = "SELECT " SK_PUBLICATION_COLUMNS " FROM policy_publication ORDER BY document_id LIMIT 500";
constexpr const char* kRemove = "DELETE FROM policy_publication WHERE document_id = :document";
constexpr const char* kInsert =
    "INSERT INTO policy_publication (document_id, held, collection_id, placed_id, account_id, published_by, published_at) VALUES (:document, :held, :collection, :placed, :account, :by, :at)";
constexpr const char* kWithheld = "SELECT clause_id, reason, withheld_by, withheld_at FROM policy_withheld WHERE document_id = :document ORDER BY clause_id LIMIT 20000";
constexpr const char* kWithhold = "INSERT INTO policy_withheld (document_id, clause_id, reason, withheld_by, withheld_at) VALUES (:document, :clause, :reason, :by, :at)";
constexpr const char* kDisclose = "DELETE FROM policy_withheld WHERE document_id = :document AND clause_id = :clause";
constexpr const char* kKnows = "SELECT 1 FROM policy_clause c JOIN policy_version v ON v.id = c.version_id WHERE v.document_id = :document AND c.id = :clause LIMIT 1";

template <class Row>
Publication publication_of(const Row& row) {
  const auto& [document, held, collection, placed, account, by, at] = row;
  return {document, held, collection, placed, account, by, at};
}

}  // namespace

Result<std::optional<Publication>> Publications::find(sql::Tx& tx, const DocumentId& document) {
  SK_TRY(const auto row, tx.query(kFind).bind("document", document)
                             .maybe_one<DocumentId, bool, std::optional<std::string>, std::optional<std::string>, std::string, std::string, Timestamp>());
  return row ? std::optional(publication_of(*row)) : std::nullopt;
}

Result<std::vector<Publication>> Publications::all(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kAll).all<DocumentId, bool, std::optional<std::string>, std::optional<std::string>, std::string, std::string, Timestamp>());
  std::vector<Publication> out;
  for (const auto& row : rows) out.push_back(publication_of(row));
  return out;
}

Status Publications::put(sql::Tx& tx, const Publication& p) {
  SK_CHECK(remove(tx, p.document));
  SK_CHECK(tx.query(kInsert).bind("document", p.document).bind("held", p.held).bind("collection", p.collection).bind("placed", p.placed).bind("account", p.account)
               .bind("by", p.published_by).bind("at", p.published_at).run());
  return ok();
}

Status Publications::remove(sql::Tx& tx, const DocumentId& document) {
  SK_CHECK(tx.query(kRemove).bind("document", document).run());
  return ok();
}

Result<std::map<ClauseId, Withheld>> Publications::withheld(sql::Tx& tx, const DocumentId& document) {
  SK_TRY(const auto rows, tx.query(kWithheld).bind("document", document).all<ClauseId, std::string, std::string, Timestamp>());
  std::map<ClauseId, Withheld> out;
  for (const auto& [clause, reason, by, at] : rows) out.emplace(clause, Withheld{clause, reason, by, at});
  return out;
}

Status Publications::withhold(sql::Tx& tx, const DocumentId& document, const Withheld& w) {
  SK_CHECK(disclose(tx, document, w.clause));
  SK_CHECK(tx.query(kWithhold).bind("document", document).bind("clause", w.clause).bind("reason", w.reason).bind("by", w.by).bind("at", w.at).run());
  return ok();
}

Result<bool> Publications::disclose(sql::Tx& tx, const DocumentId& document, const ClauseId& clause) {
  SK_TRY(const auto n, tx.query(kDisclose).bind("document", document).bind("clause", clause).run());
  return n == 1;
}

Result<bool> Publications::knows_clause(sql::Tx& tx, const DocumentId& document, const ClauseId& clause) {
  SK_TRY(const auto row, tx.query(kKnows).bind("document", document).bind("clause", clause).maybe_one<int>());
  return row.has_value();
}

}  // namespace sekisho::standard
