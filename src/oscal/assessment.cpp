// How the policy is looked at and what was found: assessment-plan, assessment-results, plan-of-action-and-milestones.
#include <algorithm>

#include "oscal/heading.h"
#include "oscal/model_parts.h"
#include "oscal/words.h"

namespace sekisho::oscal {
namespace {

// Enforced controls are tried out by the program itself; of others the records are examined.
const char* method_of(const Component& c) { return c.kind == "enforced" || c.kind == "enforce" ? "TEST" : "EXAMINE"; }

json::Object evidence_of(const Evidence& e) {
  json::Array props;
  if (!e.sha256.empty()) add_prop(props, "sha-256", e.sha256);
  if (e.at) add_prop(props, "dated", to_rfc3339(*e.at));
  add_text_prop(props, "link", e.link);
  json::Object out{{"description", words_of(marked(e.what), "証拠")}};
  if (!props.empty()) out["props"] = std::move(props);
  return out;
}

json::Object observation(const Implementation& implementation, const Component& c) {
  json::Array props;
  add_text_prop(props, "control", c.id);
  std::string description = words_of(c.reason, c.title);
  for (const std::string& fact : c.facts) description += "\n" + fact;
  json::Object out{{"uuid", observation_uuid(implementation, c.id)}, {"title", words_of(marked_line(c.title), c.id)}, {"description", words_of(marked(description), c.id)}};
  out["props"] = std::move(props);
  out["methods"] = json::Array{method_of(c)};
  out["types"] = json::Array{"control-objective"};
  out["subjects"] = json::Array{json::Object{{"subject-uuid", component_uuid(implementation, c.id)}, {"type", "component"}}};
  json::Array evidence;
  for (const Evidence& e : c.evidence) evidence.push_back(evidence_of(e));
  if (!evidence.empty()) out["relevant-evidence"] = std::move(evidence);
  out["collected"] = to_rfc3339(implementation.heading.modified);
  return out;
}

json::Object finding(const Implementation& implementation, const Requirement& r) {
  const bool satisfied = r.standing == Standing::implemented || r.standing == Standing::not_applicable;
  json::Array props;
  add_text_prop(props, "ref", r.ref);
  add_prop(props, "standing", state_of(r.standing));
  const std::string reason = words_of(r.reason, "状態は確かめていません。");
  json::Object target{{"type", "statement-id"}, {"target-id", control_id(r.clause) + (r.worded ? "_smt" : "")}, {"status", json::Object{{"state", satisfied ? "satisfied" : "not-satisfied"}, {"remarks", marked(reason)}}},
                      {"implementation-status", json::Object{{"state", state_of(r.standing)}}}};
  json::Object out{{"uuid", uuid_of("finding\n" + implementation.heading.body + "\n" + r.clause)}, {"title", words_of(marked_line(r.ref + (r.title.empty() ? "" : " " + r.title)), r.clause)},
                   {"description", marked(reason)}};
  out["props"] = std::move(props);
  out["target"] = std::move(target);
  json::Array related;
  for (const std::string& id : r.components)
    if (component_named(implementation, id) != nullptr) related.push_back(json::Object{{"observation-uuid", observation_uuid(implementation, id)}});
  if (!related.empty()) out["related-observations"] = std::move(related);
  return out;
}

bool is_open(const Implementation& implementation, const std::string& component) {
  return std::any_of(implementation.gaps.begin(), implementation.gaps.end(), [&](const Gap& gap) { return gap.component == component; });
}

json::Object poam_item(const Implementation& implementation, const Gap& gap) {
  json::Array props;
  add_text_prop(props, "control", gap.component);
  add_text_prop(props, "responsible", gap.responsible);
  add_prop(props, "opened", to_rfc3339(gap.opened_at));
  json::Object out{{"uuid", uuid_of("gap\n" + implementation.heading.body + "\n" + gap.id)}, {"title", words_of(marked_line(gap.title), gap.component)},
                   {"description", words_of(marked(gap.reason), "理由は記録されていません。")}};
  out["props"] = std::move(props);
  if (component_named(implementation, gap.component) != nullptr) out["related-observations"] = json::Array{json::Object{{"observation-uuid", observation_uuid(implementation, gap.component)}}};
  if (!gap.mend.empty()) out["remarks"] = marked(gap.mend);
  return out;
}

}  // namespace

json::Object heading_of(const Implementation& implementation, std::string_view kind) {
  Heading heading = implementation.heading;
  heading.title += "　" + std::string(kind);
  json::Array props;
  add_prop(props, "format", "1");
  return metadata_of(heading, std::move(props));
}

std::string component_uuid(const Implementation& implementation, const std::string& component) { return uuid_of("component\n" + implementation.heading.body + "\n" + component); }
std::string observation_uuid(const Implementation& implementation, const std::string& component) {
  return uuid_of("observation\n" + implementation.heading.body + "\n" + component + "\n" + to_rfc3339(implementation.heading.modified));
}

const Component* component_named(const Implementation& implementation, const std::string& id) {
  const auto it = std::find_if(implementation.components.begin(), implementation.components.end(), [&](const Component& c) { return c.id == id; });
  return it == implementation.components.end() ? nullptr : &*it;
}

std::string_view state_of(Standing standing) {
  constexpr std::string_view kStates[] = {"implemented", "partial", "planned", "not-applicable"};
  return kStates[static_cast<std::size_t>(standing)];
}

std::string_view type_of(const std::string& kind) {
  if (kind == "enforced" || kind == "enforce") return "software";
  if (kind == "workflow" || kind == "register") return "process-procedure";
  if (kind == "document") return "policy";
  return kind == "physical" ? "physical" : "validation";
}

std::string words_of(std::string_view text, std::string_view otherwise) { return std::string(text.empty() ? otherwise : text); }

json::Object reviewed_controls(const Implementation& implementation) {
  json::Array controls;
  for (const Requirement& r : implementation.requirements) controls.push_back(json::Object{{"control-id", control_id(r.clause)}});
  json::Object selection;
  if (controls.empty()) selection["include-all"] = json::Object{};
  else selection["include-controls"] = std::move(controls);
  return {{"control-selections", json::Array{std::move(selection)}}};
}

json::Array observations(const Implementation& implementation, bool open_alone) {
  json::Array out;
  for (const Component& c : implementation.components)
    if (!open_alone || is_open(implementation, c.id)) out.push_back(observation(implementation, c));
  return out;
}

std::string write_assessment_plan(const Implementation& implementation) {
  json::Object content{{"metadata", heading_of(implementation, "点検の計画")}, {"import-ssp", json::Object{{"href", file_name("ssp")}}}, {"reviewed-controls", reviewed_controls(implementation)}};
  content["assessment-subjects"] = json::Array{json::Object{{"type", "component"}, {"include-all", json::Object{}}}};
  json::Array tasks;
  for (const Component& c : implementation.components) {
    json::Object task{{"uuid", uuid_of("task\n" + implementation.heading.body + "\n" + c.id)}, {"type", "action"}, {"title", words_of(marked_line(c.title), c.id)}};
    json::Array props;
    add_text_prop(props, "control", c.id);
    add_prop(props, "method", method_of(c));
    task["props"] = std::move(props);
    task["subjects"] = json::Array{json::Object{{"type", "component"}, {"include-subjects", json::Array{json::Object{{"subject-uuid", component_uuid(implementation, c.id)}, {"type", "component"}}}}}};
    tasks.push_back(std::move(task));
  }
  if (!tasks.empty()) content["tasks"] = std::move(tasks);
  return finished("assessment-plan", std::move(content));
}

std::string write_assessment_results(const Implementation& implementation) {
  json::Object result{{"uuid", uuid_of("result\n" + implementation.heading.body + "\n" + to_rfc3339(implementation.heading.modified))}, {"title", "点検の結果"},
                      {"description", marked_line(implementation.heading.title + " の条文と対策の状態")}, {"start", to_rfc3339(implementation.heading.modified)},
                      {"reviewed-controls", reviewed_controls(implementation)}};
  if (json::Array seen = observations(implementation, false); !seen.empty()) result["observations"] = std::move(seen);
  json::Array findings;
  for (const Requirement& r : implementation.requirements) findings.push_back(finding(implementation, r));
  if (!findings.empty()) result["findings"] = std::move(findings);
  json::Object content{{"metadata", heading_of(implementation, "点検の結果")}, {"import-ap", json::Object{{"href", file_name("assessment-plan")}}}, {"results", json::Array{std::move(result)}}};
  return finished("assessment-results", std::move(content));
}

std::string write_poam(const Implementation& implementation) {
  json::Object content{{"metadata", heading_of(implementation, "是正の計画")}, {"import-ssp", json::Object{{"href", file_name("ssp")}}}};
  if (json::Array seen = observations(implementation, true); !seen.empty()) content["observations"] = std::move(seen);
  json::Array items;
  for (const Gap& gap : implementation.gaps) items.push_back(poam_item(implementation, gap));
  // OSCAL asks for one item at least.
  if (items.empty())
    items.push_back(json::Object{{"uuid", uuid_of("gap\n" + implementation.heading.body)}, {"title", "是正する所はありません"}, {"description", "この時点で、開いている課題はありません。"}});
  content["poam-items"] = std::move(items);
  return finished("plan-of-action-and-milestones", std::move(content));
}

}  // namespace sekisho::oscal
