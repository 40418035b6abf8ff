// Changing one's own password, and what a password must not be made of.
#include "crypto/hash.h"
#include "features/accounts/contractors.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"
#include "features/directories/operations.h"

namespace sekisho::accounts {
namespace {

constexpr const char* kProduct[] = {"Sekisho", "関所", "せきしょ"};

}  // namespace

Result<std::vector<std::string>> Accounts::around(sql::Tx& tx, const gate::Body& body, const std::string& login, const std::string& name,
                                                  const bodies::UnitId* unit) {
  std::vector<std::string> texts = {login, name, body.code, body.name};
  texts.insert(texts.end(), std::begin(kProduct), std::end(kProduct));
  if (unit != nullptr) {
    SK_TRY(const auto lineage, bodies::Table::lineage(tx, *unit));
    SK_TRY(const auto units, bodies::Table::units(tx));
    for (const auto& u : units)
      if (std::find(lineage.begin(), lineage.end(), u.id) != lineage.end()) {
        texts.push_back(u.name);
        texts.push_back(u.code);
      }
  }
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    add_around(out, text);
    if (readings_)
      for (const std::string& reading : readings_(text)) add_around(out, reading);
  }
  return out;
}

Result<bool> Accounts::password_right(gate::Preparation& preparation, const Secret& password) {
  SK_TRY(auto tx, preparation.body.db->begin_read());
  SK_TRY(const auto found, account_behind(*tx, preparation.caller, preparation.now));
  if (!found) return false;
  SK_TRY(const bool elsewhere, in_directory(*tx, found->account.id));
  tx.reset();
  if (elsewhere) return directories::right_password(*preparation.body.db, found->account.login, password);
  return compare(preparation.caller.peer, found->account.password, password);
}

factors::People Accounts::people() {
  return {[this](gate::Preparation& preparation, const Secret& password) { return password_right(preparation, password); },
          [](sql::Tx& tx, const factors::PersonId& id) { return Table::delete_sessions_of(tx, AccountId::trusted(id.str())); },
          [](sql::Tx& tx, const factors::PersonId& id) -> Result<std::string> {
            SK_TRY(const auto found, Table::find(tx, AccountId::trusted(id.str())));
            if (!found) return fail(Code::not_found, "accounts.not_found", "no such person");
            return found->login;
          }};
}

Status Accounts::prepare_password(gate::Preparation& preparation, PasswordIn& in) {
  SK_TRY(auto tx, preparation.body.db->begin_read());
  SK_TRY(const auto person, authenticate(*tx, preparation.caller, preparation.now));
  if (!person) return ok();
  SK_TRY(const auto account, Table::find(*tx, AccountId::trusted(person->user_id)));
  if (!account) return ok();
  SK_TRY(const Guard guard, Table::guard(*tx, login_key(account->login)));
  SK_TRY(const bool elsewhere, in_directory(*tx, account->id));
  if (elsewhere) return kept_elsewhere();
  const LockRule& rule = privileged(person->powers) ? settings_.lock.privileged : settings_.lock.login;
  if (locked_until(at(guard, rule, preparation.now), rule) > preparation.now)
    return fail(Error{Code::too_many, "accounts.locked", "too many failures", "11(2)ウ", "system_manager"});
  SK_TRY(const auto names, around(*tx, preparation.body, account->login, account->name, &account->unit_id));
  tx.reset();
  if (in.next.reveal() == in.current.reveal())
    return fail(Error{Code::invalid_argument, "accounts.password_same", "the new password is the old one", "10(4)ウ(カ)", "system_manager"});
  const PasswordVerdict verdict = passwords_.judge(in.next.reveal(), person->factors, names);
  if (!verdict.key.empty()) return fail(Passwords::error_of(verdict));
  in.compared = account->password;
  SK_TRY(in.verified, compare(preparation.caller.peer, account->password, in.current));
  if (!in.verified) return ok();
  SK_TRY(in.hash, hash(preparation.caller.peer, in.next));
  return ok();
}

Result<bodies::Nothing> Accounts::change_password(gate::Context& context, PasswordIn& in) {
  const AccountId id = AccountId::trusted(context.permit().person().user_id);
  SK_TRY(const auto account, Table::find(context.tx, id));
  if (!account) return fail(Code::unauthenticated, "policy.not_signed_in");
  // A contractor's staff set no privileged credentials, not even their own: a new one is handed to them, and is changed as provisional ones are.
  if (privileged(context.permit().person().powers) && !account->must_change) {
    SK_TRY(const bool outside, contractor(context.tx, id));
    if (outside) return fail(Error{Code::denied, "accounts.contractor", "a contractor's privileged id", "11(2)ア(ウ)d", "head"});
  }
  // Trying passwords on an open session counts like trying them at the door.
  if (!in.verified || in.compared != account->password) return login_failed(context, account->login, account);
  SK_CHECK(Table::set_password(context.tx, id, in.hash, context.now));
  SK_CHECK(Table::drop_guard(context.tx, login_key(account->login)));
  SK_TRY(const Ended others, end_other_sessions(context));
  context.note("ended_sessions", others.ended);
  return Nothing{};
}

Result<PasswordCheck> Accounts::check_password(gate::Context& context, PasswordCheckIn& in) {
  const policy::Person& person = context.permit().person();
  SK_TRY(const auto account, Table::find(context.tx, AccountId::trusted(person.user_id)));
  if (!account) return fail(Code::unauthenticated, "policy.not_signed_in");
  SK_TRY(const auto names, around(context.tx, context.body, account->login, account->name, &account->unit_id));
  PasswordVerdict verdict = passwords_.judge(in.next.reveal(), person.factors, names);
  return PasswordCheck{verdict.key.empty(), verdict.key, verdict.characters, verdict.least, std::move(verdict.found)};
}

void Accounts::register_password_operations(gate::Registry& registry) {
  registry.add(gate::Operation<PasswordIn, Nothing>{"session.change_password", "自分のパスワードを変える", "session.change_password", gate::Access::write, 8192,
                                                    [this](gate::Preparation& p, PasswordIn& in) { return prepare_password(p, in); },
                                                    [this](gate::Context& c, PasswordIn& in) { return change_password(c, in); }});
  registry.add(gate::Operation<PasswordCheckIn, PasswordCheck>{"session.check_password", "新しいパスワードが使えるかを確かめる", "session.change_password",
                                                               gate::Access::read, 8192, gate::no_preparation<PasswordCheckIn>(),
                                                               [this](gate::Context& c, PasswordCheckIn& in) { return check_password(c, in); }});
}

}  // namespace sekisho::accounts
