// Versions of the profile: draft -> confirmed -> in force -> superseded. One is in force; what it says of units, roles and segments stands in tables.
//
// Who drafted a version does not confirm it (6(8)ア); where nobody else can, the reason is kept with the version. Segments keep their places and
// units their codes over versions, because labels and content refer to them. Levels may change where the version says what becomes of the old ones
// (scheme.h); nothing is lowered by that.
#pragma once
#include "features/bodies/operations.h"

namespace sekisho::bodies {

struct VersionView {
  static constexpr const char* kSchemaName = "ProfileVersion";
  int number = 0;
  VersionState state = VersionState::draft;
  std::string note;
  std::string drafted_by;
  Timestamp drafted_at;
  std::optional<std::string> confirmed_by;
  std::optional<Timestamp> confirmed_at;
  std::optional<std::string> exception;
  std::optional<std::string> started_by;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> ended_at;
};
BOOST_DESCRIBE_STRUCT(VersionView, (), (number, state, note, drafted_by, drafted_at, confirmed_by, confirmed_at, exception, started_by, started_at, ended_at))

struct UnitView {
  UnitId id;
  std::string code;
  std::string name;
  std::optional<UnitId> parent_id;
  std::string kind;
  std::optional<std::string> from;
  std::optional<std::string> to;
  bool in_force = true;
};
BOOST_DESCRIBE_STRUCT(UnitView, (), (id, code, name, parent_id, kind, from, to, in_force))

struct Organisation {
  static constexpr const char* kSchemaName = "Organisation";
  std::optional<ProfileFile> document;  // in force
  std::vector<UnitView> units;
  std::vector<VersionView> versions;  // newest first
};
BOOST_DESCRIBE_STRUCT(Organisation, (), (document, units, versions))

struct VersionIn {
  ProfileFile document;
  std::string note;
};
BOOST_DESCRIBE_STRUCT(VersionIn, (), (document, note))
struct VersionNumberIn {
  std::string number;
};
BOOST_DESCRIBE_STRUCT(VersionNumberIn, (), (number))
struct ConfirmIn {
  std::string number;
  std::optional<std::string> exception;  // why the drafter confirms
};
BOOST_DESCRIBE_STRUCT(ConfirmIn, (), (number, exception))
struct VersionWhole {
  static constexpr const char* kSchemaName = "ProfileVersionWhole";
  VersionView version;
  ProfileFile document;
  std::vector<std::string> changed;  // members of the document that differ from the version in force
};
BOOST_DESCRIBE_STRUCT(VersionWhole, (), (version, document, changed))

// Version 1, in force at once: a body begins with it.
Status first_version(gate::Context& context, const ProfileFile& file);
void register_version_operations(gate::Registry& registry, const Vocabulary& vocabulary, std::vector<Follower> followers);

}  // namespace sekisho::bodies
