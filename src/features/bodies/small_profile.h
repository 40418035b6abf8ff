// A body of one unit and three levels, for measuring and for tests: correct, and without any word of a real body.
#pragma once
#include "features/bodies/profile.h"

namespace sekisho::bodies {

inline ProfileFile small_profile(const std::string& name, std::vector<Role> roles, const std::string& segment, const Vocabulary& vocabulary) {
  ProfileFile out;
  out.name = out.self_name = out.kind = out.word_for_security = name;
  out.confidentiality = out.integrity = out.availability = {{"一", "一"}, {"二", "二"}, {"三", "三"}};
  if (!segment.empty()) out.segments = {{segment, segment, {segment}, true, 1, std::nullopt, std::nullopt}};
  for (const std::string& key : term_keys()) out.terms[key] = key;
  out.unit_kinds = {{"k", "組"}};
  out.role_scopes = {{"whole", "全体"}};
  out.units = {{"d", "組", "k", std::nullopt, std::nullopt, std::nullopt}};
  out.roles = std::move(roles);
  for (const std::string& key : vocabulary.permitters) out.permitters[key] = out.roles.front().code;
  return out;
}

}  // namespace sekisho::bodies
