#include "net/runtime.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "core/log.h"

namespace sekisho::net {

struct WorkerPool::State {
  std::mutex mutex;
  std::condition_variable ready;
  std::deque<std::function<void()>> queue;
  std::size_t max_queued = 0;
  bool closing = false;
  std::vector<std::thread> threads;

  void run() {
    for (;;) {
      std::unique_lock lock(mutex);
      ready.wait(lock, [this] { return closing || !queue.empty(); });
      if (queue.empty()) return;
      auto work = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      work();
    }
  }
};

WorkerPool::WorkerPool(std::size_t threads, std::size_t max_queued) : state_(std::make_unique<State>()) {
  state_->max_queued = max_queued;
  for (std::size_t i = 0; i < threads; ++i) state_->threads.emplace_back([state = state_.get()] { state->run(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closing = true;
  }
  state_->ready.notify_all();
  for (auto& thread : state_->threads) thread.join();
}

Status WorkerPool::submit(std::function<void()> work) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closing || state_->queue.size() >= state_->max_queued)
      return fail(Code::unavailable, "server.busy", "the workers' queue is full");
    state_->queue.push_back(std::move(work));
  }
  state_->ready.notify_one();
  return ok();
}

struct Runtime::State {
  struct Loop {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<Loop>> loops;
  std::optional<asio::signal_set> signals;
  std::unique_ptr<WorkerPool> workers;
  std::mutex mutex;
  std::condition_variable stopping;
  bool stop_requested = false;
  int signal = 0;

  void await_signals() {
    signals.emplace(loops.front()->context, SIGINT, SIGTERM);
    signals->async_wait([this](ErrorCode code, int number) {
      if (!code) request_stop(number);
    });
  }
  void request_stop(int number) {
    const std::lock_guard lock(mutex);
    signal = number;
    stop_requested = true;
    stopping.notify_all();
  }
};

namespace {
void run_loop(asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& e) {  // a handler's fault must not take the other connections with it
      log::error("loop.failed", Error{Code::internal, "internal", e.what(), {}, {}});
    }
  }
}
}  // namespace

Runtime::Runtime(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<Runtime>> Runtime::create(const Options& options) {
  if (options.loops == 0) return fail(Code::invalid_argument, "runtime.loops", "at least one loop is needed");
  try {
    auto state = std::make_unique<State>();
    const std::size_t workers = options.workers != 0 ? options.workers : std::max(2u, std::thread::hardware_concurrency());
    state->workers = std::make_unique<WorkerPool>(workers, options.max_queued_work);
    for (std::size_t i = 0; i < options.loops; ++i) state->loops.push_back(std::make_unique<State::Loop>());
    if (options.stop_on_signals) state->await_signals();
    for (auto& loop : state->loops) loop->thread = std::thread([context = &loop->context] { run_loop(*context); });
    return std::unique_ptr<Runtime>(new Runtime(std::move(state)));
  } catch (const std::exception& e) {
    return fail(Code::unavailable, "runtime.start", e.what());
  }
}

Runtime::~Runtime() {
  state_->workers.reset();
  for (auto& loop : state_->loops) {
    loop->work.reset();
    loop->context.stop();
  }
  for (auto& loop : state_->loops) loop->thread.join();
}

std::size_t Runtime::loops() const { return state_->loops.size(); }
Executor Runtime::executor(std::size_t loop) const { return state_->loops[loop % state_->loops.size()]->context.get_executor(); }
WorkerPool& Runtime::workers() { return *state_->workers; }

int Runtime::wait_for_stop() {
  std::unique_lock lock(state_->mutex);
  state_->stopping.wait(lock, [this] { return state_->stop_requested; });
  state_->signals.reset();
  return state_->signal;
}

void Runtime::request_stop() { state_->request_stop(0); }

Status run_blocking(const Executor& executor, std::function<Task<void>()> make_task) {
  std::promise<Status> ended;
  auto future = ended.get_future();
  asio::co_spawn(executor, std::move(make_task), [&ended](std::exception_ptr failure) {
    if (!failure) return ended.set_value(ok());
    try {
      std::rethrow_exception(failure);
    } catch (...) {
      ended.set_value(Unexpected(detail::from_exception()));
    }
  });
  return future.get();
}

namespace detail {
Error from_exception() {
  try {
    throw;
  } catch (const std::exception& e) {
    return Error{Code::internal, "internal", e.what(), {}, {}};
  } catch (...) {
    return Error{Code::internal, "internal", "unknown exception", {}, {}};
  }
}
}  // namespace detail

}  // namespace sekisho::net
