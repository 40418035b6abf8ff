#include "features/privileges/table.h"

namespace sekisho::privileges {
namespace {

#define SK_ELEVATION_COLUMNS "id, session_hash, account_id, name, reason, minutes, from_at, to_at"
constexpr const char* kOpen = "INSERT INTO elevation (" SK_ELEVATION_COLUMNS ") VALUES (:id, :session, :account, :name, :reason, :minutes, :from_at, :to_at)";
constexpr const char* kOpenOf = "SELECT " SK_ELEVATION_COLUMNS " FROM elevation WHERE session_hash = :session AND to_at > :now ORDER BY to_at DESC, id DESC LIMIT 1";
constexpr const char* kLastBegin = "SELECT from_at FROM elevation WHERE session_hash = :session ORDER BY from_at DESC LIMIT 1";
constexpr const char* kEnd = "UPDATE elevation SET to_at = :now WHERE session_hash = :session AND to_at > :then";
constexpr const char* kEndOf = "UPDATE elevation SET to_at = :now WHERE account_id = :account AND to_at > :then";
constexpr const char* kPage = "SELECT " SK_ELEVATION_COLUMNS " FROM elevation WHERE id < :before ORDER BY id DESC LIMIT :limit";
#define SK_DEPUTY_COLUMNS "approval_id, deputy_account, principal_account, from_at, to_at"
constexpr const char* kPutDeputy = "INSERT INTO privilege_deputy (" SK_DEPUTY_COLUMNS ") VALUES (:approval, :deputy, :principal, :from_at, :to_at)";
constexpr const char* kEndDeputy = "UPDATE privilege_deputy SET to_at = :now WHERE approval_id = :approval AND to_at > :then";
constexpr const char* kDeputiesOf =
    "SELECT " SK_DEPUTY_COLUMNS " FROM privilege_deputy WHERE deputy_account = :account AND from_at <= :now AND to_at > :then ORDER BY approval_id LIMIT 50";
constexpr const char* kDeputies = "SELECT " SK_DEPUTY_COLUMNS " FROM privilege_deputy WHERE to_at > :now ORDER BY from_at, approval_id LIMIT 200";

Result<std::vector<Elevation>> elevations(sql::Query query) {
  SK_TRY(const auto rows, query.all<ElevationId, std::string, std::string, std::string, std::string, int, Timestamp, Timestamp>());
  std::vector<Elevation> out;
  for (const auto& [id, session, account, name, reason, minutes, from, to] : rows) out.push_back({id, session, account, name, reason, minutes, from, to});
  return out;
}

Result<std::vector<Deputy>> deputies_in(sql::Query query) {
  SK_TRY(const auto rows, query.all<std::string, std::string, std::string, Timestamp, Timestamp>());
  std::vector<Deputy> out;
  for (const auto& [approval, deputy, principal, from, to] : rows) out.push_back({approval, deputy, principal, from, to});
  return out;
}

}  // namespace

Status Table::open(sql::Tx& tx, const Elevation& e) {
  SK_CHECK(tx.query(kOpen).bind("id", e.id).bind("session", e.session).bind("account", e.account).bind("name", e.name).bind("reason", e.reason)
               .bind("minutes", e.minutes).bind("from_at", e.from_at).bind("to_at", e.to_at).run());
  return ok();
}

Result<std::optional<Elevation>> Table::open_of(sql::Tx& tx, const std::string& session, Timestamp now) {
  SK_TRY(auto rows, elevations(std::move(tx.query(kOpenOf).bind("session", session).bind("now", now))));
  return rows.empty() ? std::optional<Elevation>() : std::optional<Elevation>(std::move(rows.front()));
}

Result<std::optional<Timestamp>> Table::last_begin(sql::Tx& tx, const std::string& session) {
  SK_TRY(const auto row, tx.query(kLastBegin).bind("session", session).maybe_one<Timestamp>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Status Table::end(sql::Tx& tx, const std::string& session, Timestamp now) {
  SK_CHECK(tx.query(kEnd).bind("now", now).bind("session", session).bind("then", now).run());
  return ok();
}
Status Table::end_of(sql::Tx& tx, const std::string& account, Timestamp now) {
  SK_CHECK(tx.query(kEndOf).bind("now", now).bind("account", account).bind("then", now).run());
  return ok();
}

Result<std::vector<Elevation>> Table::page(sql::Tx& tx, const std::string& before, int limit) {
  return elevations(std::move(tx.query(kPage).bind("before", before.empty() ? std::string("~") : before).bind("limit", limit)));
}

Status Table::put_deputy(sql::Tx& tx, const Deputy& d) {
  SK_CHECK(tx.query(kPutDeputy).bind("approval", d.approval).bind("deputy", d.deputy).bind("principal", d.principal).bind("from_at", d.from_at).bind("to_at", d.to_at).run());
  return ok();
}
Status Table::end_deputy(sql::Tx& tx, const std::string& approval, Timestamp now) {
  SK_CHECK(tx.query(kEndDeputy).bind("now", now).bind("approval", approval).bind("then", now).run());
  return ok();
}

Result<std::vector<Deputy>> Table::deputies_of(sql::Tx& tx, const std::string& account, Timestamp now) {
  return deputies_in(std::move(tx.query(kDeputiesOf).bind("account", account).bind("now", now).bind("then", now)));
}
Result<std::vector<Deputy>> Table::deputies(sql::Tx& tx, Timestamp now) { return deputies_in(std::move(tx.query(kDeputies).bind("now", now))); }

}  // namespace sekisho::privileges
