// A failure is never dropped silently.
// like: core/log.cpp
// refused with: nodiscard|unused-result|ignoring return
#include "core/result.h"

using namespace sekisho;

Status act();
void run() {
#ifdef SK_CONTROL
  const Status done = act();
  if (!done) return;
#else
  act();
#endif
}
