// Secrets are not compared in variable time.
// like: core/log.cpp
// refused with: no match for|invalid operands
#include "core/secret.h"

using namespace sekisho;

bool same(const Secret& a, const Secret& b) {
#ifdef SK_CONTROL
  return a.empty() && b.empty();
#else
  return a == b;
#endif
}
