// Commands as data: name, help, options and function. main.cpp holds the table; each file of commands adds its own.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "apps/arguments.h"
#include "apps/engine.h"

namespace sekisho::apps {

struct Invocation {
  Config config;
  Arguments arguments;
  std::string program;
  bool json = false;
  std::shared_ptr<const gate::BodyWords> words;  // of the body that the command is about: a refusal names the permitter in them
  // Prints the JSON with --json, else the text for people.
  void print(const json::Value& value, const std::string& text) const;
  // The body of --body, or the only one.
  Result<gate::Body*> body(Engine& engine);
};

struct Command {
  std::string name;     // "body create"
  std::string usage;    // "--body B --name NAME"
  std::string summary;  // Japanese
  std::set<std::string> options;
  std::set<std::string> flags;
  std::function<Status(Invocation&)> run;
};

void add_admin_commands(std::vector<Command>& commands);
void add_staff_commands(std::vector<Command>& commands);
void add_user_commands(std::vector<Command>& commands);
void add_content_commands(std::vector<Command>& commands);
void add_serve_commands(std::vector<Command>& commands);
void add_demo_commands(std::vector<Command>& commands);
void add_stop_commands(std::vector<Command>& commands);
void add_log_commands(std::vector<Command>& commands);
void add_witness_commands(std::vector<Command>& commands);
void add_usage_commands(std::vector<Command>& commands);
void add_mail_commands(std::vector<Command>& commands);
void add_disposal_commands(std::vector<Command>& commands);
void add_doctor_commands(std::vector<Command>& commands);
void add_backup_commands(std::vector<Command>& commands);
void add_policy_commands(std::vector<Command>& commands);
void add_bench_commands(std::vector<Command>& commands);

// An organisation profile (packs/bodies/schema.json), not yet checked.
Result<bodies::ProfileFile> read_profile(const std::string& path);

// The --user option as a credential; without it the operator.
gate::Credential credential_of(const Arguments& arguments);

}  // namespace sekisho::apps
