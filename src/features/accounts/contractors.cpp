#include "features/accounts/contractors.h"

#include <algorithm>

#include "features/accounts/staff.h"

namespace sekisho::accounts {

Result<bool> contractor(sql::Tx& tx, const AccountId& id) {
  SK_TRY(const auto category, StaffTable::category(tx, id));
  if (!category || category->empty()) return false;
  SK_TRY(const auto version, bodies::Table::version_in_force(tx));
  if (!version) return false;
  SK_TRY(const auto file, json::read_text<bodies::ProfileFile>(version->document));
  return std::any_of(file.staff_categories.begin(), file.staff_categories.end(), [&](const auto& c) { return c.contractor && c.code == *category; });
}

Result<std::set<std::string>> roles_with_any(sql::Tx& tx, const std::set<std::string>& powers) {
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  std::set<std::string> out;
  for (const auto& role : roles)
    if (std::any_of(role.powers.begin(), role.powers.end(), [&](const auto& p) { return powers.contains(p); })) out.insert(role.code);
  return out;
}

Status check_contractor(sql::Tx& tx, const AccountId& id, const std::vector<std::string>& roles, const std::set<std::string>& credential_powers) {
  SK_TRY(const auto touching, roles_with_any(tx, credential_powers));
  if (std::none_of(roles.begin(), roles.end(), [&](const auto& r) { return touching.contains(r); })) return ok();
  SK_TRY(const bool outside, contractor(tx, id));
  if (outside) return fail(Error{Code::denied, "accounts.contractor", "a contractor's staff change no credentials", "11(2)ア(ウ)d", "head"});
  return ok();
}

}  // namespace sekisho::accounts
