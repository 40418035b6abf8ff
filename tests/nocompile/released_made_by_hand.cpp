// Only release() makes a Released: it asks the policy.
// like: features/chat/operations.cpp
// refused with: is private
#include "policy/witness.h"

using namespace sekisho;

Result<policy::Released<std::string>> send(policy::Label label, std::string text, policy::Guarded<std::string> guarded, const policy::Ceiling& ceiling,
                                           const policy::Permit& permit) {
#ifdef SK_CONTROL
  return policy::release(std::move(guarded), ceiling, permit);
#else
  return policy::Released<std::string>(std::move(label), std::move(text), ceiling.endpoint_id);
#endif
}
