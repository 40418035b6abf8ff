// Who has not read: of the whole body for whoever reads policies, of their units and those below for the managers of units (decide.section, decide.division).
#pragma once
#include "features/reading/operations.h"

namespace sekisho::reading {

bool sees_people(const gate::Context& context);
// denied "reading.people": neither.
Result<PeopleList> people(gate::Context& context, const PeopleIn& in, const standard::Pack& pack);
std::string people_csv(const PeopleList& list);

}  // namespace sekisho::reading
