#include "net/runtime.h"

#include <gtest/gtest.h>

#include <boost/system/system_error.hpp>
#include <csignal>
#include <thread>

#include "net/tasks.h"

namespace sekisho::net {
namespace {

using namespace std::chrono_literals;

class RuntimeTest : public ::testing::Test {
 protected:
  RuntimeTest() : runtime_(std::move(*Runtime::create({}))) {}
  void on_loop(std::function<Task<void>()> work) { EXPECT_TRUE(run_blocking(runtime_->executor(), std::move(work))); }
  static Task<Result<int>> sleepy(Duration time, int value) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
    co_return value;
  }
  std::unique_ptr<Runtime> runtime_;
};

TEST_F(RuntimeTest, OffloadRunsOnAWorkerAndResumesOnTheLoop) {
  on_loop([&]() -> Task<void> {
    const auto loop = std::this_thread::get_id();
    std::thread::id worker;
    auto work = [&worker] {
      worker = std::this_thread::get_id();
      return 42;
    };
    const Result<int> value = co_await offload(runtime_->workers(), work);
    EXPECT_EQ(*value, 42);
    EXPECT_NE(worker, loop);
    EXPECT_EQ(std::this_thread::get_id(), loop);
  });
}

TEST_F(RuntimeTest, OffloadPassesErrorsAndTurnsExceptionsIntoThem) {
  on_loop([&]() -> Task<void> {
    auto refuse = []() -> Result<std::string> { return fail(Code::denied, "no"); };
    const Result<std::string> refused = co_await offload(runtime_->workers(), refuse);
    EXPECT_EQ(refused.error().key, "no");
    auto blow_up = []() -> Status { throw std::runtime_error("boom"); };
    const Status blown = co_await offload(runtime_->workers(), blow_up);
    EXPECT_EQ(blown.error().code, Code::internal);
  });
}

TEST_F(RuntimeTest, FullWorkerQueueIsRefusedNotAwaited) {
  Runtime::Options options;
  options.workers = 1;
  options.max_queued_work = 1;
  const auto small = std::move(*Runtime::create(options));
  std::mutex gate;
  gate.lock();
  std::atomic<int> begun{0};
  const auto block = [&] {
    ++begun;
    const std::lock_guard wait(gate);
  };
  EXPECT_TRUE(small->workers().submit(block));
  while (begun == 0) std::this_thread::yield();
  EXPECT_TRUE(small->workers().submit(block));
  const Status third = small->workers().submit(block);
  EXPECT_EQ(third.error().key, "server.busy");
  gate.unlock();
}

TEST_F(RuntimeTest, DeadlineCancelsWhatItWaitsFor) {
  on_loop([]() -> Task<void> {
    const auto begin = std::chrono::steady_clock::now();
    const Result<int> late = co_await with_deadline(30ms, sleepy(10s, 1));
    EXPECT_EQ(late.error().code, Code::timeout);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    const Result<int> early = co_await with_deadline(10s, sleepy(1ms, 2));
    EXPECT_EQ(*early, 2);
  });
}

TEST_F(RuntimeTest, CancelledGroupEndsItsTasksAndTakesNoMore) {
  TaskGroup group;
  std::atomic<int> ended{0};
  const auto wait_long = [](std::atomic<int>& count) -> Task<void> {
    struct Count {
      std::atomic<int>& n;
      ~Count() { ++n; }
    };
    const Count at_end{count};
    Event never;
    co_await never.wait();
  };
  for (int i = 0; i < 50; ++i) group.spawn(runtime_->executor(), wait_long(ended));
  EXPECT_FALSE(group.wait(20ms));
  group.cancel();
  EXPECT_TRUE(group.wait(5s));
  EXPECT_EQ(ended, 50);
  group.spawn(runtime_->executor(), wait_long(ended));
  EXPECT_EQ(group.running(), 0u);
}

TEST_F(RuntimeTest, GroupSurvivesATaskThatThrows) {
  TaskGroup group;
  const auto throws = []() -> Task<void> {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    throw std::runtime_error("a fault in a task");
  };
  group.spawn(runtime_->executor(), throws());
  EXPECT_TRUE(group.wait(5s));
}

TEST_F(RuntimeTest, EventSetFromAnotherThreadIsNeverLost) {
  on_loop([]() -> Task<void> {
    for (int i = 0; i < 2000; ++i) {
      Event event;
      std::thread setter([event]() mutable { event.set(); });
      const bool set = co_await event.wait_for(5s);
      setter.join();
      EXPECT_TRUE(set);
      if (!set) co_return;
    }
    Event quiet;
    const bool set = co_await quiet.wait_for(10ms);
    EXPECT_FALSE(set);
  });
}

TEST_F(RuntimeTest, QueueHandsOverInOrderAndHoldsTheProducerBack) {
  BoundedQueue<int> queue(4);
  std::thread producer([&] {
    for (int i = 0; i < 5000; ++i) ASSERT_TRUE(queue.push(i, std::chrono::steady_clock::now() + 10s));
    queue.close();
  });
  on_loop([&]() -> Task<void> {
    for (int i = 0;; ++i) {
      const auto item = co_await queue.pop();
      if (!item) {
        EXPECT_EQ(i, 5000);
        break;
      }
      EXPECT_EQ(*item, i);
    }
  });
  producer.join();
  EXPECT_FALSE(queue.try_push(1));
  BoundedQueue<int> full(1);
  EXPECT_TRUE(full.try_push(1));
  EXPECT_FALSE(full.try_push(2));
}

TEST_F(RuntimeTest, StopCanBeRequested) {
  std::thread other([&] { runtime_->request_stop(); });
  EXPECT_EQ(runtime_->wait_for_stop(), 0);
  other.join();
}

TEST(RuntimeSignals, ASignalThatComesBeforeAnybodyWaitsIsNotLost) {
  Runtime::Options options;
  options.stop_on_signals = true;
  const auto runtime = std::move(*Runtime::create(options));
  ::raise(SIGTERM);
  EXPECT_EQ(runtime->wait_for_stop(), SIGTERM);
}

TEST(RuntimeSignals, AnOrdinaryRuntimeLeavesSignalsAlone) {
  const auto runtime = std::move(*Runtime::create({}));
  struct sigaction now = {};
  ASSERT_EQ(::sigaction(SIGTERM, nullptr, &now), 0);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
}

}  // namespace
}  // namespace sekisho::net
