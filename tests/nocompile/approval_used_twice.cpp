// An approval of a lowering is used up by it: it cannot be copied.
// like: policy/relabel.cpp
// refused with: use of deleted function
#include "policy/relabel.h"

using namespace sekisho;

Result<policy::Relabelled> lower(const policy::Matrix& matrix, policy::ApprovedLowering approved, const policy::Label& current) {
#ifdef SK_CONTROL
  return policy::declassify(matrix, std::move(approved), "d", "hash", current);
#else
  return policy::declassify(matrix, approved, "d", "hash", current);
#endif
}
