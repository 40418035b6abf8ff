#include "crypto/hash.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"

namespace sekisho::accounts {
namespace {

// After this many failures every further one doubles the wait, up to an hour.
constexpr int kFreeFailures = 5;
constexpr std::int64_t kFirstWaitMicros = 30'000'000;
constexpr std::int64_t kLongestWaitMicros = 3'600'000'000;
constexpr std::int64_t kMinuteMicros = 60'000'000;
constexpr std::size_t kManySessions = 10'000;

Timestamp locked_until(int failures, Timestamp now) {
  if (failures < kFreeFailures) return {0};
  const int doublings = std::min(failures - kFreeFailures, 20);
  return {now.micros + std::min(kLongestWaitMicros, kFirstWaitMicros << doublings)};
}

Unexpected wrong_password() { return fail(Error{Code::unauthenticated, "accounts.wrong_password", "login or password", "9(4)イ", {}}); }

const std::string* token_of(const gate::Caller& caller) {
  const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
  return session == nullptr ? nullptr : &session->token;
}

}  // namespace

Accounts::Accounts(Limits limits) : limits_(limits), hashing_(std::max(1, limits.parallel_hashes)) {
  decoy_ = crypto::password_hash(crypto::random_token()).value_or("");
}

Result<std::string> Accounts::hash(const Secret& password) {
  hashing_.acquire();
  auto out = crypto::password_hash(password);
  hashing_.release();
  return out;
}

Result<bool> Accounts::verify(const std::string& stored, const Secret& password) {
  hashing_.acquire();
  auto out = crypto::password_verify(stored, password);
  hashing_.release();
  return out;
}

Result<std::optional<AccountId>> Accounts::session_account(sql::Tx& tx, const std::string& token, Timestamp now) {
  const Hash hash = crypto::sha256(token);
  SK_TRY(const auto session, Table::find_session(tx, hash));
  if (!session) return std::optional<AccountId>();
  const std::lock_guard lock(mutex_);
  if (seen_.size() > kManySessions) std::erase_if(seen_, [&](const auto& entry) { return now.micros - entry.second.micros > limits_.idle_micros; });
  Timestamp& seen = seen_[to_hex(hash)];
  seen = std::max(seen, session->seen_at);
  if (now.micros - seen.micros > limits_.idle_micros || now.micros - session->created_at.micros > limits_.absolute_micros) {
    seen_.erase(to_hex(hash));
    return std::optional<AccountId>();
  }
  seen = now;
  return std::optional<AccountId>(session->account_id);
}

Result<std::optional<AccountId>> Accounts::account_behind(sql::Tx& tx, const gate::Caller& caller, Timestamp now) {
  if (const std::string* token = token_of(caller)) return session_account(tx, *token, now);
  if (const auto* key = std::get_if<gate::ApiKey>(&caller.credential)) {
    SK_TRY(const auto row, Table::find_key(tx, crypto::sha256(key->key)));
    // "Last used" is for people: to the minute, and only where something is written anyway.
    if (row && tx.writes() && (!row->last_used_at || now.micros - row->last_used_at->micros > kMinuteMicros)) SK_CHECK(Table::touch_key(tx, row->id, now));
    return row ? std::optional<AccountId>(row->account_id) : std::nullopt;
  }
  if (const auto* local = std::get_if<gate::LocalUser>(&caller.credential)) {
    SK_TRY(const auto account, Table::find_login(tx, local->login));
    if (!account) return fail(Code::not_found, "accounts.not_found", "no such login");
    return std::optional<AccountId>(account->id);
  }
  return std::optional<AccountId>();
}

Result<std::optional<policy::Person>> Accounts::authenticate(sql::Tx& tx, const gate::Caller& caller, Timestamp now) {
  if (std::holds_alternative<gate::Program>(caller.credential)) {
    policy::Person program;
    program.user_id = "program";
    program.program = true;
    program.powers = {"program"};
    return std::optional(std::move(program));
  }
  if (std::holds_alternative<gate::Operator>(caller.credential)) {
    policy::Person op;
    op.user_id = "operator";
    op.powers = {"bodies.set_up", "users.manage", "endpoints.manage", "collections.manage", "documents.manage", "log.read", "profile.manage"};
    // Sets up every unit's collections; has no power to read or search them.
    SK_TRY(const auto units, bodies::Table::units(tx));
    for (const auto& unit : units) op.principals.insert("unit:" + unit.id.str());
    op.clearance = policy::kTopRank;
    op.session_segment = op.accepted_origins = caller.segment;
    return std::optional(std::move(op));
  }
  SK_TRY(const auto id, account_behind(tx, caller, now));
  if (!id) return std::optional<policy::Person>();
  SK_TRY(const auto account, Table::find(tx, *id));
  if (!account || !account->enabled) return std::optional<policy::Person>();
  SK_TRY(auto person, person_of(tx, *account, caller.segment, now));
  if (!person) return std::optional<policy::Person>();
  // With a provisional password nothing but changing it is open (9(4), 10(4)ウ(カ)).
  if (account->must_change && !std::holds_alternative<gate::LocalUser>(caller.credential)) person->powers.clear();
  return person;
}

Status Accounts::prepare_login(gate::Preparation& preparation, LoginIn& in) {
  SK_TRY(auto tx, preparation.body.db->begin_read());
  SK_TRY(const auto account, Table::find_login(*tx, in.login));
  tx.reset();
  const bool waiting = account && account->locked_until > preparation.now;
  SK_TRY(const bool right, verify(account && !waiting ? account->password : decoy_, in.password));
  in.verified = right && account && !waiting;
  in.verified_hash = account ? account->password : "";
  return ok();
}

Result<LoginOut> Accounts::login(gate::Context& context, LoginIn& in) {
  SK_TRY(const auto account, Table::find_login(context.tx, in.login));
  if (!account || !account->enabled) return wrong_password();
  context.actor(account->id.str());
  if (account->locked_until > context.now) return fail(Error{Code::too_many, "accounts.locked", "too many failures", "11(2)ウ", {}});
  if (!in.verified || in.verified_hash != account->password) {
    const int failures = account->failures + 1;
    context.when_refused([id = account->id, failures, until = locked_until(failures, context.now)](sql::Tx& tx) {
      return Table::record_failure(tx, id, failures, until);
    });
    return wrong_password();
  }
  const std::string token(crypto::random_token().reveal());
  const std::string csrf(crypto::random_token().reveal());
  SK_CHECK(Table::delete_sessions_before(context.tx, {context.now.micros - limits_.absolute_micros}));
  SK_CHECK(Table::insert_session(context.tx, crypto::sha256(token), account->id, csrf, context.now, account->last_login_at));
  SK_TRY(auto view, session_view(context, *account, csrf, context.caller.segment));
  SK_CHECK(Table::record_login(context.tx, account->id, context.now));
  return LoginOut{std::move(view), token};
}

Result<SessionView> Accounts::describe_session(gate::Context& context) {
  const std::string* token = token_of(context.caller);
  if (token == nullptr) return fail(Code::unauthenticated, "policy.not_signed_in");
  SK_TRY(const auto session, Table::find_session(context.tx, crypto::sha256(*token)));
  if (!session) return fail(Code::unauthenticated, "policy.not_signed_in");
  SK_TRY(const auto account, Table::find(context.tx, session->account_id));
  if (!account) return fail(Code::unauthenticated, "policy.not_signed_in");
  SK_TRY(auto view, session_view(context, *account, session->csrf, context.caller.segment));
  view.last_login_at = session->previous_login_at;
  return view;
}

Result<bodies::Nothing> Accounts::close_session(gate::Context& context) {
  if (const std::string* token = token_of(context.caller)) SK_CHECK(Table::delete_session(context.tx, crypto::sha256(*token)));
  return Nothing{};
}

Status Accounts::prepare_password(gate::Preparation& preparation, PasswordIn& in) {
  SK_TRY(auto tx, preparation.body.db->begin_read());
  SK_TRY(const auto id, account_behind(*tx, preparation.caller, preparation.now));
  if (!id) return ok();
  SK_TRY(const auto account, Table::find(*tx, *id));
  tx.reset();
  if (!account) return ok();
  if (in.next.reveal().size() < kMinPasswordCharacters)
    return fail(Error{Code::invalid_argument, "accounts.password_short", "at least 12 characters", "10(4)ウ(ウ)", {}});
  if (in.next.reveal() == in.current.reveal())
    return fail(Error{Code::invalid_argument, "accounts.password_same", "the new password is the old one", "10(4)ウ(カ)", {}});
  SK_TRY(in.verified, verify(account->password, in.current));
  SK_TRY(in.hash, hash(in.next));
  return ok();
}

Result<bodies::Nothing> Accounts::change_password(gate::Context& context, PasswordIn& in) {
  const AccountId id = AccountId::trusted(context.permit().person().user_id);
  if (!in.verified) return wrong_password();
  SK_CHECK(Table::set_password(context.tx, id, in.hash, false));
  // Every other session of the person ends.
  const std::string* token = token_of(context.caller);
  SK_TRY(const auto kept, token == nullptr ? Result<std::optional<Session>>(std::optional<Session>()) : Table::find_session(context.tx, crypto::sha256(*token)));
  SK_CHECK(Table::delete_sessions_of(context.tx, id));
  if (kept) SK_CHECK(Table::insert_session(context.tx, crypto::sha256(*token), id, kept->csrf, context.now, kept->previous_login_at));
  return Nothing{};
}

gate::Operation<LoginIn, LoginOut> Accounts::open_session() {
  return {"session.open", "ログインする", "session.open", gate::Access::write, 8192,
          [this](gate::Preparation& p, LoginIn& in) { return prepare_login(p, in); },
          [this](gate::Context& c, LoginIn& in) { return login(c, in); }};
}

void Accounts::register_session_operations(gate::Registry& registry) {
  registry.add(open_session());
  registry.add(gate::Operation<Nothing, SessionView>{"session.describe", "ログイン中の自分と団体を見る", "session.describe", gate::Access::read, 1024,
                                                     gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return describe_session(c); }});
  registry.add(gate::Operation<Nothing, Nothing>{"session.close", "ログアウトする", "session.close", gate::Access::write, 1024,
                                                 gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return close_session(c); }});
  registry.add(gate::Operation<PasswordIn, Nothing>{"session.change_password", "自分のパスワードを変える", "session.change_password", gate::Access::write, 8192,
                                                    [this](gate::Preparation& p, PasswordIn& in) { return prepare_password(p, in); },
                                                    [this](gate::Context& c, PasswordIn& in) { return change_password(c, in); }});
}

Result<std::optional<std::string>> csrf_of(sql::Tx& tx, const std::string& token) {
  SK_TRY(const auto session, Table::find_session(tx, crypto::sha256(token)));
  return session ? std::optional<std::string>(session->csrf) : std::nullopt;
}

}  // namespace sekisho::accounts
