// What implements the policy: component-definition and system-security-plan.
#include "oscal/models.h"

#include <algorithm>

#include "oscal/heading.h"
#include "oscal/model_parts.h"
#include "oscal/words.h"

namespace sekisho::oscal {
namespace {

std::string why(const Requirement& r) { return words_of(r.reason, "状態は確かめていません。"); }

std::vector<const Requirement*> requirements_of(const Implementation& implementation, const std::string& component) {
  std::vector<const Requirement*> out;
  for (const Requirement& r : implementation.requirements)
    if (std::find(r.components.begin(), r.components.end(), component) != r.components.end()) out.push_back(&r);
  return out;
}

json::Array component_props(const Component& c) {
  json::Array out;
  add_text_prop(out, "control", c.id);
  add_text_prop(out, "kind", c.kind);
  add_text_prop(out, "responsible", c.responsible);
  return out;
}

json::Object defined_component(const Implementation& implementation, const Component& c) {
  json::Object out{{"uuid", component_uuid(implementation, c.id)}, {"type", type_of(c.kind)}, {"title", words_of(marked_line(c.title), c.id)}, {"description", words_of(marked(c.reason), c.id)}};
  out["props"] = component_props(c);
  json::Array requirements;
  for (const Requirement* r : requirements_of(implementation, c.id)) {
    json::Array props;
    add_text_prop(props, "ref", r->ref);
    json::Object one{{"uuid", uuid_of("defined\n" + implementation.heading.body + "\n" + c.id + "\n" + r->clause)}, {"control-id", control_id(r->clause)}, {"description", marked(why(*r))}};
    if (!props.empty()) one["props"] = std::move(props);
    requirements.push_back(std::move(one));
  }
  if (!requirements.empty())
    out["control-implementations"] = json::Array{json::Object{{"uuid", uuid_of("implementation\n" + implementation.heading.body + "\n" + c.id)}, {"source", file_name("catalog")},
                                                              {"description", marked_line(implementation.heading.title + " の条文")}, {"implemented-requirements", std::move(requirements)}}};
  return out;
}

json::Object system_characteristics(const Implementation& implementation) {
  const std::string& body = implementation.heading.body;
  json::Array types;
  for (const Named& one : implementation.classes)
    types.push_back(json::Object{{"uuid", uuid_of("class\n" + body + "\n" + one.name)}, {"title", words_of(marked_line(one.name), "-")}, {"description", words_of(marked(one.code), "-")}});
  if (types.empty()) types.push_back(json::Object{{"uuid", uuid_of("class\n" + body)}, {"title", "情報資産"}, {"description", "分類の段階は決めていません。"}});
  std::string boundary;
  json::Array props;
  for (const Named& segment : implementation.segments) {
    boundary += (boundary.empty() ? "" : "\n") + segment.name + "（" + segment.code + "）";
    add_text_prop(props, "segment", segment.code);
    if (!props.empty()) props.back().as_object()["remarks"] = marked(segment.name);
  }
  json::Object out{{"system-ids", json::Array{json::Object{{"identifier-type", "https://ietf.org/rfc/rfc4122"}, {"id", uuid_of("system\n" + body)}}}}, {"system-name", words_of(body, "-")},
                   {"description", words_of(marked(implementation.description), "-")}};
  if (!props.empty()) out["props"] = std::move(props);
  out["system-information"] = json::Object{{"information-types", std::move(types)}};
  out["status"] = json::Object{{"state", "operational"}};
  out["authorization-boundary"] = json::Object{{"description", words_of(marked(boundary), "ネットワークの区分はありません。")}};
  return out;
}

json::Object system_component(const Implementation& implementation, const Component& c) {
  const char* state = c.standing == Standing::implemented || c.standing == Standing::partial ? "operational" : c.standing == Standing::planned ? "under-development" : "other";
  return {{"uuid", component_uuid(implementation, c.id)}, {"type", type_of(c.kind)}, {"title", words_of(marked_line(c.title), c.id)}, {"description", words_of(marked(c.reason), c.id)},
          {"props", component_props(c)}, {"status", json::Object{{"state", state}}}};
}

json::Object implemented(const Implementation& implementation, const Requirement& r) {
  const std::string& body = implementation.heading.body;
  json::Array props;
  add_text_prop(props, "ref", r.ref);
  add_prop(props, "standing", state_of(r.standing));
  json::Array by;
  for (const std::string& id : r.components) {
    const Component* const c = component_named(implementation, id);
    if (c == nullptr) continue;
    json::Object one{{"component-uuid", component_uuid(implementation, id)}, {"uuid", uuid_of("by\n" + body + "\n" + r.clause + "\n" + id)}, {"description", words_of(marked(c->reason), c->id)},
                     {"implementation-status", json::Object{{"state", state_of(c->standing)}}}};
    if (!c->mend.empty()) one["remarks"] = marked(c->mend);
    by.push_back(std::move(one));
  }
  json::Object out{{"uuid", uuid_of("requirement\n" + body + "\n" + r.clause)}, {"control-id", control_id(r.clause)}, {"props", std::move(props)}};
  if (!by.empty()) out["by-components"] = std::move(by);
  out["remarks"] = marked(why(r));
  return out;
}

}  // namespace

std::string file_name(std::string_view model) { return std::string(model) + ".json"; }

std::string write_component_definition(const Implementation& implementation) {
  json::Object content{{"metadata", heading_of(implementation, "対策の一覧")}};
  json::Array components;
  for (const Component& c : implementation.components) components.push_back(defined_component(implementation, c));
  if (!components.empty()) content["components"] = std::move(components);
  return finished("component-definition", std::move(content));
}

std::string write_ssp(const Implementation& implementation) {
  json::Array components;
  components.push_back(json::Object{{"uuid", component_uuid(implementation, "")}, {"type", "this-system"}, {"title", words_of(marked_line(implementation.heading.body), "-")},
                                    {"description", words_of(marked(implementation.description), "-")}, {"status", json::Object{{"state", "operational"}}}});
  for (const Component& c : implementation.components) components.push_back(system_component(implementation, c));
  json::Array requirements;
  for (const Requirement& r : implementation.requirements) requirements.push_back(implemented(implementation, r));
  json::Object content{{"metadata", heading_of(implementation, "実施の状況")}};
  content["import-profile"] = json::Object{{"href", file_name("catalog")}, {"remarks", "条文のすべてを対象とするので、カタログをそのまま指します。"}};
  content["system-characteristics"] = system_characteristics(implementation);
  content["system-implementation"] = json::Object{{"components", std::move(components)}};
  content["control-implementation"] = json::Object{{"description", marked_line(implementation.heading.title + " の条文ごとの実施の状況")}, {"implemented-requirements", std::move(requirements)}};
  return finished("system-security-plan", std::move(content));
}

}  // namespace sekisho::oscal
