#include "features/standard/version_table.h"

#include <algorithm>
#include <type_traits>

namespace sekisho::standard {
namespace {

#define SK_STATE_COLUMNS \
  "version_id, document_id, state, base_id, reason, request_id, tree_hash, effective_on, effective_at, decided_by, decided_at, decision, ended_at, added, dropped, changed, renumbered, moved"
#define SK_OPINION_COLUMNS "id, version_id, clause_id, ref, content, given_by, given_at, state, answer, answered_by, answered_at"

constexpr const char* kBegin =
    "INSERT INTO policy_state (version_id, document_id, state, reason, decision, added, dropped, changed, renumbered, moved) VALUES (:version, :document, 'draft', '', '', 0, 0, 0, 0, 0)";
constexpr const char* kFind = "SELECT " SK_STATE_COLUMNS " FROM policy_state WHERE version_id = :version";
constexpr const char* kOf = "SELECT " SK_STATE_COLUMNS " FROM policy_state WHERE document_id = :document ORDER BY version_id DESC LIMIT 2000";
constexpr const char* kAll = "SELECT " SK_STATE_COLUMNS " FROM policy_state ORDER BY version_id DESC LIMIT 2000";
constexpr const char* kInForce = "SELECT " SK_STATE_COLUMNS " FROM policy_state WHERE document_id = :document AND state = 'in_force'";
constexpr const char* kSave =
    "UPDATE policy_state SET state = :state, base_id = :base, reason = :reason, request_id = :request, tree_hash = :hash, effective_on = :day, effective_at = :at, decided_by = :by, "
    "decided_at = :decided, decision = :decision, ended_at = :ended, added = :added, dropped = :dropped, changed = :changed, renumbered = :renumbered, moved = :moved WHERE version_id = :version";
constexpr const char* kDue = "SELECT version_id FROM policy_state WHERE state = 'decided' AND effective_at <= :now ORDER BY effective_at, version_id LIMIT 100";

constexpr const char* kAdd =
    "INSERT INTO policy_opinion (id, version_id, clause_id, ref, content, given_by, given_at, state, answer) VALUES (:id, :version, :clause, :ref, :content, :by, :at, 'open', '')";
constexpr const char* kOpinion = "SELECT " SK_OPINION_COLUMNS " FROM policy_opinion WHERE id = :id";
constexpr const char* kOpinions = "SELECT " SK_OPINION_COLUMNS " FROM policy_opinion WHERE version_id = :version ORDER BY id LIMIT 5000";
constexpr const char* kAnswer = "UPDATE policy_opinion SET state = :state, answer = :answer, answered_by = :by, answered_at = :at WHERE id = :id AND state = 'open'";

using Text = std::optional<std::string>;
using Time = std::optional<Timestamp>;
using StateRow = std::tuple<VersionId, DocumentId, std::string, std::optional<VersionId>, std::string, Text, Text, Text, Time, Text, Time, std::string, Time, int, int, int, int, int>;
using OpinionRow = std::tuple<OpinionId, VersionId, std::optional<ClauseId>, std::string, std::string, std::string, Timestamp, std::string, std::string, Text, Time>;

Progress progress_of(const StateRow& row) {
  const auto& [version, document, state, base, reason, request, hash, day, at, by, decided, decision, ended, added, dropped, changed, renumbered, moved] = row;
  return {version, document, state, base, reason, request, hash, day, at, by, decided, decision, ended, {added, dropped, changed, renumbered, moved}};
}

Opinion opinion_of(const OpinionRow& row) {
  const auto& [id, version, clause, ref, content, by, at, state, answer, answered_by, answered_at] = row;
  return {id, version, clause, ref, content, by, at, state, answer, answered_by, answered_at};
}

template <class... Cols>
Result<std::vector<std::tuple<Cols...>>> all_of(sql::Query& query, std::type_identity<std::tuple<Cols...>>) {
  return query.all<Cols...>();
}
template <class... Cols>
Result<std::optional<std::tuple<Cols...>>> one_of(sql::Query& query, std::type_identity<std::tuple<Cols...>>) {
  return query.maybe_one<Cols...>();
}

Result<std::vector<Progress>> states(sql::Query& query) {
  SK_TRY(const auto rows, all_of(query, std::type_identity<StateRow>()));
  std::vector<Progress> out;
  for (const StateRow& row : rows) out.push_back(progress_of(row));
  return out;
}

Result<std::optional<Progress>> state(sql::Query& query) {
  SK_TRY(const auto row, one_of(query, std::type_identity<StateRow>()));
  return row ? std::optional(progress_of(*row)) : std::nullopt;
}

}  // namespace

Status Versions::begin(sql::Tx& tx, const VersionId& version, const DocumentId& document) {
  SK_CHECK(tx.query(kBegin).bind("version", version).bind("document", document).run());
  return ok();
}

Result<std::optional<Progress>> Versions::find(sql::Tx& tx, const VersionId& version) { return state(tx.query(kFind).bind("version", version)); }
Result<std::vector<Progress>> Versions::of(sql::Tx& tx, const DocumentId& document) { return states(tx.query(kOf).bind("document", document)); }
Result<std::vector<Progress>> Versions::all(sql::Tx& tx) {
  sql::Query query = tx.query(kAll);
  return states(query);
}
Result<std::optional<Progress>> Versions::in_force(sql::Tx& tx, const DocumentId& document) { return state(tx.query(kInForce).bind("document", document)); }

Result<std::vector<VersionId>> Versions::current(sql::Tx& tx) {
  SK_TRY(const auto documents, Table::documents(tx));
  std::vector<VersionId> out;
  for (const PolicyDocument& document : documents) {
    SK_TRY(const auto versions, of(tx, document.id));
    auto chosen = std::find_if(versions.begin(), versions.end(), [](const Progress& p) { return p.state == "in_force"; });
    if (chosen == versions.end()) chosen = std::find_if(versions.begin(), versions.end(), [](const Progress& p) { return p.state != "withdrawn"; });
    if (chosen != versions.end()) out.push_back(chosen->version);
  }
  return out;
}

Status Versions::save(sql::Tx& tx, const Progress& p) {
  SK_CHECK(tx.query(kSave).bind("state", p.state).bind("base", p.base).bind("reason", p.reason).bind("request", p.request).bind("hash", p.tree_hash).bind("day", p.effective_on)
               .bind("at", p.effective_at).bind("by", p.decided_by).bind("decided", p.decided_at).bind("decision", p.decision).bind("ended", p.ended_at).bind("added", p.counts.added)
               .bind("dropped", p.counts.dropped).bind("changed", p.counts.changed).bind("renumbered", p.counts.renumbered).bind("moved", p.counts.moved).bind("version", p.version).run());
  return ok();
}

Result<std::vector<VersionId>> Versions::due(sql::Tx& tx, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kDue).bind("now", now).all<VersionId>());
  std::vector<VersionId> out;
  for (const auto& row : rows) out.push_back(std::get<0>(row));
  return out;
}

Status Versions::add(sql::Tx& tx, const Opinion& o) {
  SK_CHECK(tx.query(kAdd).bind("id", o.id).bind("version", o.version).bind("clause", o.clause).bind("ref", o.ref).bind("content", o.content).bind("by", o.given_by).bind("at", o.given_at).run());
  return ok();
}

Result<std::optional<Opinion>> Versions::opinion(sql::Tx& tx, const OpinionId& id) {
  SK_TRY(const auto row, one_of(tx.query(kOpinion).bind("id", id), std::type_identity<OpinionRow>()));
  return row ? std::optional(opinion_of(*row)) : std::nullopt;
}

Result<std::vector<Opinion>> Versions::opinions(sql::Tx& tx, const VersionId& version) {
  SK_TRY(const auto rows, all_of(tx.query(kOpinions).bind("version", version), std::type_identity<OpinionRow>()));
  std::vector<Opinion> out;
  for (const OpinionRow& row : rows) out.push_back(opinion_of(row));
  return out;
}

Result<bool> Versions::answer(sql::Tx& tx, const Opinion& o) {
  SK_TRY(const auto n, tx.query(kAnswer).bind("state", o.state).bind("answer", o.answer).bind("by", o.answered_by).bind("at", o.answered_at).bind("id", o.id).run());
  return n == 1;
}

}  // namespace sekisho::standard
