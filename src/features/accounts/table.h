// People, sessions and API keys of one body. Secrets never come here: tokens and keys as SHA-256, passwords as Argon2id text.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "features/bodies/table.h"
#include "json/json.h"
#include "sql/db.h"

namespace sekisho::accounts {

struct AccountTag;
using AccountId = Id<AccountTag>;
struct KeyTag;
using KeyId = Id<KeyTag>;

struct Account {
  AccountId id;
  std::string login;
  std::string name;
  bodies::UnitId unit_id;
  int clearance = 0;
  bool enabled = false;
  std::string password;
  bool must_change = true;
  int failures = 0;
  Timestamp locked_until;
  std::optional<Timestamp> last_login_at;
};

struct Session {
  AccountId account_id;
  std::string csrf;
  Timestamp created_at;
  Timestamp seen_at;
  std::optional<Timestamp> previous_login_at;  // the login before this session's: what the screen shows (11(2)ウ)
};

struct ApiKeyRow {
  KeyId id;
  AccountId account_id;
  std::string name;
  std::string prefix;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Account& account, Timestamp now);
  static Status update(sql::Tx& tx, const AccountId& id, const std::string& name, const bodies::UnitId& unit, bool enabled);
  static Status set_password(sql::Tx& tx, const AccountId& id, const std::string& password, bool must_change);
  static Status record_failure(sql::Tx& tx, const AccountId& id, int failures, Timestamp locked_until);
  static Status record_login(sql::Tx& tx, const AccountId& id, Timestamp now);
  static Result<std::optional<Account>> find(sql::Tx& tx, const AccountId& id);
  static Result<std::optional<Account>> find_login(sql::Tx& tx, std::string_view login);
  static Result<std::vector<Account>> page(sql::Tx& tx, std::string_view after_login, int limit);

  static Status insert_session(sql::Tx& tx, const Hash& token, const AccountId& id, const std::string& csrf, Timestamp now,
                               const std::optional<Timestamp>& previous_login);
  static Result<std::optional<Session>> find_session(sql::Tx& tx, const Hash& token);
  static Status touch_session(sql::Tx& tx, const Hash& token, Timestamp now);
  static Status delete_session(sql::Tx& tx, const Hash& token);
  static Status delete_sessions_of(sql::Tx& tx, const AccountId& id);
  static Status delete_sessions_before(sql::Tx& tx, Timestamp created_before);

  static Status insert_key(sql::Tx& tx, const ApiKeyRow& row, const Hash& key);
  static Result<std::optional<ApiKeyRow>> find_key(sql::Tx& tx, const Hash& key);
  static Status touch_key(sql::Tx& tx, const KeyId& id, Timestamp now);
  static Result<std::vector<ApiKeyRow>> keys_of(sql::Tx& tx, const AccountId& id);
  // false: no such key of this person.
  static Result<bool> revoke_key(sql::Tx& tx, const KeyId& id, const AccountId& owner, Timestamp now);
};

}  // namespace sekisho::accounts
