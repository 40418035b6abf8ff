// TaskGroup: the owner of running coroutines; nothing in this program is detached. with_deadline: a time limit on one wait.
//
// Threads: every function may be called from any thread. Failures: an exception that leaves a task is logged ("task.failed"), never
// lost and never fatal. A task must have ended before the group is destroyed: call cancel() and join() (or wait()) first.
#pragma once
#include <functional>
#include <memory>

#include "net/asio.h"

namespace sekisho::net {

class TaskGroup {
 public:
  TaskGroup();
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // Starts the task on the executor. After cancel() new tasks are refused and dropped unstarted.
  void spawn(const Executor& executor, Task<void> task);
  // Asks every running task to stop: its next wait throws operation_aborted.
  void cancel();
  std::size_t running() const;
  // For a thread outside the loops. False when tasks still run at the limit.
  bool wait(Duration limit);
  // For a coroutine.
  Task<bool> join(Duration limit);

  struct State;

 private:
  std::shared_ptr<State> state_;
};

namespace detail {
// Emits cancellation after the limit unless finished first; also passes the parent's cancellation on.
class Deadline {
 public:
  Deadline(const Executor& executor, Duration limit, asio::cancellation_slot parent);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  asio::cancellation_slot slot() const;
  bool expired() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  asio::cancellation_slot parent_;
  asio::steady_timer timer_;
};
Error timed_out();
Result<void> unexpected_end(std::exception_ptr failure);
}  // namespace detail

// Runs the task; at the limit it is cancelled, awaited, and the result is {timeout, "timeout"}. An exception becomes {internal}.
template <class T>
Task<Result<T>> with_deadline(Duration limit, Task<Result<T>> task) {
  const Executor executor = co_await asio::this_coro::executor;
  const auto state = co_await asio::this_coro::cancellation_state;
  detail::Deadline deadline(executor, limit, state.slot());
  auto token = asio::bind_cancellation_slot(deadline.slot(), asio::as_tuple(asio::use_awaitable));
  auto [failure, result] = co_await asio::co_spawn(executor, std::move(task), std::move(token));
  if (deadline.expired() && (failure || !result)) co_return Unexpected(detail::timed_out());
  if (failure) {
    Status ended = detail::unexpected_end(failure);
    co_return Unexpected(std::move(ended.error()));
  }
  co_return std::move(result);
}

}  // namespace sekisho::net
