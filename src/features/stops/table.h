// The record of every emergency stop of one body: who stopped what, when, on whose word, whom it was told to, and who released it.
#pragma once
#include "features/stops/files.h"
#include "sql/db.h"

namespace sekisho::stops {

struct StopRecord {
  std::string id;
  std::string kind;
  std::string target;
  bool whole_service = false;
  Details details;
  std::optional<std::string> released_by;
  std::optional<Timestamp> released_at;
  std::optional<std::string> release_reason;
};

class Table {
 public:
  // Nothing happens when it is there already.
  static Status insert(sql::Tx& tx, const StopFile& file, Timestamp now);
  static Status release(sql::Tx& tx, const std::string& id, const std::string& by, const std::string& reason, Timestamp now);
  static Result<std::vector<StopRecord>> released(sql::Tx& tx, int limit);  // newest first
};

}  // namespace sekisho::stops
