// From an account to the person that the policy decides about, and to what screens show of it.
#pragma once
#include "features/accounts/operations.h"

namespace sekisho::accounts {

inline constexpr std::size_t kMinPasswordCharacters = 12;

Result<policy::Person> person_of(sql::Tx& tx, const Account& account, policy::SegmentSet segment);
Result<SessionView> session_view(gate::Context& context, const Account& account, const std::string& csrf, const std::string& token, policy::SegmentSet segment);
Result<UserView> user_view(sql::Tx& tx, const Account& account);

}  // namespace sekisho::accounts
