// What will go, when, and what holds it (private to retention).
#pragma once
#include "features/retention/retention.h"

namespace sekisho::retention {

struct Planned {
  std::string kind;
  std::string month;
  std::string period;  // as the log names it
  Timestamp due_at;
  std::optional<Hold> held;
};

struct Known {
  std::map<std::string, Rule> rules;
  std::vector<Hold> holds;
  std::optional<Hold> hold_on(std::string_view kind, std::string_view month) const;
};
Result<Known> known(sql::Tx& tx);

// Every month of the log that has a rule, soonest first.
Result<std::vector<Planned>> plan(sql::Tx& tx, const Known& known);

// "2026-11/content" -> month and kind.
std::pair<std::string, std::string> parts_of(const std::string& period);

}  // namespace sekisho::retention
