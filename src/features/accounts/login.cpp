// Login. Known and unknown logins take the same path: the same limits, one hash, the same writes, the same answers.
#include "core/log.h"
#include "crypto/hash.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"
#include "features/directories/operations.h"
#include "features/directories/table.h"
#include "features/switches/switches.h"
#include "text/utf8.h"

namespace sekisho::accounts {
namespace {

constexpr std::size_t kAgentBytes = 200;
constexpr std::int64_t kKeepFailuresMicros = std::int64_t{90} * 86'400'000'000;

Error locked() { return Error{Code::too_many, "accounts.locked", "too many failures", "11(2)ウ", "system_manager"}; }

bool waits(const Guard& guard, const LockRule& rule, Timestamp now) { return locked_until(at(guard, rule, now), rule) > now; }

// The browser's name, for the owner's list of sessions.
std::string cut(const std::string& agent) { return text::repair_utf8(std::string_view(agent).substr(0, kAgentBytes)); }

}  // namespace

Result<bool> in_directory(sql::Tx& tx, const AccountId& id) { return directories::Table::uses(tx, factors::PersonId::trusted(id.str())); }
Unexpected kept_elsewhere() { return fail(Code::conflict, "accounts.directory_password", "the directory keeps this person's password"); }

Unexpected wrong_password() { return fail(Error{Code::unauthenticated, "accounts.wrong_password", "login or password", "9(4)イ", {}}); }

Result<std::string> Accounts::hash(const std::string& source, const Secret& password) {
  Result<std::string> out;
  SK_CHECK(pool_.run(source, [&] { out = crypto::password_hash(prepared(password)); }));
  return out;
}

Result<bool> Accounts::compare(const std::string& source, const std::string& stored, const Secret& password) {
  Result<bool> out;
  SK_CHECK(pool_.run(source, [&] { out = crypto::password_verify(stored, prepared(password)); }));
  return out;
}

Result<Accounts::Asked> Accounts::ask_proof(const gate::Caller& caller, const std::string& login, Secret password, Timestamp now,
                                            std::function<void()> done) {
  SK_TRY(auto tx, caller.body->db->begin_read());
  SK_TRY(const Guard by_login, Table::guard(*tx, login_key(login)));
  SK_TRY(const Guard by_source, Table::guard(*tx, source_key(caller.peer)));
  SK_TRY(const auto account, Table::find_login(*tx, login));
  SK_TRY(const bool elsewhere, account ? in_directory(*tx, account->id) : Result<bool>(false));
  tx.reset();
  // Not recorded: a flood that is turned away must not fill the log.
  if (waits(by_login, settings_.lock.login, now) || waits(by_source, settings_.lock.source, now)) return fail(locked());
  auto proof = std::make_shared<Proof>();
  proof->login = login;
  proof->hash = elsewhere ? kInDirectory : account ? account->password : decoy_;
  auto typed = std::make_shared<Secret>(prepared(password));
  SK_TRY(auto turn, pool_.submit(caller.peer, [proof, typed, elsewhere, db = caller.body->db.get(), done = std::move(done)] {
           if (elsewhere) {
             const auto said = directories::right_password(*db, proof->login, *typed);
             if (said) proof->right = *said;
             else proof->failure = said.error();
             *typed = Secret();
             return done();
           }
           const auto right = crypto::password_verify(proof->hash, *typed);
           if (!right && right.error().code != Code::invalid_argument) log::error("accounts.hash_failed", right.error());
           proof->right = right && *right;
           *typed = Secret();
           done();
         }));
  return Asked{std::move(turn), std::move(proof)};
}

// For callers that can wait (tests, tools). HTTP brings the proof along.
Status Accounts::prepare_login(gate::Preparation& preparation, LoginIn& in) {
  if (in.proof) return ok();
  std::mutex mutex;
  std::condition_variable ready;
  bool done = false;
  SK_TRY(const Asked asked, ask_proof(preparation.caller, in.login, std::move(in.password), preparation.now, [&] {
           const std::lock_guard lock(mutex);
           done = true;
           ready.notify_one();
         }));
  std::unique_lock lock(mutex);
  ready.wait(lock, [&] { return done; });
  in.proof = asked.proof;
  return ok();
}

Unexpected Accounts::login_failed(gate::Context& context, const std::string& login, const std::optional<Account>& account) {
  context.when_refused([this, login, source = context.caller.peer, id = account ? std::optional(account->id) : std::nullopt, now = context.now](sql::Tx& tx) -> Status {
    SK_TRY(const Guard by_login, Table::guard(tx, login_key(login)));
    SK_TRY(const Guard by_source, Table::guard(tx, source_key(source)));
    SK_CHECK(Table::put_guard(tx, login_key(login), failed(by_login, settings_.lock.login, now)));
    SK_CHECK(Table::put_guard(tx, source_key(source), failed(by_source, settings_.lock.source, now)));
    SK_CHECK(Table::drop_guards_before(tx, {now.micros - std::max(settings_.lock.login.forget_micros, settings_.lock.privileged.forget_micros)}));
    SK_CHECK(Table::drop_failures_before(tx, {now.micros - kKeepFailuresMicros}));
    return id ? Table::insert_failure(tx, *id, {now, source}) : ok();
  });
  return wrong_password();
}

Result<LoginOut> Accounts::login(gate::Context& context, LoginIn& in) {
  const Timestamp now = context.now;
  SK_TRY(const auto account, Table::find_login(context.tx, in.login));
  if (account) context.actor(account->id.str());
  SK_TRY(const Guard guard, Table::guard(context.tx, login_key(in.login)));
  SK_TRY(const Guard by_source, Table::guard(context.tx, source_key(context.caller.peer)));
  // Again, now that nothing can come between: many tries at once count one by one.
  if (waits(guard, settings_.lock.login, now) || waits(by_source, settings_.lock.source, now)) return fail(locked());
  if (!account || !account->open_at(now)) return login_failed(context, in.login, account);
  SK_TRY(const bool strict, privileged(context.tx, account->id, context.now));
  SK_TRY(const bool elsewhere, in_directory(context.tx, account->id));
  if (elsewhere && in.proof && in.proof->failure) return fail(*in.proof->failure);
  const bool right = in.proof && in.proof->right && in.proof->login == in.login && in.proof->hash == (elsewhere ? kInDirectory : account->password);
  if (!right || (strict && waits(guard, settings_.lock.privileged, now))) return login_failed(context, in.login, account);
  if (account->provisional_until && !elsewhere) {
    if (account->provisional_used_at) return fail(Error{Code::denied, "accounts.provisional_used", "used once", "10(4)ウ(カ)", "system_manager"});
    if (*account->provisional_until <= now) return fail(Error{Code::denied, "accounts.provisional_over", "expired", "11(2)エ(イ)", "system_manager"});
  }
  return begin_session(context, *account, in.agent);
}

Result<LoginOut> Accounts::begin_session(gate::Context& context, const Account& account, const std::string& agent) {
  SK_CHECK(context.not_stopped(gate::StopKind::account, account.id.str()));
  sql::Tx& tx = context.tx;
  const Timestamp now = context.now;
  SK_TRY(const auto measure, switches::stopped(tx, account.id.str(), now));
  if (measure) return fail(Error{Code::denied, "switches.rights_stopped", measure->number, measure->clause, "head"});
  SK_CHECK(switches::may_come(tx, account.id.str(), context.caller.peer, now));
  const std::string token(crypto::random_token().reveal());
  Session session{context.new_id<SessionTag>().str(), account.id, std::string(crypto::random_token().reveal()), now, now, account.last_login_at, account.last_logout_at,
                  context.caller.peer, cut(agent), context.caller.segment};
  SK_CHECK(Table::delete_sessions_before(tx, {now.micros - settings_.ordinary.absolute_micros}));
  SK_CHECK(Table::insert_session(tx, crypto::sha256(token), session));
  SK_TRY(auto view, view_of(context, account, session, crypto::sha256(token)));
  SK_CHECK(Table::record_login(tx, account.id, now));
  SK_CHECK(Table::drop_guard(tx, login_key(account.login)));
  return LoginOut{std::move(view), token};
}

gate::Operation<LoginIn, LoginOut> Accounts::open_session() {
  return {"session.open", "ログインする", "session.open", gate::Access::write, 8192,
          [this](gate::Preparation& p, LoginIn& in) { return prepare_login(p, in); },
          [this](gate::Context& c, LoginIn& in) { return login(c, in); }};
}

}  // namespace sekisho::accounts
