// Making sets: of a body while it works, and of what lies beside the bodies.
//
// A body's set: originals first, then the database at one moment, then the originals that came until then; nothing is removed in between. Sets after
// the first read only what changed since (Db::copy). What is derived (index, kept heads) is left out, and so is what another program may not find again
// (locks, temporary files).
//
// Threads: one at a time for a body. It may sleep to keep the rate; the service goes on meanwhile.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>

#include "features/backup/store.h"
#include "gate/operation.h"

namespace sekisho::backup {

enum class Kind { full, tick };

struct Pace {
  std::int64_t bytes_per_second = 0;        // while people work; 0: no limit
  const std::atomic<bool>* stop = nullptr;  // set: gives up with cancelled "backup.stopped"
  // A number that is another one after everything that is written for people. When it has stayed the same for a second nobody waits, and kAlone times as
  // much is read. Null: people always work.
  std::function<std::uint64_t()> written = nullptr;
  static constexpr int kAlone = 8;
};

struct Made {
  std::string file;
  Manifest manifest;
};

class BodyMaker {
 public:
  BodyMaker(gate::Body& body, std::string program_version) : body_(body), version_(std::move(program_version)) {}
  // Nothing when it is a tick and nothing changed. `afresh`: writes everything, trusting no chunk that is there.
  Result<std::optional<Made>> make(Store& store, Kind kind, const Clock& clock, const Pace& pace, bool afresh = false);

 private:
  class Reading;
  Result<Manifest> read(Store& store, Kind kind, const Clock& clock, Reading& reading);
  Status read_originals(Store& store, Reading& reading);
  Status look(sql::Tx& tx, Kind kind, const Clock& clock, Reading& reading, Manifest& out);
  Result<std::vector<std::string>> lists(Store& store, std::uint64_t bytes);
  gate::Body& body_;
  const std::string version_;
  std::string last_file_;  // the set that what follows is known of; empty: nothing is known
  std::vector<ChunkId> extents_;
  std::map<std::string, FileEntry> originals_;
};

// Files of the data folder that belong to no body. Nothing when nothing differs from the newest set.
Result<std::optional<Made>> make_shared_set(Store& store, const std::string& data_folder, const std::string& version, Kind kind, const Clock& clock);

}  // namespace sekisho::backup
