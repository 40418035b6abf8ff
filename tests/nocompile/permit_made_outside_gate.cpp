// Only the gate makes permits.
// like: features/chat/operations.cpp
// refused with: is private
#include "policy/witness.h"

using namespace sekisho;

std::string who(const policy::Permit& given) {
#ifdef SK_CONTROL
  const policy::Permit permit = given;
#else
  const policy::Permit permit(given.matrix(), policy::Person{}, "chats.read", "11(2)");
#endif
  return permit.person().user_id;
}
