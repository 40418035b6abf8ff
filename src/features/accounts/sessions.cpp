// A person's own sessions: what the screen shows after login, the list, ending them, locking the screen.
#include "crypto/hash.h"
#include "features/accounts/appointments.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"
#include "features/directories/operations.h"

namespace sekisho::accounts {
namespace {

constexpr int kShownFailures = 20;

Unexpected signed_out() { return fail(Code::unauthenticated, "policy.not_signed_in"); }

}  // namespace

Result<SessionView> Accounts::view_of(gate::Context& context, const Account& account, const Session& session, const Hash& token) {
  sql::Tx& tx = context.tx;
  SessionView out;
  SK_TRY(const auto found, person_of(tx, account, context.caller.segment, context.now));
  if (!found) return fail(Error{Code::unauthenticated, "accounts.no_appointment", "no appointment in force", "11(2)ア(イ)c", {}});
  policy::Person person = *found;
  SK_CHECK(take_deputyship(tx, person, context.now));
  SK_TRY(const auto body, bodies::Table::profile(tx));
  SK_TRY(const auto units, bodies::Table::units(tx));
  SK_TRY(const auto codes, roles_in_force(tx, account.id, context.now));
  SK_TRY(const auto posts, main_posts(tx, account.id, context.now));
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  out.user = {account.id, account.login, account.name, "", {}, {person.powers.begin(), person.powers.end()}};
  for (const auto& unit : units)
    if (unit.id == (posts.empty() ? account.unit_id : posts.front().unit_id)) out.user.department = unit.name;
  for (const auto& role : roles)
    if (codes.contains(role.code)) out.user.roles.push_back(role.name);
  out.body = {context.body.code, context.body.code, body.name};
  out.csrf = session.csrf;
  for (std::size_t i = 0; i < body.profile.segments.size(); ++i)
    if ((context.caller.segment >> i & 1u) != 0) out.segment = body.profile.segments[i].code;
  out.may_carry_out = person.may_carry_out;
  out.last_login_at = session.previous_login_at;
  out.last_logout_at = session.previous_logout_at;
  SK_TRY(const auto failures, Table::failures(tx, account.id, session.previous_login_at.value_or(Timestamp{0}), session.created_at, kShownFailures));
  for (const Failure& failure : failures) out.failures.push_back({failure.at, failure.source});
  SK_TRY(const bool elsewhere, in_directory(tx, account.id));
  out.password_must_change = account.must_change && !elsewhere;
  SK_TRY(const auto second, factors::Factors::view(tx, person, token));
  out.second_factor = second.due;
  out.second_factor_kinds = second.kinds;
  out.second_factor_enrolled = second.enrolled;
  SK_TRY(out.elevation, elevation_of(tx, person, token, context.now));
  SK_TRY(const SessionTimes times, times_for(tx, person));
  out.idle_seconds = static_cast<int>(times.idle_micros / 1'000'000);
  return out;
}

Result<SessionView> Accounts::describe_session(gate::Context& context) {
  const std::string* token = token_of(context.caller);
  if (token == nullptr) return signed_out();
  SK_TRY(const auto session, Table::find_session(context.tx, crypto::sha256(*token)));
  if (!session) return signed_out();
  SK_TRY(const auto account, Table::find(context.tx, session->account_id));
  if (!account) return signed_out();
  return view_of(context, *account, *session, crypto::sha256(*token));
}

Result<bodies::Nothing> Accounts::close_session(gate::Context& context) {
  if (const std::string* token = token_of(context.caller)) {
    SK_CHECK(privileges::Table::end(context.tx, to_hex(crypto::sha256(*token)), context.now));
    SK_CHECK(Table::delete_session(context.tx, crypto::sha256(*token)));
    SK_CHECK(Table::record_logout(context.tx, AccountId::trusted(context.permit().person().user_id), context.now));
    context.after_commit([this] { ++ends_; });
  }
  return Nothing{};
}

Result<SessionList> Accounts::list_sessions(gate::Context& context) {
  const std::string* token = token_of(context.caller);
  const Hash own = token == nullptr ? Hash{} : crypto::sha256(*token);
  SK_TRY(const auto rows, Table::sessions_of(context.tx, AccountId::trusted(context.permit().person().user_id)));
  SK_TRY(const SessionTimes times, times_for(context.tx, context.permit().person()));
  SessionList out;
  for (const StoredSession& row : rows) {
    const Timestamp seen = seen_at(row.token, row.session);
    if (context.now.micros - seen.micros > times.idle_micros || context.now.micros - row.session.created_at.micros > times.absolute_micros) continue;
    out.items.push_back({row.session.id, row.session.source, row.session.agent, row.session.created_at, seen, row.token == own});
  }
  return out;
}

Result<bodies::Nothing> Accounts::end_session(gate::Context& context, SessionIdIn& in) {
  SK_TRY(const auto rows, Table::sessions_of(context.tx, AccountId::trusted(context.permit().person().user_id)));
  for (const StoredSession& row : rows) {
    if (row.session.id != in.id) continue;
    SK_CHECK(privileges::Table::end(context.tx, to_hex(row.token), context.now));
    SK_CHECK(Table::delete_session(context.tx, row.token));
    context.about(in.id);
    context.after_commit([this] { ++ends_; });
    return Nothing{};
  }
  return fail(Code::not_found, "sessions.not_found", "no such session of this person");
}

Result<Ended> Accounts::end_other_sessions(gate::Context& context) {
  const std::string* token = token_of(context.caller);
  const Hash own = token == nullptr ? Hash{} : crypto::sha256(*token);
  SK_TRY(const auto rows, Table::sessions_of(context.tx, AccountId::trusted(context.permit().person().user_id)));
  Ended out;
  for (const StoredSession& row : rows) {
    if (row.token == own) continue;
    SK_CHECK(privileges::Table::end(context.tx, to_hex(row.token), context.now));
    SK_CHECK(Table::delete_session(context.tx, row.token));
    ++out.ended;
  }
  if (out.ended > 0) context.after_commit([this] { ++ends_; });
  return out;
}

void Accounts::register_session_operations(gate::Registry& registry) {
  using bodies::WholeListIn;
  registry.add(open_session());
  registry.add(gate::Operation<Nothing, SessionView>{"session.describe", "ログイン中の自分と団体を見る", "session.describe", gate::Access::read, 1024,
                                                     gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return describe_session(c); }});
  registry.add(gate::Operation<Nothing, Nothing>{"session.close", "ログアウトする", "session.close", gate::Access::write, 1024,
                                                 gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return close_session(c); }});
  registry.add(gate::Operation<Nothing, Nothing>{"session.lock", "席を離れるので画面をロックする", "session.lock", gate::Access::write, 1024,
                                                 gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return close_session(c); }});
  registry.add(gate::Operation<WholeListIn, SessionList>{"sessions.list", "自分のログインの一覧", "sessions.own", gate::Access::read, 1024,
                                                         gate::no_preparation<WholeListIn>(), [this](gate::Context& c, WholeListIn&) { return list_sessions(c); }});
  registry.add(gate::Operation<SessionIdIn, Nothing>{"sessions.end", "自分のほかのログインを終わらせる", "sessions.own", gate::Access::write, 1024,
                                                     gate::no_preparation<SessionIdIn>(), [this](gate::Context& c, SessionIdIn& in) { return end_session(c, in); }});
  registry.add(gate::Operation<Nothing, Ended>{"sessions.end_others", "自分のほかのログインをすべて終わらせる", "sessions.own", gate::Access::write, 1024,
                                               gate::no_preparation<Nothing>(), [this](gate::Context& c, Nothing&) { return end_other_sessions(c); }});
}

}  // namespace sekisho::accounts
