// What definitions ask of a body: its roles behind the posts, its time words and terms, and what it has or has not. Made of the body's profile. Pure.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sekisho::workflow {

struct RoleTrait {
  std::string code;
  std::string name;
  std::set<std::string> powers;
  std::string superior;  // code of the role that holders report to; empty: none
};
struct WordTrait {
  std::string word;
  std::string process;
  std::optional<int> minutes;  // none: the body has not decided it
};

struct Organisation {
  std::string name;
  std::map<std::string, std::string> terms;
  std::map<std::string, std::string> posts;  // post -> code of the role
  std::vector<RoleTrait> roles;
  std::set<std::string> role_scopes;
  std::set<std::string> unit_kinds;
  std::vector<WordTrait> time_words;
  int segments = 0;
  int incident_levels = 1;
  bool elevation = false;
  int fiscal_year_start = 4;
  int ranks_c = 3;
  int ranks_i = 2;
  int ranks_a = 2;

  // A switch of `when`; nullopt: no such switch.
  std::optional<bool> has(std::string_view what) const;
  const RoleTrait* role(std::string_view code) const;
};

// What the program knows by name: powers of the action matrix, hooks that effects may run, kinds of notices and events that open cases, and the
// definitions that others may refer to.
struct SwitchArgument {
  std::string name;
  std::set<std::string> types;  // of field; "@opener": also the case's opener; "column": also a column of a table
  bool required = false;
  std::set<std::string> among;  // what a choice may say; empty: anything
};
struct Names {
  std::set<std::string> powers;
  std::set<std::string> hooks;
  std::set<std::string> alarms;
  std::set<std::string> events;
  std::map<std::string, std::vector<SwitchArgument>> switches;
  std::set<std::string> definitions;  // empty: not looked at
  std::set<std::string> instructions;  // that drafts may follow
};

inline constexpr const char* kPosts[] = {"top", "head", "division_head", "manager", "system_manager", "system_staff", "committee", "contact", "audit_head", "service_permitter"};

}  // namespace sekisho::workflow
