#include "features/accounts/standing.h"

#include "features/accounts/people.h"

namespace sekisho::accounts {
namespace {

Result<std::optional<approvals::Standing>> standing(sql::Tx& tx, const std::string& id) {
  if (!is_ulid(id)) return std::optional<approvals::Standing>();
  SK_TRY(const auto account, Table::find(tx, AccountId::trusted(id)));
  if (!account || !account->enabled) return std::optional<approvals::Standing>();
  SK_TRY(const auto person, person_of(tx, *account, 0));
  approvals::Standing out;
  out.account = id;
  out.login = account->login;
  out.person = id;
  out.name = account->name;
  out.powers = person.powers;
  out.units = {account->unit_id.str()};
  return std::optional(std::move(out));
}

Result<std::vector<std::string>> holders(sql::Tx& tx, const std::string& power) {
  SK_TRY(const auto ids, Table::with_power(tx, power));
  std::vector<std::string> out;
  for (const AccountId& id : ids) out.push_back(id.str());
  return out;
}

}  // namespace

approvals::Directory directory() {
  return {[](sql::Tx& tx, const std::string& id, Timestamp) { return standing(tx, id); }, [](sql::Tx& tx, const std::string& power, Timestamp) { return holders(tx, power); },
          [](sql::Tx& tx, const std::string& login) -> Result<std::optional<std::string>> {
            SK_TRY(const auto account, Table::find_login(tx, login));
            return account && account->enabled ? std::optional(account->id.str()) : std::nullopt;
          }};
}

}  // namespace sekisho::accounts
