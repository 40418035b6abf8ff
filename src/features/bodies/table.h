// The organisation of one body: profile, units (部局 → 課室 → 出先), roles with powers. No unit or role is known to the program by name.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/json.h"
#include "sql/db.h"

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

struct Unit {
  static constexpr const char* kSchemaName = "Department";
  UnitId id;
  std::string code;
  std::string name;
  std::optional<UnitId> parent_id;
};
BOOST_DESCRIBE_STRUCT(Unit, (), (id, code, name, parent_id))

struct Role {
  std::string code;
  std::string name;
  std::vector<std::string> powers;
};
BOOST_DESCRIBE_STRUCT(Role, (), (code, name, powers))

struct Segment {
  std::string code;
  std::string name;
  std::optional<int> factors;  // kinds of proof that a session needs here; 1 when not said
};
BOOST_DESCRIBE_STRUCT(Segment, (), (code, name, factors))

// What a body calls things. Segments are numbered by their place: the first is bit 0.
struct Profile {
  std::string self_name;
  int fiscal_year_start = 4;
  std::vector<std::string> confidentiality;  // names of the ranks, lowest first
  std::vector<std::string> integrity;
  std::vector<std::string> availability;
  std::vector<Segment> segments;
  std::optional<std::vector<std::string>> two_factor_powers;  // whoever holds one of these gives two kinds of proof
};
BOOST_DESCRIBE_STRUCT(Profile, (), (self_name, fiscal_year_start, confidentiality, integrity, availability, segments, two_factor_powers))

struct Named {
  std::string name;
  Profile profile;
};

class Table {
 public:
  static Status put_profile(sql::Tx& tx, const std::string& name, const Profile& profile);
  static Result<Named> profile(sql::Tx& tx);
  static Status put_unit(sql::Tx& tx, const Unit& unit);
  static Status put_role(sql::Tx& tx, const Role& role);
  static Result<std::vector<Unit>> units(sql::Tx& tx);
  static Result<std::vector<Role>> roles(sql::Tx& tx);
  // The unit itself and everything above it. Unknown unit: not_found.
  static Result<std::vector<UnitId>> lineage(sql::Tx& tx, const UnitId& unit);
};

}  // namespace sekisho::bodies
