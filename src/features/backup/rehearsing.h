// Before an upgrade: the pending steps of the schema on a copy of a body, so that the data itself is only touched by steps that have worked on it.
#pragma once
#include "features/backup/format.h"
#include "sql/db.h"

namespace sekisho::backup {

struct Rehearsal {
  std::string body;
  std::vector<std::string> steps;   // that were pending
  std::int64_t copy_ms = 0;
  std::int64_t steps_ms = 0;
  std::int64_t rows_before = 0;
  std::int64_t rows_after = 0;
  std::int64_t leaves = 0;          // of the log, verified after the steps
  std::vector<std::string> faults;  // empty: passed
};
BOOST_DESCRIBE_STRUCT(Rehearsal, (), (body, steps, copy_ms, steps_ms, rows_before, rows_after, leaves, faults))

// `body_folder` as open_body() knows it, and nobody else uses it; `scratch` is made and taken away again. An Error is about the rehearsal (no space);
// what is wrong with the steps is in `faults`.
Result<Rehearsal> rehearse(const std::string& body_folder, const std::string& code, const std::string& scratch, const std::vector<sql::Migration>& migrations);

}  // namespace sekisho::backup
