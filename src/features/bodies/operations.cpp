#include "features/bodies/operations.h"

namespace sekisho::bodies {
namespace {

Result<Nothing> set_up_body(gate::Context& context, SetUpIn& in) {
  if (in.profile.confidentiality.empty() || in.profile.confidentiality.size() > 8 || in.profile.segments.size() > 32)
    return fail(Code::invalid_argument, "bodies.profile", "a profile has 1 to 8 classes and at most 32 segments");
  SK_TRY(const auto present, Table::units(context.tx));
  if (!present.empty()) return fail(Code::conflict, "bodies.already_set_up", "the body has departments");
  SK_CHECK(Table::put_profile(context.tx, in.name, in.profile));
  std::map<std::string, UnitId> by_code;
  for (const UnitIn& unit : in.departments) {
    Unit row{context.new_id<UnitTag>(), unit.code, unit.name, std::nullopt};
    if (unit.parent) {
      const auto parent = by_code.find(*unit.parent);
      if (parent == by_code.end()) return fail(Code::invalid_argument, "bodies.parent", "unknown parent " + *unit.parent);
      row.parent_id = parent->second;
    }
    SK_CHECK(Table::put_unit(context.tx, row));
    by_code.emplace(unit.code, row.id);
  }
  for (const Role& role : in.roles) SK_CHECK(Table::put_role(context.tx, role));
  return Nothing{};
}

Result<UnitList> list_units(gate::Context& context, WholeListIn&) {
  SK_TRY(auto units, Table::units(context.tx));
  return UnitList{std::move(units)};
}

Result<RoleList> list_roles(gate::Context& context, WholeListIn&) {
  SK_TRY(const auto roles, Table::roles(context.tx));
  RoleList out;
  for (const Role& role : roles) out.items.push_back({role.code, role.name});
  return out;
}

}  // namespace

gate::Operation<SetUpIn, Nothing> set_up() {
  return {"bodies.set_up", "団体の名称・組織・役割を登録する", "bodies.set_up", gate::Access::write, 1 << 20, gate::no_preparation<SetUpIn>(), set_up_body};
}

void register_operations(gate::Registry& registry) {
  registry.add(set_up());
  registry.add(gate::Operation<WholeListIn, UnitList>{"departments.list", "部署の一覧", "departments.list", gate::Access::read, 1024,
                                                  gate::no_preparation<WholeListIn>(), list_units});
  registry.add(gate::Operation<WholeListIn, RoleList>{"roles.list", "役割の一覧", "roles.list", gate::Access::read, 1024,
                                                  gate::no_preparation<WholeListIn>(), list_roles});
}

}  // namespace sekisho::bodies
