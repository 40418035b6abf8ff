// Asking for a second person's check of a change to the system (11(1)エ(ウ)), for features that do not know the approvals engine.
#pragma once
#include <functional>

#include "gate/operation.h"

namespace sekisho::bodies {

// What was registered or changed, by one person, in the transaction of the context.
struct SystemChange {
  std::string what;     // of change_keys()
  std::string id;       // of the record
  std::string content;  // everything that the check is of, in a stable form: the check is bound to it
  std::string title;    // for people: what it is called, and what is set
  std::string text;
};
struct WaitsFor {
  std::string request;
  std::string person;  // who asks: the human behind the account
};
// Files the request. nullopt: here one person may.
using AskSecond = std::function<Result<std::optional<WaitsFor>>(gate::Context&, const SystemChange&)>;

}  // namespace sekisho::bodies
