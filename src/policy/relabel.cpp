#include "policy/relabel.h"

#include <algorithm>

namespace sekisho::policy {
namespace {

bool meets(const std::set<Principal>& a, const std::set<Principal>& b) {
  return std::any_of(a.begin(), a.end(), [&](const Principal& p) { return b.contains(p); });
}

Unexpected refused(const Matrix& matrix, Axis axis) { return fail(denial(refusal(matrix, axis))); }

}  // namespace

std::vector<Clause> removed_clauses(const Label& from, const Label& to) {
  std::vector<Clause> out;
  for (const Clause& clause : from.readers.clauses()) {
    // A clause still holds when a clause of `to` lets nobody else in.
    const bool held = std::any_of(to.readers.clauses().begin(), to.readers.clauses().end(), [&](const Clause& other) {
      return std::includes(clause.begin(), clause.end(), other.begin(), other.end());
    });
    if (!held) out.push_back(clause);
  }
  return out;
}

Result<ApprovedLowering> approve(const Matrix& matrix, Lowering lowering, const std::vector<Approver>& approvers) {
  if (approvers.empty() || lowering.requested_by.empty() || lowering.to.state == State::unknown) return refused(matrix, Axis::lowering_unapproved);
  for (const Approver& a : approvers)
    if (a.user_id == lowering.requested_by || a.user_id.empty()) return refused(matrix, Axis::lowering_own);
  for (const Clause& clause : removed_clauses(lowering.from, lowering.to)) {
    const bool answered = std::any_of(approvers.begin(), approvers.end(), [&](const Approver& a) { return a.for_everyone || meets(clause, a.principals); });
    if (!answered) return refused(matrix, Axis::lowering_reach);
  }
  return ApprovedLowering(std::move(lowering));
}

Relabelled raise(const Label& current, const Label& with) { return Relabelled(join(current, with)); }

Result<Relabelled> declassify(const Matrix& matrix, ApprovedLowering approved, std::string_view object_id, std::string_view content_hash,
                              const Label& current) {
  const Lowering& l = approved.lowering();
  if (l.object_id != object_id || l.content_hash != content_hash || l.from != current) return refused(matrix, Axis::lowering_other_content);
  return Relabelled(l.to);
}

}  // namespace sekisho::policy
