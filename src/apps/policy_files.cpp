#include "apps/policy_files.h"

#include "core/bytes.h"
#include "json/json.h"

namespace sekisho::apps {
namespace {

template <class T>
Result<T> read_pack(const std::string& path, const char* what) {
  SK_TRY(const std::string text, read_file(path, 1 << 20).context(what));
  return json::read_text<T>(text).context(path);
}

std::set<std::string> set_of(const std::vector<std::string>& words) { return {words.begin(), words.end()}; }

}  // namespace

Result<PolicyFiles> PolicyFiles::load(const std::string& packs_dir) {
  PolicyFiles out;
  SK_TRY(out.actions_, read_pack<Actions>(packs_dir + "/policy/actions.json", "action matrix"));
  SK_TRY(out.axes_, read_pack<Axes>(packs_dir + "/policy/axes.json", "decision axes"));
  return out;
}

Result<policy::Matrix> PolicyFiles::matrix() const {
  if (axes_.version != actions_.version) return fail(Code::corrupt, "policy.version", "actions.json and axes.json are of different versions");
  std::map<std::string, policy::Ground> axes;
  for (const auto& [key, ground] : axes_.axes) axes[key] = {ground.clause, ground.who_can_permit};
  const std::set<std::string> privileged = set_of(actions_.privileged_powers);
  const std::set<std::string> credentials = set_of(actions_.credential_powers);
  for (const std::string& power : credentials)
    if (!privileged.contains(power)) return fail(Code::corrupt, "policy.rule", "credential power " + power + " is not a privileged one");
  std::map<std::string, policy::ActionRule> rules;
  for (const auto& [name, r] : actions_.rules)
    rules[name] = {r.power, r.clause, r.who_can_permit, r.before_login, r.factors.value_or(1), r.privileged.value_or(privileged.contains(r.power)), r.carries_out.value_or(false),
                   r.brings_in.value_or(false), r.while_stopped.value_or(false), r.before_second_factor.value_or(false), credentials.contains(r.power)};
  return policy::Matrix::create(actions_.version, std::move(rules), axes);
}

bodies::Vocabulary PolicyFiles::vocabulary() const {
  bodies::Vocabulary out;
  out.powers.insert(actions_.capacities.begin(), actions_.capacities.end());
  for (const auto& [name, rule] : actions_.rules) {
    if (!rule.power.empty()) out.powers.insert(rule.power);
    out.permitters.insert(rule.who_can_permit);
  }
  for (const auto& [key, ground] : axes_.axes) out.permitters.insert(ground.who_can_permit);
  return out;
}

std::set<std::string> PolicyFiles::privileged_powers() const {
  std::set<std::string> out = set_of(actions_.privileged_powers);
  for (const auto& [name, rule] : actions_.rules)
    if (!rule.power.empty() && (rule.privileged.value_or(false) || rule.factors.value_or(1) > 1)) out.insert(rule.power);
  return out;
}

std::set<std::string> PolicyFiles::credential_powers() const { return set_of(actions_.credential_powers); }

}  // namespace sekisho::apps
