// Group commit: the only opener of write transactions of a body. One thread takes waiting jobs, runs each in its own savepoint inside one transaction
// and commits once; one waits for the disk, for everything committed so far; one tells the callers. So acts that arrive together cost one sync, an act
// waits for at most one sync besides its own, and no caller is told "done" before its act and its log record are durable. (A reader may see an act
// shortly before it is durable; what it reads is recorded after it, so that it too is answered only when both are.)
// A sync that fails leaves the disk's state unknown: nothing more is accepted until the program starts anew.
//
// submit() never blocks; `done` is called on a thread of the writer's or of one that runs, exactly once, in the order of the commits, and must be
// quick (post elsewhere).
#pragma once
#include <chrono>
#include <functional>
#include <memory>

#include "gate/log_table.h"
#include "sql/db.h"

namespace sekisho::gate {

// An error with this key means that the transaction as a whole cannot be trusted (the log did not append, a savepoint failed): none of
// the batch commits.
inline constexpr const char* kBatchSpoiled = "gate.batch_spoiled";

class Writer {
 public:
  struct Job {
    std::function<Status(sql::Tx&, LogTable&)> act;
    std::function<void(Status)> done;
  };
  struct Options {
    std::int64_t checkpoint_interval_micros = 60'000'000;
    // How long the first of callers that were told together waits for the others to be back.
    std::chrono::microseconds gathering = std::chrono::microseconds(300);
    // Told of every batch that could not be made durable, and of the first that could again. Called on a writer's thread; must be quick and
    // may not submit. Nobody: null.
    std::function<void(const Status&)> on_outcome;
  };

  Writer(sql::Db& db, LogTable log, const Clock& clock, Options options);
  ~Writer();  // finishes what was submitted, signs a last checkpoint
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Job job);
  // Blocks until the job is durable or refused. Where nobody else writes, the job is done on the calling thread.
  Status run(std::function<Status(sql::Tx&, LogTable&)> act);
  LogStatus status() const;

 private:
  class Room;
  const std::unique_ptr<Room> room_;
};

}  // namespace sekisho::gate
