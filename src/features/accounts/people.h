// From an account to the person that the policy decides about.
#pragma once
#include "features/accounts/views.h"
#include "gate/run.h"

namespace sekisho::accounts {

// Powers, units and the traits of the session's segment from what is in force at this moment; three statements, on the path of every request.
// nullopt: no appointment is in force, so nobody of this body.
Result<std::optional<policy::Person>> person_of(sql::Tx& tx, const Account& account, policy::SegmentSet segment, Timestamp now);
Result<std::set<std::string>> powers_of(sql::Tx& tx, const AccountId& id, Timestamp now);

}  // namespace sekisho::accounts
