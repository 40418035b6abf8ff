// Event and BoundedQueue: how a coroutine waits for what a worker thread, a library callback or another loop makes.
//
// Event: auto-reset, one waiting coroutine at a time, set() from any thread. A set() without a waiter is remembered (once).
// BoundedQueue<T>: many producers (threads; they block, or give up at a deadline), one consumer coroutine.
// Ownership: state is shared, so a late set() after the owner has gone is harmless.
// Failures: wait() throws operation_aborted when its coroutine is cancelled, as every Asio wait does; wait_settled() ignores
// cancellation and is for what must be awaited to the end because it uses the caller's memory.
#pragma once
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "net/asio.h"

namespace sekisho::net {

class Event {
 public:
  Event();
  void set();
  Task<void> wait();
  // True when set, false when the time passed first.
  Task<bool> wait_for(Duration limit);
  Task<void> wait_settled();

  struct State;

 private:
  std::shared_ptr<State> state_;
};

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : state_(std::make_shared<State>(capacity)) {}

  // For worker threads. False when the queue was closed or the deadline passed: the producer should stop.
  bool push(T item, TimePoint deadline) {
    std::unique_lock lock(state_->mutex);
    const auto room = [this] { return state_->closed || state_->items.size() < state_->capacity; };
    if (!state_->room.wait_until(lock, deadline, room) || state_->closed) return false;
    state_->items.push_back(std::move(item));
    lock.unlock();
    state_->ready.set();
    return true;
  }
  bool try_push(T item) { return push(std::move(item), TimePoint::min()); }

  // Empty when the queue is closed and drained.
  Task<std::optional<T>> pop() {
    const auto state = state_;
    for (;;) {
      {
        const std::lock_guard lock(state->mutex);
        if (!state->items.empty()) {
          std::optional<T> item(std::move(state->items.front()));
          state->items.pop_front();
          state->room.notify_one();
          co_return item;
        }
        if (state->closed) co_return std::nullopt;
      }
      co_await state->ready.wait();
    }
  }

  // Either side; items already queued can still be popped.
  void close() {
    {
      const std::lock_guard lock(state_->mutex);
      state_->closed = true;
    }
    state_->room.notify_all();
    state_->ready.set();
  }

 private:
  struct State {
    explicit State(std::size_t n) : capacity(n) {}
    std::mutex mutex;
    std::condition_variable room;
    std::deque<T> items;
    const std::size_t capacity;
    bool closed = false;
    Event ready;
  };
  std::shared_ptr<State> state_;
};

}  // namespace sekisho::net
