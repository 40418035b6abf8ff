// A secret has no way into the log.
// like: core/log.cpp
// refused with: no matching function|could not convert|no known conversion|cannot convert
#include "core/log.h"
#include "core/secret.h"

using namespace sekisho;

void note(const Secret& key) {
#ifdef SK_CONTROL
  log::info("endpoint.called", {{"has_key", !key.empty()}});
#else
  log::info("endpoint.called", {{"key", key}});
#endif
}
