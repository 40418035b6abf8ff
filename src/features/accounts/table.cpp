#include "features/accounts/table.h"

#include "features/accounts/staff.h"

namespace sekisho::accounts {
namespace {

#define SK_ACCOUNT_COLUMNS "id, login, name, unit_id, clearance, enabled, password, must_change, failures, locked_until, last_login_at"

constexpr const char* kInsert =
    "INSERT INTO account (" SK_ACCOUNT_COLUMNS ", created_at) VALUES "
    "(:id, :login, :name, :unit, :clearance, :enabled, :password, :must_change, :failures, :locked_until, NULL, :now)";
constexpr const char* kFind = "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE id = :id";
constexpr const char* kFindLogin = "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE login = :login";
constexpr const char* kPage = "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE login > :after ORDER BY login LIMIT :limit";
constexpr const char* kUpdate = "UPDATE account SET name = :name, unit_id = :unit, enabled = :enabled WHERE id = :id";
constexpr const char* kSetPassword = "UPDATE account SET password = :password, must_change = :must_change, failures = 0, locked_until = 0 WHERE id = :id";
constexpr const char* kFailure = "UPDATE account SET failures = :failures, locked_until = :until WHERE id = :id";
constexpr const char* kLogin = "UPDATE account SET failures = 0, locked_until = 0, last_login_at = :now WHERE id = :id";
constexpr const char* kInsertSession =
    "INSERT INTO session (token_hash, account_id, csrf, created_at, seen_at, previous_login_at) VALUES (:token, :id, :csrf, :now, :seen, :previous)";
constexpr const char* kFindSession = "SELECT account_id, csrf, created_at, seen_at, previous_login_at FROM session WHERE token_hash = :token";
constexpr const char* kTouchSession = "UPDATE session SET seen_at = :now WHERE token_hash = :token";
constexpr const char* kDeleteSession = "DELETE FROM session WHERE token_hash = :token";
constexpr const char* kDeleteSessionsOf = "DELETE FROM session WHERE account_id = :id";
constexpr const char* kDeleteSessionsBefore = "DELETE FROM session WHERE created_at < :before";
constexpr const char* kInsertKey =
    "INSERT INTO api_key (id, account_id, name, prefix, key_hash, created_at) VALUES (:id, :account, :name, :prefix, :hash, :now)";
constexpr const char* kFindKey =
    "SELECT id, account_id, name, prefix, created_at, last_used_at FROM api_key WHERE key_hash = :hash AND revoked_at IS NULL";
constexpr const char* kKeysOf =
    "SELECT id, account_id, name, prefix, created_at, last_used_at FROM api_key WHERE account_id = :id AND revoked_at IS NULL ORDER BY id LIMIT 200";
constexpr const char* kTouchKey = "UPDATE api_key SET last_used_at = :now WHERE id = :id";
constexpr const char* kRevokeKey = "UPDATE api_key SET revoked_at = :now WHERE id = :id AND account_id = :account AND revoked_at IS NULL";

constexpr const char* kStaff =
    "SELECT a.id, a.login, a.name, a.clearance, s.number, s.category FROM account a LEFT JOIN staff s ON s.account_id = a.id ORDER BY a.id LIMIT 50000";
constexpr const char* kPutStaff =
    "INSERT INTO staff (account_id, number, category) VALUES (:id, :number, :category) ON CONFLICT (account_id) DO UPDATE SET number = excluded.number, category = excluded.category";
constexpr const char* kSetPerson = "UPDATE account SET login = :login, name = :name, clearance = :clearance WHERE id = :id";
constexpr const char* kSetUnit = "UPDATE account SET unit_id = :unit WHERE id = :id";

sql::Blob blob(const Hash& hash) { return {std::string(as_view(hash))}; }

Result<std::vector<Account>> accounts(sql::Query query) {
  SK_TRY(auto rows, query.all<AccountId, std::string, std::string, bodies::UnitId, int, bool, std::string, bool, int, Timestamp, std::optional<Timestamp>>());
  std::vector<Account> out;
  for (auto& [id, login, name, unit, clearance, enabled, password, must_change, failures, locked, last] : rows)
    out.push_back({id, login, name, unit, clearance, enabled, password, must_change, failures, locked, last});
  return out;
}

Result<std::optional<Account>> first(sql::Query query) {
  SK_TRY(auto rows, accounts(std::move(query)));
  if (rows.empty()) return std::optional<Account>();
  return std::optional<Account>(std::move(rows.front()));
}

Result<std::vector<ApiKeyRow>> keys(sql::Query query) {
  SK_TRY(auto rows, query.all<KeyId, AccountId, std::string, std::string, Timestamp, std::optional<Timestamp>>());
  std::vector<ApiKeyRow> out;
  for (auto& [id, account, name, prefix, created, used] : rows) out.push_back({id, account, name, prefix, created, used});
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Account& a, Timestamp now) {
  SK_CHECK(tx.query(kInsert).bind("id", a.id).bind("login", a.login).bind("name", a.name).bind("unit", a.unit_id).bind("clearance", a.clearance)
               .bind("enabled", a.enabled).bind("password", a.password).bind("must_change", a.must_change).bind("failures", a.failures)
               .bind("locked_until", a.locked_until).bind("now", now).run());
  return ok();
}

Status Table::update(sql::Tx& tx, const AccountId& id, const std::string& name, const bodies::UnitId& unit, bool enabled) {
  SK_CHECK(tx.query(kUpdate).bind("name", name).bind("unit", unit).bind("enabled", enabled).bind("id", id).run());
  return ok();
}

Status Table::set_password(sql::Tx& tx, const AccountId& id, const std::string& password, bool must_change) {
  SK_CHECK(tx.query(kSetPassword).bind("password", password).bind("must_change", must_change).bind("id", id).run());
  return ok();
}

Status Table::record_failure(sql::Tx& tx, const AccountId& id, int failures, Timestamp locked_until) {
  SK_CHECK(tx.query(kFailure).bind("failures", failures).bind("until", locked_until).bind("id", id).run());
  return ok();
}

Status Table::record_login(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_CHECK(tx.query(kLogin).bind("now", now).bind("id", id).run());
  return ok();
}

Result<std::optional<Account>> Table::find(sql::Tx& tx, const AccountId& id) { return first(std::move(tx.query(kFind).bind("id", id))); }
Result<std::optional<Account>> Table::find_login(sql::Tx& tx, std::string_view login) {
  return first(std::move(tx.query(kFindLogin).bind("login", login)));
}
Result<std::vector<Account>> Table::page(sql::Tx& tx, std::string_view after_login, int limit) {
  return accounts(std::move(tx.query(kPage).bind("after", after_login).bind("limit", limit)));
}

Status Table::insert_session(sql::Tx& tx, const Hash& token, const AccountId& id, const std::string& csrf, Timestamp now,
                             const std::optional<Timestamp>& previous_login) {
  SK_CHECK(tx.query(kInsertSession).bind("token", blob(token)).bind("id", id).bind("csrf", csrf).bind("now", now).bind("seen", now).bind("previous", previous_login).run());
  return ok();
}

Result<std::optional<Session>> Table::find_session(sql::Tx& tx, const Hash& token) {
  SK_TRY(auto row, tx.query(kFindSession).bind("token", blob(token)).maybe_one<AccountId, std::string, Timestamp, Timestamp, std::optional<Timestamp>>());
  if (!row) return std::optional<Session>();
  return std::optional<Session>(Session{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row), std::get<3>(*row), std::get<4>(*row)});
}

Status Table::touch_session(sql::Tx& tx, const Hash& token, Timestamp now) {
  SK_CHECK(tx.query(kTouchSession).bind("now", now).bind("token", blob(token)).run());
  return ok();
}
Status Table::delete_session(sql::Tx& tx, const Hash& token) {
  SK_CHECK(tx.query(kDeleteSession).bind("token", blob(token)).run());
  return ok();
}
Status Table::delete_sessions_of(sql::Tx& tx, const AccountId& id) {
  SK_CHECK(tx.query(kDeleteSessionsOf).bind("id", id).run());
  return ok();
}
Status Table::delete_sessions_before(sql::Tx& tx, Timestamp created_before) {
  SK_CHECK(tx.query(kDeleteSessionsBefore).bind("before", created_before).run());
  return ok();
}

Status Table::insert_key(sql::Tx& tx, const ApiKeyRow& row, const Hash& key) {
  SK_CHECK(tx.query(kInsertKey).bind("id", row.id).bind("account", row.account_id).bind("name", row.name).bind("prefix", row.prefix)
               .bind("hash", blob(key)).bind("now", row.created_at).run());
  return ok();
}

Result<std::optional<ApiKeyRow>> Table::find_key(sql::Tx& tx, const Hash& key) {
  SK_TRY(auto rows, keys(std::move(tx.query(kFindKey).bind("hash", blob(key)))));
  if (rows.empty()) return std::optional<ApiKeyRow>();
  return std::optional<ApiKeyRow>(std::move(rows.front()));
}
Result<std::vector<ApiKeyRow>> Table::keys_of(sql::Tx& tx, const AccountId& id) { return keys(std::move(tx.query(kKeysOf).bind("id", id))); }

Status Table::touch_key(sql::Tx& tx, const KeyId& id, Timestamp now) {
  SK_CHECK(tx.query(kTouchKey).bind("now", now).bind("id", id).run());
  return ok();
}

Result<bool> Table::revoke_key(sql::Tx& tx, const KeyId& id, const AccountId& owner, Timestamp now) {
  SK_TRY(const auto n, tx.query(kRevokeKey).bind("now", now).bind("id", id).bind("account", owner).run());
  return n == 1;
}

Result<std::vector<StaffRecord>> StaffTable::all(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kStaff).all<AccountId, std::string, std::string, int, std::optional<std::string>, std::optional<std::string>>());
  std::vector<StaffRecord> out;
  for (auto& [id, login, name, clearance, number, category] : rows) out.push_back({id, login, name, clearance, number.value_or(""), category.value_or("")});
  return out;
}

Status StaffTable::put(sql::Tx& tx, const AccountId& id, const std::string& number, const std::string& category) {
  SK_CHECK(tx.query(kPutStaff).bind("id", id).bind("number", number).bind("category", category).run());
  return ok();
}

Status StaffTable::set_person(sql::Tx& tx, const StaffRecord& person) {
  SK_CHECK(tx.query(kSetPerson).bind("login", person.login).bind("name", person.name).bind("clearance", person.clearance).bind("id", person.id).run());
  return ok();
}

Status StaffTable::set_unit(sql::Tx& tx, const AccountId& id, const bodies::UnitId& unit) {
  SK_CHECK(tx.query(kSetUnit).bind("unit", unit).bind("id", id).run());
  return ok();
}

}  // namespace sekisho::accounts
