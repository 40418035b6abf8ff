#include "workflow/organisation.h"

#include <algorithm>

namespace sekisho::workflow {

const RoleTrait* Organisation::role(std::string_view code) const {
  const auto it = std::find_if(roles.begin(), roles.end(), [&](const RoleTrait& r) { return r.code == code; });
  return it == roles.end() ? nullptr : &*it;
}

std::optional<bool> Organisation::has(std::string_view what) const {
  if (what == "segments") return segments > 0;
  if (what == "event_levels") return incident_levels > 1;
  if (what == "elevation") return elevation;
  const std::size_t colon = what.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view value = what.substr(colon + 1);
  what = what.substr(0, colon);
  const std::size_t slash = value.find('/');
  const std::string first(value.substr(0, slash)), second(slash == std::string_view::npos ? std::string_view() : value.substr(slash + 1));
  if (what == "time_word")
    return std::any_of(time_words.begin(), time_words.end(), [&](const WordTrait& w) { return w.word == first && w.process.find(second) != std::string::npos; });
  if (what == "role_scope") return role_scopes.contains(first);
  if (what == "unit_kind") return unit_kinds.contains(first);
  if (what == "role") return role(first) != nullptr;
  if (what != "distinct") return std::nullopt;
  const auto a = posts.find(first), b = posts.find(second);
  return a != posts.end() && b != posts.end() && a->second != b->second;
}

}  // namespace sekisho::workflow
