#include "policy/guard.h"

#include <algorithm>

namespace sekisho::policy {
namespace {

// Where no rule speaks: content is handled as its class demands, and nobody has said that this may pass.
constexpr const char* kClauseClass = "7(2)エ(イ)";
constexpr const char* kManager = "manager";

bool fits(const GuardRule& rule, const std::string& kind, int confidence, GuardPart part, const GuardPlace& place) {
  if (!rule.kinds.contains("*") && !rule.kinds.contains(kind)) return false;
  if (!rule.parts.empty() && !rule.parts.contains(part)) return false;
  if (!rule.endpoint.empty() && rule.endpoint != place.endpoint) return false;
  if (confidence < rule.least || place.c < rule.class_from || place.c > rule.class_to) return false;
  const auto& here = place.session_segments;
  if (!rule.segments.empty() && std::none_of(here.begin(), here.end(), [&](const std::string& s) { return rule.segments.contains(s); })) return false;
  return std::includes(place.endpoint_segments.begin(), place.endpoint_segments.end(), rule.accepts.begin(), rule.accepts.end());
}

}  // namespace

GuardDecision decide_guard(const std::vector<GuardRule>& rules, const std::string& kind, int confidence, GuardPart part, const GuardPlace& place) {
  for (const GuardRule& rule : rules)
    if (fits(rule, kind, confidence, part, place)) return {rule.action, rule.raise_to, rule.clause, rule.who_can_permit};
  return {GuardAction::block, 0, kClauseClass, kManager};
}

Label raised(Label label, Rank to) {
  label.c = std::max(label.c, to);
  return label;
}

}  // namespace sekisho::policy
