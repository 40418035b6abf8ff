// What the operations on accounts, sessions and keys take and give.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/secret.h"
#include "features/accounts/table.h"
#include "features/factors/operations.h"
#include "features/privileges/privileges.h"

namespace sekisho::accounts {

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
struct FailureView {
  static constexpr const char* kSchemaName = "FailedLogin";
  Timestamp at;
  std::string source;
};
BOOST_DESCRIBE_STRUCT(FailureView, (), (at, source))
struct SessionView {
  static constexpr const char* kSchemaName = "Session";
  SessionUser user;
  SessionBody body;
  std::string csrf;
  std::string segment;
  bool may_carry_out = false;  // the segment knows export; where it does not, screens offer none
  std::optional<Timestamp> last_login_at;   // before this session
  std::optional<Timestamp> last_logout_at;  // before this session
  std::vector<FailureView> failures;        // failed logins between the login before and this one, newest first
  bool password_must_change = false;
  int idle_seconds = 0;  // without activity the session ends after this
  factors::Due second_factor = factors::Due::not_needed;
  std::vector<factors::Kind> second_factor_kinds;  // that can be given now
  bool second_factor_enrolled = false;             // a lost one counts: enrolling again needs a recovery code or a reset
  privileges::ElevationView elevation;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (user, body, csrf, segment, may_carry_out, last_login_at, last_logout_at, failures, password_must_change, idle_seconds, second_factor, second_factor_kinds,
                       second_factor_enrolled, elevation))

// One of a person's open sessions.
struct OpenSession {
  static constexpr const char* kSchemaName = "OpenSession";
  std::string id;
  std::string source;  // address
  std::string agent;   // User-Agent
  Timestamp created_at;
  Timestamp seen_at;
  bool current = false;
};
BOOST_DESCRIBE_STRUCT(OpenSession, (), (id, source, agent, created_at, seen_at, current))
struct SessionList {
  std::vector<OpenSession> items;
};
BOOST_DESCRIBE_STRUCT(SessionList, (), (items))
struct SessionIdIn {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(SessionIdIn, (), (id))
struct Ended {
  int ended = 0;
};
BOOST_DESCRIBE_STRUCT(Ended, (), (ended))

// A password that was compared with what is stored for a login, or with a decoy where there is none. Made by the hash pool.
struct Proof {
  std::string login;
  bool right = false;
  std::optional<Error> failure;  // the directory could not say: not the person's fault, not counted
  std::string hash;  // what it was compared with
};
struct LoginIn {
  std::string login;
  Secret password;
  std::shared_ptr<const Proof> proof;  // not described: no JSON reaches it
  std::string agent;
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
  bool verified = false;  // by the preparation, not described
  std::string compared;   // the stored hash that `current` was compared with
  std::string hash;
};
BOOST_DESCRIBE_STRUCT(PasswordIn, (), (current, next))

struct PasswordCheckIn {
  Secret next;
};
BOOST_DESCRIBE_STRUCT(PasswordCheckIn, (), (next))
struct PasswordCheck {
  static constexpr const char* kSchemaName = "PasswordCheck";
  bool ok = false;
  std::string key;  // why not
  int characters = 0;
  int least = 0;
  std::vector<std::string> found;
};
BOOST_DESCRIBE_STRUCT(PasswordCheck, (), (ok, key, characters, least, found))

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
  std::optional<Timestamp> valid_from;
  std::optional<Timestamp> valid_to;      // over from this moment on
  std::optional<Timestamp> locked_until;  // after failed logins
  bool privileged = false;
  std::string password;  // "own", "provisional", "provisional_over"
  std::string state;     // "active", "not_yet", "over", "suspended"
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, login, name, department_id, department, roles, enabled, clearance, last_login_at, valid_from, valid_to, locked_until, privileged, password, state))
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
  std::optional<Timestamp> valid_from;
  std::optional<Timestamp> valid_to;
  std::string hash;       // from the preparation
  std::string one_time;
};
BOOST_DESCRIBE_STRUCT(UserCreateIn, (), (login, name, department_id, department, roles, clearance, password, valid_from, valid_to))
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
  std::optional<std::string> valid_from;  // RFC 3339; empty text: open
  std::optional<std::string> valid_to;
  std::optional<std::string> reason;      // for a suspension or its end
};
BOOST_DESCRIBE_STRUCT(UserUpdateIn, (), (id, name, department_id, roles, enabled, valid_from, valid_to, reason))
struct UserIdIn {
  AccountId id;
  std::string hash;
  std::string one_time;
};
BOOST_DESCRIBE_STRUCT(UserIdIn, (), (id))
struct OneTimePassword {
  std::string password;
  std::optional<Timestamp> until;
};
BOOST_DESCRIBE_STRUCT(OneTimePassword, (), (password, until))

struct UnlockIn {
  AccountId id;
  std::string identity_check;  // how the person was known to be who he says
};
BOOST_DESCRIBE_STRUCT(UnlockIn, (), (id, identity_check))

// Accounts that nobody used for a while, for the person in charge to keep or suspend.
struct UnusedIn {
  std::optional<int> days;
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(UnusedIn, (), (days, after, limit))
struct UnusedList {
  int days = 0;
  std::vector<UserView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(UnusedList, (), (days, items, next))
struct ReviewIn {
  AccountId id;
  std::string decision;  // "keep" or "suspend"
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReviewIn, (), (id, decision, reason))

struct KeyView {
  static constexpr const char* kSchemaName = "ApiKey";
  KeyId id;
  std::string name;
  std::string prefix;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
  std::vector<std::string> segments;  // codes; a body without segments has none
  std::string sources;
};
BOOST_DESCRIBE_STRUCT(KeyView, (), (id, name, prefix, created_at, last_used_at, segments, sources))
struct KeyList {
  std::vector<KeyView> items;
};
BOOST_DESCRIBE_STRUCT(KeyList, (), (items))
struct KeyCreateIn {
  std::string name;
  std::optional<std::string> sources;  // networks; left out: wherever the listener of the segment that it is made in admits
};
BOOST_DESCRIBE_STRUCT(KeyCreateIn, (), (name, sources))
struct KeyCreated {
  KeyId id;
  std::string name;
  std::string prefix;
  Timestamp created_at;
  std::vector<std::string> segments;
  std::string sources;
  std::string secret;
};
BOOST_DESCRIBE_STRUCT(KeyCreated, (), (id, name, prefix, created_at, segments, sources, secret))
struct KeyIdIn {
  KeyId id;
};
BOOST_DESCRIBE_STRUCT(KeyIdIn, (), (id))

}  // namespace sekisho::accounts
