// What a person typed does not convert to a log value.
// like: core/log.cpp
// refused with: no matching function|could not convert|no known conversion|cannot convert
#include "core/log.h"

using namespace sekisho;

void note(const std::string& typed) {
#ifdef SK_CONTROL
  log::info("chat.opened", {{"characters", static_cast<long>(typed.size())}});
#else
  log::info("chat.opened", {{"text", typed}});
#endif
}
