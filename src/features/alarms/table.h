// Notices as rows: opened by the program, confirmed by a person.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "json/json.h"
#include "sql/db.h"

namespace sekisho::alarms {

struct AlarmTag;
using AlarmId = Id<AlarmTag>;

struct Alarm {
  AlarmId id;
  std::string kind;    // kinds.h
  std::string detail;  // names and numbers of the machine, never of what people wrote
  Timestamp opened_at;
  std::int64_t times = 1;  // how often it came before it could be recorded
};
BOOST_DESCRIBE_STRUCT(Alarm, (), (id, kind, detail, opened_at, times))

struct Recorded {
  Alarm alarm;
  Timestamp recorded_at;
  std::optional<std::string> confirmed_by;
  std::optional<Timestamp> confirmed_at;
  std::optional<std::string> finding;
};

class Table {
 public:
  // Nothing happens when it is there already.
  static Status insert(sql::Tx& tx, const Alarm& alarm, Timestamp now);
  // false: confirmed already.
  static Result<bool> confirm(sql::Tx& tx, const AlarmId& id, const std::string& by, const std::string& finding, Timestamp now);
  static Result<std::optional<Recorded>> find(sql::Tx& tx, const AlarmId& id);
  // Those that nobody has confirmed, newest first; then the latest that are. At most `limit` of each.
  static Result<std::vector<Recorded>> standing(sql::Tx& tx, int limit);
  static Result<std::vector<Recorded>> confirmed(sql::Tx& tx, int limit);
};

}  // namespace sekisho::alarms
