// Packs files that the program itself made into a ZIP archive, as Office documents are. Pure but for memory.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace sekisho::files {

// Names and contents, in this order. Fails with files.zip (internal).
Result<std::string> zip(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace sekisho::files
