// There is no way round open().
// like: policy/decide.cpp
// refused with: is private
#include "policy/witness.h"

using namespace sekisho;

std::string read(policy::Labelled<std::string> content) {
#ifdef SK_CONTROL
  return std::to_string(content.label().c);
#else
  return content.value_;
#endif
}
