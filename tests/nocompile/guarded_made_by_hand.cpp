// Only the guard says that content has been looked through.
// like: features/chat/operations.cpp
// refused with: is private
#include "policy/witness.h"

using namespace sekisho;

policy::Guarded<std::string> pass(policy::Guarded<std::string> guarded, policy::Label label, std::string text) {
#ifdef SK_CONTROL
  return guarded;
#else
  return policy::Guarded<std::string>(std::move(label), std::move(text), "endpoint");
#endif
}
