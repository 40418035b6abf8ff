// The organisation of one body as tables: profile and its versions, units (a tree), roles with powers, traits of segments, appointments. No unit or
// role is known to the program by name. Units and roles that a later profile drops stay as rows, out of force.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "features/bodies/profile.h"
#include "sql/db.h"

namespace sekisho::accounts {
struct AccountTag;
}

namespace sekisho::bodies {

// The input or output of an operation that has none.
struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// The input of a short list that is always given whole: a client may say how much it would take.
struct WholeListIn {
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(WholeListIn, (), (limit))

struct UnitTag;
using UnitId = Id<UnitTag>;
using PersonId = Id<accounts::AccountTag>;
struct AppointmentTag;
using AppointmentId = Id<AppointmentTag>;

struct Unit {
  static constexpr const char* kSchemaName = "Department";
  UnitId id;
  std::string code;
  std::string name;
  std::optional<UnitId> parent_id;
  std::string kind;
};
BOOST_DESCRIBE_STRUCT(Unit, (), (id, code, name, parent_id, kind))

struct UnitRow : Unit {
  int position = 0;  // in the profile's order
  std::optional<Timestamp> from_at;
  std::optional<Timestamp> to_at;
  bool in_force(Timestamp now) const { return (!from_at || *from_at <= now) && (!to_at || *to_at > now); }
};

// main: the post itself; concurrent: 兼務; deputy: 代理; secondment: 出向.
enum class AppointmentKind { main, concurrent, deputy, secondment };
BOOST_DESCRIBE_ENUM(AppointmentKind, main, concurrent, deputy, secondment)

struct Appointment {
  AppointmentId id;
  PersonId person_id;
  UnitId unit_id;
  std::optional<std::string> role;    // none: only a place
  std::optional<std::string> system;  // the one that a role for a system is about
  AppointmentKind kind = AppointmentKind::main;
  Timestamp from_at;
  std::optional<Timestamp> to_at;  // exclusive
  std::string basis;
  bool in_force(Timestamp now) const { return from_at <= now && (!to_at || *to_at > now); }
};

// What a person may do and whose content is hers, today.
struct Standing {
  std::vector<std::string> powers;  // one JSON array per role held
  std::vector<UnitId> units;        // her units and everything above them
  bool appointed = false;           // any appointment in force
};

struct SegmentTraits {
  std::uint32_t origins = 0;
  bool export_allowed = true;
  int factors = 1;
  std::optional<int> idle_minutes;
  std::optional<int> absolute_minutes;
  std::uint32_t closed = 0;  // of the body's segments, whichever were asked about: those without export
};

struct Named {
  std::string name;
  Profile profile;
};

enum class VersionState { draft, confirmed, in_force, superseded };
BOOST_DESCRIBE_ENUM(VersionState, draft, confirmed, in_force, superseded)

struct VersionRow {
  int number = 0;
  VersionState state = VersionState::draft;
  std::string document;  // JSON of a ProfileFile
  std::string note;
  std::string drafted_by;
  Timestamp drafted_at;
  std::optional<std::string> confirmed_by;
  std::optional<Timestamp> confirmed_at;
  std::optional<std::string> exception;  // why the drafter himself confirmed
  std::optional<std::string> started_by;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> ended_at;
};

class Table {
 public:
  static Status put_profile(sql::Tx& tx, const std::string& name, const Profile& profile);
  static Result<Named> profile(sql::Tx& tx);

  static Status put_version(sql::Tx& tx, const VersionRow& row);     // new, or what became of one
  static Result<std::vector<VersionRow>> versions(sql::Tx& tx);      // newest first, documents left out
  static Result<std::optional<VersionRow>> version(sql::Tx& tx, int number);
  static Result<std::optional<VersionRow>> version_in_force(sql::Tx& tx);

  static Status put_unit(sql::Tx& tx, const UnitRow& unit);  // by id
  static Result<std::vector<Unit>> units(sql::Tx& tx);       // all that ever were, in the order they came
  static Result<std::vector<UnitRow>> unit_rows(sql::Tx& tx);
  static Status put_role(sql::Tx& tx, const Role& role);
  static Status retire_role(sql::Tx& tx, const std::string& code);
  static Result<std::vector<Role>> roles(sql::Tx& tx);  // in force
  // The unit itself and everything above it. Unknown unit: not_found.
  static Result<std::vector<UnitId>> lineage(sql::Tx& tx, const UnitId& unit);

  static Status put_segment(sql::Tx& tx, std::size_t place, const SegmentTraits& traits);
  // Of all segments in the set together: the strictest of each. A segment that nobody described lets nothing out and reads its own alone.
  static Result<SegmentTraits> traits(sql::Tx& tx, std::uint32_t segments);

  static Result<Standing> standing(sql::Tx& tx, const PersonId& person, Timestamp now);
  static Status put_appointment(sql::Tx& tx, const Appointment& appointment, const std::string& entered_by, Timestamp now);
  static Status end_appointment(sql::Tx& tx, const AppointmentId& id, Timestamp to);
  static Result<std::optional<Appointment>> appointment(sql::Tx& tx, const AppointmentId& id);
  // Newest first; those over too.
  static Result<std::vector<Appointment>> appointments_of(sql::Tx& tx, const PersonId& person);
  // Of everybody, in force or still to come, by person.
  static Result<std::vector<Appointment>> appointments_open(sql::Tx& tx, Timestamp now);
  static Result<bool> role_in_use(sql::Tx& tx, const std::string& role, Timestamp now);
  // Where somebody holds the role by an appointment in force; at most 2,000.
  static Result<std::vector<UnitId>> units_of_role(sql::Tx& tx, const std::string& role, Timestamp now);
  // People who hold, by an appointment in force, a role whose list of powers names this one; at most 200.
  static Result<std::vector<PersonId>> holders(sql::Tx& tx, const std::string& power, Timestamp now);
};

}  // namespace sekisho::bodies
