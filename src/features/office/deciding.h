// What in the security office waits for a decision of the caller, and how many cases of a group of registers are open, for the page of whoever decides.
//
// A case waits for a decision where its state (or that of a branch) is of the kind `waiting`, where a joint step has signatures of others on the
// content as it is, or where it keeps somebody's rights stopped; and where the caller may make a step from there that is not only his own to make (to
// withdraw what he opened is no decision). What he may not read is not looked at.
#pragma once
#include "features/office/office.h"

namespace sekisho::office {

struct Deciding {
  CaseId id;
  std::string group;           // of the definition
  std::string register_title;
  std::string number;
  std::string subject;
  std::string state;           // its title
  std::string unit;            // its name; empty: the whole body's
  std::string asked_by;        // who brought it where it stands; empty where that is hidden
  std::vector<std::string> steps;    // titles of what the caller may do
  std::vector<std::string> clauses;  // of those steps
  Timestamp since;
  std::optional<Timestamp> due_at;
  bool stops_rights = false;
  bool alone = false;  // a separation of duties stands between, may be crossed with a reason, and nobody else could make the step
  int signed_places = 0;  // of a joint step
  int places = 0;
};
// In no order; at most 500 for each of the caller's posts.
Result<std::vector<Deciding>> deciding(const Office& office, gate::Context& context);

struct OpenCases {
  std::string definition;
  std::string title;
  int open = 0;
  int overdue = 0;
  std::map<int, int> by_class;  // rank of confidentiality -> open cases
};
// Of each register of the group, what is not closed and the caller may read; at most 5,000 of a register.
Result<std::vector<OpenCases>> open_cases(const Office& office, gate::Context& context, std::string_view group);

// Recurring work that is over its day, of the fiscal year that runs.
Result<int> overdue_duties(const Office& office, gate::Context& context);

}  // namespace sekisho::office
