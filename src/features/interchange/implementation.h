// A body's coverage as OSCAL's models see it. Pure.
#pragma once
#include "features/coverage/matrix.h"
#include "oscal/models.h"

namespace sekisho::interchange {

// `policy`: of the version that the coverage is of; its clauses are the controls. green: implemented, amber: partial, red: planned. Clauses that the
// coverage does not list (headings, the title page) have no requirement. Gaps that are closed are left out.
oscal::Implementation implementation_of(const coverage::Coverage& coverage, const oscal::Policy& policy, const bodies::ProfileFile& profile);

}  // namespace sekisho::interchange
