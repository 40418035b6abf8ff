#include "http/openapi.h"

#include <algorithm>

#include "http/routes.h"

namespace sekisho::http {
namespace {

// YAML is written with JSON's scalars, which YAML 1.2 contains; indentation only for what a person reads.
void write_yaml(const json::Value& value, int depth, std::string& out) {
  const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
  if (value.is_object() && !value.get_object().empty()) {
    for (const auto& member : value.get_object()) {
      out += "\n" + indent + json::serialise(json::Value(member.key())) + ":";
      write_yaml(member.value(), depth + 1, out);
    }
  } else if (value.is_array() && !value.get_array().empty()) {
    for (const json::Value& item : value.get_array()) {
      out += "\n" + indent + "-";
      write_yaml(item, depth + 1, out);
    }
  } else {
    out += " " + json::serialise(value);
  }
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

json::Array parameters_of(const Route& route, json::Object& in_properties) {
  json::Array out;
  std::string_view path = route.path;
  for (std::size_t open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1)) {
    const std::string name(path.substr(open + 1, path.find('}', open) - open - 1));
    json::Value schema = json::Object{{"type", "string"}};
    if (const auto* known = in_properties.if_contains(name)) schema = *known;
    in_properties.erase(name);
    out.push_back(json::Object{{"name", name}, {"in", "path"}, {"required", true}, {"schema", std::move(schema)}});
  }
  if (route.method == "GET") {
    for (const auto& member : in_properties) out.push_back(json::Object{{"name", member.key()}, {"in", "query"}, {"schema", member.value()}});
    in_properties.clear();
  }
  return out;
}

json::Object answers(json::Value schema, const Route& route) {
  const bool stream = route.special == Special::ask || route.special == Special::draft || route.special == Special::read_stream || route.special == Special::upload_events;
  const bool file = route.special == Special::document_content || route.special == Special::export_message;
  const char* type = stream ? "text/event-stream" : file ? "application/octet-stream" : "application/json";
  if (stream || file) schema = json::Object{{"type", "string"}};
  return {{"200", json::Object{{"description", "できた"}, {"content", json::Object{{type, json::Object{{"schema", std::move(schema)}}}}}}},
          {"default", json::Object{{"description", "断られた、または失敗した"},
                                   {"content", json::Object{{"application/problem+json", json::Object{{"schema", json::Object{{"$ref", "#/components/schemas/Problem"}}}}}}}}}};
}

json::Value problem_schema() {
  return json::Object{{"type", "object"},
                      {"required", json::Array{"status", "key", "title", "request_id"}},
                      {"properties", json::Object{{"status", json::Object{{"type", "integer"}}},
                                                  {"key", json::Object{{"type", "string"}}},
                                                  {"title", json::Object{{"type", "string"}}},
                                                  {"clause", json::Object{{"type", "string"}}},
                                                  {"who_can_permit", json::Object{{"type", "string"}}},
                                                  {"where", json::Object{{"type", "string"}}},
                                                  {"request_id", json::Object{{"type", "string"}}}}}};
}

// "Prefer: respond-async" and others are served first.
json::Value waiting_answer() {
  const json::Object schema{{"type", "object"},
                            {"properties", json::Object{{"ticket", json::Object{{"type", "string"}}}, {"ahead", json::Object{{"type", "integer"}}}}},
                            {"required", json::Array{"ticket", "ahead"}}};
  return json::Object{{"description", "順番を待っている（ahead 人が先）"}, {"content", json::Object{{"application/json", json::Object{{"schema", schema}}}}}};
}

json::Value describe(const Route& route, const gate::Registry& registry, json::Object& components) {
  json::Object out;
  const gate::Entry* entry = route.operation.empty() ? nullptr : registry.find(route.operation);
  json::Object properties;
  json::Value body_schema = json::Object{};
  json::Value out_schema = json::Object{{"type", "object"}};
  out["operationId"] = entry != nullptr ? std::string(route.operation) + (route.special == Special::upload_events ? ".events" : "") : lower(route.method) + std::string(route.path);
  if (entry != nullptr) {
    out["summary"] = entry->summary;
    body_schema = entry->in_schema(components);
    out_schema = entry->out_schema(components);
    if (auto* p = body_schema.get_object().if_contains("properties")) properties = p->get_object();
  }
  json::Array parameters = parameters_of(route, properties);
  if (route.special == Special::upload_file) {
    parameters.push_back(json::Object{{"name", "name"}, {"in", "query"}, {"required", true}, {"schema", json::Object{{"type", "string"}}}});
    out["requestBody"] = json::Object{{"content", json::Object{{"application/octet-stream", json::Object{}}}}};
  } else if (!properties.empty() && route.method != "GET" && route.method != "DELETE") {
    json::Array required;
    if (const auto* listed = body_schema.get_object().if_contains("required"))
      for (const json::Value& name : listed->get_array())
        if (properties.contains(name.get_string())) required.push_back(name);
    json::Object schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) schema["required"] = std::move(required);
    // The body's code chooses the body before any operation runs; it may be left out where there is one body.
    if (route.special == Special::login) schema["properties"].get_object()["body"] = json::Object{{"type", "string"}};
    out["requestBody"] = json::Object{{"required", true}, {"content", json::Object{{"application/json", json::Object{{"schema", std::move(schema)}}}}}};
  }
  if (route.special == Special::login_turn)
    out["requestBody"] = json::Object{{"required", true},
                                      {"content", json::Object{{"application/json", json::Object{{"schema", json::Object{{"type", "object"},
                                                                                                                           {"properties", json::Object{{"ticket", json::Object{{"type", "string"}}}}},
                                                                                                                           {"required", json::Array{"ticket"}}}}}}}}};
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  const bool login = route.special == Special::login || route.special == Special::login_turn;
  if (login) out_schema = json::Object{{"$ref", "#/components/schemas/Session"}};
  json::Object responses = answers(std::move(out_schema), route);
  if (login) responses["202"] = waiting_answer();
  out["responses"] = std::move(responses);
  return out;
}

}  // namespace

std::string openapi_yaml(const gate::Registry& registry, const std::string& version) {
  json::Object components;
  components["Problem"] = problem_schema();
  json::Object paths;
  for (const Route& route : routes()) {
    const std::string path(route.path);
    if (!paths.contains(path)) paths[path] = json::Object{};
    json::Value described = describe(route, registry, components);
    paths[path].get_object()[lower(route.method)] = std::move(described);
  }
  const json::Object document{{"openapi", "3.1.0"},
                              {"info", json::Object{{"title", "関所 Sekisho"}, {"version", version}, {"license", json::Object{{"name", "Apache-2.0"}}}}},
                              {"paths", std::move(paths)},
                              {"components", json::Object{{"schemas", std::move(components)}}}};
  std::string out = "# Made by `sekisho openapi` from the routes and the registry. Do not edit.";
  write_yaml(document, 0, out);
  return out + "\n";
}

}  // namespace sekisho::http
