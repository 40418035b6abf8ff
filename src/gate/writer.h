// Group commit: the only opener of write transactions of a body. One thread at a time takes every waiting job, runs each in its own savepoint
// inside one transaction and commits once; then it waits for the disk and tells the callers. Where many wait meanwhile, another thread already
// commits what came since. So a hundred acts that arrive together cost one sync, an act waits for at most one sync besides its own, and no caller
// is told "done" before its act and its log record are durable. (A reader may see an act shortly before it is durable; what it reads is recorded
// after it, so that it too is answered only when both are.)
// A sync that fails leaves the disk's state unknown: nothing more is accepted until the program starts anew.
//
// submit() never blocks; `done` is called on a thread of the writer's or of one that runs, exactly once, in the order of the commits, and must be
// quick (post elsewhere).
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

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
    std::size_t max_batch = 256;
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
  void loop();
  void checkpoint_loop();
  // A batch of the given jobs is made durable and its callers are told. Called by the thread that has the turn, without the lock.
  void commit(std::deque<Job> batch);
  Status run_batch(std::deque<Job>& batch, std::vector<Status>& results);
  bool push(Job job);
  // With the lock, while nobody has the turn; what is to be committed.
  std::deque<Job> take_turn(std::unique_lock<std::mutex>& lock);
  void gather(std::unique_lock<std::mutex>& lock);
  void make_durable(std::uint64_t number);
  void give_turn();
  // The last batch ends with a signed head, and so does one now and then. With the lock.
  void add_checkpoint_due(std::deque<Job>& batch);
  bool checkpoint_due();
  void note_outcome(const Status& outcome);
  void tell(std::uint64_t durable, const Status& synced);

  sql::Db& db_;
  LogTable log_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable checkpoint_work_;
  std::condition_variable gathered_;
  std::deque<Job> queue_;
  // Committed, not yet known to be durable. Oldest first; number is the commit's.
  struct Pending {
    std::uint64_t number;
    std::deque<Job> batch;
    std::vector<Status> results;
    LogStatus log;
  };
  std::mutex telling_;  // held while callers are told, so that they are told in order
  std::deque<Pending> pending_;
  std::uint64_t committed_ = 0;  // number of the last commit
  std::mutex syncing_;
  std::uint64_t durable_ = 0;          // of these commits the last that a sync covered; with syncing_
  std::uint64_t turn_of_syncing_ = 0;  // this commit's thread keeps the turn until it is durable; 0: none does
  std::atomic<bool> failing_ = false;  // the last outcome that was told
  bool turn_taken_ = false;      // a thread is committing
  std::size_t told_ = 0;         // callers told together, who may be back together
  std::size_t awaited_ = 0;      // jobs in the queue that gather() waits for; 0: it does not
  unsigned doubt_ = 0;           // of the last gatherings that came to nothing: for so many occasions none was begun
  unsigned doubted_ = 0;         // occasions left of these
  bool closed_ = false;          // the last checkpoint is signed
  std::optional<Error> lost_;    // a sync failed
  LogStatus status_;
  Timestamp next_checkpoint_;
  bool stopping_ = false;
  bool dirty_ = false;     // commits since SQLite's last checkpoint
  bool log_long_ = false;  // after the last commit
  bool pressed_ = false;   // the log has become long: no more resting
  bool resting_ = false;   // the checkpoint's thread, between two
  std::thread checkpointer_;
  std::vector<std::thread> threads_;
};

}  // namespace sekisho::gate
