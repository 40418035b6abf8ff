#include "features/bodies/table.h"

namespace sekisho::bodies {
namespace {

constexpr const char* kPutProfile =
    "INSERT INTO body_profile (one, name, profile) VALUES (1, :name, :profile) ON CONFLICT (one) DO UPDATE SET name = excluded.name, profile = excluded.profile";
constexpr const char* kProfile = "SELECT name, profile FROM body_profile WHERE one = 1";
constexpr const char* kPutVersion =
    "INSERT INTO profile_version (number, state, document, note, drafted_by, drafted_at, confirmed_by, confirmed_at, exception, started_by, started_at, ended_at) "
    "VALUES (:number, :state, :document, :note, :drafted_by, :drafted_at, :confirmed_by, :confirmed_at, :exception, :started_by, :started_at, :ended_at) "
    "ON CONFLICT (number) DO UPDATE SET state = excluded.state, confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at, "
    "exception = excluded.exception, started_by = excluded.started_by, started_at = excluded.started_at, ended_at = excluded.ended_at";
#define SK_VERSION_COLUMNS "note, drafted_by, drafted_at, confirmed_by, confirmed_at, exception, started_by, started_at, ended_at"
constexpr const char* kVersions = "SELECT number, state, '', " SK_VERSION_COLUMNS " FROM profile_version ORDER BY number DESC LIMIT 200";
constexpr const char* kVersion = "SELECT number, state, document, " SK_VERSION_COLUMNS " FROM profile_version WHERE number = :number";
constexpr const char* kVersionInForce = "SELECT number, state, document, " SK_VERSION_COLUMNS " FROM profile_version WHERE state = 'in_force'";

constexpr const char* kPutUnit =
    "INSERT INTO unit (id, code, name, parent_id, kind, position, from_at, to_at) VALUES (:id, :code, :name, :parent, :kind, :position, :from_at, :to_at) "
    "ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id, kind = excluded.kind, position = excluded.position, from_at = excluded.from_at, to_at = excluded.to_at";
constexpr const char* kUnits = "SELECT id, code, name, parent_id, kind, position, from_at, to_at FROM unit ORDER BY position, id";
constexpr const char* kPutRole =
    "INSERT INTO role (code, name, powers, scope, superior, in_force) VALUES (:code, :name, :powers, :scope, :superior, 1) ON CONFLICT (code) DO UPDATE SET "
    "name = excluded.name, powers = excluded.powers, scope = excluded.scope, superior = excluded.superior, in_force = 1";
constexpr const char* kRetireRole = "UPDATE role SET in_force = 0 WHERE code = :code";
constexpr const char* kRoles = "SELECT code, name, powers, scope, superior FROM role WHERE in_force = 1 ORDER BY code";
// Bounded, because a circle in the tree must not hang a login.
constexpr const char* kLineage =
    "WITH RECURSIVE up (id, parent_id, depth) AS (SELECT id, parent_id, 1 FROM unit WHERE id = :id UNION ALL "
    "SELECT u.id, u.parent_id, up.depth + 1 FROM unit u JOIN up ON u.id = up.parent_id WHERE up.depth < 16) SELECT id FROM up ORDER BY depth";

constexpr const char* kPutSegment =
    "INSERT INTO segment_trait (place, origins, export_allowed, factors, idle_minutes, absolute_minutes) VALUES (:place, :origins, :export, :factors, :idle, :absolute) "
    "ON CONFLICT (place) DO UPDATE SET origins = excluded.origins, export_allowed = excluded.export_allowed, factors = excluded.factors, "
    "idle_minutes = excluded.idle_minutes, absolute_minutes = excluded.absolute_minutes";
constexpr const char* kTraits = "SELECT place, origins, export_allowed, factors, idle_minutes, absolute_minutes FROM segment_trait ORDER BY place";

// Asked with every act: no ORDER BY and no recursion, for which SQLite would open temporary tables.
constexpr const char* kStanding =
    "SELECT a.unit_id, u.parent_id, r.powers FROM appointment a JOIN unit u ON u.id = a.unit_id LEFT JOIN role r ON r.code = a.role_code AND r.in_force = 1 "
    "WHERE a.account_id = :id AND a.from_at <= :now AND (a.to_at IS NULL OR a.to_at > :then)";
constexpr const char* kParent = "SELECT parent_id FROM unit WHERE id = :id";
#define SK_APPOINTMENT_COLUMNS "id, account_id, unit_id, role_code, system, kind, from_at, to_at, basis"
constexpr const char* kPutAppointment =
    "INSERT INTO appointment (" SK_APPOINTMENT_COLUMNS ", entered_by, entered_at) VALUES (:id, :person, :unit, :role, :system, :kind, :from_at, :to_at, :basis, :by, :now)";
constexpr const char* kEndAppointment = "UPDATE appointment SET to_at = :to_at WHERE id = :id";
constexpr const char* kAppointment = "SELECT " SK_APPOINTMENT_COLUMNS " FROM appointment WHERE id = :id";
constexpr const char* kAppointmentsOf = "SELECT " SK_APPOINTMENT_COLUMNS " FROM appointment WHERE account_id = :id ORDER BY from_at DESC, id DESC LIMIT 1000";
// One that ends where it begins was called off before its first day.
constexpr const char* kAppointmentsOpen =
    "SELECT " SK_APPOINTMENT_COLUMNS " FROM appointment WHERE to_at IS NULL OR (to_at > :now AND to_at > from_at) ORDER BY account_id, from_at, id LIMIT 50000";
constexpr const char* kRoleInUse = "SELECT id FROM appointment WHERE role_code = :role AND (to_at IS NULL OR (to_at > :now AND to_at > from_at)) ORDER BY id LIMIT 1";
constexpr const char* kUnitsOfRole =
    "SELECT DISTINCT unit_id FROM appointment WHERE role_code = :role AND from_at <= :now AND (to_at IS NULL OR to_at > :then) ORDER BY unit_id LIMIT 2000";
// The pattern is only a first sieve: "_" in it stands for any character.
constexpr const char* kHolders =
    "SELECT DISTINCT a.account_id FROM appointment a JOIN role r ON r.code = a.role_code AND r.in_force = 1 "
    "WHERE r.powers LIKE :pattern AND a.from_at <= :now AND (a.to_at IS NULL OR a.to_at > :then) ORDER BY a.account_id LIMIT 200";

template <class Enum>
Result<Enum> enum_of(const std::string& text) {
  Enum out{};
  SK_CHECK(json::from_value(json::to_value(text), out, "$"));
  return out;
}
template <class Enum>
std::string text_of(Enum value) {
  return boost::describe::enum_to_string(value, "");
}

Result<std::vector<VersionRow>> version_rows(sql::Query query) {
  using Text = std::optional<std::string>;
  using Time = std::optional<Timestamp>;
  SK_TRY(auto rows, query.all<int, std::string, std::string, std::string, std::string, Timestamp, Text, Time, Text, Text, Time, Time>());
  std::vector<VersionRow> out;
  for (auto& [number, state, document, note, drafted_by, drafted_at, confirmed_by, confirmed_at, exception, started_by, started_at, ended_at] : rows) {
    SK_TRY(const auto known, enum_of<VersionState>(state));
    out.push_back({number, known, document, note, drafted_by, drafted_at, confirmed_by, confirmed_at, exception, started_by, started_at, ended_at});
  }
  return out;
}

Result<std::optional<VersionRow>> first_version(sql::Query query) {
  SK_TRY(auto rows, version_rows(std::move(query)));
  return rows.empty() ? std::optional<VersionRow>() : std::optional<VersionRow>(std::move(rows.front()));
}

Result<std::vector<Appointment>> appointment_rows(sql::Query query) {
  SK_TRY(auto rows, query.all<AppointmentId, PersonId, UnitId, std::optional<std::string>, std::optional<std::string>, std::string, Timestamp,
                              std::optional<Timestamp>, std::string>());
  std::vector<Appointment> out;
  for (auto& [id, person, unit, role, system, kind, from, to, basis] : rows) {
    SK_TRY(const auto known, enum_of<AppointmentKind>(kind));
    out.push_back({id, person, unit, role, system, known, from, to, basis});
  }
  return out;
}

}  // namespace

Status Table::put_profile(sql::Tx& tx, const std::string& name, const Profile& profile) {
  SK_CHECK(tx.query(kPutProfile).bind("name", name).bind("profile", json::write(profile)).run());
  return ok();
}

namespace {

// Nearly every act reads the profile, which changes a few times a year: it is parsed anew only when its text is another. Each thread keeps its
// last one, so that none waits for another; a body's writers see no other body's.
Result<Profile> parsed(const std::string& text) {
  struct Kept {
    std::string text;
    Profile profile;
  };
  thread_local std::optional<Kept> kept;
  if (!kept || kept->text != text) {
    SK_TRY(Profile profile, json::read_text<Profile>(text));
    kept.emplace(Kept{text, std::move(profile)});
  }
  return kept->profile;
}

}  // namespace

Result<Named> Table::profile(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kProfile).maybe_one<std::string, std::string>());
  if (!row) return fail(Code::conflict, "bodies.not_set_up", "the body has no profile");
  SK_TRY(Profile profile, parsed(std::get<1>(*row)));
  return Named{std::get<0>(*row), std::move(profile)};
}

Status Table::put_version(sql::Tx& tx, const VersionRow& v) {
  SK_CHECK(tx.query(kPutVersion).bind("number", v.number).bind("state", text_of(v.state)).bind("document", v.document).bind("note", v.note)
               .bind("drafted_by", v.drafted_by).bind("drafted_at", v.drafted_at).bind("confirmed_by", v.confirmed_by).bind("confirmed_at", v.confirmed_at)
               .bind("exception", v.exception).bind("started_by", v.started_by).bind("started_at", v.started_at).bind("ended_at", v.ended_at).run());
  return ok();
}

Result<std::vector<VersionRow>> Table::versions(sql::Tx& tx) { return version_rows(tx.query(kVersions)); }
Result<std::optional<VersionRow>> Table::version(sql::Tx& tx, int number) { return first_version(std::move(tx.query(kVersion).bind("number", number))); }
Result<std::optional<VersionRow>> Table::version_in_force(sql::Tx& tx) { return first_version(tx.query(kVersionInForce)); }

Status Table::put_unit(sql::Tx& tx, const UnitRow& unit) {
  SK_CHECK(tx.query(kPutUnit).bind("id", unit.id).bind("code", unit.code).bind("name", unit.name).bind("parent", unit.parent_id).bind("kind", unit.kind).bind("position", unit.position)
               .bind("from_at", unit.from_at).bind("to_at", unit.to_at).run());
  return ok();
}

Result<std::vector<UnitRow>> Table::unit_rows(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kUnits).all<UnitId, std::string, std::string, std::optional<UnitId>, std::string, int, std::optional<Timestamp>, std::optional<Timestamp>>());
  std::vector<UnitRow> out;
  for (auto& [id, code, name, parent, kind, position, from, to] : rows) {
    UnitRow row;
    static_cast<Unit&>(row) = {id, code, name, parent, kind};
    row.position = position;
    row.from_at = from;
    row.to_at = to;
    out.push_back(std::move(row));
  }
  return out;
}

Result<std::vector<Unit>> Table::units(sql::Tx& tx) {
  SK_TRY(auto rows, unit_rows(tx));
  return std::vector<Unit>(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

Status Table::put_role(sql::Tx& tx, const Role& role) {
  SK_CHECK(tx.query(kPutRole).bind("code", role.code).bind("name", role.name).bind("powers", json::write(role.powers)).bind("scope", role.scope)
               .bind("superior", role.superior).run());
  return ok();
}

Status Table::retire_role(sql::Tx& tx, const std::string& code) {
  SK_CHECK(tx.query(kRetireRole).bind("code", code).run());
  return ok();
}

Result<std::vector<Role>> Table::roles(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kRoles).all<std::string, std::string, std::string, std::string, std::optional<std::string>>());
  std::vector<Role> out;
  for (auto& [code, name, powers, scope, superior] : rows) {
    SK_TRY(auto list, json::read_text<std::vector<std::string>>(powers));
    out.push_back({code, name, scope, superior, std::move(list)});
  }
  return out;
}

Result<std::vector<UnitId>> Table::lineage(sql::Tx& tx, const UnitId& unit) {
  SK_TRY(const auto rows, tx.query(kLineage).bind("id", unit).all<UnitId>());
  if (rows.empty()) return fail(Code::not_found, "bodies.unit_not_found");
  std::vector<UnitId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

Status Table::put_segment(sql::Tx& tx, std::size_t place, const SegmentTraits& t) {
  SK_CHECK(tx.query(kPutSegment).bind("place", static_cast<std::int64_t>(place)).bind("origins", t.origins).bind("export", t.export_allowed).bind("factors", t.factors)
               .bind("idle", t.idle_minutes).bind("absolute", t.absolute_minutes).run());
  return ok();
}

Result<SegmentTraits> Table::traits(sql::Tx& tx, std::uint32_t segments) {
  SK_TRY(const auto rows, tx.query(kTraits).all<int, std::uint32_t, bool, int, std::optional<int>, std::optional<int>>());
  SegmentTraits out;
  std::uint32_t described = 0;
  const auto least = [](const std::optional<int>& a, const std::optional<int>& b) { return a && b ? std::optional(std::min(*a, *b)) : a ? a : b; };
  for (const auto& [place, origins, may_export, factors, idle, absolute] : rows) {
    if (!may_export) out.closed |= 1u << place;
    if ((segments >> place & 1u) == 0) continue;
    out.origins = described == 0 ? origins : out.origins & origins;
    out.export_allowed = out.export_allowed && may_export;
    out.factors = std::max(out.factors, factors);
    out.idle_minutes = least(out.idle_minutes, idle);
    out.absolute_minutes = least(out.absolute_minutes, absolute);
    described |= 1u << place;
  }
  if (described != segments) {
    out.origins = segments;
    out.export_allowed = false;
  }
  return out;
}

Result<Standing> Table::standing(sql::Tx& tx, const PersonId& person, Timestamp now) {
  SK_TRY(auto held, tx.query(kStanding).bind("id", person).bind("now", now).bind("then", now).all<UnitId, std::optional<UnitId>, std::optional<std::string>>());
  Standing out;
  out.appointed = !held.empty();
  std::set<UnitId> units;  // a circle in the tree must not hang a login
  for (auto& [unit, parent, powers] : held) {
    if (powers) out.powers.push_back(std::move(*powers));
    units.insert(unit);
    for (std::optional<UnitId> above = parent; above && units.insert(*above).second;) {
      SK_TRY(const auto next, tx.query(kParent).bind("id", *above).one<std::optional<UnitId>>());
      above = std::get<0>(next);
    }
  }
  out.units.assign(units.begin(), units.end());
  return out;
}

Status Table::put_appointment(sql::Tx& tx, const Appointment& a, const std::string& entered_by, Timestamp now) {
  SK_CHECK(tx.query(kPutAppointment).bind("id", a.id).bind("person", a.person_id).bind("unit", a.unit_id).bind("role", a.role).bind("system", a.system)
               .bind("kind", text_of(a.kind)).bind("from_at", a.from_at).bind("to_at", a.to_at).bind("basis", a.basis).bind("by", entered_by).bind("now", now).run());
  return ok();
}

Status Table::end_appointment(sql::Tx& tx, const AppointmentId& id, Timestamp to) {
  SK_CHECK(tx.query(kEndAppointment).bind("to_at", to).bind("id", id).run());
  return ok();
}

Result<std::optional<Appointment>> Table::appointment(sql::Tx& tx, const AppointmentId& id) {
  SK_TRY(auto rows, appointment_rows(std::move(tx.query(kAppointment).bind("id", id))));
  return rows.empty() ? std::optional<Appointment>() : std::optional<Appointment>(std::move(rows.front()));
}
Result<std::vector<Appointment>> Table::appointments_of(sql::Tx& tx, const PersonId& person) {
  return appointment_rows(std::move(tx.query(kAppointmentsOf).bind("id", person)));
}
Result<std::vector<Appointment>> Table::appointments_open(sql::Tx& tx, Timestamp now) {
  return appointment_rows(std::move(tx.query(kAppointmentsOpen).bind("now", now)));
}

Result<bool> Table::role_in_use(sql::Tx& tx, const std::string& role, Timestamp now) {
  SK_TRY(const auto row, tx.query(kRoleInUse).bind("role", role).bind("now", now).maybe_one<AppointmentId>());
  return row.has_value();
}

Result<std::vector<UnitId>> Table::units_of_role(sql::Tx& tx, const std::string& role, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kUnitsOfRole).bind("role", role).bind("now", now).bind("then", now).all<UnitId>());
  std::vector<UnitId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

Result<std::vector<PersonId>> Table::holders(sql::Tx& tx, const std::string& power, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kHolders).bind("pattern", "%\"" + power + "\"%").bind("now", now).bind("then", now).all<PersonId>());
  std::vector<PersonId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

}  // namespace sekisho::bodies
