#include "features/accounts/table.h"

#include "features/accounts/staff.h"
#include "features/bodies/scheme.h"

namespace sekisho::accounts {
namespace {

#define SK_ACCOUNT_COLUMNS \
  "id, login, name, unit_id, clearance, enabled, password, must_change, last_login_at, last_logout_at, valid_from, valid_to, provisional_until, " \
  "provisional_used_at, password_set_at"
#define SK_SESSION_COLUMNS "token_hash, id, account_id, csrf, created_at, seen_at, previous_login_at, previous_logout_at, source, agent, segment"

constexpr const char* kInsert =
    "INSERT INTO account (" SK_ACCOUNT_COLUMNS ", created_at) VALUES "
    "(:id, :login, :name, :unit, :clearance, :enabled, :password, :must_change, NULL, NULL, :valid_from, :valid_to, :until, NULL, :now, :now)";
constexpr const char* kFind = "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE id = :id";
constexpr const char* kFindLogin = "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE login = :login";
constexpr const char* kPage = "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE login > :after ORDER BY login LIMIT :limit";
constexpr const char* kUpdate =
    "UPDATE account SET name = :name, unit_id = :unit, enabled = :enabled, valid_from = :valid_from, valid_to = :valid_to WHERE id = :id";
constexpr const char* kSetPassword =
    "UPDATE account SET password = :password, must_change = 0, provisional_until = NULL, provisional_used_at = NULL, password_set_at = :now WHERE id = :id";
constexpr const char* kSetProvisional =
    "UPDATE account SET password = :password, must_change = 1, provisional_until = :until, provisional_used_at = NULL, password_set_at = :now WHERE id = :id";
constexpr const char* kLogin =
    "UPDATE account SET last_login_at = :now, provisional_used_at = CASE WHEN provisional_until IS NULL THEN NULL ELSE :now END WHERE id = :id";
constexpr const char* kLogout = "UPDATE account SET last_logout_at = :now WHERE id = :id";
constexpr const char* kOverWithRights =
    "SELECT id FROM account WHERE (valid_to <= :now OR NOT EXISTS (SELECT 1 FROM appointment p WHERE p.account_id = account.id AND p.from_at <= :since "
    "AND (p.to_at IS NULL OR p.to_at > :then))) AND (EXISTS (SELECT 1 FROM session WHERE session.account_id = account.id) "
    "OR EXISTS (SELECT 1 FROM api_key WHERE api_key.account_id = account.id AND revoked_at IS NULL)) ORDER BY id LIMIT 10000";
constexpr const char* kNextEnd = "SELECT MIN(at) FROM (SELECT MIN(valid_to) AS at FROM account WHERE valid_to > :now UNION ALL SELECT MIN(to_at) AS at FROM appointment WHERE to_at > :then) ends";
constexpr const char* kUnused =
    "SELECT " SK_ACCOUNT_COLUMNS " FROM account WHERE enabled = 1 AND (valid_to IS NULL OR valid_to > :now) AND COALESCE(last_login_at, created_at) < :since "
    "AND COALESCE(reviewed_at, 0) < :since AND login > :after ORDER BY login LIMIT :limit";
constexpr const char* kReviewed = "UPDATE account SET reviewed_at = :now WHERE id = :id";
constexpr const char* kInsertReview =
    "INSERT INTO account_review (id, account_id, reviewer_id, at, decision, reason, last_used_at) VALUES (:id, :account, :reviewer, :at, :decision, :reason, :used)";
constexpr const char* kGuard = "SELECT failures, last_failure_at FROM login_guard WHERE key_hash = :key";
constexpr const char* kPutGuard =
    "INSERT INTO login_guard (key_hash, failures, last_failure_at) VALUES (:key, :failures, :at) "
    "ON CONFLICT (key_hash) DO UPDATE SET failures = excluded.failures, last_failure_at = excluded.last_failure_at";
constexpr const char* kDropGuard = "DELETE FROM login_guard WHERE key_hash = :key";
constexpr const char* kDropGuards = "DELETE FROM login_guard WHERE last_failure_at < :before";
constexpr const char* kInsertFailure = "INSERT INTO login_failure (account_id, at, source) VALUES (:account, :at, :source)";
constexpr const char* kDropFailures = "DELETE FROM login_failure WHERE at < :before";
constexpr const char* kFailures =
    "SELECT at, source FROM login_failure WHERE account_id = :account AND at >= :from AND at < :to ORDER BY at DESC, id DESC LIMIT :limit";
constexpr const char* kInsertSession =
    "INSERT INTO session (" SK_SESSION_COLUMNS ") VALUES (:token, :id, :account, :csrf, :created, :seen, :previous_login, :previous_logout, :source, :agent, :segment)";
constexpr const char* kFindSession = "SELECT " SK_SESSION_COLUMNS " FROM session WHERE token_hash = :token";
constexpr const char* kSessionsOf = "SELECT " SK_SESSION_COLUMNS " FROM session WHERE account_id = :id ORDER BY created_at DESC, id LIMIT 200";
constexpr const char* kDeleteSession = "DELETE FROM session WHERE token_hash = :token";
constexpr const char* kDeleteSessionsOf = "DELETE FROM session WHERE account_id = :id";
constexpr const char* kDeleteSessionsBefore = "DELETE FROM session WHERE created_at < :before";
constexpr const char* kInsertKey =
    "INSERT INTO api_key (id, account_id, name, prefix, key_hash, created_at, segments, sources) VALUES (:id, :account, :name, :prefix, :hash, :now, :segments, :sources)";
constexpr const char* kFindKey =
    "SELECT id, account_id, name, prefix, created_at, last_used_at, segments, sources FROM api_key WHERE key_hash = :hash AND revoked_at IS NULL";
constexpr const char* kKeysOf =
    "SELECT id, account_id, name, prefix, created_at, last_used_at, segments, sources FROM api_key WHERE account_id = :id AND revoked_at IS NULL ORDER BY id LIMIT 200";
constexpr const char* kTouchKey = "UPDATE api_key SET last_used_at = :now WHERE id = :id";
constexpr const char* kRevokeKeysOf = "UPDATE api_key SET revoked_at = :now WHERE account_id = :account AND revoked_at IS NULL";
constexpr const char* kRevokeKey = "UPDATE api_key SET revoked_at = :now WHERE id = :id AND account_id = :account AND revoked_at IS NULL";

constexpr const char* kStaff =
    "SELECT a.id, a.login, a.name, a.clearance, s.number, s.category FROM account a LEFT JOIN staff s ON s.account_id = a.id ORDER BY a.id LIMIT 50000";
constexpr const char* kStaffCategory = "SELECT category FROM staff WHERE account_id = :id";
constexpr const char* kPutStaff =
    "INSERT INTO staff (account_id, number, category) VALUES (:id, :number, :category) ON CONFLICT (account_id) DO UPDATE SET number = excluded.number, category = excluded.category";
constexpr const char* kMoveClearances = "UPDATE account SET clearance = " SK_PERMITTED_RANK("clearance");
constexpr const char* kSetPerson = "UPDATE account SET login = :login, name = :name, clearance = :clearance WHERE id = :id";
constexpr const char* kSetUnit = "UPDATE account SET unit_id = :unit WHERE id = :id";

sql::Blob blob(const Hash& hash) { return {std::string(as_view(hash))}; }

Result<std::vector<Account>> accounts(sql::Query query) {
  using When = std::optional<Timestamp>;
  SK_TRY(auto rows, query.all<AccountId, std::string, std::string, bodies::UnitId, int, bool, std::string, bool, When, When, When, When, When, When, When>());
  std::vector<Account> out;
  for (auto& [id, login, name, unit, clearance, enabled, password, must_change, last_login, last_logout, from, to, until, used, set] : rows)
    out.push_back({id, login, name, unit, clearance, enabled, password, must_change, last_login, last_logout, from, to, until, used, set});
  return out;
}

Result<std::optional<Account>> first(sql::Query query) {
  SK_TRY(auto rows, accounts(std::move(query)));
  if (rows.empty()) return std::optional<Account>();
  return std::optional<Account>(std::move(rows.front()));
}

std::optional<policy::SegmentSet> segment_set(const std::optional<std::int64_t>& stored) {
  return stored ? std::optional(static_cast<policy::SegmentSet>(*stored)) : std::nullopt;
}

Result<std::vector<ApiKeyRow>> keys(sql::Query query) {
  SK_TRY(auto rows, query.all<KeyId, AccountId, std::string, std::string, Timestamp, std::optional<Timestamp>, std::optional<std::int64_t>, std::optional<std::string>>());
  std::vector<ApiKeyRow> out;
  for (auto& [id, account, name, prefix, created, used, segments, sources] : rows)
    out.push_back({id, account, name, prefix, created, used, segment_set(segments), sources.value_or("")});
  return out;
}

Result<std::vector<StoredSession>> sessions(sql::Query query) {
  using When = std::optional<Timestamp>;
  SK_TRY(auto rows, query.all<sql::Blob, std::string, AccountId, std::string, Timestamp, Timestamp, When, When, std::string, std::string, std::optional<std::int64_t>>());
  std::vector<StoredSession> out;
  for (auto& [token, id, account, csrf, created, seen, login, logout, source, agent, segment] : rows) {
    StoredSession row{{}, {id, account, csrf, created, seen, login, logout, source, agent, segment_set(segment)}};
    if (token.bytes.size() != row.token.size()) return fail(Code::corrupt, "sql.corrupt", "a session's key has the wrong length");
    std::copy(token.bytes.begin(), token.bytes.end(), reinterpret_cast<char*>(row.token.data()));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Account& a, Timestamp now) {
  SK_CHECK(tx.query(kInsert).bind("id", a.id).bind("login", a.login).bind("name", a.name).bind("unit", a.unit_id).bind("clearance", a.clearance)
               .bind("enabled", a.enabled).bind("password", a.password).bind("must_change", a.must_change)
               .bind("valid_from", a.valid_from).bind("valid_to", a.valid_to).bind("until", a.provisional_until).bind("now", now).run());
  return ok();
}

Status Table::update(sql::Tx& tx, const Account& a) {
  SK_CHECK(tx.query(kUpdate).bind("name", a.name).bind("unit", a.unit_id).bind("enabled", a.enabled).bind("valid_from", a.valid_from)
               .bind("valid_to", a.valid_to).bind("id", a.id).run());
  return ok();
}

Status Table::set_password(sql::Tx& tx, const AccountId& id, const std::string& password, Timestamp now) {
  SK_CHECK(tx.query(kSetPassword).bind("password", password).bind("now", now).bind("id", id).run());
  return ok();
}

Status Table::set_provisional(sql::Tx& tx, const AccountId& id, const std::string& password, Timestamp now, Timestamp until) {
  SK_CHECK(tx.query(kSetProvisional).bind("password", password).bind("until", until).bind("now", now).bind("id", id).run());
  return ok();
}

Status Table::record_login(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_CHECK(tx.query(kLogin).bind("now", now).bind("id", id).run());
  return ok();
}

Status Table::record_logout(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_CHECK(tx.query(kLogout).bind("now", now).bind("id", id).run());
  return ok();
}

Result<std::vector<AccountId>> Table::over_with_rights(sql::Tx& tx, Timestamp now) {
  SK_TRY(auto rows, tx.query(kOverWithRights).bind("now", now).bind("since", now).bind("then", now).all<AccountId>());
  std::vector<AccountId> out;
  for (auto& [id] : rows) out.push_back(std::move(id));
  return out;
}

Result<std::optional<Timestamp>> Table::next_end(sql::Tx& tx, Timestamp now) {
  SK_TRY(const auto row, tx.query(kNextEnd).bind("now", now).bind("then", now).one<std::optional<Timestamp>>());
  return std::get<0>(row);
}

Result<std::vector<Account>> Table::unused_since(sql::Tx& tx, Timestamp since, Timestamp now, std::string_view after_login, int limit) {
  return accounts(std::move(tx.query(kUnused).bind("now", now).bind("since", since).bind("after", after_login).bind("limit", limit)));
}

Status Table::insert_review(sql::Tx& tx, const Review& r) {
  SK_CHECK(tx.query(kInsertReview).bind("id", r.id).bind("account", r.account_id).bind("reviewer", r.reviewer_id).bind("at", r.at)
               .bind("decision", r.decision).bind("reason", r.reason).bind("used", r.last_used_at).run());
  SK_CHECK(tx.query(kReviewed).bind("now", r.at).bind("id", r.account_id).run());
  return ok();
}

Result<Guard> Table::guard(sql::Tx& tx, const Hash& key) {
  SK_TRY(const auto row, tx.query(kGuard).bind("key", blob(key)).maybe_one<int, Timestamp>());
  return row ? Guard{std::get<0>(*row), std::get<1>(*row)} : Guard{};
}
Status Table::put_guard(sql::Tx& tx, const Hash& key, const Guard& guard) {
  SK_CHECK(tx.query(kPutGuard).bind("key", blob(key)).bind("failures", guard.failures).bind("at", guard.last_failure_at).run());
  return ok();
}
Status Table::drop_guard(sql::Tx& tx, const Hash& key) {
  SK_CHECK(tx.query(kDropGuard).bind("key", blob(key)).run());
  return ok();
}
Status Table::drop_guards_before(sql::Tx& tx, Timestamp before) {
  SK_CHECK(tx.query(kDropGuards).bind("before", before).run());
  return ok();
}
Status Table::insert_failure(sql::Tx& tx, const AccountId& id, const Failure& failure) {
  SK_CHECK(tx.query(kInsertFailure).bind("account", id).bind("at", failure.at).bind("source", failure.source).run());
  return ok();
}
Status Table::drop_failures_before(sql::Tx& tx, Timestamp before) {
  SK_CHECK(tx.query(kDropFailures).bind("before", before).run());
  return ok();
}
Result<std::vector<Failure>> Table::failures(sql::Tx& tx, const AccountId& id, Timestamp from, Timestamp to, int limit) {
  SK_TRY(auto rows, tx.query(kFailures).bind("account", id).bind("from", from).bind("to", to).bind("limit", limit).all<Timestamp, std::string>());
  std::vector<Failure> out;
  for (auto& [at, source] : rows) out.push_back({at, source});
  return out;
}

Result<std::optional<Account>> Table::find(sql::Tx& tx, const AccountId& id) { return first(std::move(tx.query(kFind).bind("id", id))); }
Result<std::optional<Account>> Table::find_login(sql::Tx& tx, std::string_view login) {
  return first(std::move(tx.query(kFindLogin).bind("login", login)));
}
Result<std::vector<Account>> Table::page(sql::Tx& tx, std::string_view after_login, int limit) {
  return accounts(std::move(tx.query(kPage).bind("after", after_login).bind("limit", limit)));
}

Status Table::insert_session(sql::Tx& tx, const Hash& token, const Session& s) {
  SK_CHECK(tx.query(kInsertSession).bind("token", blob(token)).bind("id", s.id).bind("account", s.account_id).bind("csrf", s.csrf).bind("created", s.created_at)
               .bind("seen", s.seen_at).bind("previous_login", s.previous_login_at).bind("previous_logout", s.previous_logout_at).bind("source", s.source)
               .bind("agent", s.agent).bind("segment", s.segment.value_or(0)).run());
  return ok();
}

Result<std::optional<Session>> Table::find_session(sql::Tx& tx, const Hash& token) {
  SK_TRY(auto rows, sessions(std::move(tx.query(kFindSession).bind("token", blob(token)))));
  if (rows.empty()) return std::optional<Session>();
  return std::optional<Session>(std::move(rows.front().session));
}
Result<std::vector<StoredSession>> Table::sessions_of(sql::Tx& tx, const AccountId& id) {
  return sessions(std::move(tx.query(kSessionsOf).bind("id", id)));
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
               .bind("hash", blob(key)).bind("now", row.created_at).bind("segments", row.segments).bind("sources", row.sources).run());
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

Status Table::revoke_keys_of(sql::Tx& tx, const AccountId& owner, Timestamp now) {
  SK_CHECK(tx.query(kRevokeKeysOf).bind("now", now).bind("account", owner).run());
  return ok();
}

Result<std::vector<StaffRecord>> StaffTable::all(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kStaff).all<AccountId, std::string, std::string, int, std::optional<std::string>, std::optional<std::string>>());
  std::vector<StaffRecord> out;
  for (auto& [id, login, name, clearance, number, category] : rows) out.push_back({id, login, name, clearance, number.value_or(""), category.value_or("")});
  return out;
}

Result<std::optional<std::string>> StaffTable::category(sql::Tx& tx, const AccountId& id) {
  SK_TRY(const auto row, tx.query(kStaffCategory).bind("id", id).maybe_one<std::string>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Status StaffTable::put(sql::Tx& tx, const AccountId& id, const std::string& number, const std::string& category) {
  SK_CHECK(tx.query(kPutStaff).bind("id", id).bind("number", number).bind("category", category).run());
  return ok();
}

Status StaffTable::carry_over(sql::Tx& tx, const policy::AxisChange& confidentiality) { return bodies::move_permitted(tx, kMoveClearances, confidentiality); }

Status StaffTable::set_person(sql::Tx& tx, const StaffRecord& person) {
  SK_CHECK(tx.query(kSetPerson).bind("login", person.login).bind("name", person.name).bind("clearance", person.clearance).bind("id", person.id).run());
  return ok();
}

Status StaffTable::set_unit(sql::Tx& tx, const AccountId& id, const bodies::UnitId& unit) {
  SK_CHECK(tx.query(kSetUnit).bind("unit", unit).bind("id", id).run());
  return ok();
}

}  // namespace sekisho::accounts
