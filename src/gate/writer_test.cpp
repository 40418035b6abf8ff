// The writer over a disk that the test holds back or breaks.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

#include "crypto/key_file.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "gate/writer.h"

namespace sekisho::gate {
namespace {

// What fdatasync does is the test's: it blocks while held, and fails once broken.
class Disk {
 public:
  int sync(int fd) {
    std::unique_lock lock(mutex_);
    ++waiting_;
    ++syncs_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    if (std::exchange(fails_once_, false) || broken_) {
      errno = EIO;
      return -1;
    }
    return ::fdatasync(fd);
  }
  void hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void break_it() {
    const std::lock_guard lock(mutex_);
    broken_ = true;
  }
  void fail_once() {
    const std::lock_guard lock(mutex_);
    fails_once_ = true;
  }
  void mend() {
    const std::lock_guard lock(mutex_);
    broken_ = false;
  }
  void wait_for_syncs(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }
  int syncs() {
    const std::lock_guard lock(mutex_);
    return syncs_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  int syncs_ = 0;  // begun
  bool held_ = false;
  bool broken_ = false;
  bool fails_once_ = false;
};

class WriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-writer-XXXXXX";
    folder_ = ::mkdtemp(name);
    sql::Db::Options options;
    options.sync_file = [this](int fd) { return disk_.sync(fd); };
    db_ = sql::Db::open_sqlite(folder_ + "/t.db", std::move(options)).value();
    const auto text = [](const char* file) {
      std::ifstream in(std::string(SK_SOURCE_DIR) + "/migrations/" + file);
      return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const std::string log = text("0001_log.sql"), content = text("0024_content_log.sql");
    ASSERT_TRUE(db_->migrate({{1, "log", log}, {24, "content_log", content}, {25, "note", "CREATE TABLE note (n {int} NOT NULL) {strict};\n"}}).has_value());
    const Secret seed = crypto::load_or_create_key(folder_ + "/log.key").value();
    const Secret master = crypto::load_or_create_key(folder_ + "/body.key").value();
    keys_ = std::make_shared<const LogKeys>(
        LogKeys{"sekisho/t", crypto::SigningKey::from_seed(seed.reveal()).value(), crypto::derive_key(master, "log-payload").value()});
    auto tx = db_->begin_read().value();
    LogTable table = LogTable::open(*tx, keys_).value();
    tx.reset();
    Writer::Options settings;
    settings.on_outcome = [this](const Status& outcome) {
      const std::lock_guard lock(mutex_);
      outcomes_.push_back(outcome ? "" : outcome.error().key);
    };
    settings.gathering = gathering();
    writer_ = std::make_unique<Writer>(*db_, std::move(table), clock_, std::move(settings));
  }
  virtual std::chrono::microseconds gathering() const { return std::chrono::microseconds(0); }
  void TearDown() override {
    disk_.hold(false);
    writer_.reset();
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::future<Status> note(int n) {
    auto promise = std::make_shared<std::promise<Status>>();
    auto future = promise->get_future();
    writer_->submit({[n](sql::Tx& tx, LogTable&) -> Status {
                       SK_CHECK(tx.query("INSERT INTO note (n) VALUES (:n)").bind("n", n).run());
                       return ok();
                     },
                     [this, n, promise](Status status) {
                       {
                         const std::lock_guard lock(mutex_);
                         told_.push_back(n);
                       }
                       promise->set_value(std::move(status));
                     }});
    return future;
  }
  // A job that is being committed until it is let go.
  struct Busy {
    std::promise<void> begun, go_on;
    std::promise<Status> ended;
    Status let_go() {
      go_on.set_value();
      return ended.get_future().get();
    }
  };
  std::unique_ptr<Busy> keep_busy() {
    auto busy = std::make_unique<Busy>();
    writer_->submit({[raw = busy.get()](sql::Tx&, LogTable&) {
                       raw->begun.set_value();
                       raw->go_on.get_future().wait();
                       return ok();
                     },
                     [raw = busy.get()](Status status) { raw->ended.set_value(std::move(status)); }});
    busy->begun.get_future().wait();
    return busy;
  }
  std::int64_t notes() {
    auto tx = db_->begin_read().value();
    return std::get<0>(tx->query("SELECT COUNT(*) FROM note").one<std::int64_t>().value());
  }
  static bool ready(std::future<Status>& future) { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }

  SystemClock clock_;
  Disk disk_;
  std::string folder_;
  std::unique_ptr<sql::Db> db_;
  std::shared_ptr<const LogKeys> keys_;
  std::unique_ptr<Writer> writer_;
  std::mutex mutex_;
  std::vector<int> told_;
  std::vector<std::string> outcomes_;
};

TEST_F(WriterTest, TellsNobodyBeforeTheDiskHasIt) {
  disk_.hold(true);
  auto first = note(1);
  disk_.wait_for_syncs(1);
  EXPECT_EQ(notes(), 1);  // committed, seen by readers ...
  EXPECT_FALSE(ready(first));  // ... and not yet promised
  disk_.hold(false);
  EXPECT_TRUE(first.get().has_value());
}

TEST_F(WriterTest, ManyAreCommittedWhileTheDiskWorksOnTheLastCommitAndSyncedOnce) {
  constexpr int kMany = 40;
  const int before = disk_.syncs();
  disk_.hold(true);
  std::vector<std::future<Status>> all;
  all.push_back(note(1));
  disk_.wait_for_syncs(1);
  all.push_back(note(2));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(notes(), 1) << "one alone waits, to be committed with those who come after it";
  for (int n = 3; n <= kMany; ++n) all.push_back(note(n));
  while (notes() < 24) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_TRUE(std::none_of(all.begin(), all.end(), ready));
  EXPECT_EQ(disk_.syncs(), before + 1) << "no second sync beside the first";
  disk_.hold(false);
  for (auto& one : all) EXPECT_TRUE(one.get().has_value());
  EXPECT_LE(disk_.syncs(), before + 3);
  std::vector<int> order(kMany);
  std::iota(order.begin(), order.end(), 1);
  EXPECT_EQ(told_, order);
}

TEST_F(WriterTest, AfterAFailedSyncNothingMoreIsAccepted) {
  disk_.hold(true);
  auto first = note(1);
  disk_.wait_for_syncs(1);
  disk_.break_it();
  disk_.hold(false);
  EXPECT_EQ(first.get().error().key, "log.unavailable");
  disk_.mend();  // the kernel would now say that all is well
  EXPECT_EQ(note(2).get().error().key, "log.unavailable");
  EXPECT_EQ(notes(), 1);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"storage.io", "storage.io"})) << "each failure is told";
}

TEST_F(WriterTest, WhatWasCommittedBesideAFailedSyncIsNotPromisedByTheNextSync) {
  constexpr int kMany = 40;
  disk_.hold(true);
  std::vector<std::future<Status>> all;
  all.push_back(note(1));
  disk_.wait_for_syncs(1);
  for (int n = 2; n <= kMany; ++n) all.push_back(note(n));
  while (notes() < 24) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  disk_.fail_once();  // the kernel would say to the next that all is well
  disk_.hold(false);
  for (auto& one : all) {
    const Status told = one.get();
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().key, "log.unavailable");
  }
}

TEST_F(WriterTest, WhatCannotBeWrittenIsToldAndThatItCanBeAgain) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(note(1).get());
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &none);
  const Status refused = note(2).get();
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(refused.error().key, "log.unavailable");
  EXPECT_TRUE(note(3).get());
  EXPECT_EQ(notes(), 2);
  const std::lock_guard lock(mutex_);
  ASSERT_EQ(outcomes_.size(), 2u) << "nothing is told while all goes well";
  EXPECT_TRUE(outcomes_[0].starts_with("storage.") || outcomes_[0].starts_with("sql."));
  EXPECT_EQ(outcomes_[1], "");
}

TEST_F(WriterTest, WhoWaitsDoesTheWorkUnlessAnotherIsAtIt) {
  std::thread::id by;
  const auto who = [&by](sql::Tx&, LogTable&) {
    by = std::this_thread::get_id();
    return ok();
  };
  EXPECT_TRUE(writer_->run(who));
  EXPECT_EQ(by, std::this_thread::get_id());
  const auto busy = keep_busy();
  auto waiting = std::async(std::launch::async, [&] { return std::make_pair(std::this_thread::get_id(), writer_->run(who)); });
  EXPECT_EQ(waiting.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  const Status ended = busy->let_go();
  const auto [asker, done] = waiting.get();
  EXPECT_TRUE(done.has_value() && ended.has_value());
  EXPECT_NE(by, asker);
}

TEST_F(WriterTest, CallersThatWaitAndCallersThatDoNotAreAllServed) {
  std::vector<std::future<Status>> all;
  std::vector<std::thread> threads;
  std::atomic<int> run{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i)
        if (writer_->run([](sql::Tx& tx, LogTable&) -> Status {
              SK_CHECK(tx.query("INSERT INTO note (n) VALUES (0)").run());
              return ok();
            }))
          ++run;
    });
  for (int n = 1; n <= 400; ++n) all.push_back(note(n));
  for (std::thread& thread : threads) thread.join();
  for (auto& one : all) EXPECT_TRUE(one.get().has_value());
  EXPECT_EQ(run, 400);
  EXPECT_EQ(notes(), 800);
  EXPECT_TRUE(std::is_sorted(told_.begin(), told_.end()));
}

class GatheringWriterTest : public WriterTest {
 protected:
  std::chrono::microseconds gathering() const override { return kLong; }
  // So many are told together: they came while another was being committed.
  void tell(int callers) {
    const auto busy = keep_busy();
    std::vector<std::future<Status>> all;
    for (int n = 0; n < callers; ++n) all.push_back(note(n));
    ASSERT_TRUE(busy->let_go().has_value());
    for (auto& one : all) ASSERT_TRUE(one.get().has_value());
  }
  static constexpr std::chrono::milliseconds kLong{1000};
};

TEST_F(GatheringWriterTest, CallersThatWereToldTogetherAreSyncedTogetherWhenTheyComeBack) {
  constexpr int kCallers = 8;
  tell(kCallers);
  const int before = disk_.syncs();
  std::vector<std::future<Status>> all;
  for (int n = 0; n < kCallers - 1; ++n) all.push_back(note(n));
  std::this_thread::sleep_for(kLong / 10);
  EXPECT_EQ(disk_.syncs(), before) << "did not wait for the last";
  all.push_back(note(kCallers));
  for (auto& one : all) EXPECT_TRUE(one.get().has_value());
  EXPECT_EQ(disk_.syncs(), before + 1);
}

TEST_F(GatheringWriterTest, WhereTheyDoNotComeBackNobodyWaitsForThemTheNextTime) {
  const auto alone = [this] {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(note(0).get().has_value());
    return std::chrono::steady_clock::now() - begin;
  };
  tell(8);
  EXPECT_GE(alone(), kLong);
  EXPECT_LT(alone(), kLong) << "one caller was told last: there is nobody to wait for";
  tell(8);
  EXPECT_LT(alone(), kLong) << "they did not come the last time";
  tell(8);
  EXPECT_GE(alone(), kLong) << "tried again, more seldom";
}

TEST_F(WriterTest, AHundredCallersAtOnceAreAllServed) {
  std::vector<std::future<Status>> all;
  for (int n = 0; n < 1000; ++n) all.push_back(note(n));
  for (auto& one : all) EXPECT_TRUE(one.get().has_value());
  EXPECT_EQ(notes(), 1000);
  EXPECT_TRUE(std::is_sorted(told_.begin(), told_.end()));
}

TEST_F(WriterTest, ALogThatBecameLongIsCopiedAtOnceAndBegunAnew) {
  const auto run = [this](const char* statement) {
    std::promise<Status> done;
    writer_->submit({[statement](sql::Tx& tx, LogTable&) -> Status {
                       SK_CHECK(tx.query(statement).run());
                       return ok();
                     },
                     [&done](Status status) { done.set_value(std::move(status)); }});
    return done.get_future().get();
  };
  ASSERT_TRUE(run("CREATE TABLE page (bytes BLOB)").has_value());
  // Faster than the checkpoint's pause: left to that, all of it would stand in the log.
  std::uint64_t longest = 0;
  for (int n = 0; n < 60; ++n) {
    ASSERT_TRUE(run("INSERT INTO page (bytes) VALUES (zeroblob(4194304))").has_value());
    longest = std::max(longest, db_->log_bytes());
  }
  EXPECT_GT(longest, 32u << 20);
  EXPECT_LT(longest, 160u << 20);
}

}  // namespace
}  // namespace sekisho::gate
