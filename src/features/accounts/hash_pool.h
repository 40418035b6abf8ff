// The threads that hash passwords: few, of low priority, with a bounded queue that is fair per source and tells everybody's place.
//
// Argon2id takes 64 MiB and some 100 ms of a core. Here as many run at once as there are threads (one less than there are cores), so a rush
// at nine o'clock costs threads x 64 MiB, delays no stream and takes no longer than the hashing itself. Sources take turns: one address
// that sends a thousand logins delays the others by one hash each.
//
// Threads: every function may be called from any thread. A job runs once, on a pool thread, unless its Turn was given up before.
#pragma once
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/result.h"

namespace sekisho::accounts {

class HashPool {
 public:
  struct Options {
    std::size_t threads = 1;
    std::size_t max_queued = 2000;
    int niceness = 5;   // of the threads; 0 leaves them as they are
  };
  // One job's place in the queue. Dropping the last copy gives the turn up.
  class Turn {
   public:
    virtual ~Turn() = default;
  };

  explicit HashPool(Options options);
  ~HashPool();  // runs what is queued
  HashPool(const HashPool&) = delete;
  HashPool& operator=(const HashPool&) = delete;

  // {unavailable, "accounts.queue_full"} when too many wait.
  Result<std::shared_ptr<Turn>> submit(const std::string& source, std::function<void()> work);
  // How many are served before it, those being served included; 0: it is being served or is done.
  std::size_t ahead(const std::shared_ptr<Turn>& turn) const;
  // Blocks until the job has run. On a pool thread it runs at once.
  Status run(const std::string& source, const std::function<void()>& work);
  std::size_t threads() const { return threads_.size(); }

 private:
  struct Job;
  struct Line {
    std::string source;
    std::deque<std::shared_ptr<Job>> jobs;
  };
  void loop();
  std::shared_ptr<Job> next();  // with the mutex held; null: nothing to do
  void drop_given_up();

  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::list<Line> lines_;  // the front one is served next, then goes to the back
  std::size_t queued_ = 0;
  std::size_t serving_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sekisho::accounts
