// Accounts: who is behind a credential, login and logout, people, API keys.
//
// Sessions: a random token in a cookie, its SHA-256 in the table. Activity is kept in memory between writes to the table (a read cannot
// write), so after a crash a session may look idle for longer than it was: never shorter.
#pragma once
#include <mutex>
#include <semaphore>
#include <unordered_map>

#include "features/accounts/table.h"
#include "features/bodies/operations.h"
#include "gate/run.h"

namespace sekisho::accounts {

struct Limits {
  std::int64_t idle_micros;
  std::int64_t absolute_micros;
  int parallel_hashes;  // passwords hashed at once: 64 MiB each
};

struct SessionUser {
  AccountId id;
  std::string login;
  std::string name;
  std::string department;
  std::vector<std::string> roles;   // names to show
  std::vector<std::string> powers;
};
BOOST_DESCRIBE_STRUCT(SessionUser, (), (id, login, name, department, roles, powers))
struct SessionBody {
  std::string id;
  std::string code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(SessionBody, (), (id, code, name))
struct SessionView {
  static constexpr const char* kSchemaName = "Session";
  SessionUser user;
  SessionBody body;
  std::string csrf;
  std::string segment;
  std::optional<Timestamp> last_login_at;
  bool password_must_change = false;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (user, body, csrf, segment, last_login_at, password_must_change))

struct LoginIn {
  std::string login;
  Secret password;
  bool verified = false;       // set by the preparation, not described: no JSON reaches it
  std::string verified_hash;   // the stored hash that was verified against
};
BOOST_DESCRIBE_STRUCT(LoginIn, (), (login, password))
// The token goes into the cookie and nowhere else.
struct LoginOut {
  SessionView session;
  std::string token;
};
BOOST_DESCRIBE_STRUCT(LoginOut, (), (session, token))

struct PasswordIn {
  Secret current;
  Secret next;
  bool verified = false;
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(PasswordIn, (), (current, next))

struct UserView {
  static constexpr const char* kSchemaName = "User";
  AccountId id;
  std::string login;
  std::string name;
  bodies::UnitId department_id;
  std::string department;
  std::vector<std::string> roles;  // codes
  bool enabled = false;
  int clearance = 0;
  std::optional<Timestamp> last_login_at;
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, login, name, department_id, department, roles, enabled, clearance, last_login_at))
struct UserListIn {
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(UserListIn, (), (after, limit))
struct UserList {
  std::vector<UserView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(UserList, (), (items, next))
struct UserCreateIn {
  std::string login;
  std::string name;
  std::optional<bodies::UnitId> department_id;
  std::optional<std::string> department;  // code, where no id is at hand (command line)
  std::vector<std::string> roles;
  std::optional<int> clearance;
  std::optional<Secret> password;
  std::string hash;       // from the preparation
  std::string one_time;
};
BOOST_DESCRIBE_STRUCT(UserCreateIn, (), (login, name, department_id, department, roles, clearance, password))
struct UserCreated {
  UserView user;
  std::optional<std::string> password;  // the provisional one, shown once
};
BOOST_DESCRIBE_STRUCT(UserCreated, (), (user, password))
struct UserUpdateIn {
  AccountId id;
  std::optional<std::string> name;
  std::optional<bodies::UnitId> department_id;
  std::optional<std::vector<std::string>> roles;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(UserUpdateIn, (), (id, name, department_id, roles, enabled))
struct UserIdIn {
  AccountId id;
  std::string hash;
  std::string one_time;
};
BOOST_DESCRIBE_STRUCT(UserIdIn, (), (id))
struct OneTimePassword {
  std::string password;
};
BOOST_DESCRIBE_STRUCT(OneTimePassword, (), (password))

struct KeyView {
  static constexpr const char* kSchemaName = "ApiKey";
  KeyId id;
  std::string name;
  std::string prefix;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(KeyView, (), (id, name, prefix, created_at, last_used_at))
struct KeyList {
  std::vector<KeyView> items;
};
BOOST_DESCRIBE_STRUCT(KeyList, (), (items))
struct KeyCreateIn {
  std::string name;
};
BOOST_DESCRIBE_STRUCT(KeyCreateIn, (), (name))
struct KeyCreated {
  KeyId id;
  std::string name;
  std::string prefix;
  Timestamp created_at;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(KeyCreated, (), (id, name, prefix, created_at, secret))
struct KeyIdIn {
  KeyId id;
};
BOOST_DESCRIBE_STRUCT(KeyIdIn, (), (id))

class Accounts {
 public:
  explicit Accounts(Limits limits);
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // For Gate's constructor. Thread-safe.
  Result<std::optional<policy::Person>> authenticate(sql::Tx& tx, const gate::Caller& caller, Timestamp now);

  gate::Operation<LoginIn, LoginOut> open_session();
  gate::Operation<UserCreateIn, UserCreated> create_user();
  void register_operations(gate::Registry& registry);

 private:
  using Nothing = bodies::Nothing;
  Result<std::optional<AccountId>> account_behind(sql::Tx& tx, const gate::Caller& caller, Timestamp now);
  Result<std::optional<AccountId>> session_account(sql::Tx& tx, const std::string& token, Timestamp now);
  Status prepare_login(gate::Preparation& preparation, LoginIn& in);
  Result<LoginOut> login(gate::Context& context, LoginIn& in);
  Result<SessionView> describe_session(gate::Context& context);
  Result<Nothing> close_session(gate::Context& context);
  Status prepare_password(gate::Preparation& preparation, PasswordIn& in);
  Result<Nothing> change_password(gate::Context& context, PasswordIn& in);
  Status prepare_user(gate::Preparation& preparation, UserCreateIn& in);
  Result<std::string> hash(const Secret& password);
  Result<bool> verify(const std::string& stored, const Secret& password);
  void register_session_operations(gate::Registry& registry);
  void register_user_operations(gate::Registry& registry);
  void register_key_operations(gate::Registry& registry);

  const Limits limits_;
  std::counting_semaphore<64> hashing_;
  std::string decoy_;  // verified against when the login is unknown, so that time tells nothing
  std::mutex mutex_;
  std::unordered_map<std::string, Timestamp> seen_;  // token hash (hex) -> last activity
};

// The csrf token of a session, for the HTTP layer's check. nullopt: no such session.
Result<std::optional<std::string>> csrf_of(sql::Tx& tx, const std::string& token);

}  // namespace sekisho::accounts
