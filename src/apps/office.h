// The security office in this program: what its definitions may switch in the product (one line of registration each), and its clock.
#pragma once
#include <string_view>

#include "apps/command.h"
#include "features/office/operations.h"

namespace sekisho::apps {

class PolicyFiles;

// The names of the hooks, for checking a definition without a program that runs.
const std::vector<std::string_view>& office_hook_names();
std::set<std::string> office_event_names();
// Clauses of the policies in force, for tables that are made of them.
office::Clauses policy_clauses(std::shared_ptr<const standard::Pack> pack);
// With the shipped definitions and everything registered that they may name.
Result<std::shared_ptr<office::Office>> make_office(const Config& config, const PolicyFiles& policy_files);

// Reminders and steps that the clock has made due, in every body; and, once an hour, the recurring work. Of one thread.
class OfficeClock {
 public:
  explicit OfficeClock(Engine& engine) : engine_(engine) {}
  void look();

 private:
  Status run(gate::Body& body, const char* operation, json::Value in);
  Status settle_due(gate::Body& body, Timestamp now);
  Result<bool> open_duties(gate::Body& body, Timestamp now);  // false: nothing waited
  Engine& engine_;
  std::map<std::string, Timestamp> looked_;  // body -> when its recurring work was looked at
};

void add_office_commands(std::vector<Command>& commands);

}  // namespace sekisho::apps
