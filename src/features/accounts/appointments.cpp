#include "features/accounts/appointments.h"

#include <algorithm>

#include "features/accounts/contractors.h"
#include "features/bodies/dates.h"

namespace sekisho::accounts {
namespace {

using bodies::Appointment;
using bodies::AppointmentKind;
using bodies::Nothing;

constexpr std::size_t kMaxBasis = 2000;

struct Names {
  std::map<std::string, std::string> units;
  std::map<std::string, std::string> roles;
};

Result<Names> names(sql::Tx& tx) {
  Names out;
  SK_TRY(const auto units, bodies::Table::units(tx));
  for (const auto& unit : units) out.units[unit.id.str()] = unit.name;
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  for (const auto& role : roles) out.roles[role.code] = role.name;
  return out;
}

AppointmentView view_of(const Appointment& a, const std::string& person, const Names& with, Timestamp now) {
  AppointmentView out{a.id, a.person_id, person, a.unit_id, "", a.role, std::nullopt, a.system, a.kind, bodies::first_day(a.from_at), std::nullopt, a.basis, a.in_force(now)};
  if (const auto it = with.units.find(a.unit_id.str()); it != with.units.end()) out.department = it->second;
  if (a.role) {
    const auto it = with.roles.find(*a.role);
    out.role_name = it == with.roles.end() ? *a.role : it->second;
  }
  if (a.to_at) out.to = bodies::last_day(*a.to_at);
  return out;
}

Result<Account> require(sql::Tx& tx, const AccountId& id) {
  SK_TRY(auto account, Table::find(tx, id));
  if (!account) return fail(Code::not_found, "accounts.not_found", "no such person");
  return std::move(*account);
}

// Nobody gives or takes away his own powers (6(8)ア).
Status check_other(const gate::Context& context, const AccountId& id) {
  if (context.permit().person().user_id == id.str()) return fail(Error{Code::denied, "appointments.self", "own appointment", "6(8)ア", "head"});
  return ok();
}

// The instant after the last day; now when none is given.
Result<Timestamp> end_after(const std::optional<std::string>& last_day, Timestamp now) {
  if (!last_day) return now;
  SK_TRY(const CivilDate day, bodies::parse_day(*last_day));
  return std::max(bodies::end_of(day), now);
}

Result<AppointmentList> list(gate::Context& context, AppointmentListIn& in) {
  SK_TRY(const Names with, names(context.tx));
  AppointmentList out;
  std::map<std::string, std::string> people;
  const auto name_of = [&](const AccountId& id) -> Result<std::string> {
    const auto known = people.find(id.str());
    if (known != people.end()) return known->second;
    SK_TRY(const auto account, Table::find(context.tx, id));
    return people[id.str()] = account ? account->name : "";
  };
  if (in.user) {
    SK_TRY(const Account account, require(context.tx, *in.user));
    SK_TRY(const auto rows, bodies::Table::appointments_of(context.tx, *in.user));
    for (const Appointment& a : rows) out.items.push_back(view_of(a, account.name, with, context.now));
    return out;
  }
  SK_TRY(const auto rows, bodies::Table::appointments_open(context.tx, context.now));
  for (const Appointment& a : rows) {
    SK_TRY(const std::string person, name_of(a.person_id));
    out.items.push_back(view_of(a, person, with, context.now));
  }
  return out;
}

Result<AppointmentView> create(gate::Context& context, AppointmentIn& in, const std::set<std::string>& credential_powers) {
  SK_TRY(const Account account, require(context.tx, in.user_id));
  context.about(in.user_id.str());
  SK_CHECK(check_other(context, in.user_id));
  SK_CHECK(bodies::Table::lineage(context.tx, in.department_id));
  if (in.role) {
    SK_CHECK(check_roles(context.tx, {*in.role}));
    SK_CHECK(check_contractor(context.tx, in.user_id, {*in.role}, credential_powers));
  }
  if (in.basis.empty() || in.basis.size() > kMaxBasis) return fail(Code::invalid_argument, "appointments.basis", "the paper that appoints: 1 to 2000 bytes");
  Appointment row{context.new_id<bodies::AppointmentTag>(), in.user_id, in.department_id, in.role, in.system, in.kind, {}, std::nullopt, in.basis};
  SK_TRY(const CivilDate from, bodies::parse_day(in.from));
  row.from_at = bodies::begin_of(from);
  if (in.to) {
    SK_TRY(const CivilDate to, bodies::parse_day(*in.to));
    if (to < from) return fail(Code::invalid_argument, "bodies.date", "ends before it begins");
    row.to_at = bodies::end_of(to);
  }
  SK_CHECK(bodies::Table::put_appointment(context.tx, row, context.permit().person().user_id, context.now));
  SK_TRY(const Names with, names(context.tx));
  return view_of(row, account.name, with, context.now);
}

Result<AppointmentView> end(gate::Context& context, AppointmentEndIn& in) {
  SK_TRY(auto row, bodies::Table::appointment(context.tx, in.id));
  if (!row) return fail(Code::not_found, "appointments.not_found", "no such appointment");
  context.about(row->person_id.str());
  SK_CHECK(check_other(context, row->person_id));
  SK_TRY(const Timestamp to, end_after(in.last_day, context.now));
  if (row->to_at && *row->to_at <= context.now) return fail(Code::conflict, "appointments.over", "it is over");
  row->to_at = std::max(to, row->from_at);
  SK_CHECK(bodies::Table::end_appointment(context.tx, in.id, *row->to_at));
  SK_TRY(const Account account, require(context.tx, row->person_id));
  SK_TRY(const Names with, names(context.tx));
  return view_of(*row, account.name, with, context.now);
}

Result<Nothing> leave(gate::Context& context, LeaveIn& in, const PostsChanged& changed) {
  SK_CHECK(require(context.tx, in.id));
  context.about(in.id.str());
  SK_CHECK(check_other(context, in.id));
  SK_TRY(const Timestamp to, end_after(in.last_day, context.now));
  SK_CHECK(end_all(context, in.id, to));
  SK_CHECK(changed(context, to <= context.now ? &in.id : nullptr));
  return Nothing{};
}

}  // namespace

Result<std::set<std::string>> roles_in_force(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_TRY(const auto rows, bodies::Table::appointments_of(tx, id));
  std::set<std::string> out;
  for (const Appointment& a : rows)
    if (a.role && a.in_force(now)) out.insert(*a.role);
  return out;
}

Result<std::vector<Appointment>> main_posts(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_TRY(auto rows, bodies::Table::appointments_of(tx, id));
  std::erase_if(rows, [&](const Appointment& a) { return a.kind != AppointmentKind::main || !a.in_force(now); });
  return rows;
}

Result<std::vector<std::string>> main_roles(sql::Tx& tx, const AccountId& id, Timestamp now) {
  SK_TRY(const auto posts, main_posts(tx, id, now));
  std::set<std::string> out;
  for (const Appointment& a : posts)
    if (a.role) out.insert(*a.role);
  return std::vector<std::string>(out.begin(), out.end());
}

Status set_main(gate::Context& context, const AccountId& id, const bodies::UnitId& unit, const std::vector<std::string>& roles, Timestamp from, const std::string& basis) {
  std::set<std::optional<std::string>> wanted(roles.begin(), roles.end());
  if (wanted.empty()) wanted.insert(std::nullopt);
  SK_TRY(const auto rows, bodies::Table::appointments_of(context.tx, id));
  for (const Appointment& a : rows) {
    if (a.kind != AppointmentKind::main || (a.to_at && *a.to_at <= from)) continue;
    // Kept only where it already holds at that instant and has no end of its own.
    if (a.unit_id == unit && a.from_at <= from && !a.to_at && wanted.erase(a.role) == 1) continue;
    SK_CHECK(bodies::Table::end_appointment(context.tx, a.id, std::max(from, a.from_at)));
  }
  for (const auto& role : wanted)
    SK_CHECK(bodies::Table::put_appointment(context.tx, {context.new_id<bodies::AppointmentTag>(), id, unit, role, std::nullopt, AppointmentKind::main, from, std::nullopt, basis},
                                            context.permit().person().user_id, context.now));
  return ok();
}

Status end_all(gate::Context& context, const AccountId& id, Timestamp to) {
  SK_TRY(const auto rows, bodies::Table::appointments_of(context.tx, id));
  for (const Appointment& a : rows)
    if (!a.to_at || *a.to_at > to) SK_CHECK(bodies::Table::end_appointment(context.tx, a.id, std::max(to, a.from_at)));
  return ok();
}

Status check_roles(sql::Tx& tx, const std::vector<std::string>& roles) {
  SK_TRY(const auto known, bodies::Table::roles(tx));
  for (const std::string& role : roles)
    if (std::none_of(known.begin(), known.end(), [&](const auto& r) { return r.code == role; }))
      return fail(Code::invalid_argument, "accounts.role", "no such role");
  return ok();
}

void register_appointment_operations(gate::Registry& registry, const PostsChanged& changed, const std::set<std::string>& credential_powers) {
  registry.add(gate::Operation<AppointmentListIn, AppointmentList>{"appointments.list", "任命の一覧", "appointments.list", gate::Access::read, 1024,
                                                                   gate::no_preparation<AppointmentListIn>(), list});
  registry.add(gate::Operation<AppointmentIn, AppointmentView>{"appointments.create", "役割に任命する", "appointments.manage", gate::Access::write, 8192,
                                                               gate::no_preparation<AppointmentIn>(),
                                                               [changed, credential_powers](gate::Context& context, AppointmentIn& in) -> Result<AppointmentView> {
                                                                 SK_CHECK(changed(context, nullptr));
                                                                 return create(context, in, credential_powers);
                                                               }});
  registry.add(gate::Operation<AppointmentEndIn, AppointmentView>{"appointments.end", "任命を終える", "appointments.manage", gate::Access::write, 1024,
                                                                  gate::no_preparation<AppointmentEndIn>(),
                                                                  [changed](gate::Context& context, AppointmentEndIn& in) -> Result<AppointmentView> {
                                                                    SK_CHECK(changed(context, nullptr));
                                                                    return end(context, in);
                                                                  }});
  registry.add(gate::Operation<LeaveIn, Nothing>{"users.leave", "退職として、すべての任命を終える", "appointments.manage", gate::Access::write, 1024,
                                                 gate::no_preparation<LeaveIn>(), [changed](gate::Context& context, LeaveIn& in) { return leave(context, in, changed); }});
}

}  // namespace sekisho::accounts
