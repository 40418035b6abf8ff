// What privileged rights a person holds at this moment, and whether they are open: part of authentication, and what the session shows of it.
#include "crypto/hash.h"
#include "features/accounts/contractors.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"

namespace sekisho::accounts {
namespace {

std::set<std::string> common(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> out;
  for (const std::string& x : a)
    if (b.contains(x)) out.insert(x);
  return out;
}

}  // namespace

// Somebody with a session in use is not absent.
Result<bool> Accounts::present(sql::Tx& tx, const AccountId& id, Timestamp now) const {
  SK_TRY(const auto rows, Table::sessions_of(tx, id));
  for (const StoredSession& row : rows)
    if (row.session.segment && now.micros - seen_at(row.token, row.session).micros <= settings_.privileged.idle_micros &&
        now.micros - row.session.created_at.micros <= settings_.privileged.absolute_micros)
      return true;
  return false;
}

// A recognised deputy holds the privileged powers of the holder, and no others, while the holder is absent (11(2)ア(ウ)b). What somebody holds
// as a deputy himself is not passed on.
Status Accounts::take_deputyship(sql::Tx& tx, policy::Person& person, Timestamp now) const {
  SK_TRY(const auto rows, privileges::Table::deputies_of(tx, person.user_id, now));
  for (const privileges::Deputy& d : rows) {
    const AccountId principal = AccountId::trusted(d.principal);
    SK_TRY(const bool here, present(tx, principal, now));
    if (here) continue;
    SK_TRY(const auto held, powers_of(tx, principal, now));
    const auto borrowed = common(held, settings_.privileged_powers);
    if (borrowed.empty()) continue;
    person.powers.insert(borrowed.begin(), borrowed.end());
    person.stands_for.insert(d.principal);
  }
  return ok();
}

// After the factors: whose powers are taken away until a factor is given opens nothing.
Status Accounts::take_elevation(sql::Tx& tx, const gate::Caller& caller, policy::Person& person, Timestamp now) const {
  if (!common(person.powers, settings_.credential_powers).empty()) {
    SK_TRY(person.contractor, contractor(tx, AccountId::trusted(person.user_id)));
  }
  // The command line acts on the machine itself, as whoever may start it.
  if (std::holds_alternative<gate::LocalUser>(caller.credential)) person.elevated = true;
  if (person.elevated || !privileged(person.powers)) return ok();
  SK_TRY(const auto rule, privileges::rule_of(tx, settings_.elevation_minutes));
  if (!rule.asked) person.elevated = true;
  const std::string* token = token_of(caller);
  if (person.elevated || token == nullptr) return ok();
  SK_TRY(const auto open, privileges::Table::open_of(tx, to_hex(crypto::sha256(*token)), now));
  if (!open || open->account != person.user_id) return ok();
  person.elevated = true;
  person.elevation = open->id.str();
  return ok();
}

Result<privileges::ElevationView> Accounts::elevation_of(sql::Tx& tx, const policy::Person& person, const Hash& token, Timestamp now) const {
  SK_TRY(const auto rule, privileges::rule_of(tx, settings_.elevation_minutes));
  const auto held = common(person.powers, settings_.privileged_powers);
  SK_TRY(auto out, privileges::view_of(tx, rule, {held.begin(), held.end()}, person.user_id, to_hex(token), now));
  for (const std::string& principal : person.stands_for) {
    SK_TRY(const auto account, Table::find(tx, AccountId::trusted(principal)));
    if (account) out.deputy_for.push_back(account->name);
  }
  return out;
}

privileges::People Accounts::privileged_people() {
  return {[this](gate::Preparation& preparation, const Secret& password) { return password_right(preparation, password); },
          [this](gate::Context& context) -> Result<privileges::ElevationView> {
            const std::string* token = token_of(context.caller);
            return elevation_of(context.tx, context.permit().person(), token == nullptr ? Hash{} : crypto::sha256(*token), context.now);
          },
          [](sql::Tx& tx, const std::string& account) { return contractor(tx, AccountId::trusted(account)); }};
}

}  // namespace sekisho::accounts
