#include "apps/clockwork.h"

#include "core/log.h"

namespace sekisho::apps {

Clockwork::Clockwork(std::chrono::milliseconds pause, std::function<void()> work)
    : thread_([this, pause, work = std::move(work)] { run(pause, work); }) {}

Clockwork::~Clockwork() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Clockwork::run(std::chrono::milliseconds pause, const std::function<void()>& work) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      work();
    } catch (const std::exception& e) {
      log::error("clockwork.exception", Error{Code::internal, "internal", e.what(), {}, {}});
    }
    lock.lock();
    wake_.wait_for(lock, pause, [&] { return stopping_; });
  }
}

}  // namespace sekisho::apps
