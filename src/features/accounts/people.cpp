#include "features/accounts/people.h"

#include "crypto/hash.h"
#include "features/directories/table.h"

namespace sekisho::accounts {

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
  SK_TRY(const auto held, Table::powers(tx, account.id));
  for (const std::string& powers : held) {
    SK_TRY(const auto list, json::read_text<std::vector<std::string>>(powers));
    person.powers.insert(list.begin(), list.end());
  }
  return person;
}

Result<SessionView> session_view(gate::Context& context, const Account& account, const std::string& csrf, const std::string& token, policy::SegmentSet segment) {
  sql::Tx& tx = context.tx;
  SessionView out;
  SK_TRY(const auto person, person_of(tx, account, segment));
  SK_TRY(const auto body, bodies::Table::profile(tx));
  SK_TRY(const auto user, user_view(tx, account));
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  out.user = {account.id, account.login, account.name, user.department, {}, {person.powers.begin(), person.powers.end()}};
  for (const auto& role : roles)
    if (std::find(user.roles.begin(), user.roles.end(), role.code) != user.roles.end()) out.user.roles.push_back(role.name);
  out.body = {context.body.code, context.body.code, body.name};
  out.csrf = csrf;
  for (std::size_t i = 0; i < body.profile.segments.size(); ++i)
    if ((segment >> i & 1u) != 0) out.segment = body.profile.segments[i].code;
  out.last_login_at = account.last_login_at;
  SK_TRY(const bool elsewhere, directories::Table::uses(tx, factors::PersonId::trusted(account.id.str())));
  out.password_must_change = account.must_change && !elsewhere;
  SK_TRY(const auto second, factors::Factors::view(tx, person, crypto::sha256(token)));
  out.second_factor = second.due;
  out.second_factor_kinds = second.kinds;
  out.second_factor_enrolled = second.enrolled;
  return out;
}

Result<UserView> user_view(sql::Tx& tx, const Account& account) {
  SK_TRY(auto roles, Table::roles(tx, account.id));
  SK_TRY(const auto units, bodies::Table::units(tx));
  UserView out{account.id, account.login, account.name, account.unit_id, "", std::move(roles), account.enabled, account.clearance, account.last_login_at};
  for (const auto& unit : units)
    if (unit.id == account.unit_id) out.department = unit.name;
  return out;
}

}  // namespace sekisho::accounts
