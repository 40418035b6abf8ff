// A stored label changes only to one that raise() or declassify() made.
// like: policy/relabel.cpp
// refused with: is private
#include "policy/relabel.h"

using namespace sekisho;

policy::Relabelled lower(const policy::Label& current) {
  policy::Label open = current;
  open.c = 1;
#ifdef SK_CONTROL
  return policy::raise(current, open);
#else
  return policy::Relabelled(open);
#endif
}
