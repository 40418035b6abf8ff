// Staff of contractors change no credentials and are given no power to (11(2)ア(ウ)d). Who is one comes with the staff list: a person in it whose
// category the profile in force calls a contractor's. A person in no list is the body's own.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "features/accounts/table.h"

namespace sekisho::accounts {

Result<bool> contractor(sql::Tx& tx, const AccountId& id);
// denied "accounts.contractor" where one of these roles would give a contractor's person one of these powers.
Status check_contractor(sql::Tx& tx, const AccountId& id, const std::vector<std::string>& roles, const std::set<std::string>& credential_powers);
// Roles in force that hold one of these powers.
Result<std::set<std::string>> roles_with_any(sql::Tx& tx, const std::set<std::string>& powers);

}  // namespace sekisho::accounts
