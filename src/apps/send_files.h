// Sends files through an upload as a person would.
#pragma once
#include <string>
#include <vector>

#include "apps/engine.h"

namespace sekisho::apps {

// Returns how many were taken; what was not is told on stderr. An error only when none was.
Result<int> send_files(Engine& engine, const gate::Caller& caller, const library::CollectionId& collection, const std::vector<std::string>& paths, std::string& upload_id);

}  // namespace sekisho::apps
