// Counts of a register in a period, by month, department, state and indexed choice: of the cases that the caller may read and of nothing else.
#pragma once
#include "features/office/office.h"
#include "outside/report.h"
#include "policy/label.h"

namespace sekisho::papers {

struct Period {
  CivilDate from;
  CivilDate to;  // the last day
};

// Writes a heading and its tables; joins the labels of the cases counted into `label`. too_large "office.figures_size": more than 30,000 cases.
Status add_statistics(const office::Office& office, gate::Context& context, const office::Actor& actor, const std::string& definition, const Period& period, outside::Report& out,
                      policy::Label& label);

}  // namespace sekisho::papers
