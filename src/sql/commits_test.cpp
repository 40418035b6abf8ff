// What a checkpoint asks of the disk before it copies pages from the write-ahead log.
#include "sql/commits.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "sql/db.h"

namespace sekisho::sql {
namespace {

using namespace std::chrono_literals;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class CommitsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sekisho-sql-XXXXXX";
    folder_ = ::mkdtemp(name);
    db_ = open(path());
    auto tx = db_->begin_write().value();
    ASSERT_TRUE(tx->query("CREATE TABLE item (note TEXT NOT NULL)").run().has_value());
    ASSERT_TRUE(tx->commit().has_value());
    tx.reset();
    ASSERT_TRUE(db_->checkpoint().has_value());
    syncs_ = 0;
  }
  void TearDown() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string path() const { return folder_ + "/x.db"; }
  std::unique_ptr<Db> open(const std::string& path) {
    Db::Options options;
    options.readers = 1;
    options.sync_file = [this](int fd) {
      ++syncs_;
      if (!broken_) return ::fdatasync(fd);
      errno = EIO;
      return -1;
    };
    return Db::open_sqlite(path, std::move(options)).value();
  }
  void write(const std::string& note) {
    auto tx = db_->begin_write().value();
    ASSERT_TRUE(tx->query("INSERT INTO item (note) VALUES (:note)").bind("note", note).run().has_value());
    ASSERT_TRUE(tx->commit_unsynced().has_value());
  }

  std::string folder_;
  std::atomic<int> syncs_ = 0;
  std::atomic<bool> broken_ = false;
  std::unique_ptr<Db> db_;
};

TEST_F(CommitsTest, ACheckpointDoesNotSyncWhatIsSynced) {
  const std::string before = bytes_of(path());
  write("記録");
  ASSERT_TRUE(db_->sync().has_value());
  ASSERT_TRUE(db_->checkpoint().has_value());
  EXPECT_EQ(syncs_, 1);
  EXPECT_NE(bytes_of(path()), before) << "nothing was copied";
}

TEST_F(CommitsTest, WhatNobodySyncsIsSyncedBeforeItIsCopied) {
  write("記録");
  ASSERT_TRUE(db_->checkpoint().has_value());
  EXPECT_EQ(syncs_, 1);
}

TEST_F(CommitsTest, NothingIsCopiedThatTheDiskDoesNotHave) {
  const std::string before = bytes_of(path());
  write("記録");
  broken_ = true;
  EXPECT_FALSE(db_->checkpoint().has_value());
  EXPECT_EQ(bytes_of(path()), before);
  // The kernel tells a failed write-back once: another try would say that all is well.
  broken_ = false;
  EXPECT_FALSE(db_->checkpoint().has_value());
  EXPECT_EQ(bytes_of(path()), before);
}

// A program that was killed may have committed what nobody synced.
TEST_F(CommitsTest, ALogThatWasLeftIsSyncedBeforeItIsCopied) {
  write("記録");
  const std::string left = folder_ + "/left.db";
  std::filesystem::copy_file(path(), left);
  std::filesystem::copy_file(path() + "-wal", left + "-wal");
  const auto found = open(left);
  syncs_ = 0;
  ASSERT_TRUE(found->checkpoint().has_value());
  EXPECT_EQ(syncs_, 1);
}

TEST_F(CommitsTest, WhatARewritingWroteIsSyncedBeforeItIsCopied) {
  write("記録");
  ASSERT_TRUE(db_->sync().has_value());
  const std::string before = bytes_of(path());
  broken_ = true;
  EXPECT_FALSE(db_->rewrite().has_value());
  EXPECT_EQ(bytes_of(path()), before);
}

TEST(Commits, ASyncCoversWhatWasOverWhenItBegan) {
  Commits commits;
  EXPECT_FALSE(commits.wait_synced(commits.begun(), 0ms)) << "what was there at the start";
  commits.sync_ends(commits.sync_begins(), true);
  EXPECT_TRUE(commits.wait_synced(commits.begun(), 0ms));
  commits.begins();
  const std::uint64_t during = commits.sync_begins();  // while a commit is being made
  commits.over();
  const std::uint64_t after = commits.sync_begins();
  commits.sync_ends(during, true);
  const std::uint64_t failed = commits.sync_begins();
  commits.sync_ends(failed, false);
  std::atomic<bool> waits = true;
  std::thread reader([&] {
    EXPECT_TRUE(commits.wait_synced(commits.begun(), 1ms)) << "a sync that covers it is running";
    waits = false;
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(waits) << "none that has ended covers it";
  commits.sync_ends(after, true);
  reader.join();
  commits.begins();
  commits.over();
  EXPECT_FALSE(commits.wait_synced(commits.begun(), 0ms)) << "no sync is running";
}

TEST(Commits, WhoeverWaitsGoesOnWithTheSyncThatCoversHer) {
  Commits commits;
  std::thread disk([&] { commits.sync_ends(commits.sync_begins(), true); });
  EXPECT_TRUE(commits.wait_synced(commits.begun(), 1min));
  disk.join();
}

}  // namespace
}  // namespace sekisho::sql
