// Backups as the service makes them: when each is due, what is recorded of it, what goes when its time is over, and the alarm when there is none.
//
// A full set is an act of its own in the body's log ("backup.made"), and so are sets that go, tests of restoring and alarms. The sets of every minute are
// not: recording one would be the change that makes the next.
//
// Threads: look() and the rest from any thread, they wait for one another; from then on that thread gives way to others (core/thread.h). State is a value,
// States any thread's. Failures of a body are recorded with it (where its log can be written), told to the program's log once, and leave the other bodies alone.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "features/backup/making.h"
#include "features/backup/table.h"
#include "gate/run.h"

namespace sekisho::backup {

struct Settings {
  std::string folder;
  std::string key_file;
  std::string data_folder;
  std::string version;
  std::int64_t interval_micros = 0;
  std::int64_t tick_micros = 0;
  std::int64_t drill_micros = 0;
  Keeping keeping;
  std::int64_t rate_bytes = 0;
};

// What the last look found, for showing.
struct State {
  std::optional<Timestamp> last_set;   // of any kind
  std::optional<Timestamp> last_full;
};
class States {
 public:
  State of(const std::string& body) const;
  void put(const std::string& body, const State& state);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, State> states_;
};

// Settings that no backup could be made with: a folder inside the data, no folder. ok() without a folder: nothing is made.
Status check_settings(const Settings& settings);

class Runner {
 public:
  // Who else is to know that a body's backup was missed, and why (an error's key). Called on look()'s thread.
  using Tell = std::function<void(const std::string& body, const std::string& reason)>;
  Runner(gate::Gate& gate, Settings settings, std::vector<gate::Body*> bodies, States& states, Tell tell = {});

  // What is due now: full sets, ticks, prunes, the drill. Called again and again.
  void look();
  // `stop` from another thread ends a set that is being made; look() then returns soon.
  void stop() { stopping_.store(true); }

  struct MadeAt {
    std::string place;
    Made made;
  };
  // One full set of everything, now. `only`: of this body and of what lies beside; empty: of all. `rate_bytes` a second at most while people work; 0: as fast as it goes.
  // `stop`, when given, ends it in the place of stop(): cancelled "backup.stopped".
  Result<std::vector<MadeAt>> make_all(const std::string& only, bool afresh, std::int64_t rate_bytes, const std::atomic<bool>* stop = nullptr);
  // The newest sets (not after `at`), restored beside the data and compared; recorded with each body.
  Result<Drill> drill_now(const std::optional<Timestamp>& at);
  // What is over goes; recorded with each body.
  Result<Pruned> prune_now(const std::optional<Timestamp>& before);

 private:
  Result<std::unique_ptr<Folder>> open_folder(Folder::Purpose purpose) const;
  Result<std::optional<Made>> make(Folder& folder, gate::Body& body, Kind kind, bool afresh, const Pace& pace);
  Pace pace_of(std::int64_t rate_bytes, const std::atomic<bool>* stop) const;
  Status look_at(Folder& folder, gate::Body& body, Timestamp now);
  Result<Drill> drill_and_record(const std::optional<Timestamp>& at);
  Status look_at_shared(Folder& folder, Timestamp now);
  Result<Store*> store_of(const Folder& folder, const std::string& place);
  Status record_made(gate::Body& body, const Made& made);
  Status record_gone(gate::Body& body, const Store& store);
  Status record_drill(const Drill& drill);
  void alarm(gate::Body& body, const Error& error);
  void alarm_over(gate::Body& body);
  void drill_if_due(Timestamp now);
  gate::Gate& gate_;
  std::mutex turn_;  // held by whoever looks, makes, tries or prunes
  const Settings settings_;
  const std::vector<gate::Body*> bodies_;
  States& states_;
  const Tell tell_;
  std::map<std::string, std::unique_ptr<BodyMaker>> makers_;
  std::map<std::string, std::unique_ptr<Store>> stores_;  // by place; kept, so that what is known of them is not read again
  std::map<std::string, std::string> told_;               // body -> key of the alarm that is on
  std::map<std::string, Timestamp> next_try_;             // body -> after a failure
  std::map<std::string, Timestamp> looked_;               // body -> the last tick
  std::atomic<bool> stopping_ = false;
};

}  // namespace sekisho::backup
