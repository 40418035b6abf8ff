#include "net/sync.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>

namespace sekisho::net {
namespace {
using Handler = asio::async_result<asio::use_awaitable_t<>, void(ErrorCode)>::handler_type;
}

struct Event::State {
  std::mutex mutex;
  std::optional<Handler> waiter;
  bool signalled = false;

  // Resumes through the waiter's executor, never inside the caller: set() may be called from within a library's callback.
  static void resume(Handler handler, ErrorCode code) {
    const auto executor = asio::get_associated_executor(handler);
    asio::post(executor, [h = std::move(handler), code]() mutable { std::move(h)(code); });
  }
  void set() {
    std::unique_lock lock(mutex);
    if (!waiter) {
      signalled = true;
      return;
    }
    Handler handler = std::move(*waiter);
    waiter.reset();
    lock.unlock();
    resume(std::move(handler), {});
  }
  void abort() {
    std::unique_lock lock(mutex);
    if (!waiter) return;
    Handler handler = std::move(*waiter);
    waiter.reset();
    lock.unlock();
    resume(std::move(handler), asio::error::operation_aborted);
  }
  // True when the handler was stored, false when the event was already set.
  void arm(Handler handler, const std::shared_ptr<State>& self, bool cancellable) {
    if (cancellable) {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) {
        slot.assign([weak = std::weak_ptr<State>(self)](asio::cancellation_type) {
          if (const auto state = weak.lock()) state->abort();
        });
      }
    }
    std::unique_lock lock(mutex);
    if (!signalled) {
      waiter.emplace(std::move(handler));
      return;
    }
    signalled = false;
    lock.unlock();
    resume(std::move(handler), {});
  }
  bool take() {
    const std::lock_guard lock(mutex);
    return std::exchange(signalled, false);
  }
};

namespace {
Task<void> wait_on(std::shared_ptr<Event::State> state, bool cancellable) {
  if (state->take()) co_return;
  auto start = [&](auto handler) { state->arm(std::move(handler), state, cancellable); };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(ErrorCode)>(start, asio::use_awaitable);
}
}  // namespace

Event::Event() : state_(std::make_shared<State>()) {}
void Event::set() { state_->set(); }
Task<void> Event::wait() { return wait_on(state_, true); }
Task<void> Event::wait_settled() { return wait_on(state_, false); }

Task<bool> Event::wait_for(Duration limit) {
  const auto state = state_;
  if (state->take()) co_return true;
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  struct Flags {
    bool expired = false;
    bool over = false;
  };
  const auto flags = std::make_shared<Flags>();
  timer.async_wait([flags, state](ErrorCode code) {
    if (code || flags->over) return;
    flags->expired = true;
    state->set();
  });
  co_await wait_on(state, true);
  flags->over = true;
  co_return !flags->expired;
}

}  // namespace sekisho::net
