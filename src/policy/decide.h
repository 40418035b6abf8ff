// The decision: may this person do this to information with this label, here? Pure, total, deterministic, deny by default.
//
// The action matrix is data (packs/policy/actions.json): for every action the power it needs, the clause that demands it and the role
// that could permit it. A person's powers come from the roles of the body's profile; no role is known by name here.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/time.h"
#include "policy/label.h"

namespace sekisho::policy {

struct Person {
  std::string user_id;
  std::string name;
  bool program = false;  // the program itself in a job: derives (extracts, indexes) from any content of the body; what it derives keeps the label
  std::set<Principal> principals;  // "user:<id>", "unit:<id>" of the own unit and those above it
  std::set<std::string> powers;
  Rank clearance = 0;
  SegmentSet session_segment = 0;   // where the session is
  SegmentSet accepted_origins = 0;  // origins that may be read from there
  int factors = 1;                  // different kinds of proof given in this session
  bool second_factor_due = false;   // nothing is open before it but what leads to it
  bool elevated = false;            // a time-boxed elevation is open
  bool may_carry_out = true;        // false where the session's segment knows no export
};

struct ActionRule {
  std::string power;  // empty: every signed-in person (never: everybody)
  std::string clause;
  std::string who_can_permit;
  bool before_login = false;
  int factors = 1;            // kinds of proof that the session must have given
  bool privileged = false;    // only within an open elevation
  bool carries_out = false;   // takes information out of the service: no such verb in a segment without export
  bool before_second_factor = false;  // open while a second factor is due: leads to it, or makes the person's access less
};

class Matrix {
 public:
  static Result<Matrix> create(std::string version, std::map<std::string, ActionRule> rules);
  const ActionRule* find(std::string_view action) const;
  const std::string& version() const { return version_; }
  const std::map<std::string, ActionRule, std::less<>>& rules() const { return rules_; }

 private:
  std::string version_;
  std::map<std::string, ActionRule, std::less<>> rules_;
};

struct Decision {
  bool allow = false;
  std::string clause;
  std::string who_can_permit;
  std::string key;  // why not: "policy.power", "policy.clearance", "policy.readers", "policy.segment", "policy.unknown_action",
                    // "policy.second_factor", "policy.not_elevated", "policy.no_export", …
};

// person == nullptr: nobody is signed in.
Decision decide(const Matrix& matrix, const Person* person, std::string_view action);
// May the person read content with this label? Clauses: classification, readers, segment.
Decision decide_read(const Person& person, const Label& label);

// What a model endpoint may receive.
struct Ceiling {
  std::string endpoint_id;
  Rank c = 0;
  SegmentSet segments = 0;
  std::set<std::string> capabilities;
  bool approved = false;
};
Decision decide_send(const Ceiling& ceiling, const Label& label);

Error denial(const Decision& decision);

}  // namespace sekisho::policy
