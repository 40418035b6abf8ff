#include "features/accounts/people.h"

namespace sekisho::accounts {
namespace {

Result<std::set<std::string>> powers_in(const bodies::Standing& standing) {
  std::set<std::string> out;
  for (const std::string& powers : standing.powers) {
    SK_TRY(const auto list, json::read_text<std::vector<std::string>>(powers));
    out.insert(list.begin(), list.end());
  }
  return out;
}

}  // namespace

Result<std::set<std::string>> powers_of(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_TRY(const auto standing, bodies::Table::standing(tx, id, now));
  return powers_in(standing);
}

Result<std::optional<policy::Person>> person_of(sql::Tx& tx, const Account& account, policy::SegmentSet segment, Timestamp now) {
  SK_TRY(const auto standing, bodies::Table::standing(tx, account.id, now));
  if (!standing.appointed) return std::optional<policy::Person>();
  SK_TRY(const auto traits, bodies::Table::traits(tx, segment));
  policy::Person person;
  person.user_id = account.id.str();
  person.name = account.name;
  person.clearance = account.clearance;
  person.session_segment = segment;
  person.accepted_origins = traits.origins;
  person.may_carry_out = traits.export_allowed;
  person.closed = traits.closed;
  person.principals.insert("user:" + account.id.str());
  for (const auto& unit : standing.units) person.principals.insert("unit:" + unit.str());
  SK_TRY(person.powers, powers_in(standing));
  return std::optional(std::move(person));
}

}  // namespace sekisho::accounts
