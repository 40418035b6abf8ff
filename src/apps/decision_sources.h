// What the page of decisions asks: one line of a table for each part of the product that has decisions to be made, or figures for whoever makes them.
#pragma once
#include "features/approvals/approvals.h"
#include "features/coverage/coverage.h"
#include "features/decisions/decisions.h"
#include "features/office/office.h"
#include "features/stops/stops.h"

namespace sekisho::apps {

// All of them must outlive the sources.
struct Deciders {
  const approvals::Approvals& approvals;
  const office::Office& office;
  const stops::Stops& stops;
  coverage::Coverages& coverages;
};
std::vector<decisions::Source> decision_sources(const Deciders& from);
std::vector<decisions::FigureSource> decision_figures(const Deciders& from);

}  // namespace sekisho::apps
