// How the label of a stored thing may change. Pure.
//
// Raising is free: the new label demands everything that the old one demanded. Lowering needs an approval of other people, bound to the
// content and to both labels, that is used up by the change. Whoever stores a changed label takes a Relabelled, which nothing else makes.
#pragma once
#include <utility>
#include <vector>

#include "policy/decide.h"

namespace sekisho::policy {

// What somebody asks for: this content, under this label, shall have that one.
struct Lowering {
  std::string object_id;
  std::string content_hash;
  Label from;
  Label to;
  std::string requested_by;
};

// Who said yes, as the approvals' record has it.
struct Approver {
  std::string user_id;
  std::set<Principal> principals;  // for whose information she answers
  bool for_everyone = false;       // answers for the whole body
};

// An approval that covers everything that the lowering removes. Cannot be copied; declassify() uses it up.
class ApprovedLowering {
 public:
  ApprovedLowering(ApprovedLowering&&) = default;
  ApprovedLowering& operator=(ApprovedLowering&&) = default;
  ApprovedLowering(const ApprovedLowering&) = delete;
  ApprovedLowering& operator=(const ApprovedLowering&) = delete;
  const Lowering& lowering() const { return lowering_; }

 private:
  friend Result<ApprovedLowering> approve(const Matrix& matrix, Lowering lowering, const std::vector<Approver>& approvers);
  explicit ApprovedLowering(Lowering lowering) : lowering_(std::move(lowering)) {}
  Lowering lowering_;
};

// Denied: nobody approved; the requester is among the approvers; a reader clause that goes has no approver who answers for it.
Result<ApprovedLowering> approve(const Matrix& matrix, Lowering lowering, const std::vector<Approver>& approvers);

class Relabelled {
 public:
  const Label& label() const { return label_; }

 private:
  friend Relabelled raise(const Label& current, const Label& with);
  friend Result<Relabelled> declassify(const Matrix& matrix, ApprovedLowering approved, std::string_view object_id, std::string_view content_hash,
                                       const Label& current);
  explicit Relabelled(Label label) : label_(std::move(label)) {}
  Label label_;
};

Relabelled raise(const Label& current, const Label& with);
// Denied when the object, its content or its label is no longer the one that was approved.
Result<Relabelled> declassify(const Matrix& matrix, ApprovedLowering approved, std::string_view object_id, std::string_view content_hash,
                              const Label& current);

// The reader clauses of `from` that `to` does not demand any more.
std::vector<Clause> removed_clauses(const Label& from, const Label& to);

}  // namespace sekisho::policy
