// Puts a committee's dossier together (papers.h).
#pragma once
#include "features/office/views.h"
#include "features/papers/papers.h"
#include "outside/report.h"
#include "policy/label.h"

namespace sekisho::papers {

struct Made {
  outside::Report report;  // its label and foot are still empty
  policy::Label label;
};
Result<Made> dossier_of(const office::Office& office, gate::Context& context, const office::CaseId& id);

}  // namespace sekisho::papers
