// Documents whose class nobody knew at the upload (7(2)ウ(イ)): readable for nobody, named to the managers of their unit, who rule.
// Whoever uploaded a document does not rule on it. A ruling is a lowering: from "unknown, treated as highest" to a class, for this content.
#pragma once
#include "features/library/operations.h"

namespace sekisho::library {

// What lies in a collection with this label while nobody knows its class.
policy::Label unknown_class(const policy::Label& collection);
void register_class_operations(gate::Registry& registry);

}  // namespace sekisho::library
