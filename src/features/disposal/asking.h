// Asking for a disposal, and what the permission does (private to the feature).
#pragma once
#include "features/disposal/disposal.h"

namespace sekisho::disposal {

Result<DisposalView> ask(gate::Context& context, AskIn& in, approvals::Approvals& approvals);
// At the last signature: the list must still be the one that was signed for.
Status permit(gate::Context& context, const approvals::Grant& grant, const approvals::Approvals& approvals);
Result<DisposalView> view_of(gate::Context& context, const Disposal& disposal);

}  // namespace sekisho::disposal
