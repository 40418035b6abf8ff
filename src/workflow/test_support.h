// The shipped organisations, for tests of any module.
#pragma once
#include "core/bytes.h"
#include "workflow/definition.h"

namespace sekisho::workflow {

inline Organisation organisation_of(const json::Value& profile) {
  const auto text = [](const json::Value& v) { return std::string(std::string_view(v.as_string())); };
  Organisation out;
  out.name = text(profile.at("name"));
  for (const auto& t : profile.at("terms").as_object()) out.terms[std::string(t.key())] = text(t.value());
  out.terms["security"] = text(profile.at("word_for_security"));
  for (const auto& p : profile.at("permitters").as_object()) out.posts[std::string(p.key())] = text(p.value());
  for (const auto& r : profile.at("roles").as_array()) {
    RoleTrait role{text(r.at("code")), text(r.at("name")), {}};
    for (const auto& p : r.at("powers").as_array()) role.powers.insert(text(p));
    out.roles.push_back(role);
  }
  for (const auto& s : profile.at("role_scopes").as_array()) out.role_scopes.insert(text(s.at("code")));
  for (const auto& k : profile.at("unit_kinds").as_array()) out.unit_kinds.insert(text(k.at("code")));
  for (const auto& w : profile.at("time_words").as_array())
    out.time_words.push_back({text(w.at("word")), text(w.at("process")), w.at("minutes").is_null() ? std::nullopt : std::optional(static_cast<int>(w.at("minutes").as_int64()))});
  out.segments = static_cast<int>(profile.at("segments").as_array().size());
  out.incident_levels = static_cast<int>(profile.at("incident_levels").as_array().size());
  return out;
}

inline std::vector<Organisation> shipped_organisations() {
  std::vector<Organisation> out;
  for (const char* file : {"city-standards", "city-revised", "village", "association-single", "association-compound"})
    out.push_back(organisation_of(json::parse(read_file(std::string(SK_SOURCE_DIR) + "/packs/bodies/" + file + ".json", 1 << 20).value()).value()));
  return out;
}

// Every power that a role of the shipped bodies holds; the hooks and openers that the program registers are the caller's.
inline Names test_names(std::set<std::string> hooks = {}, std::set<std::string> alarms = {}, std::set<std::string> events = {}) {
  Names out;
  for (const Organisation& o : shipped_organisations())
    for (const RoleTrait& r : o.roles) out.powers.insert(r.powers.begin(), r.powers.end());
  out.hooks = std::move(hooks);
  out.alarms = std::move(alarms);
  out.events = std::move(events);
  out.instructions = {"incident_report", "prevention", "inspection_comment"};
  return out;
}

}  // namespace sekisho::workflow
