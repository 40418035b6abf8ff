// Accounts: who is behind a credential, login and logout, people, API keys.
//
// Sessions: a random token in a cookie, its SHA-256 in the table. Activity is kept in memory between writes to the table (a read cannot
// write), so after a crash a session may look idle for longer than it was: never shorter.
//
// Login: ask_proof() looks at the limits and queues the hashing; the operation session.open takes the proof and decides. An unknown login
// passes through the same steps as a known one - the same reads, one hash, the same writes - and gets the same answers.
// Ends: whoever is suspended, or whose last day has come, loses sessions and keys in the transaction that says so; on_end() tells the
// rest of the program, which cuts open streams.
#pragma once
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "features/accounts/guard.h"
#include "features/accounts/hash_pool.h"
#include "features/accounts/passwords.h"
#include "features/accounts/views.h"
#include "features/bodies/operations.h"
#include "features/factors/operations.h"
#include "features/privileges/privileges.h"
#include "gate/run.h"

namespace sekisho::accounts {

struct SessionTimes {
  std::int64_t idle_micros;
  std::int64_t absolute_micros;
};

struct Settings {
  SessionTimes ordinary;
  SessionTimes privileged;
  LockRules lock;
  std::int64_t provisional_micros = 0;  // how long a provisional password may wait for its first use
  int unused_days = 0;
  HashPool::Options hashing;
  std::set<std::string> privileged_powers;  // a person with one of them is privileged
  std::set<std::string> credential_powers;  // of them, those that change who may come in and with what
  int elevation_minutes = 30;
};

class Accounts {
 public:
  // Kana readings of a name in Japanese, for what a password must not be made of. Thread-safe.
  using ReadingsOf = std::function<std::vector<std::string>(const std::string&)>;
  // After the commit: this person of this body (its code) has no rights any more.
  using OnEnd = std::function<void(const std::string& body, const std::string& person)>;

  Accounts(Settings settings, Passwords passwords, ReadingsOf readings);
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // For Gate's constructor. Thread-safe.
  Result<std::optional<policy::Person>> authenticate(sql::Tx& tx, const gate::Caller& caller, Timestamp now);

  // Before login, on a worker: refuses what waits after failures, else queues the comparison. `done` is called on a pool thread when the
  // proof is complete; it must be quick. The password is wiped when compared.
  struct Asked {
    std::shared_ptr<HashPool::Turn> turn;
    std::shared_ptr<const Proof> proof;  // read it after `done`
  };
  Result<Asked> ask_proof(const gate::Caller& caller, const std::string& login, Secret password, Timestamp now, std::function<void()> done);
  HashPool& pool() { return pool_; }

  void on_end(OnEnd hook);
  // Counts up whenever somebody's sessions ended; what serves a long answer looks again when it changes.
  std::uint64_t ends() const { return ends_.load(); }
  // Ends those whose last day has come; cheap when none has. Called every half second by the server.
  Status end_due(gate::Gate& gate, gate::Body& body);

  gate::Operation<LoginIn, LoginOut> open_session();
  gate::Operation<UserCreateIn, UserCreated> create_user();
  void register_operations(gate::Registry& registry);
  // What second factors need to know of people.
  factors::People people();
  privileges::People privileged_people();
  const Passwords& passwords() const { return passwords_; }
  const std::set<std::string>& credential_powers() const { return settings_.credential_powers; }

 private:
  using Nothing = bodies::Nothing;
  struct Found {
    Account account;
    std::optional<Session> session;
    bool elsewhere = false;  // the credential belongs to another segment or network than the request comes from
  };
  Result<std::optional<Found>> account_behind(sql::Tx& tx, const gate::Caller& caller, Timestamp now);
  bool in_time(const Hash& token, const Session& session, const SessionTimes& times, Timestamp now);
  // Of the program's setting and the session's segment the shorter one.
  Result<SessionTimes> times_for(sql::Tx& tx, const policy::Person& person) const;
  bool privileged(const std::set<std::string>& powers) const;
  Result<bool> privileged(sql::Tx& tx, const AccountId& id, Timestamp now) const;
  Timestamp seen_at(const Hash& token, const Session& session) const;
  Result<bool> present(sql::Tx& tx, const AccountId& id, Timestamp now) const;
  Status take_deputyship(sql::Tx& tx, policy::Person& person, Timestamp now) const;
  Status take_elevation(sql::Tx& tx, const gate::Caller& caller, policy::Person& person, Timestamp now) const;
  Result<privileges::ElevationView> elevation_of(sql::Tx& tx, const policy::Person& person, const Hash& token, Timestamp now) const;
  void forget(gate::Context& context, const AccountId& id);
  void look_again(gate::Context& context);

  Result<bool> compare(const std::string& source, const std::string& stored, const Secret& password);
  Result<std::string> hash(const std::string& source, const Secret& password);
  Status prepare_login(gate::Preparation& preparation, LoginIn& in);
  Result<LoginOut> login(gate::Context& context, LoginIn& in);
  Unexpected login_failed(gate::Context& context, const std::string& login, const std::optional<Account>& account);
  Result<LoginOut> begin_session(gate::Context& context, const Account& account, const std::string& agent);

  Result<SessionView> view_of(gate::Context& context, const Account& account, const Session& session, const Hash& token);
  Result<SessionView> describe_session(gate::Context& context);
  Result<Nothing> close_session(gate::Context& context);
  Result<SessionList> list_sessions(gate::Context& context);
  Result<Nothing> end_session(gate::Context& context, SessionIdIn& in);
  Result<Ended> end_other_sessions(gate::Context& context);
  Status prepare_password(gate::Preparation& preparation, PasswordIn& in);
  Result<Nothing> change_password(gate::Context& context, PasswordIn& in);
  Result<PasswordCheck> check_password(gate::Context& context, PasswordCheckIn& in);
  Result<std::vector<std::string>> around(sql::Tx& tx, const gate::Body& body, const std::string& login, const std::string& name,
                                          const bodies::UnitId* unit);

  Status prepare_user(gate::Preparation& preparation, UserCreateIn& in);
  Result<bool> password_right(gate::Preparation& preparation, const Secret& password);
  Status prepare_provisional(gate::Preparation& preparation, UserIdIn& in);
  Result<UserCreated> create(gate::Context& context, UserCreateIn& in);
  Result<UserList> list(gate::Context& context, UserListIn& in);
  Result<UserView> update(gate::Context& context, UserUpdateIn& in);
  Result<OneTimePassword> reset_password(gate::Context& context, UserIdIn& in);
  Result<UserView> unlock(gate::Context& context, UnlockIn& in);
  Result<UnusedList> unused(gate::Context& context, UnusedIn& in);
  Result<UserView> review(gate::Context& context, ReviewIn& in);
  Result<UserView> user_view(sql::Tx& tx, const Account& account, Timestamp now);
  // Sessions, keys and streams of the person end with this transaction.
  Status end_rights(gate::Context& context, const AccountId& id);
  Result<Ended> end_rights_due(gate::Context& context);

  void register_session_operations(gate::Registry& registry);
  void register_password_operations(gate::Registry& registry);
  void register_user_operations(gate::Registry& registry);
  void register_review_operations(gate::Registry& registry);
  void register_key_operations(gate::Registry& registry);

  const Settings settings_;
  const Passwords passwords_;
  const ReadingsOf readings_;
  std::string decoy_;  // compared with when the login is unknown, so that time tells nothing
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Timestamp> seen_;      // token hash (hex) -> last activity
  std::unordered_map<std::string, Timestamp> next_end_;  // body -> when the next account ends; absent: not known
  OnEnd hook_;
  std::atomic<std::uint64_t> ends_{0};
  HashPool pool_;  // last: its threads stop first
};

// Stands for the stored hash of somebody whose password the directory checks: no hash looks like it.
inline constexpr const char* kInDirectory = "directory";
Result<bool> in_directory(sql::Tx& tx, const AccountId& id);
Unexpected kept_elsewhere();

// The csrf token of a session, for the HTTP layer's check. nullopt: no such session.
Result<std::optional<std::string>> csrf_of(sql::Tx& tx, const std::string& token);
// The session that the caller came with, or null.
const std::string* token_of(const gate::Caller& caller);
Unexpected wrong_password();

}  // namespace sekisho::accounts
