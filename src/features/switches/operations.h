// Operations on switches: what stands, and the body's wishes.
#pragma once
#include "features/switches/switches.h"

namespace sekisho::switches {

struct SwitchView {
  static constexpr const char* kSchemaName = "Switch";
  StandingId id;
  std::string about;   // the case
  std::string number;  // its number
  std::string name;
  std::string title;
  std::string person;  // account
  std::string person_name;
  std::string unit;    // its name
  std::string value;
  std::string clause;
  Timestamp since;
  std::optional<Timestamp> until;
  bool on = false;     // at this moment
  std::string set_by;
  std::optional<std::string> ended_by;
  std::optional<Timestamp> ended_at;
};
BOOST_DESCRIBE_STRUCT(SwitchView, (), (id, about, number, name, title, person, person_name, unit, value, clause, since, until, on, set_by, ended_by, ended_at))
struct KindView {
  static constexpr const char* kSchemaName = "SwitchKind";
  std::string name;
  std::string title;
  std::string clause;
};
BOOST_DESCRIBE_STRUCT(KindView, (), (name, title, clause))
struct SwitchList {
  std::vector<SwitchView> items;  // on first
  std::vector<KindView> kinds;
  Wish wish;
  bool may_configure = false;
};
BOOST_DESCRIBE_STRUCT(SwitchList, (), (items, kinds, wish, may_configure))

}  // namespace sekisho::switches
