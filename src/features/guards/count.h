// How many findings of a kind met with an action: all that a record or a notice ever says of them.
#pragma once
#include <string>
#include <vector>

#include "json/json.h"

namespace sekisho::guards {

struct Count {
  static constexpr const char* kSchemaName = "GuardCount";
  std::string kind;
  std::string action;  // "warn", "mask", "block"
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(Count, (), (kind, action, count))

}  // namespace sekisho::guards
