#include "gate/writer.h"

#include <future>

#include "core/log.h"

namespace sekisho::gate {

Writer::Writer(sql::Db& db, LogTable log, const Clock& clock, Options options)
    : db_(db), log_(std::move(log)), clock_(clock), options_(options), status_(log_.status()) {
  next_checkpoint_ = {clock_.now().micros + options_.checkpoint_interval_micros};
  checkpointer_ = std::thread([this] { checkpoint_loop(); });
  thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  checkpoint_work_.notify_all();
  thread_.join();
  checkpointer_.join();
}

void Writer::submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(job));
  }
  work_.notify_one();
}

Status Writer::run(std::function<Status(sql::Tx&, LogTable&)> act) {
  std::promise<Status> promise;
  auto future = promise.get_future();
  submit({std::move(act), [&promise](Status status) { promise.set_value(std::move(status)); }});
  return future.get();
}

LogStatus Writer::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Writer::loop() {
  for (;;) {
    std::deque<Job> batch;
    bool stopping = false;
    {
      std::unique_lock lock(mutex_);
      work_.wait_for(lock, std::chrono::seconds(1), [&] { return stopping_ || !queue_.empty(); });
      while (!queue_.empty() && batch.size() < options_.max_batch) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
      stopping = stopping_ && queue_.empty();
    }
    const bool due = clock_.now() >= next_checkpoint_ || stopping;
    if (due) {
      next_checkpoint_ = {clock_.now().micros + options_.checkpoint_interval_micros};
      batch.push_back({[this](sql::Tx& tx, LogTable& log) { return log.checkpoint(tx, clock_.now(), true); }, [](const Status&) {}});
    }
    if (!batch.empty()) commit(std::move(batch));
    if (stopping) return;
  }
}

Status Writer::run_batch(std::deque<Job>& batch, std::vector<Status>& results) {
  SK_TRY(auto tx, db_.begin_write());
  for (Job& job : batch) {
    // A job undoes its own failed part; an exception here is a broken invariant and spoils the whole batch.
    results.push_back(job.act(*tx, log_));
    if (!results.back() && results.back().error().key == kBatchSpoiled) return Unexpected(results.back().error());
  }
  SK_CHECK(log_.checkpoint(*tx, clock_.now(), false));
  SK_CHECK(log_.flush(*tx));
  return tx->commit();
}

void Writer::commit(std::deque<Job> batch) {
  std::vector<Status> results;
  Status done;
  try {
    done = run_batch(batch, results);
  } catch (const std::exception& e) {
    done = fail(Code::internal, "gate.exception", e.what());
  }
  if (done) {
    log_.committed();
    const std::lock_guard lock(mutex_);
    status_ = log_.status();
    dirty_ = true;
  } else {
    log_.restore();
    log::error("gate.batch_lost", done.error());
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (done) batch[i].done(std::move(results[i]));
    else batch[i].done(fail(Code::unavailable, "log.unavailable", done.error().detail));
  }
  checkpoint_work_.notify_one();
}

// SQLite's own checkpoint copies pages and syncs the database file; on the commit path it would be a stall.
void Writer::checkpoint_loop() {
  // Its syncs contend with those of the commits: seldom, and then more at once.
  constexpr auto kPause = std::chrono::seconds(3);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    checkpoint_work_.wait(lock, [&] { return stopping_ || dirty_; });
    if (stopping_) return;
    dirty_ = false;
    lock.unlock();
    if (auto done = db_.checkpoint(); !done && done.error().key != "sql.busy") log::error("sql.checkpoint_failed", done.error());
    lock.lock();
    checkpoint_work_.wait_for(lock, kPause, [&] { return stopping_; });
  }
}

}  // namespace sekisho::gate
