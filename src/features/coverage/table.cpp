#include "features/coverage/table.h"

namespace sekisho::coverage {
namespace {

#define SK_EVIDENCE_COLUMNS "id, control, what, dated_at, expires_at, sha256, link, recorded_by, recorded_at, log_from, withdrawn_by, withdrawn_at, withdraw_reason"
#define SK_GAP_COLUMNS "id, control, state, reason, responsible, opened_at, closed_at, closed_by, close_reason"

constexpr const char* kInsert =
    "INSERT INTO coverage_evidence (id, control, what, dated_at, expires_at, sha256, link, recorded_by, recorded_at, log_from) "
    "VALUES (:id, :control, :what, :dated, :expires, :sha256, :link, :by, :at, :log)";
constexpr const char* kFind = "SELECT " SK_EVIDENCE_COLUMNS " FROM coverage_evidence WHERE id = :id";
constexpr const char* kWithdraw =
    "UPDATE coverage_evidence SET withdrawn_by = :by, withdrawn_at = :at, withdraw_reason = :reason WHERE id = :id AND withdrawn_at IS NULL";
constexpr const char* kEvidence = "SELECT " SK_EVIDENCE_COLUMNS " FROM coverage_evidence WHERE dated_at < :end ORDER BY control, dated_at DESC, id DESC LIMIT 5000";
constexpr const char* kPutState = "INSERT INTO coverage_state (control, at, state, reason) VALUES (:control, :at, :state, :reason)";
constexpr const char* kStates =
    "SELECT s.control, s.at, s.state, s.reason FROM coverage_state s JOIN (SELECT control, MAX(at) AS last FROM coverage_state WHERE at < :end GROUP BY control) l "
    "ON l.control = s.control AND l.last = s.at ORDER BY s.control";
constexpr const char* kOpenGap =
    "INSERT INTO coverage_gap (id, control, state, reason, responsible, opened_at) VALUES (:id, :control, :state, :reason, :responsible, :opened)";
constexpr const char* kCloseGap = "UPDATE coverage_gap SET closed_at = :at, closed_by = :by, close_reason = :reason WHERE id = :id AND closed_at IS NULL";
constexpr const char* kGap = "SELECT " SK_GAP_COLUMNS " FROM coverage_gap WHERE id = :id";
constexpr const char* kGaps =
    "SELECT " SK_GAP_COLUMNS " FROM coverage_gap WHERE opened_at < :end AND (closed_at IS NULL OR closed_at >= :begin) ORDER BY opened_at DESC, id DESC LIMIT 1000";

using Text = std::optional<std::string>;
using Time = std::optional<Timestamp>;

Result<std::vector<Evidence>> evidence_of(sql::Query query) {
  SK_TRY(const auto rows, query.all<EvidenceId, std::string, std::string, Timestamp, Time, std::string, std::string, std::string, Timestamp, std::int64_t, Text, Time, Text>());
  std::vector<Evidence> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(std::apply([](const auto&... v) { return Evidence{v...}; }, row));
  return out;
}

Result<std::vector<Gap>> gaps_of(sql::Query query) {
  SK_TRY(const auto rows, query.all<GapId, std::string, std::string, std::string, std::string, Timestamp, Time, Text, Text>());
  std::vector<Gap> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(std::apply([](const auto&... v) { return Gap{v...}; }, row));
  return out;
}

template <class T>
std::optional<T> first(std::vector<T> rows) {
  return rows.empty() ? std::nullopt : std::optional<T>(std::move(rows.front()));
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Evidence& e) {
  SK_CHECK(tx.query(kInsert).bind("id", e.id).bind("control", e.control).bind("what", e.what).bind("dated", e.dated_at).bind("expires", e.expires_at)
               .bind("sha256", e.sha256).bind("link", e.link).bind("by", e.recorded_by).bind("at", e.recorded_at).bind("log", e.log_from).run());
  return ok();
}

Result<std::optional<Evidence>> Table::find(sql::Tx& tx, const EvidenceId& id) {
  sql::Query query = tx.query(kFind);
  query.bind("id", id);
  SK_TRY(auto rows, evidence_of(std::move(query)));
  return first(std::move(rows));
}

Result<bool> Table::withdraw(sql::Tx& tx, const EvidenceId& id, const std::string& by, const std::string& reason, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kWithdraw).bind("by", by).bind("at", now).bind("reason", reason).bind("id", id).run());
  return rows == 1;
}

Result<std::vector<Evidence>> Table::evidence(sql::Tx& tx, Timestamp end) {
  sql::Query query = tx.query(kEvidence);
  query.bind("end", end);
  return evidence_of(std::move(query));
}

Status Table::put_state(sql::Tx& tx, const StateRow& row) {
  SK_CHECK(tx.query(kPutState).bind("control", row.control).bind("at", row.at).bind("state", row.state).bind("reason", row.reason).run());
  return ok();
}

Result<std::map<std::string, StateRow>> Table::states(sql::Tx& tx, Timestamp end) {
  SK_TRY(const auto rows, tx.query(kStates).bind("end", end).all<std::string, Timestamp, std::string, std::string>());
  std::map<std::string, StateRow> out;
  for (const auto& [control, at, state, reason] : rows) out.emplace(control, StateRow{control, at, state, reason});
  return out;
}

Status Table::open_gap(sql::Tx& tx, const Gap& g) {
  SK_CHECK(tx.query(kOpenGap).bind("id", g.id).bind("control", g.control).bind("state", g.state).bind("reason", g.reason).bind("responsible", g.responsible)
               .bind("opened", g.opened_at).run());
  return ok();
}

Result<bool> Table::close_gap(sql::Tx& tx, const GapId& id, const std::optional<std::string>& by, const std::string& reason, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kCloseGap).bind("at", now).bind("by", by).bind("reason", reason).bind("id", id).run());
  return rows == 1;
}

Result<std::optional<Gap>> Table::gap(sql::Tx& tx, const GapId& id) {
  sql::Query query = tx.query(kGap);
  query.bind("id", id);
  SK_TRY(auto rows, gaps_of(std::move(query)));
  return first(std::move(rows));
}

Result<std::vector<Gap>> Table::gaps(sql::Tx& tx, Timestamp from, Timestamp to) {
  sql::Query query = tx.query(kGaps);
  query.bind("end", to).bind("begin", from);
  return gaps_of(std::move(query));
}

}  // namespace sekisho::coverage
