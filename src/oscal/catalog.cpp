#include "oscal/catalog.h"

#include <algorithm>

#include "oscal/forms.h"
#include "oscal/heading.h"
#include "oscal/words.h"

namespace sekisho::oscal {
namespace {

Form natural(clauses::Kind kind) {
  if (kind == clauses::Kind::clause) return Form::control;
  return kind == clauses::Kind::row || kind == clauses::Kind::item ? Form::part : Form::group;
}

// A group holds groups or controls, never both.
bool has_controls(const clauses::Document& document, std::size_t parent, const std::vector<std::vector<int>>& children) {
  return std::any_of(children[parent].begin(), children[parent].end(), [&](int child) { return natural(document.clauses[static_cast<std::size_t>(child)].kind) == Form::control; });
}

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

class Writer {
 public:
  explicit Writer(const Policy& policy) : policy_(policy), forms_(forms_of(policy.document)), children_(policy.document.clauses.size() + 1) {
    for (std::size_t i = 0; i < policy.document.clauses.size(); ++i) children_of(policy.document.clauses[i].parent).push_back(i);
  }

  void add_children(json::Object& to, int parent) {
    json::Array groups, controls, parts;
    for (const std::size_t child : children_of(parent)) {
      json::Array& list = forms_[child] == Form::group ? groups : forms_[child] == Form::control ? controls : parts;
      list.push_back(node(child));
    }
    if (const auto own = to.find("parts"); own != to.end()) {
      json::Array& list = own->value().as_array();
      for (json::Value& part : parts) list.push_back(std::move(part));
    } else if (!parts.empty()) {
      to["parts"] = std::move(parts);
    }
    if (!groups.empty()) to["groups"] = std::move(groups);
    if (!controls.empty()) to["controls"] = std::move(controls);
  }

 private:
  std::vector<std::size_t>& children_of(int parent) { return parent == clauses::kNoParent ? children_.back() : children_[static_cast<std::size_t>(parent)]; }

  json::Array props(std::size_t i, bool titled) const {
    const clauses::Clause& c = policy_.document.clauses[i];
    json::Array out;
    add_text_prop(out, "label", c.label);
    // OSCAL's own property of that name, for other readers.
    if (!out.empty() && out.back().as_object().size() == 3) out.back().as_object().erase("ns");
    if (c.printed.empty() && !c.label.empty()) add_prop(out, "not-printed", "label");
    if (c.printed != c.label) add_text_prop(out, "printed-label", c.printed);
    add_text_prop(out, "ref", c.ref);
    add_prop(out, "position", std::to_string(i));
    if (c.part != 1) add_prop(out, "part", std::to_string(c.part));
    if (c.line != 0) add_prop(out, "line", std::to_string(c.line));
    if (c.page != 0) add_prop(out, "page", std::to_string(c.page));
    if (titled && c.title.empty()) add_prop(out, "title-from", "ref");
    // A title of several lines; its first form is for readers that know no property of ours.
    if (!is_one_line(c.title)) add_text_prop(out, "title", c.title);
    if (i < policy_.meanings.size() && policy_.meanings[i]) add_meaning(out, *policy_.meanings[i]);
    return out;
  }

  static void add_meaning(json::Array& out, const Meaning& m) {
    add_text_prop(out, "modality", m.modality);
    add_text_prop(out, "actor", m.actor);
    add_text_prop(out, "object", m.object);
    add_text_prop(out, "means", m.kind);
    add_text_prop(out, "capability", m.capability);
    add_prop(out, "meaning", m.state);
  }

  json::Object node(std::size_t i) {
    const clauses::Clause& c = policy_.document.clauses[i];
    const std::string id = control_id(policy_.ids[i]);
    const std::string_view kind = kKinds[static_cast<std::size_t>(c.kind)];
    const bool part = forms_[i] == Form::part;
    json::Object out{{"id", id}};
    if (part) {
      out["name"] = kind;
      out["ns"] = kNamespace;
    }
    out["class"] = kind;
    if (!c.title.empty()) out["title"] = marked_line(c.title);
    else if (!part) out["title"] = c.ref.empty() ? id : marked_line(c.ref);
    out["props"] = props(i, !part);
    json::Array parts;
    if (part && !c.text.empty()) out["prose"] = marked(c.text);
    if (!part && !c.text.empty()) parts.push_back(json::Object{{"id", id + "_smt"}, {"name", forms_[i] == Form::group ? "overview" : "statement"}, {"prose", marked(c.text)}});
    if (i < policy_.raws.size() && !policy_.raws[i].empty()) parts.push_back(json::Object{{"name", "source"}, {"ns", kNamespace}, {"prose", marked(policy_.raws[i])}});
    if (!parts.empty()) out["parts"] = std::move(parts);
    add_children(out, static_cast<int>(i));
    return out;
  }

  const Policy& policy_;
  std::vector<Form> forms_;
  std::vector<std::vector<std::size_t>> children_;  // the last: of the document itself
};

json::Object source_of(const Policy& policy) {
  json::Object link{{"href", percent_encoded(policy.file_name)}};
  if (!policy.sha256.empty()) link["hashes"] = json::Array{json::Object{{"algorithm", "SHA-256"}, {"value", policy.sha256}}};
  json::Array props;
  add_text_prop(props, "file-name", policy.file_name);
  json::Object resource{{"uuid", uuid_of("source\n" + policy.sha256 + "\n" + policy.file_name)}, {"title", marked_line(policy.file_name)}, {"props", std::move(props)}};
  resource["rlinks"] = json::Array{std::move(link)};
  return {{"resources", json::Array{std::move(resource)}}};
}

}  // namespace

std::vector<Form> forms_of(const clauses::Document& document) {
  std::vector<std::vector<int>> children(document.clauses.size());
  std::vector<Form> out;
  for (std::size_t i = 0; i < document.clauses.size(); ++i)
    if (const int parent = document.clauses[i].parent; parent != clauses::kNoParent) children[static_cast<std::size_t>(parent)].push_back(static_cast<int>(i));
  for (const clauses::Clause& c : document.clauses) {
    const Form own = natural(c.kind);
    if (c.parent == clauses::kNoParent) {
      out.push_back(own == Form::part ? Form::control : own);
      continue;
    }
    const auto parent = static_cast<std::size_t>(c.parent);
    const Form above = out[parent];
    const bool mixed = above == Form::group && own == Form::group && has_controls(document, parent, children);
    out.push_back(mixed ? Form::control : std::max(own, above == Form::group ? Form::group : above));
  }
  return out;
}

std::string control_id(const std::string& clause_id) { return "c-" + clause_id; }

std::string party_uuid(const std::string& body) { return uuid_of("party\n" + body); }

json::Object metadata_of(const Heading& heading, json::Array props) {
  json::Object out{{"title", heading.title.empty() ? "-" : marked_line(heading.title)}, {"last-modified", to_rfc3339(heading.modified)}, {"version", heading.version}, {"oscal-version", kOscalVersion}};
  out["props"] = std::move(props);
  json::Array roles;
  for (const Role& role : heading.roles) roles.push_back(json::Object{{"id", token_of(role.code)}, {"title", role.name.empty() ? role.code : marked_line(role.name)}});
  if (!roles.empty()) out["roles"] = std::move(roles);
  if (!heading.body.empty()) out["parties"] = json::Array{json::Object{{"uuid", party_uuid(heading.body)}, {"type", "organization"}, {"name", heading.body}}};
  return out;
}

std::string finished(std::string_view model, json::Object content) {
  content["uuid"] = uuid_of(std::string(model) + "\n" + json::canonical(content));
  json::Object ordered{{"uuid", content["uuid"]}};
  for (auto& member : content) ordered[member.key()] = std::move(member.value());
  return json::serialise(json::Object{{model, std::move(ordered)}}) + "\n";
}

std::string write_catalog(const Policy& policy) {
  json::Array props;
  add_prop(props, "format", "1");
  const std::string& title = policy.document.title;
  if (title.empty()) add_prop(props, "no-title", "1");
  if (!is_one_line(title)) add_text_prop(props, "title", title);
  json::Object content{{"metadata", metadata_of({title, policy.version, policy.modified, policy.body, policy.roles}, std::move(props))}};
  Writer(policy).add_children(content, clauses::kNoParent);
  if (!policy.file_name.empty()) content["back-matter"] = source_of(policy);
  return finished("catalog", std::move(content));
}

}  // namespace sekisho::oscal
