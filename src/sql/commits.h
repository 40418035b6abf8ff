// Which commits have begun, which are over, and which the disk has. Private to the module. Thread-safe; one thread at a time commits.
//
// A commit is counted before others can see it, and a sync covers those that were over when it began. So whoever has seen something of the log asks
// for what has begun by then, and waits at most for one commit that it did not see.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace sekisho::sql {

class Commits {
 public:
  void begins() { ++begun_; }
  void over() { over_.store(begun_.load()); }
  std::uint64_t begun() const { return begun_.load(); }
  std::uint64_t last() const { return over_.load(); }  // that is over

  // A sync begins; returns what it covers.
  std::uint64_t sync_begins() {
    const std::lock_guard lock(mutex_);
    ++running_;
    return last();
  }
  void sync_ends(std::uint64_t upto, bool well) {
    {
      const std::lock_guard lock(mutex_);
      --running_;
      if (well) synced_ = std::max(synced_, upto);
    }
    more_.notify_all();
  }
  // Waits for the disk to have them, however slow it is. False: after so long it does not, and no sync is running.
  bool wait_synced(std::uint64_t upto, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (more_.wait_for(lock, patience, [&] { return synced_ >= upto; })) return true;
      if (running_ == 0) return false;
    }
  }

 private:
  // What the log held at the start counts as one, of which nobody knows whether the disk has it.
  std::atomic<std::uint64_t> begun_ = 1;
  std::atomic<std::uint64_t> over_ = 1;
  std::mutex mutex_;
  std::condition_variable more_;
  std::uint64_t synced_ = 0;
  int running_ = 0;  // syncs
};

}  // namespace sekisho::sql
