// Levels of an axis as screens list them: the names alone, lowest first.
#pragma once
#include <string>
#include <vector>

#include "features/bodies/profile.h"

namespace sekisho::bodies {

inline std::vector<std::string> names_of(const std::vector<Level>& levels) {
  std::vector<std::string> out;
  out.reserve(levels.size());
  for (const Level& level : levels) out.push_back(level.name);
  return out;
}

}  // namespace sekisho::bodies
