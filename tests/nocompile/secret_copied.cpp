// A secret is moved, or copied by name: never by accident.
// like: core/log.cpp
// refused with: deleted
#include "core/secret.h"

using namespace sekisho;

std::size_t length(const Secret& key) {
#ifdef SK_CONTROL
  const Secret other = key.copy();
#else
  const Secret other = key;
#endif
  return other.reveal().size();
}
