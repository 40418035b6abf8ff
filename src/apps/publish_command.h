// policy publish, added by the commands of policy documents.
#pragma once
#include <vector>

#include "apps/command.h"

namespace sekisho::apps {

void add_publish_commands(std::vector<Command>& commands);

}  // namespace sekisho::apps
