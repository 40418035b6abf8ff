// People, sessions and API keys of one body. Secrets never come here: tokens and keys as SHA-256, passwords as Argon2id text.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "features/bodies/table.h"
#include "json/json.h"
#include "policy/label.h"
#include "sql/db.h"

namespace sekisho::accounts {

struct AccountTag;
using AccountId = Id<AccountTag>;
struct SessionTag;
struct ReviewTag;
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
  std::optional<Timestamp> last_login_at;
  std::optional<Timestamp> last_logout_at;
  std::optional<Timestamp> valid_from;
  std::optional<Timestamp> valid_to;             // first moment at which the account is over
  std::optional<Timestamp> provisional_until;    // set while the password is a provisional one
  std::optional<Timestamp> provisional_used_at;  // a provisional password opens one session
  std::optional<Timestamp> password_set_at;

  bool open_at(Timestamp now) const { return enabled && (!valid_from || *valid_from <= now) && (!valid_to || now < *valid_to); }
};

struct Session {
  std::string id;  // what the owner's list of sessions calls it; opens nothing
  AccountId account_id;
  std::string csrf;
  Timestamp created_at;
  Timestamp seen_at;
  std::optional<Timestamp> previous_login_at;  // the login before this session's: what the screen shows (11(2)ウ)
  std::optional<Timestamp> previous_logout_at;
  std::string source;  // address it was opened from
  std::string agent;   // User-Agent, cut
  std::optional<policy::SegmentSet> segment;  // that it was opened in and belongs to; none: it has ended
};
struct StoredSession {
  Hash token;
  Session session;
};

// Failures in a row behind one key (a login or a source address), known to the body or not.
struct Guard {
  int failures = 0;
  Timestamp last_failure_at;
};

struct Failure {
  Timestamp at;
  std::string source;
};

struct Review {
  std::string id;
  AccountId account_id;
  std::string reviewer_id;
  Timestamp at;
  std::string decision;
  std::string reason;
  std::optional<Timestamp> last_used_at;
};

struct ApiKeyRow {
  KeyId id;
  AccountId account_id;
  std::string name;
  std::string prefix;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
  std::optional<policy::SegmentSet> segments;  // that it may be used from; none: nowhere
  std::string sources;                         // networks (CIDR, by commas) that it may be used from; empty: wherever the segment's listener admits
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Account& account, Timestamp now);
  // Name, unit, enabled and the days of validity.
  static Status update(sql::Tx& tx, const Account& account);
  static Status set_password(sql::Tx& tx, const AccountId& id, const std::string& password, Timestamp now);
  static Status set_provisional(sql::Tx& tx, const AccountId& id, const std::string& password, Timestamp now, Timestamp until);
  static Status record_login(sql::Tx& tx, const AccountId& id, Timestamp now);
  static Status record_logout(sql::Tx& tx, const AccountId& id, Timestamp now);
  static Result<std::optional<Account>> find(sql::Tx& tx, const AccountId& id);
  static Result<std::optional<Account>> find_login(sql::Tx& tx, std::string_view login);
  static Result<std::vector<Account>> page(sql::Tx& tx, std::string_view after_login, int limit);

  // Accounts that are over at `now`, or hold no appointment then, and still have a session or a key.
  static Result<std::vector<AccountId>> over_with_rights(sql::Tx& tx, Timestamp now);
  // The next moment after `now` at which an account or an appointment ends.
  static Result<std::optional<Timestamp>> next_end(sql::Tx& tx, Timestamp now);
  // Open accounts neither used nor looked at since, by login.
  static Result<std::vector<Account>> unused_since(sql::Tx& tx, Timestamp since, Timestamp now, std::string_view after_login, int limit);
  static Status insert_review(sql::Tx& tx, const Review& review);

  static Result<Guard> guard(sql::Tx& tx, const Hash& key);
  static Status put_guard(sql::Tx& tx, const Hash& key, const Guard& guard);
  static Status drop_guard(sql::Tx& tx, const Hash& key);
  static Status drop_guards_before(sql::Tx& tx, Timestamp last_failure_before);
  static Status insert_failure(sql::Tx& tx, const AccountId& id, const Failure& failure);
  static Status drop_failures_before(sql::Tx& tx, Timestamp before);
  // Newest first, at most `limit`, in [from, to).
  static Result<std::vector<Failure>> failures(sql::Tx& tx, const AccountId& id, Timestamp from, Timestamp to, int limit);

  static Status insert_session(sql::Tx& tx, const Hash& token, const Session& session);
  static Result<std::optional<Session>> find_session(sql::Tx& tx, const Hash& token);
  static Result<std::vector<StoredSession>> sessions_of(sql::Tx& tx, const AccountId& id);
  static Status delete_session(sql::Tx& tx, const Hash& token);
  static Status delete_sessions_of(sql::Tx& tx, const AccountId& id);
  static Status delete_sessions_before(sql::Tx& tx, Timestamp created_before);

  static Status insert_key(sql::Tx& tx, const ApiKeyRow& row, const Hash& key);
  static Result<std::optional<ApiKeyRow>> find_key(sql::Tx& tx, const Hash& key);
  static Status touch_key(sql::Tx& tx, const KeyId& id, Timestamp now);
  static Result<std::vector<ApiKeyRow>> keys_of(sql::Tx& tx, const AccountId& id);
  // false: no such key of this person.
  static Result<bool> revoke_key(sql::Tx& tx, const KeyId& id, const AccountId& owner, Timestamp now);
  static Status revoke_keys_of(sql::Tx& tx, const AccountId& owner, Timestamp now);
};

}  // namespace sekisho::accounts
