// What a body's database remembers of its backups (migration 0029).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/backup/restoring.h"
#include "sql/db.h"

namespace sekisho::backup {

struct SetRow {
  static constexpr const char* kSchemaName = "BackupSet";
  std::string file;
  Timestamp at;
  std::string kind;   // full, tick
  std::string place;  // folder
  std::string label;  // highest of its content, in its text form
  std::int64_t database_bytes = 0;
  std::int64_t originals = 0;
  std::int64_t original_bytes = 0;
  std::int64_t new_bytes = 0;
  std::int64_t took_ms = 0;
  std::optional<Timestamp> gone_at;
};
BOOST_DESCRIBE_STRUCT(SetRow, (), (file, at, kind, place, label, database_bytes, originals, original_bytes, new_bytes, took_ms, gone_at))

struct TestRow {
  static constexpr const char* kSchemaName = "RestoreTest";
  Timestamp at;
  std::string file;
  bool good = false;
  std::int64_t restore_ms = 0;
  std::int64_t compare_ms = 0;
  std::int64_t bytes = 0;
  Comparison report;
};
BOOST_DESCRIBE_STRUCT(TestRow, (), (at, file, good, restore_ms, compare_ms, bytes, report))

struct AlarmRow {
  static constexpr const char* kSchemaName = "BackupAlarm";
  Timestamp begun_at;
  std::string reason;  // key
  std::optional<Timestamp> ended_at;
};
BOOST_DESCRIBE_STRUCT(AlarmRow, (), (begun_at, reason, ended_at))

class Table {
 public:
  static Status add_set(sql::Tx& tx, const SetRow& set);
  static Status set_gone(sql::Tx& tx, const std::string& file, Timestamp at);
  static Result<std::vector<SetRow>> sets(sql::Tx& tx, int limit);       // newest first
  static Result<std::vector<SetRow>> there(sql::Tx& tx);                 // recorded and not gone, oldest first
  static Status add_test(sql::Tx& tx, const TestRow& test);
  static Result<std::vector<TestRow>> tests(sql::Tx& tx, int limit);     // newest first
  static Status begin_alarm(sql::Tx& tx, const AlarmRow& alarm);
  static Result<bool> end_alarm(sql::Tx& tx, Timestamp at);              // false: there was none
  static Result<std::optional<AlarmRow>> open_alarm(sql::Tx& tx);
};

}  // namespace sekisho::backup
