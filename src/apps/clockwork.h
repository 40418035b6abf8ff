// Work that only time asks for: called again and again on a thread of its own, never at once with itself. Stops and joins when it goes.
#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace sekisho::apps {

class Clockwork {
 public:
  // Calls `work` now and then every `pause`, counted from its end.
  Clockwork(std::chrono::milliseconds pause, std::function<void()> work);
  ~Clockwork();
  Clockwork(const Clockwork&) = delete;
  Clockwork& operator=(const Clockwork&) = delete;

 private:
  void run(std::chrono::milliseconds pause, const std::function<void()>& work);
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace sekisho::apps
