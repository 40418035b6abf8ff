#include "features/interchange/implementation.h"

#include <set>

namespace sekisho::interchange {
namespace {

oscal::Standing standing_of(coverage::State state) {
  switch (state) {
    case coverage::State::green: return oscal::Standing::implemented;
    case coverage::State::amber: return oscal::Standing::partial;
    case coverage::State::not_applicable: return oscal::Standing::not_applicable;
    case coverage::State::red: break;
  }
  return oscal::Standing::planned;
}

oscal::Component component_of(const coverage::ControlView& control) {
  oscal::Component out{control.id, control.title, control.kind, standing_of(control.state), control.reason, control.role, control.mend, {}, {}};
  for (const coverage::Fact& fact : control.facts) out.facts.push_back(fact.name + ": " + fact.value);
  if (control.log_seq) out.facts.push_back("記録の番号: " + std::to_string(*control.log_seq));
  for (const coverage::EvidenceView& e : control.evidence)
    if (!e.withdrawn_by) out.evidence.push_back({e.what, e.dated_at, e.sha256, e.link});
  return out;
}

}  // namespace

oscal::Implementation implementation_of(const coverage::Coverage& coverage, const oscal::Policy& policy, const bodies::ProfileFile& profile) {
  oscal::Implementation out;
  out.heading = {policy.document.title, policy.version, coverage.at, policy.body, policy.roles};
  out.description = policy.body + "の生成AIの利用と情報セキュリティ対策（" + coverage.year_label + "）";
  for (const bodies::Segment& segment : profile.segments) out.segments.push_back({segment.code, segment.name});
  for (const bodies::Level& level : profile.confidentiality) out.classes.push_back({level.criterion, level.name});
  for (const coverage::ControlView& control : coverage.controls) out.components.push_back(component_of(control));
  std::set<std::string> worded;
  for (std::size_t i = 0; i < policy.ids.size(); ++i)
    if (!policy.document.clauses[i].text.empty()) worded.insert(policy.ids[i]);
  for (const coverage::ClauseView& clause : coverage.clauses)
    out.requirements.push_back({clause.id, clause.ref, clause.title, worded.contains(clause.id), standing_of(clause.state), clause.reason, clause.controls});
  for (const coverage::GapView& gap : coverage.gaps)
    if (!gap.closed_at) out.gaps.push_back({gap.id.str(), gap.control, gap.title, gap.reason, gap.role, gap.mend, gap.opened_at});
  return out;
}

}  // namespace sekisho::interchange
