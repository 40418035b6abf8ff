// The program's look at itself: its own files against the signed list, and its clock. What is wrong becomes a notice (features/alarms).
//
// look_files() and look_clock() are called again and again, each on a thread of its own; neither is called at once with itself.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apps/doctor.h"
#include "apps/engine.h"
#include "integrity/clock.h"
#include "integrity/manifest.h"

namespace sekisho::apps {

// Where this program's parts lie, under the names of the list: bin/, packs/, web/, migrations/.
integrity::Places places_of(const Config& config);
// The keys that may sign the list; none when the settings name no file of keys.
Result<std::vector<tlog::VerifierKey>> manifest_keys(const Config& config);

struct FileCheck {
  integrity::Opened list;
  std::vector<integrity::Change> changes;
};
// not_found when there is no list. corrupt "manifest.unverified" when none of the named keys signed it.
// With `kept`, files that did not change since it read them are not read again.
Result<FileCheck> check_files(const Config& config, integrity::KeptHashes* kept = nullptr);
namespace checks {
Finding told(const Config& config, const Result<FileCheck>& checked);
}
// The first few changes and how many there are, for a notice: names of files alone.
std::string summary_of(const std::vector<integrity::Change>& changes);

class SelfCheck {
 public:
  explicit SelfCheck(Engine& engine) : engine_(engine), steps_(engine.config().clock_step_ms * 1000) {}
  // Whether the newest record is of a time that has not come yet: the clock was set back while the program did not run.
  void compare_at_start();
  void look_files();
  void look_clock();

 private:
  Engine& engine_;
  integrity::StepWatch steps_;
  std::string told_files_;
  bool told_distance_ = false;
};

}  // namespace sekisho::apps
