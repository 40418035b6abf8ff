// Changes of the system that take two people: what one registers or changes has no effect until another has checked it (11(1)エ(ウ)).
//
// A body asks for it in its profile (two_person_changes), for each kind of thing. The record stands at once, waiting, and a request of kind
// "product_change" bound to its content is filed in the person's name; whoever signs is another person by the rules of the approvals engine, never
// named by an input. The signature puts the record into force when it still is what was signed for: a change in between asks anew. Taking away
// (ending, deleting, disabling) waits for nobody.
// Threads: thread-safe after registration. Failures: approvals.* keys; conflict changes.other, denied changes.person (nobody signed in: the command line).
#pragma once
#include "features/approvals/approvals.h"
#include "features/bodies/second_person.h"

namespace sekisho::changes {

inline constexpr const char* kKind = "product_change";

// For the features' operations. `approvals` must outlive it.
bodies::AskSecond ask_second(approvals::Approvals& approvals);
// What a granted check does. Before the first operation runs.
void register_handler(approvals::Approvals& approvals);

}  // namespace sekisho::changes
