#include "features/accounts/standing.h"

#include <algorithm>

#include "features/accounts/people.h"
#include "features/privileges/table.h"

namespace sekisho::accounts {
namespace {

// The units of the appointments themselves: what stands above them is not the person's to answer for.
Result<std::optional<approvals::Standing>> standing(sql::Tx& tx, const std::string& id, Timestamp now) {
  if (!is_ulid(id)) return std::optional<approvals::Standing>();
  SK_TRY(const auto account, Table::find(tx, AccountId::trusted(id)));
  if (!account || !account->open_at(now)) return std::optional<approvals::Standing>();
  SK_TRY(const auto appointments, bodies::Table::appointments_of(tx, account->id));
  approvals::Standing out;
  for (const bool main : {true, false})
    for (const bodies::Appointment& a : appointments)
      if (a.in_force(now) && (a.kind == bodies::AppointmentKind::main) == main && std::find(out.units.begin(), out.units.end(), a.unit_id.str()) == out.units.end())
        out.units.push_back(a.unit_id.str());
  if (out.units.empty()) return std::optional<approvals::Standing>();
  out.account = id;
  out.login = account->login;
  out.person = id;
  out.name = account->name;
  SK_TRY(out.powers, powers_of(tx, account->id, now));
  // A deputy of somebody is that somebody where duties are separated, absent or not.
  SK_TRY(const auto deputyships, privileges::Table::deputies_of(tx, id, now));
  for (const auto& d : deputyships) out.stands_for.insert(d.principal);
  return std::optional(std::move(out));
}

Result<std::vector<std::string>> holders(sql::Tx& tx, const std::string& power, Timestamp now) {
  SK_TRY(const auto ids, bodies::Table::holders(tx, power, now));
  std::vector<std::string> out;
  for (const AccountId& id : ids) {
    SK_TRY(const auto account, Table::find(tx, id));
    if (account && account->open_at(now)) out.push_back(id.str());
  }
  return out;
}

}  // namespace

approvals::Directory directory() {
  return {[](sql::Tx& tx, const std::string& id, Timestamp now) { return standing(tx, id, now); },
          [](sql::Tx& tx, const std::string& power, Timestamp now) { return holders(tx, power, now); },
          [](sql::Tx& tx, const std::string& login) -> Result<std::optional<std::string>> {
            SK_TRY(const auto account, Table::find_login(tx, login));
            return account && account->enabled ? std::optional(account->id.str()) : std::nullopt;
          }};
}

}  // namespace sekisho::accounts
