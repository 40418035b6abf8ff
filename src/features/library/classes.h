// How documents get another class.
//
// One whose class nobody knew at the upload (7(2)ウ(イ)) is readable for nobody and named to the managers of its unit, who rule. Whoever
// uploaded it does not rule on it. A ruling is a lowering: from "unknown, treated as highest" to a class, for this content.
// What another classification scheme left several classes to choose from stands in the same queue: it counts as the strictest, and whoever answers
// for its unit and may read the least that it can be chooses (features/lowering/choosing.cpp).
// Raising needs no approval: whoever manages the documents of the unit and reads this one may. What was made of it rises with it.
#pragma once
#include <functional>

#include "features/library/operations.h"
#include "features/library/state.h"

namespace sekisho::library {

// What lies in a collection with this label while nobody knows its class.
policy::Label unknown_class(const policy::Label& collection);
// May she choose the class of what lies in this unit and waits between `least` and `label`? Else it is not there for her.
bool may_choose(const policy::Permit& permit, const bodies::UnitId& unit, const policy::Label& label, const policy::Label& least);
// Is it a rank of the scheme?
bool is_rank(int rank, const std::vector<bodies::Level>& names);
// The queue as the caller sees it.
Result<UnruledList> list_unruled(gate::Context& context, UnruledListIn& in);
void register_class_operations(gate::Registry& registry, std::function<Result<Shelf*>(const gate::Body&)> shelf_of);

}  // namespace sekisho::library
