// What the commands on the body's policy share.
#pragma once
#include <string>

#include "apps/command.h"

namespace sekisho::apps {

Result<json::Value> run_on_policy(Engine& engine, Invocation& in, const std::string& user, const char* operation, json::Object input);
// What a person names: a version, a document (its newest version) or a title; nothing means the newest document.
Result<std::string> policy_version_named(Engine& engine, Invocation& in, const std::string& user, const std::string& name);

// Called by add_policy_commands.
void add_meaning_commands(std::vector<Command>& commands);
void add_interchange_commands(std::vector<Command>& commands);

}  // namespace sekisho::apps
