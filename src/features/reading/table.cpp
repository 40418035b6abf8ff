#include "features/reading/table.h"

namespace sekisho::reading {
namespace {

#define SK_ACKNOWLEDGEMENT_COLUMNS "id, account_id, document_id, version_id, audience, clauses, shown_sha256, opened_at, acknowledged_at, consented_at, consented_sha256"

constexpr const char* kShown = "SELECT document_id, looked_id, shown_by, shown_at FROM policy_reading ORDER BY document_id LIMIT 500";
constexpr const char* kShownOne = "SELECT document_id, looked_id, shown_by, shown_at FROM policy_reading WHERE document_id = :document";
constexpr const char* kHide = "DELETE FROM policy_reading WHERE document_id = :document";
constexpr const char* kShow = "INSERT INTO policy_reading (document_id, looked_id, shown_by, shown_at) VALUES (:document, :looked, :by, :at)";
constexpr const char* kRule = "SELECT before_ai, grace_days, set_by, set_at FROM policy_reading_rule WHERE place = 1";
constexpr const char* kDropRule = "DELETE FROM policy_reading_rule WHERE place = 1";
constexpr const char* kPutRule = "INSERT INTO policy_reading_rule (place, before_ai, grace_days, set_by, set_at) VALUES (1, :before, :days, :by, :at)";
constexpr const char* kOpen =
    "INSERT INTO policy_acknowledgement (" SK_ACKNOWLEDGEMENT_COLUMNS ") VALUES (:id, :person, :document, :version, :audience, :clauses, :hash, :opened, NULL, NULL, NULL)";
constexpr const char* kAcknowledge = "UPDATE policy_acknowledgement SET clauses = :clauses, shown_sha256 = :hash, acknowledged_at = :at WHERE id = :id";
constexpr const char* kConsent = "UPDATE policy_acknowledgement SET consented_at = :at, consented_sha256 = :hash WHERE id = :id";
constexpr const char* kOfPerson =
    "SELECT " SK_ACKNOWLEDGEMENT_COLUMNS " FROM policy_acknowledgement WHERE version_id = :version AND account_id = :person ORDER BY opened_at, id LIMIT 200";
constexpr const char* kOfVersion = "SELECT " SK_ACKNOWLEDGEMENT_COLUMNS " FROM policy_acknowledgement WHERE version_id = :version ORDER BY opened_at, id LIMIT 100000";
constexpr const char* kAsk = "INSERT INTO policy_question (case_id, account_id, document_id, version_id, clause_id, asked_at) VALUES (:case, :person, :document, :version, :clause, :at)";
constexpr const char* kQuestions =
    "SELECT case_id, account_id, document_id, version_id, clause_id, asked_at FROM policy_question WHERE account_id = :person AND document_id = :document ORDER BY case_id DESC LIMIT 200";
constexpr const char* kCount = "SELECT COUNT(*) FROM policy_acknowledgement WHERE acknowledged_at >= :from AND acknowledged_at < :to";
constexpr const char* kCountConsents = "SELECT COUNT(*) FROM policy_acknowledgement WHERE consented_at >= :from AND consented_at < :to";

Result<std::vector<Acknowledgement>> rows_of(sql::Query& query) {
  SK_TRY(const auto rows, (query.all<AcknowledgementId, bodies::PersonId, standard::DocumentId, standard::VersionId, std::string, int, std::string, Timestamp, std::optional<Timestamp>,
                                  std::optional<Timestamp>, std::optional<std::string>>()));
  std::vector<Acknowledgement> out;
  for (const auto& [id, person, document, version, audience, clauses, hash, opened, at, consented_at, consented] : rows)
    out.push_back({id, person, document, version, audience, clauses, hash, opened, at, consented_at, consented});
  return out;
}

}  // namespace

Result<std::optional<Rule>> Table::rule(sql::Tx& tx) {
  SK_TRY(const auto row, (tx.query(kRule).maybe_one<bool, int, std::string, Timestamp>()));
  if (!row) return std::optional<Rule>();
  const auto& [before_ai, days, by, at] = *row;
  return std::optional(Rule{before_ai, days, by, at});
}

Status Table::put_rule(sql::Tx& tx, const Rule& rule) {
  SK_CHECK(tx.query(kDropRule).run());
  SK_CHECK(tx.query(kPutRule).bind("before", rule.before_ai).bind("days", rule.grace_days).bind("by", rule.set_by).bind("at", rule.set_at).run());
  return ok();
}

Result<std::vector<Shown>> Table::shown(sql::Tx& tx) {
  SK_TRY(const auto rows, (tx.query(kShown).all<standard::DocumentId, standard::VersionId, std::string, Timestamp>()));
  std::vector<Shown> out;
  for (const auto& [document, looked, by, at] : rows) out.push_back({document, looked, by, at});
  return out;
}

Result<std::optional<Shown>> Table::shown(sql::Tx& tx, const standard::DocumentId& document) {
  SK_TRY(const auto row, (tx.query(kShownOne).bind("document", document).maybe_one<standard::DocumentId, standard::VersionId, std::string, Timestamp>()));
  if (!row) return std::optional<Shown>();
  const auto& [id, looked, by, at] = *row;
  return std::optional(Shown{id, looked, by, at});
}

Status Table::show(sql::Tx& tx, const Shown& shown) {
  SK_CHECK(tx.query(kHide).bind("document", shown.document).run());
  SK_CHECK(tx.query(kShow).bind("document", shown.document).bind("looked", shown.looked).bind("by", shown.shown_by).bind("at", shown.shown_at).run());
  return ok();
}

Result<bool> Table::hide(sql::Tx& tx, const standard::DocumentId& document) {
  SK_TRY(const auto gone, tx.query(kHide).bind("document", document).run());
  return gone == 1;
}

Status Table::open(sql::Tx& tx, const Acknowledgement& row) {
  SK_CHECK(tx.query(kOpen)
               .bind("id", row.id)
               .bind("person", row.person)
               .bind("document", row.document)
               .bind("version", row.version)
               .bind("audience", row.audience)
               .bind("clauses", row.clauses)
               .bind("hash", row.sha256)
               .bind("opened", row.opened_at)
               .run());
  return ok();
}

Status Table::acknowledge(sql::Tx& tx, const Acknowledgement& row) {
  SK_CHECK(tx.query(kAcknowledge).bind("id", row.id).bind("clauses", row.clauses).bind("hash", row.sha256).bind("at", row.acknowledged_at).run());
  return ok();
}

Status Table::consent(sql::Tx& tx, const Acknowledgement& row) {
  SK_CHECK(tx.query(kConsent).bind("id", row.id).bind("at", row.consented_at).bind("hash", row.consented_sha256).run());
  return ok();
}

Result<std::vector<Acknowledgement>> Table::of(sql::Tx& tx, const standard::VersionId& version, const bodies::PersonId& person) {
  auto query = tx.query(kOfPerson);
  query.bind("version", version).bind("person", person);
  return rows_of(query);
}

Result<std::vector<Acknowledgement>> Table::of(sql::Tx& tx, const standard::VersionId& version) {
  auto query = tx.query(kOfVersion);
  query.bind("version", version);
  return rows_of(query);
}

Result<Table::Counts> Table::count(sql::Tx& tx, Timestamp from, Timestamp to) {
  SK_TRY(const auto acknowledged, tx.query(kCount).bind("from", from).bind("to", to).one<std::int64_t>());
  SK_TRY(const auto consented, tx.query(kCountConsents).bind("from", from).bind("to", to).one<std::int64_t>());
  return Counts{std::get<0>(acknowledged), std::get<0>(consented)};
}

Status Table::ask(sql::Tx& tx, const Question& question) {
  SK_CHECK(tx.query(kAsk)
               .bind("case", question.asked_case)
               .bind("person", question.person)
               .bind("document", question.document)
               .bind("version", question.version)
               .bind("clause", question.clause)
               .bind("at", question.asked_at)
               .run());
  return ok();
}

Result<std::vector<Question>> Table::questions(sql::Tx& tx, const bodies::PersonId& person, const standard::DocumentId& document) {
  SK_TRY(const auto rows, (tx.query(kQuestions).bind("person", person).bind("document", document).all<std::string, bodies::PersonId, standard::DocumentId, standard::VersionId,
                                                                                                     std::optional<standard::ClauseId>, Timestamp>()));
  std::vector<Question> out;
  for (const auto& [id, who, about, version, clause, at] : rows) out.push_back({id, who, about, version, clause, at});
  return out;
}

}  // namespace sekisho::reading
