#include "http/problem.h"

#include <algorithm>

#include "core/bytes.h"
#include "json/json.h"

namespace sekisho::http {

Result<Messages> Messages::load(const std::string& path) {
  SK_TRY(const std::string text, read_file(path, 1 << 20));
  Messages out;
  SK_TRY(const auto map, json::read_text<std::map<std::string, std::string>>(text).context(path));
  out.texts_.insert(map.begin(), map.end());
  if (!out.texts_.contains("internal")) return fail(Code::corrupt, "messages.incomplete", path + " has no text for 'internal'");
  return out;
}

std::string_view Messages::text(const Error& error) const {
  if (const auto it = texts_.find(error.key); it != texts_.end()) return it->second;
  if (const auto it = texts_.find("code." + std::string(code_name(error.code))); it != texts_.end()) return it->second;
  return texts_.find("internal")->second;
}

Error in_words(Error error, const gate::Body* body) {
  if (body != nullptr && !error.who_can_permit.empty()) error.who_can_permit = body->words.load()->permitter(error.who_can_permit);
  return error;
}

std::string problem_json(const Error& error, const Messages& messages, std::string_view request_id) {
  json::Object out{{"status", http_status(error.code)}, {"key", error.key}, {"title", messages.text(error)}};
  if (!error.clause.empty()) out["clause"] = error.clause;
  if (!error.who_can_permit.empty()) out["who_can_permit"] = error.who_can_permit;
  out["request_id"] = request_id;
  // Where in the request the mistake is ("$.files[3].name: expected string") is the client's own text and helps it; a definition's words for a step that
  // does not go, and the fields it misses, are for the person.
  static constexpr std::string_view kSaysWhere[] = {"json.shape", "bodies.profile", "bodies.cannot_follow", "office.field", "office.missing", "office.guard", "office.not_your_field", "office.definition",
                                                   "oscal.invalid", "oscal.json", "oscal.model", "oscal.too_deep", "policies.cell_too_long", "policies.table_refused"};
  if (std::find(std::begin(kSaysWhere), std::end(kSaysWhere), error.key) != std::end(kSaysWhere)) out["where"] = error.detail;
  return json::serialise(out);
}

net::Response problem(const Error& error, const Messages& messages, std::string_view request_id) {
  net::Response out = net::Response::text(http_status(error.code), "application/problem+json", problem_json(error, messages, request_id));
  out.headers.set("Cache-Control", "no-store");
  return out;
}

net::Response openai_problem(const Error& error, const Messages& messages) {
  const char* type = http_status(error.code) < 500 ? "invalid_request_error" : "server_error";
  std::string message(messages.text(error));
  if (!error.clause.empty()) message += "（根拠: " + error.clause + "）";
  const json::Object out{{"error", json::Object{{"message", message}, {"type", type}, {"param", nullptr}, {"code", error.key}}}};
  return net::Response::json(http_status(error.code), json::serialise(out));
}

}  // namespace sekisho::http
