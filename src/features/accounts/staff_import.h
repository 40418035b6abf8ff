// Taking a staff list: first the plan is shown, then exactly that plan is taken, whole, in one transaction. New people get no password here; they
// are handed a provisional one like everybody.
#pragma once
#include "features/accounts/appointments.h"
#include "features/accounts/operations.h"
#include "features/accounts/staff_rows.h"

namespace sekisho::accounts {

struct StaffImportIn {
  Secret content;                       // base64 of the file: kept out of the record, which names its hash
  std::optional<std::string> encoding;  // else detected
  std::optional<std::string> day;       // of posts whose row names none; else today
  std::optional<bool> complete;         // the list names everybody: who is missing has left
  std::optional<bool> skip_refused;
  std::optional<std::string> expect;    // "plan" of the preview; needed to take it
  std::string hash;                     // from the preparation: a password that nobody knows
};
BOOST_DESCRIBE_STRUCT(StaffImportIn, (), (content, encoding, day, complete, skip_refused, expect))

struct StaffCounts {
  int joins = 0;
  int returns = 0;
  int changes = 0;
  int moves = 0;
  int leaves = 0;
  int same = 0;
  int refused = 0;
};
BOOST_DESCRIBE_STRUCT(StaffCounts, (), (joins, returns, changes, moves, leaves, same, refused))

struct StaffPreview {
  static constexpr const char* kSchemaName = "StaffPreview";
  std::string plan;  // names this plan; changes when the list or what is known changes
  std::string encoding;
  bool encoding_certain = true;
  StaffCounts counts;
  std::vector<PlannedChange> changes;
  std::vector<Refusal> refused;
};
BOOST_DESCRIBE_STRUCT(StaffPreview, (), (plan, encoding, encoding_certain, counts, changes, refused))

// credential_powers: rows that would give one of them to a contractor's staff are refused.
gate::Operation<StaffImportIn, StaffPreview> preview_staff(std::set<std::string> credential_powers);
// Without a server nobody streams, and what else somebody who left still has is ended when one starts.
Status end_sessions(gate::Context& context, const AccountId* left);
gate::Operation<StaffImportIn, StaffPreview> import_staff(std::set<std::string> credential_powers, PostsChanged changed = end_sessions);

}  // namespace sekisho::accounts
