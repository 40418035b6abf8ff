// Group commit: the only opener of write transactions of a body. One thread takes every waiting job, runs each in its own savepoint inside
// one transaction, commits once, and only then tells the callers. So a hundred acts that arrive together cost one fsync, and no caller is
// told "done" before its act and its log record are durable.
//
// submit() never blocks; `done` is called on the writer's thread, exactly once, and must be quick (post elsewhere). Jobs run in order.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
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
  };

  Writer(sql::Db& db, LogTable log, const Clock& clock, Options options);
  ~Writer();  // finishes what was submitted, signs a last checkpoint
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Job job);
  // Blocks until the job is durable or refused.
  Status run(std::function<Status(sql::Tx&, LogTable&)> act);
  LogStatus status() const;

 private:
  void loop();
  void checkpoint_loop();
  void commit(std::deque<Job> batch);
  Status run_batch(std::deque<Job>& batch, std::vector<Status>& results);

  sql::Db& db_;
  LogTable log_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable checkpoint_work_;
  std::deque<Job> queue_;
  LogStatus status_;
  Timestamp next_checkpoint_;
  bool stopping_ = false;
  bool dirty_ = false;  // commits since SQLite's last checkpoint
  std::thread checkpointer_;
  std::thread thread_;
};

}  // namespace sekisho::gate
