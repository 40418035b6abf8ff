// The rules of who may do what as the program is started with: packs/policy/actions.json and axes.json, read once for all that ask of them.
// Immutable after loading; any thread may read it.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "features/bodies/profile.h"
#include "policy/decide.h"

namespace sekisho::apps {

class PolicyFiles {
 public:
  static Result<PolicyFiles> load(const std::string& packs_dir);

  // corrupt: the files are of different versions, or name what does not fit together.
  Result<policy::Matrix> matrix() const;
  // What profiles have to speak of: the powers that rules ask for, and who could permit.
  bodies::Vocabulary vocabulary() const;
  // Powers whose holders are privileged: those that the pack names, and those of rules that ask for an elevation or two kinds of proof.
  std::set<std::string> privileged_powers() const;
  std::set<std::string> credential_powers() const;

  // The files' own shape.
  struct Rule {
    std::string power;
    std::string clause;
    std::string who_can_permit;
    bool before_login = false;
    std::optional<bool> before_second_factor;
    std::optional<int> factors;
    std::optional<bool> privileged;
    std::optional<bool> carries_out;
    std::optional<bool> brings_in;
    std::optional<bool> while_stopped;
  };
  struct Actions {
    std::string version;
    std::vector<std::string> privileged_powers;
    std::vector<std::string> credential_powers;  // of the privileged ones: change who may come in and with what
    std::vector<std::string> capacities;         // powers that no rule asks for by itself: who decides where
    std::map<std::string, Rule> rules;
  };
  struct Ground {
    std::string clause;
    std::string who_can_permit;
  };
  struct Axes {
    std::string version;
    std::map<std::string, Ground> axes;
  };

 private:
  Actions actions_;
  Axes axes_;
};
BOOST_DESCRIBE_STRUCT(PolicyFiles::Rule, (),
                      (power, clause, who_can_permit, before_login, before_second_factor, factors, privileged, carries_out, brings_in, while_stopped))
BOOST_DESCRIBE_STRUCT(PolicyFiles::Actions, (), (version, privileged_powers, credential_powers, capacities, rules))
BOOST_DESCRIBE_STRUCT(PolicyFiles::Ground, (), (clause, who_can_permit))
BOOST_DESCRIBE_STRUCT(PolicyFiles::Axes, (), (version, axes))

}  // namespace sekisho::apps
