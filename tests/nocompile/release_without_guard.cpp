// Nothing is released that the guard has not looked through.
// like: features/chat/operations.cpp
// refused with: no matching function|could not convert|no known conversion
#include "policy/witness.h"

using namespace sekisho;

Result<policy::Released<std::string>> send(policy::Labelled<std::string> labelled, policy::Guarded<std::string> guarded, const policy::Ceiling& ceiling,
                                           const policy::Permit& permit) {
#ifdef SK_CONTROL
  return policy::release(std::move(guarded), ceiling, permit);
#else
  return policy::release(std::move(labelled), ceiling, permit);
#endif
}
