#include "net/tasks.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <condition_variable>
#include <list>
#include <mutex>

#include "core/log.h"
#include "net/sync.h"

namespace sekisho::net {

struct TaskGroup::State {
  struct Entry {
    Executor executor;
    std::shared_ptr<asio::cancellation_signal> signal;
  };
  std::mutex mutex;
  std::condition_variable empty;
  std::list<Entry> entries;
  std::list<Event> joiners;
  bool cancelled = false;

  void finish(std::list<Entry>::iterator entry) {
    const std::lock_guard lock(mutex);
    entries.erase(entry);
    if (!entries.empty()) return;
    empty.notify_all();
    for (Event& joiner : joiners) joiner.set();
  }
};

namespace {
void report(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) log::error("task.failed", Error{Code::internal, "internal", e.what(), {}, {}});
  } catch (const std::exception& e) {
    log::error("task.failed", Error{Code::internal, "internal", e.what(), {}, {}});
  } catch (...) {
    log::error("task.failed", Error{Code::internal, "internal", "unknown exception", {}, {}});
  }
}
}  // namespace

TaskGroup::TaskGroup() : state_(std::make_shared<State>()) {}
TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(const Executor& executor, Task<void> task) {
  const auto state = state_;
  auto signal = std::make_shared<asio::cancellation_signal>();
  std::list<State::Entry>::iterator entry;
  {
    const std::lock_guard lock(state->mutex);
    if (state->cancelled) return;
    entry = state->entries.insert(state->entries.end(), State::Entry{executor, signal});
  }
  auto done = [state, entry, signal](std::exception_ptr failure) {
    report(failure);
    state->finish(entry);
  };
  asio::co_spawn(executor, std::move(task), asio::bind_cancellation_slot(signal->slot(), std::move(done)));
}

void TaskGroup::cancel() {
  const std::lock_guard lock(state_->mutex);
  state_->cancelled = true;
  for (const auto& entry : state_->entries)
    asio::post(entry.executor, [signal = entry.signal] { signal->emit(asio::cancellation_type::all); });
}

std::size_t TaskGroup::running() const {
  const std::lock_guard lock(state_->mutex);
  return state_->entries.size();
}

bool TaskGroup::wait(Duration limit) {
  std::unique_lock lock(state_->mutex);
  return state_->empty.wait_for(lock, limit, [this] { return state_->entries.empty(); });
}

Task<bool> TaskGroup::join(Duration limit) {
  const auto state = state_;
  Event event;
  std::list<Event>::iterator place;
  {
    const std::lock_guard lock(state->mutex);
    if (state->entries.empty()) co_return true;
    place = state->joiners.insert(state->joiners.end(), event);
  }
  const bool ended = co_await event.wait_for(limit);
  const std::lock_guard lock(state->mutex);
  state->joiners.erase(place);
  co_return ended;
}

namespace detail {

struct Deadline::State {
  asio::cancellation_signal signal;
  bool expired = false;
  bool over = false;
};

Deadline::Deadline(const Executor& executor, Duration limit, asio::cancellation_slot parent)
    : state_(std::make_shared<State>()), parent_(parent), timer_(executor, limit) {
  timer_.async_wait([state = state_](ErrorCode code) {
    if (code || state->over) return;
    state->expired = true;
    state->signal.emit(asio::cancellation_type::all);
  });
  if (parent_.is_connected())
    parent_.assign([state = state_](asio::cancellation_type type) {
      if (!state->over) state->signal.emit(type);
    });
}
Deadline::~Deadline() {
  state_->over = true;
  if (parent_.is_connected()) parent_.clear();
}
asio::cancellation_slot Deadline::slot() const { return state_->signal.slot(); }
bool Deadline::expired() const { return state_->expired; }

Error timed_out() { return Error{Code::timeout, "timeout", "the time limit passed", {}, {}}; }

Result<void> unexpected_end(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    if (e.code() == asio::error::operation_aborted) return fail(Code::cancelled, "cancelled", "cancelled");
    return fail(Code::internal, "internal", e.what());
  } catch (const std::exception& e) {
    return fail(Code::internal, "internal", e.what());
  } catch (...) {
    return fail(Code::internal, "internal", "unknown exception");
  }
}

}  // namespace detail
}  // namespace sekisho::net
