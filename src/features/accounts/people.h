// From an account to the person that the policy decides about.
#pragma once
#include "features/accounts/views.h"
#include "gate/run.h"

namespace sekisho::accounts {

Result<policy::Person> person_of(sql::Tx& tx, const Account& account, policy::SegmentSet segment);
Result<std::set<std::string>> powers_of(sql::Tx& tx, const AccountId& id);

}  // namespace sekisho::accounts
