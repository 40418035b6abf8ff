// declassify() takes an approval, and only approve() makes one.
// like: policy/relabel.cpp
// refused with: could not convert|no matching function|is private|cannot convert
#include "policy/relabel.h"

using namespace sekisho;

Result<policy::Relabelled> lower(const policy::Matrix& matrix, policy::Lowering asked, const std::vector<policy::Approver>& approvers, const policy::Label& current) {
#ifdef SK_CONTROL
  SK_TRY(auto approved, policy::approve(matrix, std::move(asked), approvers));
  return policy::declassify(matrix, std::move(approved), "d", "hash", current);
#else
  return policy::declassify(matrix, std::move(asked), "d", "hash", current);
#endif
}
