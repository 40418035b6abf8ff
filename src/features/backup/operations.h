// What people see of the backups of their body.
#pragma once
#include "features/backup/running.h"

namespace sekisho::backup {

struct BackupsOut {
  static constexpr const char* kSchemaName = "Backups";
  bool made = false;                       // whether backups are made at all
  std::int64_t interval_minutes = 0;       // between full sets
  std::int64_t tick_seconds = 0;           // between additions; 0: none
  std::int64_t keep_days = 0;
  std::int64_t keep_tick_days = 0;
  std::optional<Timestamp> last_set;       // any kind; known while the service runs
  bool late = false;                       // no full set for twice the interval
  std::optional<AlarmRow> alarm;           // that is on
  std::vector<SetRow> sets;                // full ones, newest first
  std::vector<TestRow> tests;              // newest first
};
BOOST_DESCRIBE_STRUCT(BackupsOut, (), (made, interval_minutes, tick_seconds, keep_days, keep_tick_days, last_set, late, alarm, sets, tests))

// `states` outlives the registry.
void register_operations(gate::Registry& registry, Settings settings, const States& states);

}  // namespace sekisho::backup
