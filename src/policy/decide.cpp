#include "policy/decide.h"

#include <algorithm>

namespace sekisho::policy {
namespace {

constexpr std::array<std::string_view, kAxes> kKeys = {
    "policy.unknown_action", "policy.elsewhere", "policy.no_export", "policy.second_factor", "policy.not_elevated", "policy.contractor",
    "policy.unknown_label", "policy.clearance", "policy.readers", "policy.segment",
    "policy.endpoint_not_approved", "policy.endpoint_ceiling", "policy.endpoint_segment", "policy.endpoint_obligation",
    "policy.no_flow", "policy.flow_form",
    "policy.export_obligation",
    "policy.lowering_unapproved", "policy.lowering_own", "policy.lowering_other_content", "policy.lowering_reach",
};

Decision allow(const std::string& clause) { return {true, clause, {}, {}}; }

bool contains_all(const std::set<std::string>& whole, const std::set<std::string>& part) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

}  // namespace

std::string_view key_of(Axis axis) { return kKeys[static_cast<std::size_t>(axis)]; }

Result<Matrix> Matrix::create(std::string version, std::map<std::string, ActionRule> rules, const std::map<std::string, Ground>& axes) {
  if (version.empty()) return fail(Code::corrupt, "policy.version", "the action matrix has no version");
  Matrix out;
  out.version_ = std::move(version);
  for (auto& [name, rule] : rules) {
    if (rule.clause.empty() || rule.who_can_permit.empty())
      return fail(Code::corrupt, "policy.rule", "action " + name + " names no clause or no permitting role");
    out.rules_.emplace(name, std::move(rule));
  }
  for (const auto& [key, ground] : axes) {
    const auto at = std::find(kKeys.begin(), kKeys.end(), key);
    if (at == kKeys.end()) return fail(Code::corrupt, "policy.rule", "no axis is called " + key);
    if (ground.clause.empty() || ground.who_can_permit.empty())
      return fail(Code::corrupt, "policy.rule", "axis " + key + " names no clause or no permitting role");
    out.axes_[static_cast<std::size_t>(at - kKeys.begin())] = ground;
  }
  for (std::size_t n = 0; n < kAxes; ++n)
    if (out.axes_[n].clause.empty()) return fail(Code::corrupt, "policy.rule", "axis " + std::string(kKeys[n]) + " is missing");
  return out;
}

const ActionRule* Matrix::find(std::string_view action) const {
  const auto it = rules_.find(action);
  return it == rules_.end() ? nullptr : &it->second;
}

Decision refusal(const Matrix& matrix, Axis axis) {
  const Ground& ground = matrix.ground(axis);
  return {false, ground.clause, ground.who_can_permit, std::string(key_of(axis))};
}

Decision decide(const Matrix& matrix, const Person* person, std::string_view action) {
  const ActionRule* rule = matrix.find(action);
  if (rule == nullptr) return refusal(matrix, Axis::unknown_action);
  if (rule->before_login) return allow(rule->clause);
  if (person == nullptr) return {false, rule->clause, rule->who_can_permit, "policy.not_signed_in"};
  if (person->elsewhere) return refusal(matrix, Axis::elsewhere);
  if (person->second_factor_due && !rule->before_second_factor) return refusal(matrix, Axis::second_factor);
  if (!rule->power.empty() && !person->powers.contains(rule->power)) return {false, rule->clause, rule->who_can_permit, "policy.power"};
  if (person->program) return allow(rule->clause);
  if (rule->credentials && person->contractor) return refusal(matrix, Axis::contractor);
  if (rule->carries_out && !person->may_carry_out) return refusal(matrix, Axis::no_export);
  if (person->factors < rule->factors) return refusal(matrix, Axis::second_factor);
  if (rule->privileged && !person->elevated) return refusal(matrix, Axis::not_elevated);
  return allow(rule->clause);
}

Decision decide_read(const Matrix& matrix, const Reader& reader, const Label& label) {
  if (reader.program) return allow(matrix.ground(Axis::clearance).clause);
  if (label.state == State::unknown) return refusal(matrix, Axis::unknown_label);
  if (label.c > reader.clearance) return refusal(matrix, Axis::clearance);
  if (!label.readers.satisfied_by(reader.principals)) return refusal(matrix, Axis::readers);
  if ((label.segments & ~reader.accepted_origins) != 0) return refusal(matrix, Axis::segment);
  return allow(matrix.ground(Axis::clearance).clause);
}

Decision decide_send(const Matrix& matrix, const Ceiling& ceiling, const Label& label) {
  if (!ceiling.approved) return refusal(matrix, Axis::endpoint_not_approved);
  if (label.state == State::unknown) return refusal(matrix, Axis::unknown_label);
  if (label.c > ceiling.c) return refusal(matrix, Axis::endpoint_ceiling);
  if ((label.segments & ~ceiling.segments) != 0) return refusal(matrix, Axis::endpoint_segment);
  if ((label.segments & ceiling.closed & ~ceiling.home) != 0) return refusal(matrix, Axis::endpoint_segment);
  if (!contains_all(ceiling.capabilities, label.obligations)) return refusal(matrix, Axis::endpoint_obligation);
  return allow(matrix.ground(Axis::endpoint_not_approved).clause);
}

Decision decide_edge(const Matrix& matrix, const Flow* flow, SegmentSet from, SegmentSet to, Form form) {
  if (from == to) return allow(matrix.ground(Axis::no_flow).clause);
  if (flow == nullptr || !flow->approved || flow->from != from || flow->to != to) return refusal(matrix, Axis::no_flow);
  if ((flow->forms & static_cast<std::uint8_t>(form)) == 0) return refusal(matrix, Axis::flow_form);
  return allow(matrix.ground(Axis::flow_form).clause);
}

Decision decide_export(const Matrix& matrix, const Person& person, const Exit& exit, const Label& label) {
  Decision read = decide_read(matrix, person, label);  // first: what may not be read is not even refused an export
  if (!read.allow) return read;
  if (!person.may_carry_out || (label.segments & person.closed) != 0) return refusal(matrix, Axis::no_export);
  if (!contains_all(exit.capabilities, label.obligations)) return refusal(matrix, Axis::export_obligation);
  return read;
}

Error denial(const Decision& decision) { return {Code::denied, decision.key, "denied by policy", decision.clause, decision.who_can_permit}; }

}  // namespace sekisho::policy
