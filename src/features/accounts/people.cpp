#include "features/accounts/people.h"

#include <algorithm>

#include "features/accounts/appointments.h"

namespace sekisho::accounts {

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
  person.principals.insert("user:" + account.id.str());
  for (const auto& unit : standing.units) person.principals.insert("unit:" + unit.str());
  for (const std::string& powers : standing.powers) {
    SK_TRY(const auto list, json::read_text<std::vector<std::string>>(powers));
    person.powers.insert(list.begin(), list.end());
  }
  return std::optional(std::move(person));
}

Result<SessionView> session_view(gate::Context& context, const Account& account, const std::string& csrf, policy::SegmentSet segment) {
  sql::Tx& tx = context.tx;
  SessionView out;
  SK_TRY(const auto person, person_of(tx, account, segment, context.now));
  if (!person) return fail(Error{Code::unauthenticated, "accounts.no_appointment", "no appointment in force", "11(2)ア(イ)c", {}});
  SK_TRY(const auto body, bodies::Table::profile(tx));
  SK_TRY(const auto user, user_view(tx, account, context.now));
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  SK_TRY(const auto held, roles_in_force(tx, account.id, context.now));
  out.user = {account.id, account.login, account.name, user.department, {}, {person->powers.begin(), person->powers.end()}};
  for (const auto& role : roles)
    if (held.contains(role.code)) out.user.roles.push_back(role.name);
  out.body = {context.body.code, context.body.code, body.name};
  out.csrf = csrf;
  for (std::size_t i = 0; i < body.profile.segments.size(); ++i)
    if ((segment >> i & 1u) != 0) out.segment = body.profile.segments[i].code;
  out.last_login_at = account.last_login_at;
  out.password_must_change = account.must_change;
  return out;
}

Result<UserView> user_view(sql::Tx& tx, const Account& account, Timestamp now) {
  SK_TRY(const auto posts, main_posts(tx, account.id, now));
  SK_TRY(const auto units, bodies::Table::units(tx));
  UserView out{account.id, account.login, account.name, account.unit_id, "", {}, account.enabled, account.clearance, account.last_login_at};
  if (!posts.empty()) out.department_id = posts.front().unit_id;
  for (const auto& post : posts)
    if (post.role) out.roles.push_back(*post.role);
  std::sort(out.roles.begin(), out.roles.end());
  for (const auto& unit : units)
    if (unit.id == out.department_id) out.department = unit.name;
  return out;
}

}  // namespace sekisho::accounts
