// The inside of a Db. Private to the module.
#pragma once
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "core/descriptor.h"
#include "sql/changes.h"
#include "sql/commits.h"
#include "sql/connection.h"

namespace sekisho::sql {

struct Db::State {
  // Up to `writer`: gone after the connections, which use it to their end. Closing `file` while one is open would drop SQLite's own POSIX locks.
  std::optional<Descriptor> file;  // for copying, and for handing pages to the disk
  std::optional<Descriptor> wal;   // for syncing and reading alone
  std::function<int(int)> sync_file;
  std::atomic<bool> lost = false;
  Commits commits;
  std::function<bool()> checkpoint_sync;  // what the checkpointer's sync of the log is
  std::unique_ptr<Connection> writer;
  std::unique_ptr<Connection> checkpointer;
  std::mutex write_mutex;
  std::mutex checkpoint_mutex;
  std::mutex copy_mutex;
  std::mutex mutex;
  std::condition_variable freed;
  std::vector<std::unique_ptr<Connection>> idle;
  std::uintmax_t longest_file = 0;  // a write-ahead log that one transaction made longer is given back
  std::string folder;  // of the database file
  std::string path;
  std::int64_t page_bytes = 0;
  Changes changes;
  // What the writer's commits told; with write_mutex held, or where a moment's number will do.
  std::atomic<std::int64_t> frames = 0;
  // The last checkpoint copied the whole log, and nothing was committed since while the last commit is this; with checkpoint_mutex and write_mutex held.
  struct Whole {
    std::uint64_t last_commit = 0;
    Connection::LogPages log;
  };
  std::optional<Whole> whole;

  std::uintmax_t log_file_bytes() const {
    struct stat about = {};
    return ::fstat(wal->get(), &about) == 0 ? static_cast<std::uintmax_t>(about.st_size) : 0;
  }
  std::uint64_t log_bytes() const;
  Status sync();
  // True when the log is on the disk as far as anybody can have seen it.
  bool sync_for_checkpoint();
  void slow_down();
  // A passive checkpoint; with checkpoint_mutex held, and write_mutex too where `writers_held` says so.
  Result<Connection::LogPages> copy_log(bool writers_held);
  // Copies until little is left; with checkpoint_mutex held. log: what the last checkpoint told.
  Status copy_most(Connection::LogPages log);
  // Holds writers, if possible at a moment when the whole log is copied; with checkpoint_mutex held.
  Result<std::unique_lock<std::mutex>> hold_writers();
  // The next commit begins the log anew, in a file that is kept or cut to nothing; with both locks held. False: a reader still needs the log as it is.
  Result<bool> begin_log_anew(bool cut);
  // copy.cpp
  Status begin_changes();
  Status copied_up_to(const Changes::Mark& mark);
  Result<Changes::Taken> fix_moment(Tx& reader, std::unique_lock<std::mutex>& still);
  Status copy_round(const Copying& copying);
  Result<std::uint64_t> copy_moment(Tx& reader, const Copying& copying);
};

}  // namespace sekisho::sql
