// Operations on the organisation: setting it up, and the lists that screens choose from.
#pragma once
#include "features/bodies/table.h"
#include "gate/operation.h"

namespace sekisho::bodies {

struct UnitIn {
  std::string code;
  std::string name;
  std::optional<std::string> parent;  // code; must stand before its children
};
BOOST_DESCRIBE_STRUCT(UnitIn, (), (code, name, parent))

struct SetUpIn {
  std::string name;
  Profile profile;
  std::vector<UnitIn> departments;
  std::vector<Role> roles;
};
BOOST_DESCRIBE_STRUCT(SetUpIn, (), (name, profile, departments, roles))

struct UnitList {
  std::vector<Unit> items;
};
BOOST_DESCRIBE_STRUCT(UnitList, (), (items))

struct RoleItem {
  std::string code;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(RoleItem, (), (code, name))
struct RoleList {
  std::vector<RoleItem> items;
};
BOOST_DESCRIBE_STRUCT(RoleList, (), (items))

gate::Operation<SetUpIn, Nothing> set_up();
void register_operations(gate::Registry& registry);

}  // namespace sekisho::bodies
