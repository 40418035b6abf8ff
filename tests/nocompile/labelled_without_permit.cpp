// Content opens only with a permit.
// like: policy/decide.cpp
// refused with: no matching function|too few arguments|is private
#include "policy/witness.h"

using namespace sekisho;

Result<std::string> read(policy::Labelled<std::string> content, const policy::Permit& permit) {
#ifdef SK_CONTROL
  return std::move(content).open(permit);
#else
  return std::move(content).open();
#endif
}
