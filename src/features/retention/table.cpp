#include "features/retention/table.h"

namespace sekisho::retention {
namespace {

constexpr const char* kPutRule =
    "INSERT INTO retention_rule (kind, months, set_by, set_at) VALUES (:kind, :months, :by, :at) "
    "ON CONFLICT (kind) DO UPDATE SET months = excluded.months, set_by = excluded.set_by, set_at = excluded.set_at";
constexpr const char* kDropRule = "DELETE FROM retention_rule WHERE kind = :kind";
constexpr const char* kRules = "SELECT kind, months, set_by, set_at FROM retention_rule ORDER BY kind";
constexpr const char* kInsertHold =
    "INSERT INTO retention_hold (id, kind, from_month, to_month, incident, reason, set_by, set_at) VALUES (:id, :kind, :from, :to, :incident, :reason, :by, :at)";
constexpr const char* kRelease =
    "UPDATE retention_hold SET released_by = :by, released_at = :at, release_reason = :reason WHERE id = :id AND released_at IS NULL";
constexpr const char* kHas = "SELECT id FROM retention_hold WHERE id = :id";
constexpr const char* kHolds =
    "SELECT id, kind, from_month, to_month, incident, reason, set_by, set_at, released_by, released_at, release_reason FROM retention_hold "
    "ORDER BY CASE WHEN released_at IS NULL THEN 0 ELSE 1 END, set_at DESC, id DESC LIMIT 1000";

}  // namespace

Status Table::put_rule(sql::Tx& tx, const Rule& r) {
  SK_CHECK(tx.query(kPutRule).bind("kind", r.kind).bind("months", r.months).bind("by", r.set_by).bind("at", r.set_at).run());
  return ok();
}

Status Table::drop_rule(sql::Tx& tx, const std::string& kind) {
  SK_CHECK(tx.query(kDropRule).bind("kind", kind).run());
  return ok();
}

Result<std::vector<Rule>> Table::rules(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kRules).all<std::string, int, std::string, Timestamp>());
  std::vector<Rule> out;
  for (const auto& [kind, months, by, at] : rows) out.push_back({kind, months, by, at});
  return out;
}

Status Table::insert_hold(sql::Tx& tx, const Hold& h) {
  SK_CHECK(tx.query(kInsertHold).bind("id", h.id).bind("kind", h.kind).bind("from", h.from_month).bind("to", h.to_month).bind("incident", h.incident)
               .bind("reason", h.reason).bind("by", h.set_by).bind("at", h.set_at).run());
  return ok();
}

Result<bool> Table::release_hold(sql::Tx& tx, const std::string& id, const std::string& by, const std::string& reason, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kRelease).bind("by", by).bind("at", now).bind("reason", reason).bind("id", id).run());
  return rows == 1;
}

Result<bool> Table::has_hold(sql::Tx& tx, const std::string& id) {
  SK_TRY(const auto row, tx.query(kHas).bind("id", id).maybe_one<std::string>());
  return row.has_value();
}

Result<std::vector<Hold>> Table::holds(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kHolds).all<std::string, std::string, std::string, std::string, std::string, std::string, std::string, Timestamp,
                                               std::optional<std::string>, std::optional<Timestamp>, std::optional<std::string>>());
  std::vector<Hold> out;
  for (const auto& [id, kind, from, to, incident, reason, by, at, released_by, released_at, release_reason] : rows)
    out.push_back({id, kind, from, to, incident, reason, by, at, released_by, released_at, release_reason});
  return out;
}

}  // namespace sekisho::retention
