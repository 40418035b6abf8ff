// From an account to the person that the policy decides about, and to what screens show of it.
#pragma once
#include "features/accounts/operations.h"

namespace sekisho::accounts {

inline constexpr std::size_t kMinPasswordCharacters = 12;

// Powers, units and the traits of the session's segment from what is in force at this moment; three statements, on the path of every request.
// nullopt: no appointment is in force, so nobody of this body.
Result<std::optional<policy::Person>> person_of(sql::Tx& tx, const Account& account, policy::SegmentSet segment, Timestamp now);
// unauthenticated "accounts.no_appointment" when none is in force.
Result<SessionView> session_view(gate::Context& context, const Account& account, const std::string& csrf, policy::SegmentSet segment);
// With the roles of the main appointments in force.
Result<UserView> user_view(sql::Tx& tx, const Account& account, Timestamp now);

}  // namespace sekisho::accounts
