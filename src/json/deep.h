// For files whose format nests deeper than requests do (OSCAL): as json::parse, with another limit. At most 256, as values are walked recursively.
#pragma once
#include "json/json.h"

namespace sekisho::json {

Result<Value> parse_to_depth(std::string_view text, std::size_t depth);

}  // namespace sekisho::json
