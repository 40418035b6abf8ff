#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "sql/db.h"

namespace sekisho::sql {
namespace {

class SqlTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/sekisho-sql-XXXXXX";
    folder_ = ::mkdtemp(name);
    db_ = open();
    const auto done = db_->migrate(steps_);
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  }
  void TearDown() override {
    db_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::unique_ptr<Db> open() { return Db::open_sqlite(folder_ + "/x.db", {2}).value(); }

  const std::vector<Migration> steps_ = {{1, "first",
                                          "CREATE TABLE item (\n  id {id} PRIMARY KEY,\n  at {time} NOT NULL,\n  note {text},\n  body {blob}\n) {strict};\n"
                                          "CREATE TRIGGER item_keep BEFORE DELETE ON item\nBEGIN\n  SELECT RAISE(ABORT, 'kept');\nEND;\n"}};
  std::string folder_;
  std::unique_ptr<Db> db_;
};

constexpr const char* kInsert = "INSERT INTO item (id, at, note, body) VALUES (:id, :at, :note, :body)";
constexpr const char* kSelect = "SELECT id, at, note, body FROM item ORDER BY id";

TEST_F(SqlTest, ValuesOfEveryTypeRoundTrip) {
  const std::string binary("\0\xff\n'x", 5);
  auto tx = db_->begin_write().value();
  for (int i = 0; i < 3; ++i) {
    const auto n = tx->query(kInsert)
                       .bind("id", std::string(1, static_cast<char>('a' + i)))
                       .bind("at", Timestamp{1'700'000'000'123'456 + i})
                       .bind("note", i == 1 ? std::optional<std::string>() : std::optional<std::string>("覚え'書き\n"))
                       .bind("body", Blob{i == 2 ? "" : binary})
                       .run();
    ASSERT_TRUE(n.has_value()) << n.error().detail;
    EXPECT_EQ(*n, 1);
  }
  ASSERT_TRUE(tx->commit().has_value());
  tx.reset();
  auto read = db_->begin_read().value();
  const auto rows = read->query(kSelect).all<std::string, Timestamp, std::optional<std::string>, Blob>();
  ASSERT_TRUE(rows.has_value()) << rows.error().detail;
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_EQ(std::get<1>((*rows)[0]).micros, 1'700'000'000'123'456);
  EXPECT_EQ(std::get<2>((*rows)[0]).value(), "覚え'書き\n");
  EXPECT_FALSE(std::get<2>((*rows)[1]).has_value());
  EXPECT_EQ(std::get<3>((*rows)[0]).bytes, binary);
  EXPECT_EQ(std::get<3>((*rows)[2]).bytes, "");
  EXPECT_FALSE((read->query("SELECT note FROM item WHERE id = :id").bind("id", "b").one<std::string>()).has_value());
}

TEST_F(SqlTest, FailuresAreErrorsNotAbsence) {
  auto tx = db_->begin_write().value();
  EXPECT_EQ(tx->query("SELECT x FROM nowhere").all<std::string>().error().key, "sql.failed");
  ASSERT_TRUE(tx->query(kInsert).bind("id", "a").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
  EXPECT_EQ(tx->query(kInsert).bind("id", "a").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().error().key, "sql.constraint");
  EXPECT_EQ(tx->query("DELETE FROM item WHERE id = :id").bind("id", "a").run().error().code, Code::conflict);
  EXPECT_TRUE(tx->query(kInsert).bind("id", "b").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
}

TEST_F(SqlTest, UndoneStepLeavesTheOthers) {
  auto tx = db_->begin_write().value();
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(tx->savepoint().has_value());
    ASSERT_TRUE(tx->query(kInsert).bind("id", id).bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
    ASSERT_TRUE((id[0] == 'b' ? tx->undo() : tx->release()).has_value());
  }
  ASSERT_TRUE(tx->commit().has_value());
  tx.reset();
  EXPECT_EQ((db_->begin_read().value()->query(kSelect).all<std::string, std::int64_t, std::string, Blob>().value().size()), 2u);
}

TEST_F(SqlTest, UncommittedWorkIsGone) {
  {
    auto tx = db_->begin_write().value();
    ASSERT_TRUE(tx->query(kInsert).bind("id", "a").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
  }
  EXPECT_TRUE((db_->begin_read().value()->query(kSelect).all<std::string, std::int64_t, std::string, Blob>().value().empty()));
}

TEST_F(SqlTest, ReaderKeepsItsSnapshotWhileAWriterCommits) {
  auto read = db_->begin_read().value();
  EXPECT_TRUE((read->query(kSelect).all<std::string, std::int64_t, std::string, Blob>().value().empty()));
  std::thread writer([&] {
    auto tx = db_->begin_write().value();
    EXPECT_TRUE(tx->query(kInsert).bind("id", "a").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
    EXPECT_TRUE(tx->commit().has_value());
  });
  writer.join();
  EXPECT_TRUE((read->query(kSelect).all<std::string, std::int64_t, std::string, Blob>().value().empty()));
  EXPECT_TRUE(db_->checkpoint().has_value());
}

// The files as a second program would find them. The transactions outgrow the cache, so that pages go to the log before the commit and again after it.
TEST_F(SqlTest, WhatIsCommittedIsInTheFilesAtOnceAndWhatIsRolledBackIsNot) {
  const std::string body(1 << 20, 'x');
  const auto fill = [&](Tx& tx, int first, int count) {
    for (int i = first; i < first + count; ++i)
      ASSERT_TRUE(tx.query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{1}).bind("note", body).bind("body", Blob{}).run().has_value());
    ASSERT_TRUE(tx.query("UPDATE item SET note = 'changed' WHERE id = :id").bind("id", std::to_string(first)).run().has_value());
  };
  const auto found_in_copy = [&](const std::string& name) {
    const std::string folder = folder_ + "/" + name;
    std::filesystem::create_directory(folder);
    for (const char* file : {"x.db", "x.db-wal"}) std::filesystem::copy_file(folder_ + "/" + file, folder + "/" + file);
    auto copy = Db::open_sqlite(folder + "/x.db", {1}).value();
    EXPECT_TRUE(copy->faults().value().empty());
    auto tx = copy->begin_read().value();
    return std::get<0>(tx->query("SELECT COUNT(*) FROM item").one<std::int64_t>().value());
  };
  auto tx = db_->begin_write().value();
  fill(*tx, 0, 30);
  EXPECT_EQ(found_in_copy("open"), 0);
  ASSERT_TRUE(tx->commit_unsynced().has_value());
  tx.reset();
  EXPECT_EQ(found_in_copy("committed"), 30);
  tx = db_->begin_write().value();
  fill(*tx, 100, 30);
  tx.reset();
  EXPECT_EQ(found_in_copy("undone"), 30);
  tx = db_->begin_write().value();
  fill(*tx, 200, 1);
  ASSERT_TRUE(tx->commit_unsynced().has_value());
  tx.reset();
  EXPECT_EQ(found_in_copy("after"), 31);
}

TEST_F(SqlTest, TheWriteAheadLogStaysBoundedWhileWritersNeverPause) {
  constexpr int kRows = 200;
  std::atomic<bool> writing = true;
  std::thread writer([&] {
    const std::string body(1 << 20, 'x');
    for (int i = 0; i < kRows; ++i) {
      auto tx = db_->begin_write().value();
      EXPECT_TRUE(tx->query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{1}).bind("note", body).bind("body", Blob{}).run().has_value());
      EXPECT_TRUE(tx->commit().has_value());
    }
    writing = false;
  });
  std::uintmax_t longest = 0;
  while (writing) {
    EXPECT_TRUE(db_->checkpoint().has_value());
    longest = std::max(longest, std::filesystem::file_size(folder_ + "/x.db-wal"));
  }
  writer.join();
  EXPECT_LT(longest, 152u << 20);
  auto reader = db_->begin_read().value();
  EXPECT_EQ(std::get<0>(*reader->query("SELECT COUNT(*) FROM item").one<int>()), kRows);
}

TEST_F(SqlTest, WhoeverWritesWhileALongLogIsCopiedWaitsALittleEachTime) {
  using std::chrono::steady_clock;
  constexpr std::uint64_t kHardest = 128 << 20;  // the wait grows no more from here on
  const std::string body(1 << 20, 'x');
  for (int i = 0; db_->log_bytes() < kHardest; ++i) {
    auto tx = db_->begin_write().value();
    ASSERT_TRUE(tx->query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{1}).bind("note", body).bind("body", Blob{}).run().has_value());
    ASSERT_TRUE(tx->commit_unsynced().has_value());
  }
  std::atomic<bool> copied = false;
  std::thread copier([&] {
    EXPECT_TRUE(db_->checkpoint().has_value());
    copied = true;
  });
  int slowed = 0;
  int passed = 0;  // of those since the first that was slowed: until the log is begun anew, none
  while (!copied && db_->log_bytes() >= kHardest) {
    const auto begin = steady_clock::now();
    const auto tx = db_->begin_write().value();
    if (db_->log_bytes() < kHardest) break;
    if (steady_clock::now() - begin >= std::chrono::milliseconds(8)) ++slowed;
    else if (slowed > 0) ++passed;
  }
  copier.join();
  EXPECT_GT(slowed, 0);
  EXPECT_EQ(passed, 0);
}

TEST_F(SqlTest, ALogThatIsLongIsBegunAnewAndItsFileKeptForTheNextCommits) {
  const std::string body(16 << 10, 'x');
  for (int i = 0; db_->log_bytes() < Db::kLongLog; ++i) {
    auto tx = db_->begin_write().value();
    ASSERT_TRUE(tx->query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{1}).bind("note", body).bind("body", Blob{}).run().has_value());
    ASSERT_TRUE(tx->commit_unsynced().has_value());
  }
  ASSERT_TRUE(db_->checkpoint().has_value());
  EXPECT_EQ(db_->log_bytes(), 0);
  EXPECT_GE(std::filesystem::file_size(folder_ + "/x.db-wal"), Db::kLongLog);
}

TEST_F(SqlTest, AFileThatOneTransactionMadeVeryLongIsGivenBack) {
  const std::string body(8 << 20, 'x');
  auto tx = db_->begin_write().value();
  for (int i = 0; i < 25; ++i)
    ASSERT_TRUE(tx->query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{1}).bind("note", body).bind("body", Blob{}).run().has_value());
  ASSERT_TRUE(tx->commit_unsynced().has_value());
  tx.reset();
  ASSERT_GT(std::filesystem::file_size(folder_ + "/x.db-wal"), 192u << 20);
  ASSERT_TRUE(db_->checkpoint().has_value());
  EXPECT_EQ(std::filesystem::file_size(folder_ + "/x.db-wal"), 0u);
}

// Also after a power cut, of which the copy of the files while they are open is the likeness.
TEST_F(SqlTest, SpaceWrittenAheadIsNoPartOfTheLog) {
  constexpr std::uintmax_t kAhead = 1 << 20;
  const std::string from = folder_ + "/ahead";
  std::filesystem::create_directory(from);
  Db::Options options;
  options.log_ahead_bytes = kAhead;
  auto db = Db::open_sqlite(from + "/x.db", options).value();
  ASSERT_TRUE(db->migrate(steps_).has_value());
  const auto rows_of_copy = [&](const std::string& name) {
    std::filesystem::copy(from, folder_ + "/" + name);
    auto copied = Db::open_sqlite(folder_ + "/" + name + "/x.db", options).value();
    auto tx = copied->begin_read().value();
    return tx->query("SELECT COUNT(*) FROM item").one<std::int64_t>();
  };
  EXPECT_EQ(std::get<0>(rows_of_copy("first").value()), 0);
  for (int i = 0; i < 3; ++i) {
    auto tx = db->begin_write().value();
    ASSERT_TRUE(tx->query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{1}).bind("note", "n").bind("body", Blob{"b"}).run().has_value());
    ASSERT_TRUE(tx->commit().has_value());
    EXPECT_EQ(std::filesystem::file_size(from + "/x.db-wal"), kAhead);
    EXPECT_EQ(std::get<0>(rows_of_copy("copy" + std::to_string(i)).value()), i + 1);
  }
}

TEST_F(SqlTest, MigratesOnceAndRefusesANewerSchema) {
  EXPECT_TRUE(db_->migrate(steps_).has_value());
  EXPECT_EQ(db_->migrate({}).error().key, "sql.schema_newer");
}

TEST_F(SqlTest, SaysWhetherTheSchemaIsThisPrograms) {
  EXPECT_TRUE(db_->migrated(steps_));
  EXPECT_EQ(db_->migrated({}).error().key, "sql.schema_newer");
  std::vector<Migration> more = steps_;
  more.push_back({2, "second", "CREATE TABLE more (id {id} PRIMARY KEY) {strict};\n"});
  EXPECT_EQ(db_->migrated(more).error().key, "sql.schema_older");
}

// A look beside the program that has the database open: it sees whole commits, changes nothing, and closing it leaves the write-ahead log alone.
TEST_F(SqlTest, ALookBesideTheWriterSeesCommitsAndChangesNothing) {
  const auto add = [&](Db& db, const char* id) -> Status {
    SK_TRY(auto tx, db.begin_write());
    SK_CHECK(tx->query(kInsert).bind("id", id).bind("at", Timestamp{1}).bind("note", "x").bind("body", Blob{"y"}).run());
    return tx->commit();
  };
  ASSERT_TRUE(add(*db_, "a"));
  const auto bytes = [&] { return std::filesystem::file_size(folder_ + "/x.db-wal"); };
  const auto before = bytes();
  {
    auto look = Db::open_sqlite_reading(folder_ + "/x.db");
    ASSERT_TRUE(look.has_value()) << look.error().detail;
    auto tx = (*look)->begin_read().value();
    EXPECT_EQ(tx->query(kSelect).all<std::string>().value().size(), 1u);
    ASSERT_TRUE(add(*db_, "b")) << "it holds up no writer";
    EXPECT_EQ(tx->query(kSelect).all<std::string>().value().size(), 1u) << "its snapshot stays";
    tx.reset();
    tx = (*look)->begin_read().value();
    EXPECT_EQ(tx->query(kSelect).all<std::string>().value().size(), 2u);
    EXPECT_FALSE(tx->query("INSERT INTO item (id, at) VALUES ('c', 1)").run());
    tx.reset();
    EXPECT_TRUE((*look)->migrated(steps_));
    EXPECT_TRUE((*look)->faults().value().empty());
    EXPECT_EQ((*look)->begin_write().error().key, "sql.reading");
    EXPECT_EQ((*look)->sync().error().key, "sql.reading");
    EXPECT_EQ((*look)->checkpoint().error().key, "sql.reading");
    EXPECT_EQ((*look)->rewrite().error().key, "sql.reading");
    EXPECT_EQ((*look)->migrate(steps_).error().key, "sql.reading");
  }
  EXPECT_GE(bytes(), before);
  db_.reset();
  EXPECT_EQ(Db::open_sqlite_reading(folder_ + "/none.db").error().code, Code::not_found);
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/none.db"));
}

TEST_F(SqlTest, AStepThatCannotCarryDataOverLeavesItAsItIs) {
  std::vector<Migration> steps = steps_;
  steps.push_back({2, "second", "-- Why.\n--refuse x.old_form: SELECT at FROM item WHERE at < 5\nCREATE TABLE other (at {int}) {strict};\n"});
  {
    auto tx = db_->begin_write().value();
    EXPECT_TRUE(tx->query(kInsert).bind("id", "a").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
    EXPECT_TRUE(tx->commit().has_value());
  }
  EXPECT_EQ(db_->migrate(steps).error().key, "x.old_form");
  EXPECT_TRUE(db_->migrate(steps_).has_value());  // still of the first step
  {
    auto tx = db_->begin_write().value();
    EXPECT_TRUE(tx->query("UPDATE item SET at = 7").run().has_value());
    EXPECT_TRUE(tx->commit().has_value());
  }
  EXPECT_TRUE(db_->migrate(steps).has_value());
  EXPECT_EQ(db_->migrate(steps_).error().key, "sql.schema_newer");
}

TEST_F(SqlTest, AStepWithALowerNumberThanTheNewestIsStillTaken) {
  std::vector<Migration> more = steps_;
  more.push_back({steps_.back().number + 2, "later", "CREATE TABLE later (id {int}) {strict};\n"});
  ASSERT_TRUE(db_->migrate(more).has_value());
  more.insert(more.end() - 1, {steps_.back().number + 1, "between", "CREATE TABLE between_them (id {int}) {strict};\n"});
  EXPECT_TRUE(db_->migrate(more).has_value());
  EXPECT_TRUE(db_->migrate(more).has_value());
  auto read = db_->begin_read().value();
  EXPECT_EQ(std::get<0>(*read->query("SELECT COUNT(*) FROM between_them").one<int>()), 0);
}

TEST_F(SqlTest, ReadersCannotWrite) {
  auto read = db_->begin_read().value();
  EXPECT_FALSE(read->query(kInsert).bind("id", "a").bind("at", 1).bind("note", "n").bind("body", Blob{}).run().has_value());
}

TEST_F(SqlTest, RewritingLeavesNothingOfDeletedRows) {
  ASSERT_TRUE(db_->migrate({steps_[0], {2, "more", "CREATE TABLE page (\n  id {int} PRIMARY KEY,\n  note {text} NOT NULL\n) {strict};\n"}}).has_value());
  {
    auto tx = db_->begin_write().value();
    for (int i = 0; i < 500; ++i) ASSERT_TRUE(tx->query("INSERT INTO page (id, note) VALUES (:id, :note)").bind("id", i * 7919 % 500).bind("note", "標識" + std::to_string(i) + std::string(200, 'x')).run().has_value());
    ASSERT_TRUE(tx->commit().has_value());
  }
  const auto holds_mark = [&] {
    for (const char* name : {"/x.db", "/x.db-wal"}) {
      std::ifstream in(folder_ + name, std::ios::binary);
      if (std::string(std::istreambuf_iterator<char>(in), {}).find("標識") != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(holds_mark());
  {
    auto tx = db_->begin_write().value();
    ASSERT_TRUE(tx->query("DELETE FROM page").run().has_value());
    ASSERT_TRUE(tx->commit().has_value());
  }
  EXPECT_TRUE(holds_mark()) << "the write-ahead log still holds what was";
  const auto done = db_->rewrite();
  ASSERT_TRUE(done.has_value()) << done.error().detail;
  EXPECT_FALSE(holds_mark());
  auto tx = db_->begin_write().value();
  ASSERT_TRUE(tx->query("INSERT INTO page (id, note) VALUES (1, 'あと')").run().has_value());
  ASSERT_TRUE(tx->commit().has_value());
  tx.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) EXPECT_TRUE(entry.path().filename().string().starts_with("x.db")) << entry.path();
}

// A copy that is put together from extents, kept between copies as a backup keeps them.
class Copied {
 public:
  explicit Copied(Db& db) : db_(db) {}
  // The pages as they were at one moment, in a file of their own; how many extents were handed out.
  std::size_t take(const std::string& path) {
    std::size_t given = 0;
    std::int64_t seen = -1;
    Db::Copying copying;
    copying.extent = [&](std::uint64_t extent, std::string_view bytes) {
      ++given;
      extents_[extent] = std::string(bytes);
      return ok();
    };
    copying.after = [&](Tx& tx) -> Status {
      SK_TRY(const auto row, tx.query("SELECT COUNT(*) FROM item").one<std::int64_t>());
      seen = std::get<0>(row);
      return ok();
    };
    const auto length = db_.copy(copying);
    EXPECT_TRUE(length.has_value()) << length.error().detail;
    std::string whole;
    for (const auto& [extent, bytes] : extents_)
      if (extent * Db::kExtentBytes < *length) whole += bytes;
    EXPECT_EQ(whole.size(), *length);
    std::ofstream(path, std::ios::binary).write(whole.data(), static_cast<std::streamsize>(whole.size()));
    const auto copy = Db::open_sqlite(path, {1}).value();
    const auto tx = copy->begin_read().value();
    const auto sound = tx->query("SELECT integrity_check FROM pragma_integrity_check(5)").all<std::string>();
    EXPECT_TRUE(sound.has_value() && sound->size() == 1 && std::get<0>(sound->front()) == "ok");
    const auto rows = tx->query("SELECT COUNT(*) FROM item").one<std::int64_t>();
    EXPECT_EQ(std::get<0>(*rows), seen) << "the copy is the moment that the reader saw";
    return given;
  }

 private:
  Db& db_;
  std::map<std::uint64_t, std::string> extents_;
};

void insert_some(Db& db, int from, int count, std::size_t bytes) {
  auto tx = db.begin_write().value();
  for (int i = from; i < from + count; ++i)
    ASSERT_TRUE(tx->query(kInsert).bind("id", std::to_string(i)).bind("at", Timestamp{i}).bind("note", "x").bind("body", Blob{std::string(bytes, 'b')}).run().has_value());
  ASSERT_TRUE(tx->commit().has_value());
}

TEST_F(SqlTest, ACopyIsOneMomentWhileWritersAndCheckpointsNeverPause) {
  insert_some(*db_, 0, 2000, 3000);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 10'000; !stop.load(); i += 7) insert_some(*db_, i, 7, 2000);
  });
  std::thread checkpoints([&] {
    while (!stop.load()) {
      EXPECT_TRUE(db_->checkpoint().has_value());
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  });
  Copied copied(*db_);
  for (int round = 0; round < 6; ++round) copied.take(folder_ + "/copy" + std::to_string(round));
  stop = true;
  writer.join();
  checkpoints.join();
  copied.take(folder_ + "/last");
}

TEST_F(SqlTest, ACopyHandsOutOnlyWhatChanged) {
  insert_some(*db_, 0, 4000, 3000);
  Copied copied(*db_);
  EXPECT_GT(copied.take(folder_ + "/a"), 100u);
  EXPECT_FALSE(db_->changed_since_copy());
  insert_some(*db_, 50'000, 3, 100);
  EXPECT_TRUE(db_->changed_since_copy());
  EXPECT_LT(copied.take(folder_ + "/b"), 12u);
  // The log is begun anew between two copies, with more pages than it had.
  ASSERT_TRUE(db_->checkpoint().has_value());
  insert_some(*db_, 60'000, 200, 3000);
  copied.take(folder_ + "/c");
  // Every page is written anew, past the commits.
  ASSERT_TRUE(db_->rewrite().has_value());
  EXPECT_GT(copied.take(folder_ + "/d"), 100u);
  db_->forget_copy();
  EXPECT_GT(copied.take(folder_ + "/e"), 100u);
}

// As made before pages were 8 KiB: it keeps its own, and what counts by pages counts by those.
TEST_F(SqlTest, ADatabaseWithOtherPagesKeepsThemAndIsCopiedWhole) {
  EXPECT_EQ(std::get<0>(*db_->begin_read().value()->query("SELECT page_size FROM pragma_page_size").one<int>()), 8192);
  const std::string path = folder_ + "/old.db";
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(raw, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; CREATE TABLE made (n INTEGER)", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_close(raw), SQLITE_OK);
  const auto old = Db::open_sqlite(path, {2}).value();
  ASSERT_TRUE(old->migrate(steps_).has_value());
  ASSERT_TRUE(old->checkpoint().has_value());
  insert_some(*old, 0, 1000, 3000);
  EXPECT_EQ(std::get<0>(*old->begin_read().value()->query("SELECT page_size FROM pragma_page_size").one<int>()), 4096);
  // A log that is new has no other frames, and a header of 32 bytes.
  EXPECT_EQ(old->log_bytes() + 32, std::filesystem::file_size(path + "-wal"));
  Copied copied(*old);
  EXPECT_GT(copied.take(folder_ + "/a"), 40u);
  insert_some(*old, 5000, 3, 100);
  EXPECT_LT(copied.take(folder_ + "/b"), 12u);
}

TEST_F(SqlTest, ACopyThatFailedBeginsAnew) {
  insert_some(*db_, 0, 1000, 3000);
  Copied copied(*db_);
  copied.take(folder_ + "/a");
  insert_some(*db_, 5000, 1, 10);
  Db::Copying broken;
  broken.extent = [](std::uint64_t, std::string_view) { return Status(fail(Code::unavailable, "test", "no space")); };
  EXPECT_EQ(db_->copy(broken).error().key, "test");
  EXPECT_GT(copied.take(folder_ + "/b"), 40u);
}

}  // namespace
}  // namespace sekisho::sql
