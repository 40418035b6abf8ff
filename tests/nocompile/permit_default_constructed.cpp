// There is no empty permit to start from.
// like: features/chat/operations.cpp
// refused with: no matching function|is private|deleted
#include "policy/witness.h"

using namespace sekisho;

bool allowed(const policy::Permit& given) {
#ifdef SK_CONTROL
  policy::Permit permit = given;
#else
  policy::Permit permit;
#endif
  return !permit.action().empty();
}
