#include "features/accounts/hash_pool.h"

#include <algorithm>
#include <future>

#include "core/thread.h"

namespace sekisho::accounts {

// The queue holds the job weakly through `held`: when its owner drops the Turn, the job is passed over.
struct HashPool::Job {
  std::function<void()> work;
  std::weak_ptr<Turn> held;
  bool started = false;
};

namespace {

thread_local bool on_pool_thread = false;

struct Place final : HashPool::Turn {
  std::shared_ptr<void> job;
};

}  // namespace

HashPool::HashPool(Options options) : options_(options) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.threads); ++i) threads_.emplace_back([this] { loop(); });
}

HashPool::~HashPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Result<std::shared_ptr<HashPool::Turn>> HashPool::submit(const std::string& source, std::function<void()> work) {
  auto job = std::make_shared<Job>();
  job->work = std::move(work);
  auto place = std::make_shared<Place>();
  place->job = job;
  job->held = place;
  {
    const std::lock_guard lock(mutex_);
    if (queued_ >= options_.max_queued) drop_given_up();
    if (queued_ >= options_.max_queued) return fail(Code::unavailable, "accounts.queue_full", "too many passwords wait to be hashed");
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& l) { return l.source == source; });
    if (line == lines_.end()) lines_.push_back({source, {job}});
    else line->jobs.push_back(job);
    ++queued_;
  }
  work_.notify_one();
  return std::shared_ptr<Turn>(std::move(place));
}

void HashPool::drop_given_up() {
  for (Line& line : lines_) queued_ -= std::erase_if(line.jobs, [](const auto& job) { return job->held.expired(); });
  std::erase_if(lines_, [](const Line& line) { return line.jobs.empty(); });
}

std::size_t HashPool::ahead(const std::shared_ptr<Turn>& turn) const {
  const auto* const place = dynamic_cast<const Place*>(turn.get());
  if (place == nullptr) return 0;
  const std::lock_guard lock(mutex_);
  const auto* const job = static_cast<const Job*>(place->job.get());
  if (job->started) return 0;
  std::size_t depth = 0;
  auto own = lines_.end();
  for (auto line = lines_.begin(); line != lines_.end() && own == lines_.end(); ++line) {
    const auto found = std::find_if(line->jobs.begin(), line->jobs.end(), [&](const auto& j) { return j.get() == job; });
    if (found == line->jobs.end()) continue;
    own = line;
    depth = static_cast<std::size_t>(found - line->jobs.begin());
  }
  if (own == lines_.end()) return 0;
  // Lines take turns: of every line before its own as many as its own has up to it, of every later line one less.
  std::size_t count = serving_ + depth;
  bool before = true;
  for (auto line = lines_.begin(); line != lines_.end(); ++line) {
    if (line == own) before = false;
    else count += std::min(line->jobs.size(), depth + (before ? 1 : 0));
  }
  return count;
}

Status HashPool::run(const std::string& source, const std::function<void()>& work) {
  if (on_pool_thread) {
    work();
    return ok();
  }
  std::promise<void> done;
  SK_TRY(const auto turn, submit(source, [&] {
           work();
           done.set_value();
         }));
  done.get_future().wait();
  return ok();
}

std::shared_ptr<HashPool::Job> HashPool::next() {
  while (!lines_.empty()) {
    Line& line = lines_.front();
    auto job = std::move(line.jobs.front());
    line.jobs.pop_front();
    --queued_;
    if (line.jobs.empty()) lines_.pop_front();
    else lines_.splice(lines_.end(), lines_, lines_.begin());
    if (!job->held.expired()) return job;
  }
  return nullptr;
}

void HashPool::loop() {
  on_pool_thread = true;
  if (options_.niceness != 0) give_way(options_.niceness);
  std::unique_lock lock(mutex_);
  for (;;) {
    work_.wait(lock, [this] { return stopping_ || !lines_.empty(); });
    const auto job = next();
    if (!job) {
      if (stopping_) return;
      continue;
    }
    job->started = true;
    ++serving_;
    lock.unlock();
    job->work();
    job->work = nullptr;  // what it holds goes with it, not with the last Turn
    lock.lock();
    --serving_;
  }
}

}  // namespace sekisho::accounts
