// Error: what every failure in Sekisho looks like. A value type without ownership of anything shared; free to copy between threads.
//
// `code` decides the HTTP status and the exit status (one table, below). `key` is stable and is what the UI translates
// ("chat.not_found"); `detail` is English, goes to the program's log only and never to a client. `clause` names the policy
// clause that decided ("10(1)ア(ウ)a") and `who_can_permit` the role that could permit it; both are set on denials.
#pragma once
#include <string>
#include <string_view>

namespace sekisho {

enum class Code {
  invalid_argument,  // the request is wrong and will stay wrong
  unauthenticated,   // no session or key, or it has ended
  denied,            // the policy says no; clause says which
  not_found,         // also where existence itself is secret
  conflict,          // the state does not allow it now
  too_large,
  too_many,          // a limit of rate or number
  unsupported,       // a type or feature that is not handled
  cancelled,
  timeout,
  upstream,          // a model endpoint failed
  unavailable,       // full disk, broken log, shutting down: fail closed
  corrupt,           // stored data does not verify
  internal,
};

std::string_view code_name(Code code);
int http_status(Code code);
// 0 done, 1 refused or failed, 2 usage error.
int exit_status(Code code);

struct Error {
  Code code = Code::internal;
  std::string key = "internal";
  std::string detail;
  std::string clause;
  std::string who_can_permit;

  // Prefixes detail: error.context("while opening the index").
  Error context(std::string_view what) && {
    detail = std::string(what) + ": " + detail;
    return std::move(*this);
  }
};

// One line for logs and for the command line.
std::string to_string(const Error& error);

}  // namespace sekisho
