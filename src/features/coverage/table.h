// Evidence, states and gaps of a body's coverage as rows.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/coverage/finding.h"
#include "sql/db.h"

namespace sekisho::coverage {

struct EvidenceTag;
using EvidenceId = Id<EvidenceTag>;
struct GapTag;
using GapId = Id<GapTag>;

struct Evidence {
  EvidenceId id;
  std::string control;
  std::string what;
  Timestamp dated_at;                   // of what it shows: a course that was held on that day
  std::optional<Timestamp> expires_at;  // it counts until then; none: as long as the control says
  std::string sha256;                   // of the attachment, 64 hex digits; or empty
  std::string link;                     // where it lies: a record of the program or a place of the body; or empty
  std::string recorded_by;
  Timestamp recorded_at;
  std::int64_t log_from = 0;            // the log's size just before: its record lies there or after
  std::optional<std::string> withdrawn_by;
  std::optional<Timestamp> withdrawn_at;
  std::optional<std::string> withdraw_reason;
};

struct Gap {
  GapId id;
  std::string control;
  std::string state;
  std::string reason;
  std::string responsible;  // key of a permitter
  Timestamp opened_at;
  std::optional<Timestamp> closed_at;
  std::optional<std::string> closed_by;  // a person; none: it became green
  std::optional<std::string> close_reason;
};

struct StateRow {
  std::string control;
  Timestamp at;
  std::string state;
  std::string reason;
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Evidence& evidence);
  static Result<std::optional<Evidence>> find(sql::Tx& tx, const EvidenceId& id);
  // false: withdrawn already.
  static Result<bool> withdraw(sql::Tx& tx, const EvidenceId& id, const std::string& by, const std::string& reason, Timestamp now);
  // Dated before `end`, by control and newest first; withdrawn ones too. At most 5000.
  static Result<std::vector<Evidence>> evidence(sql::Tx& tx, Timestamp end);

  static Status put_state(sql::Tx& tx, const StateRow& row);
  // The last of each control before `end`.
  static Result<std::map<std::string, StateRow>> states(sql::Tx& tx, Timestamp end);

  // conflict "sql.constraint": the control has an open one.
  static Status open_gap(sql::Tx& tx, const Gap& gap);
  static Result<bool> close_gap(sql::Tx& tx, const GapId& id, const std::optional<std::string>& by, const std::string& reason, Timestamp now);
  static Result<std::optional<Gap>> gap(sql::Tx& tx, const GapId& id);
  // Those that were open at some moment of [from, to), newest first; at most 1000.
  static Result<std::vector<Gap>> gaps(sql::Tx& tx, Timestamp from, Timestamp to);
};

}  // namespace sekisho::coverage
