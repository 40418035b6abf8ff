#include "gate/writer.h"

#include <algorithm>
#include <future>
#include <optional>
#include <utility>

#include "core/log.h"
#include "core/thread.h"

namespace sekisho::gate {
namespace {

// So many waiting jobs are committed while those before them wait for the disk. Fewer wait for them and are committed together: on a fast disk
// a commit costs more than what it would save them.
constexpr std::size_t kWorthACommit = 24;
// Fewer callers than this are not waited for.
constexpr std::size_t kWorthGathering = 4;
constexpr unsigned kMostDoubt = 64;

}  // namespace

Writer::Writer(sql::Db& db, LogTable log, const Clock& clock, Options options)
    : db_(db), log_(std::move(log)), clock_(clock), options_(options), status_(log_.status()) {
  next_checkpoint_ = {clock_.now().micros + options_.checkpoint_interval_micros};
  checkpointer_ = std::thread([this] { checkpoint_loop(); });
  // Two may wait for the disk while the third commits.
  for (int i = 0; i < 4; ++i) threads_.emplace_back([this] { loop(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  gathered_.notify_all();
  checkpoint_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  checkpointer_.join();
}

// With the lock; true: a thread is to be woken. Whoever has the turn looks at the queue before giving it away, and whoever was woken for an
// earlier job takes this one too.
bool Writer::push(Job job) {
  queue_.push_back(std::move(job));
  if (awaited_ != 0 && queue_.size() >= awaited_) gathered_.notify_one();
  if (turn_of_syncing_ != 0 && queue_.size() >= kWorthACommit) {
    turn_of_syncing_ = 0;
    turn_taken_ = false;
    return true;
  }
  return !turn_taken_ && queue_.size() == 1;
}

// Callers that were told together often ask again together. Whoever is the first to be back would commit and sync alone, and the others wait for that
// sync and then their own. So the first waits for them, shortly; where they do not come back, ever more seldom.
void Writer::gather(std::unique_lock<std::mutex>& lock) {
  const std::size_t wanted = std::min(std::exchange(told_, 0), kWorthACommit);
  if (wanted < kWorthGathering || queue_.empty() || queue_.size() >= wanted) return;
  if (doubted_ > 0) {
    --doubted_;
    return;
  }
  awaited_ = wanted;
  const bool came = gathered_.wait_for(lock, options_.gathering, [&] { return stopping_ || queue_.size() >= awaited_; });
  awaited_ = 0;
  doubt_ = came ? 0 : std::clamp(doubt_ * 2, 1u, kMostDoubt);
  doubted_ = doubt_;
}

void Writer::submit(Job job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = push(std::move(job));
  }
  if (wake) work_.notify_one();
}

Status Writer::run(std::function<Status(sql::Tx&, LogTable&)> act) {
  std::promise<Status> promise;
  auto future = promise.get_future();
  Job job{std::move(act), [&promise](Status status) { promise.set_value(std::move(status)); }};
  std::unique_lock lock(mutex_);
  // Where nobody writes, whoever waits anyway does the work: waking another thread and being woken by it would cost as much as the commit.
  if (turn_taken_ || stopping_ || !queue_.empty()) {
    const bool wake = push(std::move(job));
    lock.unlock();
    if (wake) work_.notify_one();
  } else {
    queue_.push_back(std::move(job));
    std::deque<Job> batch = take_turn(lock);
    lock.unlock();
    commit(std::move(batch));
  }
  return future.get();
}

std::deque<Writer::Job> Writer::take_turn(std::unique_lock<std::mutex>& lock) {
  turn_taken_ = true;
  gather(lock);
  std::deque<Job> batch;
  while (!queue_.empty() && batch.size() < options_.max_batch) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  add_checkpoint_due(batch);
  return batch;
}

void Writer::add_checkpoint_due(std::deque<Job>& batch) {
  if (!(stopping_ && queue_.empty()) && clock_.now() < next_checkpoint_) return;
  next_checkpoint_ = {clock_.now().micros + options_.checkpoint_interval_micros};
  batch.push_back({[this](sql::Tx& tx, LogTable& log) { return log.checkpoint(tx, clock_.now(), true); }, [](const Status&) {}});
}

LogStatus Writer::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Writer::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait_for(lock, std::chrono::seconds(1), [&] { return !turn_taken_ && (stopping_ || !queue_.empty()); });
    if (closed_) return;
    if (turn_taken_) continue;
    std::deque<Job> batch = take_turn(lock);
    if (batch.empty()) {
      turn_taken_ = false;
      continue;
    }
    closed_ = stopping_ && queue_.empty();
    lock.unlock();
    commit(std::move(batch));
    lock.lock();
  }
}

void Writer::give_turn() {
  {
    const std::lock_guard lock(mutex_);
    turn_taken_ = false;
    if (stopping_) work_.notify_all();
    if (queue_.empty()) return;
  }
  work_.notify_one();
}

void Writer::note_outcome(const Status& outcome) {
  const bool failed = !outcome;
  if (failing_.exchange(failed) == failed && !failed) return;
  if (options_.on_outcome) options_.on_outcome(outcome);
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
  return tx->commit_unsynced();
}

void Writer::commit(std::deque<Job> batch) {
  std::vector<Status> results;
  Status done = ok();
  {
    const std::lock_guard lock(mutex_);
    if (lost_) done = fail(*lost_);
  }
  try {
    if (done) done = run_batch(batch, results);
  } catch (const std::exception& e) {
    done = fail(Code::internal, "gate.exception", e.what());
  }
  if (!done) {
    log_.restore();
    give_turn();
    note_outcome(done);
    log::error("gate.batch_lost", done.error());
    for (Job& job : batch) job.done(fail(Code::unavailable, "log.unavailable", done.error().detail));
    return;
  }
  log_.committed();
  std::uint64_t number = 0;
  bool give = false;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    number = ++committed_;
    pending_.push_back({number, std::move(batch), std::move(results), log_.status()});
    wake = checkpoint_due();
    give = queue_.size() >= kWorthACommit;
    if (!give) turn_of_syncing_ = number;
  }
  if (give) give_turn();
  make_durable(number);
  if (wake) checkpoint_work_.notify_one();
}

// Whether the commit that was made just now is what the checkpoint waits for. With the lock.
bool Writer::checkpoint_due() {
  const bool was_long = std::exchange(log_long_, db_.log_bytes() >= sql::Db::kLongLog);
  const bool was_dirty = std::exchange(dirty_, true);
  if (log_long_ && !was_long) pressed_ = true;
  return pressed_ || (!was_dirty && !resting_);
}

// One sync at a time: two at once make the disk flush twice and neither returns sooner. Each covers everything committed before it began.
void Writer::make_durable(std::uint64_t number) {
  Status synced = ok();
  std::uint64_t upto = 0;
  {
    const std::lock_guard one(syncing_);
    if (durable_ < number) {
      {
        const std::lock_guard lock(mutex_);
        upto = committed_;
      }
      synced = db_.sync();
      if (synced) durable_ = upto;
      else log::error("gate.sync_failed", synced.error());
    }
  }
  bool give = false;
  {
    const std::lock_guard lock(mutex_);
    give = turn_of_syncing_ == number;
    if (give) turn_of_syncing_ = 0;
  }
  if (give) give_turn();
  if (upto == 0) return;
  note_outcome(synced);
  tell(upto, synced);
}

// What a later sync found durable is durable whatever an earlier one, still waiting, will say.
void Writer::tell(std::uint64_t durable, const Status& synced) {
  const std::lock_guard telling(telling_);
  std::deque<Pending> told;
  {
    const std::lock_guard lock(mutex_);
    while (!pending_.empty() && pending_.front().number <= durable) {
      told.push_back(std::move(pending_.front()));
      pending_.pop_front();
    }
    if (!synced) lost_ = synced.error();
    else if (!told.empty()) status_ = told.back().log;
    if (!told.empty()) told_ = 0;
    for (const Pending& one : told) told_ += one.batch.size();
  }
  for (Pending& one : told)
    for (std::size_t i = 0; i < one.batch.size(); ++i)
      one.batch[i].done(synced ? std::move(one.results[i]) : Status(fail(Code::unavailable, "log.unavailable", synced.error().detail)));
}

// SQLite's own checkpoint copies pages and syncs the database file; on the commit path it would be a stall.
void Writer::checkpoint_loop() {
  constexpr int kNiceness = 5;
  give_way(kNiceness);  // nobody waits for it, and those who commit do not wait behind its copying
  // Its syncs contend with those of the commits: seldom, and then more at once, but never so much that the log grows beyond what was laid out for it.
  constexpr auto kPause = std::chrono::seconds(3);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    checkpoint_work_.wait(lock, [&] { return stopping_ || dirty_; });
    if (stopping_) return;
    dirty_ = false;
    pressed_ = false;
    lock.unlock();
    if (auto done = db_.checkpoint(); !done && done.error().key != "sql.busy") log::error("sql.checkpoint_failed", done.error());
    lock.lock();
    resting_ = true;
    checkpoint_work_.wait_for(lock, kPause, [&] { return stopping_ || pressed_; });
    resting_ = false;
  }
}

}  // namespace sekisho::gate
