#include "gate/writer.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "core/log.h"
#include "core/thread.h"

namespace sekisho::gate {
namespace {

// So many waiting jobs are committed while earlier commits wait for the disk. Fewer wait for them and are committed together: a commit by itself costs
// more than what it would save them.
constexpr std::size_t kWorthACommit = 5;
// No more jobs than this are committed at once, so that the disk can begin on the first while the next are committed.
constexpr std::size_t kMostTogether = 64;
// Callers who were told together and may come back together are waited for: not for fewer than these, and not for more.
constexpr std::size_t kWorthGathering = 4;
constexpr std::size_t kEnoughGathered = 24;
constexpr unsigned kMostDoubt = 64;

// A std::latch of one, but who waits sleeps at once: libstdc++'s gives up its turn of the processor four times before, and where a hundred wait that is
// more work than what they wait for. Source: futex(2).
class Gong {
 public:
  bool struck() const { return struck_.load(std::memory_order_acquire) != 0; }
  void wait() const {
    while (!struck()) ::syscall(SYS_futex, &struck_, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
  }
  void strike() {
    struck_.store(1, std::memory_order_release);
    ::syscall(SYS_futex, &struck_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  }

 private:
  std::atomic<int> struck_ = 0;
  static_assert(sizeof(std::atomic<int>) == sizeof(int) && std::atomic<int>::is_always_lock_free);
};

// Jobs that are committed and told together. Whoever waits in run() waits for the group: a hundred callers are woken by one call to the kernel.
struct Group {
  std::vector<Writer::Job> jobs;  // of run(): without `done`
  std::vector<Status> results;    // of each job, once told
  std::optional<Status> refused;  // of all of them
  LogStatus log;                  // after them
  std::uint64_t number = 0;       // the commit's
  Gong told;

  void tell() {
    if (refused) results.assign(jobs.size(), *refused);
    for (std::size_t i = 0; i < jobs.size(); ++i)
      if (jobs[i].done) jobs[i].done(std::move(results[i]));
    told.strike();
  }
};

using Groups = std::deque<std::shared_ptr<Group>>;

Status unavailable(const Error& why) { return fail(Code::unavailable, "log.unavailable", why.detail); }

}  // namespace

class Writer::Room {
 public:
  Room(sql::Db& db, LogTable log, const Clock& clock, Options options);
  ~Room();

  void submit(Job job);
  Status run(std::function<Status(sql::Tx&, LogTable&)> act);
  LogStatus status() const;

 private:
  // What threads do for all: each is done by one thread at a time. Whoever has done one does it again as long as there is something to do, then the next.
  enum Duty { kCommit, kSync, kTell, kNone };

  void loop();
  void checkpoint_loop();
  // With the lock, all of these; they give it back while they work.
  bool is_open(Duty duty) const;
  Duty next_duty(Duty last) const;
  void work(std::unique_lock<std::mutex>& lock, Duty duty, const Group* mine);
  void commit(std::unique_lock<std::mutex>& lock);
  void sync(std::unique_lock<std::mutex>& lock);
  void tell(std::unique_lock<std::mutex>& lock);
  void gather(std::unique_lock<std::mutex>& lock);
  bool push(Job job);
  std::shared_ptr<Group> take_group();
  bool checkpoint_due();

  Status run_batch(Group& group);
  void note_outcome(const Status& outcome);

  sql::Db& db_;
  LogTable log_;
  const Clock& clock_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable checkpoint_work_;
  std::condition_variable gathered_;
  bool taken_[kNone] = {};       // a thread is at this duty
  Groups queue_;                 // all but the last are full
  std::size_t waiting_ = 0;      // jobs in the queue
  Groups pending_;               // committed, not yet told; oldest first
  std::uint64_t committed_ = 0;  // number of the last commit
  std::uint64_t settled_ = 0;    // of the last whose sync has ended
  std::atomic<bool> failing_ = false;  // the last outcome that was told
  std::size_t told_ = 0;         // callers told together, who may be back together
  std::size_t awaited_ = 0;      // jobs in the queue that gather() waits for; 0: it does not
  unsigned doubt_ = 0;           // of the last gatherings that came to nothing: for so many occasions none was begun
  unsigned doubted_ = 0;         // occasions left of these
  bool closed_ = false;          // the last group, which ends with a signed head, is taken
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

Writer::Writer(sql::Db& db, LogTable log, const Clock& clock, Options options) : room_(std::make_unique<Room>(db, std::move(log), clock, std::move(options))) {}
Writer::~Writer() = default;
void Writer::submit(Job job) { room_->submit(std::move(job)); }
Status Writer::run(std::function<Status(sql::Tx&, LogTable&)> act) { return room_->run(std::move(act)); }
LogStatus Writer::status() const { return room_->status(); }

Writer::Room::Room(sql::Db& db, LogTable log, const Clock& clock, Options options)
    : db_(db), log_(std::move(log)), clock_(clock), options_(options), status_(log_.status()) {
  next_checkpoint_ = {clock_.now().micros + options_.checkpoint_interval_micros};
  checkpointer_ = std::thread([this] { checkpoint_loop(); });
  for (int duty = 0; duty < kNone; ++duty) threads_.emplace_back([this] { loop(); });
}

Writer::Room::~Room() {
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

// True: a thread is to be woken.
bool Writer::Room::push(Job job) {
  if (queue_.empty() || queue_.back()->jobs.size() >= kMostTogether) queue_.push_back(std::make_shared<Group>());
  queue_.back()->jobs.push_back(std::move(job));
  ++waiting_;
  if (awaited_ != 0 && waiting_ >= awaited_) gathered_.notify_one();
  return waiting_ <= kWorthACommit && is_open(kCommit);  // for those after these a thread is on its way
}

// The disk need not wait for more jobs where it has nothing to do.
bool Writer::Room::is_open(Duty duty) const {
  if (taken_[duty]) return false;
  switch (duty) {
    case kCommit: return stopping_ ? !closed_ : waiting_ >= (committed_ > settled_ ? kWorthACommit : 1);
    case kSync: return committed_ > settled_;
    case kTell: return !pending_.empty() && pending_.front()->number <= settled_;
    case kNone: break;
  }
  return false;
}

// What a thread that has done `last` does next: the same as long as it can, for handing over takes longer than most of what is handed over.
Writer::Room::Duty Writer::Room::next_duty(Duty last) const {
  for (unsigned i = 0; i < kNone; ++i)
    if (const auto duty = static_cast<Duty>((last + i) % kNone); is_open(duty)) return duty;
  return kNone;
}

// Until there is nothing to do, or `mine` is told; null: nothing is.
void Writer::Room::work(std::unique_lock<std::mutex>& lock, Duty duty, const Group* mine) {
  for (; duty != kNone && (mine == nullptr || !mine->told.struck()); duty = next_duty(duty)) {
    taken_[duty] = true;
    if (next_duty(duty) != kNone) work_.notify_one();
    switch (duty) {
      case kCommit: commit(lock); break;
      case kSync: sync(lock); break;
      case kTell: tell(lock); break;
      case kNone: break;
    }
    taken_[duty] = false;
  }
  if (duty != kNone) work_.notify_one();
}

// Callers that were told together often ask again together. Whoever is the first to be back would commit and sync alone, and the others wait for that
// sync and then their own. So the first waits for them, shortly; where they do not come back, ever more seldom.
void Writer::Room::gather(std::unique_lock<std::mutex>& lock) {
  const std::size_t wanted = std::min(std::exchange(told_, 0), kEnoughGathered);
  if (wanted < kWorthGathering || waiting_ == 0 || waiting_ >= wanted) return;
  if (doubted_ > 0) {
    --doubted_;
    return;
  }
  awaited_ = wanted;
  const bool came = gathered_.wait_for(lock, options_.gathering, [&] { return stopping_ || waiting_ >= awaited_; });
  awaited_ = 0;
  doubt_ = came ? 0 : std::clamp(doubt_ * 2, 1u, kMostDoubt);
  doubted_ = doubt_;
}

void Writer::Room::submit(Job job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = push(std::move(job));
  }
  if (wake) work_.notify_one();
}

Status Writer::Room::run(std::function<Status(sql::Tx&, LogTable&)> act) {
  std::unique_lock lock(mutex_);
  const bool wake = push({std::move(act), nullptr});
  const std::shared_ptr<Group> group = queue_.back();
  const std::size_t place = group->jobs.size() - 1;
  // Where nobody writes, whoever waits anyway does the work: waking another thread and being woken by it would cost as much as the commit.
  if (wake && waiting_ == 1 && !stopping_) work(lock, kCommit, group.get());
  else if (wake) work_.notify_one();
  lock.unlock();
  group->told.wait();
  return std::move(group->results[place]);
}

// What is to be committed next, or null. The last group ends with a signed head, and so does one now and then.
std::shared_ptr<Group> Writer::Room::take_group() {
  std::shared_ptr<Group> group;
  if (!queue_.empty()) {
    group = std::move(queue_.front());
    queue_.pop_front();
    waiting_ -= group->jobs.size();
  }
  closed_ = stopping_ && queue_.empty();
  if (!closed_ && clock_.now() < next_checkpoint_) return group;
  next_checkpoint_ = {clock_.now().micros + options_.checkpoint_interval_micros};
  if (!group) group = std::make_shared<Group>();
  group->jobs.push_back({[this](sql::Tx& tx, LogTable& log) { return log.checkpoint(tx, clock_.now(), true); }, nullptr});
  return group;
}

LogStatus Writer::Room::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void Writer::Room::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool woken = work_.wait_for(lock, std::chrono::seconds(1), [&] { return closed_ || next_duty(kCommit) != kNone; });
    // A second in which nothing came: a head may be due.
    work(lock, woken || taken_[kCommit] ? next_duty(kCommit) : kCommit, nullptr);
    if (closed_ && next_duty(kCommit) == kNone) return;
  }
}

void Writer::Room::note_outcome(const Status& outcome) {
  const bool failed = !outcome;
  if (failing_.exchange(failed) == failed && !failed) return;
  if (options_.on_outcome) options_.on_outcome(outcome);
}

Status Writer::Room::run_batch(Group& group) {
  SK_TRY(auto tx, db_.begin_write());
  group.results.reserve(group.jobs.size());
  for (Job& job : group.jobs) {
    // A job undoes its own failed part; an exception here is a broken invariant and spoils the whole batch.
    const Status& result = group.results.emplace_back(job.act(*tx, log_));
    if (!result && result.error().key == kBatchSpoiled) return Unexpected(result.error());
  }
  SK_CHECK(log_.checkpoint(*tx, clock_.now(), false));
  SK_CHECK(log_.flush(*tx));
  return tx->commit_unsynced();
}

void Writer::Room::commit(std::unique_lock<std::mutex>& lock) {
  gather(lock);
  const std::shared_ptr<Group> group = take_group();
  if (!group) return;
  Status done = lost_ ? Status(fail(*lost_)) : ok();
  lock.unlock();
  try {
    if (done) done = run_batch(*group);
  } catch (const std::exception& e) {
    done = fail(Code::internal, "gate.exception", e.what());
  }
  if (done) {
    log_.committed();
    group->log = log_.status();
  } else {
    log_.restore();
    note_outcome(done);
    log::error("gate.batch_lost", done.error());
    group->refused = unavailable(done.error());
    group->tell();
  }
  lock.lock();
  if (!done) return;
  group->number = ++committed_;
  pending_.push_back(group);
  if (checkpoint_due()) checkpoint_work_.notify_one();
}

// Whether the commit that was made just now is what the checkpoint waits for.
bool Writer::Room::checkpoint_due() {
  const bool was_long = std::exchange(log_long_, db_.log_bytes() >= sql::Db::kLongLog);
  const bool was_dirty = std::exchange(dirty_, true);
  if (log_long_ && !was_long) pressed_ = true;
  return pressed_ || (!was_dirty && !resting_);
}

// One sync at a time: two at once make the disk flush twice and neither returns sooner. Each covers everything committed before it began.
void Writer::Room::sync(std::unique_lock<std::mutex>& lock) {
  const std::uint64_t upto = committed_;
  lock.unlock();
  const Status synced = [&] {
    const Precedence first;  // a sync has several steps at the disk
    return db_.sync();
  }();
  if (!synced) log::error("gate.sync_failed", synced.error());
  note_outcome(synced);
  lock.lock();
  if (!synced) {
    lost_ = synced.error();
    for (const auto& group : pending_)
      if (group->number > settled_ && group->number <= upto) group->refused = unavailable(*lost_);
  }
  settled_ = upto;
}

void Writer::Room::tell(std::unique_lock<std::mutex>& lock) {
  Groups told;
  told_ = 0;
  for (; !pending_.empty() && pending_.front()->number <= settled_; pending_.pop_front()) {
    const auto& group = told.emplace_back(std::move(pending_.front()));
    if (!group->refused) status_ = group->log;
    told_ += group->jobs.size();
  }
  lock.unlock();
  for (const auto& group : told) group->tell();
  lock.lock();
}

// SQLite's own checkpoint copies pages and syncs the database file; on the commit path it would be a stall.
void Writer::Room::checkpoint_loop() {
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
