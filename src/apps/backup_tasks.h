// What the command line has done with the backups of its data: by the command itself, or by the running service, which holds the data folder.
#pragma once
#include <optional>

#include "apps/engine.h"

namespace sekisho::apps {

struct BackupTask {
  std::string what;                 // make, drill, prune
  std::string body;                 // make: of this one; empty: of all
  bool afresh = false;              // make: without the pieces that are there
  std::optional<Timestamp> moment;  // drill: the newest sets not after it; prune: what is older goes
};
BOOST_DESCRIBE_STRUCT(BackupTask, (), (what, body, afresh, moment))

// `value` for programs, `text` for people; not `good`: what was restored differs from its manifest.
struct BackupTold {
  bool good = true;
  json::Value value;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(BackupTold, (), (good, value, text))

// At most `rate_bytes` a second are read and written beside people who work; 0: as fast as it goes.
Result<BackupTold> carry_out(backup::Runner& runner, const BackupTask& task, std::int64_t rate_bytes);

// What a drill found, in Japanese, for filing.
json::Object view_of(const backup::Drill& done);
std::string report_of(const backup::Drill& done);

std::string megabytes(std::int64_t bytes);
std::string seconds_of(std::int64_t ms);

}  // namespace sekisho::apps
