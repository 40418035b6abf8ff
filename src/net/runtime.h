// Runtime: the program's threads. N event loops (one thread each) for coroutines and a bounded pool of workers for plain functions.
//
// Ownership: made once in apps/, outlives everything that runs on it. Before it is destroyed its users must have ended (HttpServer::stop,
// TaskGroup::join); the destructor then finishes the workers' queue and stops the loops.
// Invariants: 1. a loop's thread never blocks: database, files and hashing go through offload(). 2. A worker never touches a socket.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <type_traits>
#include <vector>

#include "net/asio.h"
#include "net/sync.h"

namespace sekisho::net {

class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t max_queued);
  ~WorkerPool();  // finishes what was submitted
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // {unavailable, "server.busy"} when the queue is full. `work` must not throw.
  Status submit(std::function<void()> work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Runtime {
 public:
  struct Options {
    std::size_t loops = 1;
    std::size_t workers = 0;  // 0: one per processor, at least 2
    std::size_t max_queued_work = 4096;
    // SIGINT and SIGTERM are a request to stop, from the creation on: for programs, which answer before main comes to wait. Else they end the process.
    bool stop_on_signals = false;
  };
  // The loops run when this returns.
  static Result<std::unique_ptr<Runtime>> create(const Options& options);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  std::size_t loops() const;
  Executor executor(std::size_t loop = 0) const;
  WorkerPool& workers();
  // Blocks the calling thread (main) until a stop was requested. Returns the signal's number, 0 for request_stop(). From then on a signal ends the
  // process: whoever asks a second time does not want to wait.
  int wait_for_stop();
  void request_stop();

 private:
  struct State;
  explicit Runtime(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Blocks a thread outside the loops until the task has ended on the executor; for main, commands and tests.
Status run_blocking(const Executor& executor, std::function<Task<void>()> make_task);

namespace detail {
template <class T>
struct AsResult {
  using type = Result<T>;
};
template <class T>
struct AsResult<Result<T>> {
  using type = Result<T>;
};
Error from_exception();  // of the exception being handled
}  // namespace detail

// Runs fn (T() or Result<T>()) on a worker and resumes on the caller's loop. The function is always awaited to its end, cancelled
// or not, so it may refer to the caller's frame. What it throws comes back as {internal}.
template <class F>
auto offload(WorkerPool& pool, F fn) -> Task<typename detail::AsResult<std::invoke_result_t<F&>>::type> {
  using Plain = std::invoke_result_t<F&>;
  using R = typename detail::AsResult<Plain>::type;
  struct Shared {
    R result;
    Event done;
  };
  const auto shared = std::make_shared<Shared>();
  F* const work = &fn;  // lives in this frame, which wait_settled() keeps
  std::function<void()> job = [shared, work] {
    try {
      if constexpr (std::is_void_v<Plain>) {
        (*work)();
        shared->result = ok();
      } else {
        shared->result = (*work)();
      }
    } catch (...) {
      shared->result = Unexpected(detail::from_exception());
    }
    shared->done.set();
  };
  Status queued = pool.submit(std::move(job));
  if (!queued) co_return Unexpected(std::move(queued.error()));
  co_await shared->done.wait_settled();
  co_return std::move(shared->result);
}

}  // namespace sekisho::net
