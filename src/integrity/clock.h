// Whether this machine's clock can be trusted for a record's time: steps of the wall clock, and its distance from a time source.
//
// A step is seen by the wall clock moving otherwise than the clock that counts from boot (CLOCK_BOOTTIME, never set): slewing by NTP moves them
// apart by at most 500 ppm, a set clock by all of it at once. The distance is chrony's own account where it runs (`chronyc -c tracking`);
// elsewhere the kernel says whether anything disciplines the clock (adjtimex).
// parse_tracking and StepWatch are pure. Thread-safe but for StepWatch, which belongs to one thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::integrity {

struct Reading {
  std::int64_t wall_micros = 0;  // since 1970
  std::int64_t boot_micros = 0;  // since boot, sleep included
};
Reading read_clocks();

class StepWatch {
 public:
  explicit StepWatch(std::int64_t least_micros) : least_(least_micros) {}
  // By how much the wall clock jumped since the last look (negative: back), when that is at least the least. The first look finds nothing.
  std::optional<std::int64_t> look(const Reading& now);

 private:
  const std::int64_t least_;
  std::optional<Reading> last_;
};

struct Tracking {
  bool synchronised = false;
  double offset_seconds = 0;  // positive: the clock is ahead
  std::string source;         // "chrony" or "kernel"
};
// The one line of `chronyc -c tracking`; anything else: invalid_argument "clock.malformed".
Result<Tracking> parse_tracking(std::string_view line);
// Asks chrony, or the kernel where it does not run. Waits two seconds at most.
Result<Tracking> ask_tracking();

}  // namespace sekisho::integrity
