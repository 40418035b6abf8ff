#include "policy/decide.h"

#include <algorithm>

namespace sekisho::policy {
namespace {

// The clauses of the reference standard that the three axes of a read and of a send stand on. A body's own numbering is mapped to these.
constexpr const char* kClauseClass = "7(2)エ(イ)";     // information is handled as its class demands
constexpr const char* kClauseReaders = "11(1)ア(イ)";   // storage is divided by unit; another unit's content is not seen
constexpr const char* kClauseSegment = "8(1)ア";         // segments are separated
constexpr const char* kClauseUnknown = "7(2)ウ(イ)";    // an unknown class is ruled by the section's manager
constexpr const char* kClauseService = "13(2)エ";        // an outside service needs an approved request
constexpr const char* kClauseAccess = "11(2)ア(ア)";    // who has no right must not get in

constexpr const char* kClauseNoExport = "8(1)イ(イ)";    // nothing is carried out of the closed segment
constexpr const char* kClauseFactors = "9(4)ウ";         // two kinds of proof where it matters
constexpr const char* kClauseElevation = "11(2)オ";      // privileged access is limited in time

constexpr const char* kManager = "manager";
constexpr const char* kHead = "head";

Decision deny(const char* key, std::string clause, std::string who) { return {false, std::move(clause), std::move(who), key}; }
Decision allow(std::string clause) { return {true, std::move(clause), {}, {}}; }

}  // namespace

Result<Matrix> Matrix::create(std::string version, std::map<std::string, ActionRule> rules) {
  if (version.empty()) return fail(Code::corrupt, "policy.version", "the action matrix has no version");
  Matrix out;
  out.version_ = std::move(version);
  for (auto& [name, rule] : rules) {
    if (rule.clause.empty() || rule.who_can_permit.empty())
      return fail(Code::corrupt, "policy.rule", "action " + name + " names no clause or no permitting role");
    out.rules_.emplace(name, std::move(rule));
  }
  return out;
}

const ActionRule* Matrix::find(std::string_view action) const {
  const auto it = rules_.find(action);
  return it == rules_.end() ? nullptr : &it->second;
}

Decision decide(const Matrix& matrix, const Person* person, std::string_view action) {
  const ActionRule* rule = matrix.find(action);
  if (rule == nullptr) return deny("policy.unknown_action", kClauseAccess, kHead);
  if (rule->before_login) return allow(rule->clause);
  if (person == nullptr) return deny("policy.not_signed_in", rule->clause, rule->who_can_permit);
  if (!rule->power.empty() && !person->powers.contains(rule->power)) return deny("policy.power", rule->clause, rule->who_can_permit);
  if (person->program) return allow(rule->clause);
  if (rule->carries_out && !person->may_carry_out) return deny("policy.no_export", kClauseNoExport, kHead);
  if (person->factors < rule->factors) return deny("policy.second_factor", kClauseFactors, kHead);
  if (rule->privileged && !person->elevated) return deny("policy.not_elevated", kClauseElevation, kHead);
  return allow(rule->clause);
}

Decision decide_read(const Person& person, const Label& label) {
  if (person.program) return allow(kClauseClass);
  if (label.state == State::unknown) return deny("policy.unknown_label", kClauseUnknown, kManager);
  if (label.c > person.clearance) return deny("policy.clearance", kClauseClass, kManager);
  if (!label.readers.satisfied_by(person.principals)) return deny("policy.readers", kClauseReaders, kManager);
  if ((label.segments & ~person.accepted_origins) != 0) return deny("policy.segment", kClauseSegment, kHead);
  return allow(kClauseClass);
}

Decision decide_send(const Ceiling& ceiling, const Label& label) {
  if (!ceiling.approved) return deny("policy.endpoint_not_approved", kClauseService, kHead);
  if (label.state == State::unknown) return deny("policy.unknown_label", kClauseUnknown, kManager);
  if (label.c > ceiling.c) return deny("policy.endpoint_ceiling", kClauseClass, kManager);
  if ((label.segments & ~ceiling.segments) != 0) return deny("policy.endpoint_segment", kClauseSegment, kHead);
  if (!std::includes(ceiling.capabilities.begin(), ceiling.capabilities.end(), label.obligations.begin(), label.obligations.end()))
    return deny("policy.endpoint_obligation", kClauseClass, kManager);
  return allow(kClauseService);
}

Error denial(const Decision& decision) { return {Code::denied, decision.key, "denied by policy", decision.clause, decision.who_can_permit}; }

}  // namespace sekisho::policy
