#include "features/bodies/table.h"

namespace sekisho::bodies {
namespace {

constexpr const char* kPutProfile = "INSERT OR REPLACE INTO body_profile (one, name, profile) VALUES (1, :name, :profile)";
constexpr const char* kProfile = "SELECT name, profile FROM body_profile WHERE one = 1";
constexpr const char* kPutUnit = "INSERT INTO unit (id, code, name, parent_id) VALUES (:id, :code, :name, :parent)";
constexpr const char* kPutRole = "INSERT INTO role (code, name, powers) VALUES (:code, :name, :powers)";
constexpr const char* kUnits = "SELECT id, code, name, parent_id FROM unit ORDER BY id";
// Bounded, because a circle in the tree must not hang a login.
constexpr const char* kLineage =
    "WITH RECURSIVE up (id, parent_id, depth) AS (SELECT id, parent_id, 1 FROM unit WHERE id = :id UNION ALL "
    "SELECT u.id, u.parent_id, up.depth + 1 FROM unit u JOIN up ON u.id = up.parent_id WHERE up.depth < 16) SELECT id FROM up ORDER BY depth";
constexpr const char* kRoles = "SELECT code, name, powers FROM role ORDER BY code";

}  // namespace

Status Table::put_profile(sql::Tx& tx, const std::string& name, const Profile& profile) {
  SK_CHECK(tx.query(kPutProfile).bind("name", name).bind("profile", json::write(profile)).run());
  return ok();
}

Result<Named> Table::profile(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kProfile).maybe_one<std::string, std::string>());
  if (!row) return fail(Code::conflict, "bodies.not_set_up", "the body has no profile");
  SK_TRY(Profile profile, json::read_text<Profile>(std::get<1>(*row)));
  return Named{std::get<0>(*row), std::move(profile)};
}

Status Table::put_unit(sql::Tx& tx, const Unit& unit) {
  SK_CHECK(tx.query(kPutUnit).bind("id", unit.id).bind("code", unit.code).bind("name", unit.name).bind("parent", unit.parent_id).run());
  return ok();
}

Status Table::put_role(sql::Tx& tx, const Role& role) {
  SK_CHECK(tx.query(kPutRole).bind("code", role.code).bind("name", role.name).bind("powers", json::write(role.powers)).run());
  return ok();
}

Result<std::vector<Unit>> Table::units(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kUnits).all<UnitId, std::string, std::string, std::optional<UnitId>>());
  std::vector<Unit> out;
  for (auto& [id, code, name, parent] : rows) out.push_back({id, code, name, parent});
  return out;
}

Result<std::vector<Role>> Table::roles(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kRoles).all<std::string, std::string, std::string>());
  std::vector<Role> out;
  for (auto& [code, name, powers] : rows) {
    SK_TRY(auto list, json::read_text<std::vector<std::string>>(powers));
    out.push_back({code, name, std::move(list)});
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

}  // namespace sekisho::bodies
