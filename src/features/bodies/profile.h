// The profile of one body: everything in which bodies differ, as data. packs/bodies/*.json are written in this form (its JSON Schema is
// packs/bodies/schema.json, its explanation docs/decisions/0010-organisation-profile.md). Pure.
//
// Profile is the part that requests need all the time; ProfileFile adds what is put into tables of its own (units, roles, segments) or is
// looked at seldom. Lists in a file are in order: levels from the lowest up, parents before their children.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "json/json.h"

namespace sekisho::bodies {

struct Level {
  std::string name;
  std::string criterion;  // what belongs here, in the body's words
};
BOOST_DESCRIBE_STRUCT(Level, (), (name, criterion))

// A network segment. Segments are numbered by their place: the first is bit 0. A body may have none.
struct Segment {
  std::string code;
  std::string name;
  std::vector<std::string> origins;  // codes of the segments whose information may be read here
  bool export_allowed = false;       // may information be carried out of the service here
  int factors = 1;                   // kinds of proof that a session needs here
  std::optional<int> idle_minutes;   // none: the program's setting
  std::optional<int> absolute_minutes;
};
BOOST_DESCRIBE_STRUCT(Segment, (), (code, name, origins, export_allowed, factors, idle_minutes, absolute_minutes))

// Privileged rights are used within minutes that a person opens with a reason (11(2)オ).
struct ElevationRule {
  bool asked = true;                // false: a body so small that everybody is always privileged
  std::optional<int> most_minutes;  // none: the program's setting, which binds in any case
};
BOOST_DESCRIBE_STRUCT(ElevationRule, (), (asked, most_minutes))

// Changes that one person does not make alone (11(1)エ(ウ)): the program's key for what is changed.
const std::vector<std::string>& change_keys();

// What the levels of the version before become, by name; said where the levels change. Several names: nobody knows which of them it is, so that
// it counts as the strictest until somebody has chosen.
struct CarriedLevel {
  std::string from;
  std::vector<std::string> to;
};
BOOST_DESCRIBE_STRUCT(CarriedLevel, (), (from, to))
struct CarriedOver {
  std::optional<std::vector<CarriedLevel>> confidentiality;
  std::optional<std::vector<CarriedLevel>> integrity;
  std::optional<std::vector<CarriedLevel>> availability;
};
BOOST_DESCRIBE_STRUCT(CarriedOver, (), (confidentiality, integrity, availability))

struct Profile {
  std::string self_name;          // how the body calls itself in its own texts
  std::string kind;               // what kind of body it is, in its words
  std::string word_for_security;
  int fiscal_year_start = 4;
  std::vector<Level> confidentiality;
  std::vector<Level> integrity;
  std::vector<Level> availability;
  std::vector<Segment> segments;
  std::map<std::string, std::string> terms;  // key of the program -> word of this body
  std::optional<std::vector<std::string>> two_factor_powers;  // whoever holds one of these gives two kinds of proof
  std::optional<ElevationRule> elevation;                     // none: asked for
  std::optional<std::vector<std::string>> two_person_changes;  // of change_keys(): what comes into force with a second person's check
};
BOOST_DESCRIBE_STRUCT(Profile, (),
                      (self_name, kind, word_for_security, fiscal_year_start, confidentiality, integrity, availability, segments, terms, two_factor_powers, elevation,
                       two_person_changes))

struct ScopeBody {
  std::string name;
  bool in_scope = true;
};
BOOST_DESCRIBE_STRUCT(ScopeBody, (), (name, in_scope))
// A joint body handles listed functions for its members, and its policy may cover some of them only.
struct ScopeFunction {
  std::string group;
  std::string number;
  std::string name;
  std::vector<std::string> members;
  bool in_scope = true;
};
BOOST_DESCRIBE_STRUCT(ScopeFunction, (), (group, number, name, members, in_scope))
struct Scope {
  std::vector<ScopeBody> bodies;
  std::vector<ScopeFunction> functions;
};
BOOST_DESCRIBE_STRUCT(Scope, (), (bodies, functions))

struct Coded {
  std::string code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(Coded, (), (code, name))

struct UnitIn {
  std::string code;
  std::string name;
  std::string kind;                   // code of a unit kind
  std::optional<std::string> parent;  // code; stands before its children
  std::optional<std::string> from;    // first and last day
  std::optional<std::string> to;
};
BOOST_DESCRIBE_STRUCT(UnitIn, (), (code, name, kind, parent, from, to))

struct Role {
  std::string code;
  std::string name;
  std::string scope;                    // what one holder answers for: code of a role scope
  std::optional<std::string> superior;  // role that holders report to
  std::vector<std::string> powers;
};
BOOST_DESCRIBE_STRUCT(Role, (), (code, name, scope, superior, powers))

// Who holds a role by virtue of the post, as the policy words it.
struct AppointmentRule {
  std::string post;
  std::string role;
};
BOOST_DESCRIBE_STRUCT(AppointmentRule, (), (post, role))

struct StaffCategory {
  std::string code;
  std::string name;
  bool counts_as_staff = true;
  bool consent_asked = false;
  bool internet_and_mail = true;  // unless decided otherwise for a person
  bool contractor = false;
};
BOOST_DESCRIBE_STRUCT(StaffCategory, (), (code, name, counts_as_staff, consent_asked, internet_and_mail, contractor))

// Policies say "promptly" without a figure: the body's own figure, or none yet.
struct TimeWord {
  std::string word;
  std::string process;
  std::optional<int> minutes;  // none: not decided
  std::optional<std::string> decided_by;
  std::optional<std::string> decided_on;
};
BOOST_DESCRIBE_STRUCT(TimeWord, (), (word, process, minutes, decided_by, decided_on))

struct ProfileFile : Profile {
  static constexpr const char* kSchemaName = "OrganisationProfile";
  std::string name;
  Scope scope;
  std::vector<Coded> unit_kinds;
  std::vector<Coded> role_scopes;
  std::vector<UnitIn> units;
  std::vector<Role> roles;
  std::map<std::string, std::string> permitters;  // key of the rules -> role that permits it here
  std::vector<AppointmentRule> appointment_rules;
  std::vector<StaffCategory> staff_categories;
  std::vector<std::string> incident_levels;
  std::vector<TimeWord> time_words;
  std::optional<CarriedOver> carried_over;  // out of the version before; it says nothing once the levels are those
};
BOOST_DESCRIBE_STRUCT(ProfileFile, (Profile),
                      (name, scope, unit_kinds, role_scopes, units, roles, permitters, appointment_rules, staff_categories, incident_levels, time_words,
                       carried_over))

// What the rules of the program speak of: a profile may give no power that no rule asks for, and must say who stands behind each permitter.
struct Vocabulary {
  std::set<std::string> powers;
  std::set<std::string> permitters;
};

// Terms that every profile must give.
const std::vector<std::string>& term_keys();

// The body's word for a key of term_keys().
std::string word_of(const Profile& profile, const std::string& key);

// The first mistake, with its place: invalid_argument "bodies.profile", detail "$.roles[3].superior: no role 'x'".
Status check(const ProfileFile& file, const Vocabulary& vocabulary);

// The segments whose information may be read in the segment at `place` (always itself).
std::uint32_t origins_of(const std::vector<Segment>& segments, std::size_t place);

}  // namespace sekisho::bodies
