// What time asks of policy documents: decided versions come into force on their day, and published texts are put into the library.
#pragma once
#include "apps/engine.h"

namespace sekisho::apps {

// In every body; one that fails is logged and leaves the others alone. On one thread at a time.
void settle_policies(Engine& engine);

}  // namespace sekisho::apps
