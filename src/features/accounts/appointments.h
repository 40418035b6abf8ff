// Appointments of people: who holds which role where, from when until when, on which basis. Powers come from nothing else.
//
// Days are inclusive and in JST. An appointment is never changed or deleted, only ended; another one follows it. 退職 ends all of a person's.
#pragma once
#include <set>

#include "features/accounts/operations.h"

namespace sekisho::accounts {

struct AppointmentView {
  static constexpr const char* kSchemaName = "Appointment";
  bodies::AppointmentId id;
  AccountId user_id;
  std::string user;
  bodies::UnitId department_id;
  std::string department;
  std::optional<std::string> role;       // code
  std::optional<std::string> role_name;
  std::optional<std::string> system;
  bodies::AppointmentKind kind = bodies::AppointmentKind::main;
  std::string from;
  std::optional<std::string> to;
  std::string basis;
  bool in_force = false;
};
BOOST_DESCRIBE_STRUCT(AppointmentView, (), (id, user_id, user, department_id, department, role, role_name, system, kind, from, to, basis, in_force))
struct AppointmentListIn {
  std::optional<AccountId> user;  // else everybody's that are in force or to come
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(AppointmentListIn, (), (user, limit))
struct AppointmentList {
  std::vector<AppointmentView> items;
};
BOOST_DESCRIBE_STRUCT(AppointmentList, (), (items))
struct AppointmentIn {
  AccountId user_id;
  bodies::UnitId department_id;
  std::optional<std::string> role;
  std::optional<std::string> system;
  bodies::AppointmentKind kind = bodies::AppointmentKind::main;
  std::string from;
  std::optional<std::string> to;
  std::string basis;
};
BOOST_DESCRIBE_STRUCT(AppointmentIn, (), (user_id, department_id, role, system, kind, from, to, basis))
struct AppointmentEndIn {
  bodies::AppointmentId id;
  std::optional<std::string> last_day;  // none: at once
};
BOOST_DESCRIBE_STRUCT(AppointmentEndIn, (), (id, last_day))
struct LeaveIn {
  AccountId id;
  std::optional<std::string> last_day;  // none: at once
};
BOOST_DESCRIBE_STRUCT(LeaveIn, (), (id, last_day))

// Called in the transaction of whatever begins or ends appointments. `left`: whose rights end with it, at once; null where nobody's do, or only
// at a later day.
using PostsChanged = std::function<Status(gate::Context&, const AccountId* left)>;

// credential_powers: never given to a contractor's staff.
void register_appointment_operations(gate::Registry& registry, const PostsChanged& changed, const std::set<std::string>& credential_powers);

// Main appointments in force, newest first.
Result<std::vector<bodies::Appointment>> main_posts(sql::Tx& tx, const AccountId& id, Timestamp now);
// Roles of any appointment in force, and of the main ones alone (sorted).
Result<std::set<std::string>> roles_in_force(sql::Tx& tx, const AccountId& id, Timestamp now);
Result<std::vector<std::string>> main_roles(sql::Tx& tx, const AccountId& id, Timestamp now);
// Makes the main appointments exactly these from `from` on: what differs ends there, what is missing begins there. Without roles: a place only.
Status set_main(gate::Context& context, const AccountId& id, const bodies::UnitId& unit, const std::vector<std::string>& roles, Timestamp from, const std::string& basis);
// Ends everything that is in force or to come.
Status end_all(gate::Context& context, const AccountId& id, Timestamp to);
Status check_roles(sql::Tx& tx, const std::vector<std::string>& roles);

}  // namespace sekisho::accounts
