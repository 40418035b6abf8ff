#include "features/accounts/people.h"

namespace sekisho::accounts {

Result<std::set<std::string>> powers_of(sql::Tx& tx, const AccountId& id) {
  std::set<std::string> out;
  SK_TRY(const auto held, Table::powers(tx, id));
  for (const std::string& powers : held) {
    SK_TRY(const auto list, json::read_text<std::vector<std::string>>(powers));
    out.insert(list.begin(), list.end());
  }
  return out;
}

Result<policy::Person> person_of(sql::Tx& tx, const Account& account, policy::SegmentSet segment) {
  policy::Person person;
  person.user_id = account.id.str();
  person.name = account.name;
  person.clearance = account.clearance;
  person.session_segment = segment;
  person.accepted_origins = segment;
  person.principals.insert("user:" + account.id.str());
  SK_TRY(const auto lineage, bodies::Table::lineage(tx, account.unit_id));
  for (const auto& unit : lineage) person.principals.insert("unit:" + unit.str());
  SK_TRY(person.powers, powers_of(tx, account.id));
  return person;
}

}  // namespace sekisho::accounts
