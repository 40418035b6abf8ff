// What the definitions of the security office may switch in the product, and what may open their cases: one line of registration each.
#pragma once
#include "features/accounts/operations.h"
#include "features/office/office.h"

namespace sekisho::apps {

// The names, for checking a definition without a program that runs.
const std::vector<std::string_view>& office_hook_names();
void register_office_hooks(office::Office& office, accounts::Accounts& accounts);

}  // namespace sekisho::apps
