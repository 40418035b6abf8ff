// Sets of a real body: each shows one moment, writes what changed, and comes back as it was.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/random.h"
#include "crypto/seal.h"
#include "features/backup/contents_table.h"
#include "features/backup/making.h"
#include "features/backup/restoring.h"
#include "gate/run.h"
#include "sql/test_migrations.h"

namespace sekisho::backup {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPut = "INSERT INTO retention_hold (id, kind, from_month, to_month, incident, reason, set_by, set_at) VALUES (:id, '', '', '', '', :reason, '統括', 1)";
constexpr const char* kDrop = "DELETE FROM retention_hold WHERE id = :id";

class Backup : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-backup-XXXXXX";
    root_ = ::mkdtemp(name);
    body_ = open_body();
  }
  void TearDown() override {
    body_.reset();
    fs::remove_all(root_);
  }
  std::unique_ptr<gate::Body> open_body() {
    auto body = gate::open_body(root_ + "/data/bodies/t", "t", sql::all_migrations(), clock_, {});
    EXPECT_TRUE(body.has_value()) << body.error().detail;
    return std::move(*body);
  }
  std::unique_ptr<Folder> folder(Folder::Purpose purpose = Folder::Purpose::write) {
    auto opened = Folder::open(root_ + "/backups", key_.copy(), purpose);
    EXPECT_TRUE(opened.has_value()) << opened.error().detail;
    return std::move(*opened);
  }
  void put(int id, std::size_t bytes) {
    const Status done = body_->writer->run([&](sql::Tx& tx, gate::LogTable&) -> Status {
      SK_TRY(const auto n, tx.query(kPut).bind("id", std::to_string(id)).bind("reason", std::string(bytes, static_cast<char>('a' + id % 26))).run());
      return n == 1 ? ok() : Status(fail(Code::internal, "test"));
    });
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  }
  void drop(int id) {
    ASSERT_TRUE(body_->writer->run([&](sql::Tx& tx, gate::LogTable&) -> Status {
      SK_TRY(const auto n, tx.query(kDrop).bind("id", std::to_string(id)).run());
      static_cast<void>(n);
      return ok();
    }).has_value());
  }
  std::optional<Made> make(Kind kind) {
    clock_.advance_micros(60'000'000);
    if (!held_) {
      held_ = folder();
      store_ = held_->store("bodies/t").value();
      maker_ = std::make_unique<BodyMaker>(*body_, "test");
    }
    auto made = maker_->make(*store_, kind, clock_, {});
    EXPECT_TRUE(made.has_value()) << made.error().detail;
    return made ? std::move(*made) : std::nullopt;
  }
  std::vector<TableDigest> digests() {
    auto tx = body_->db->begin_read().value();
    return digest_tables(*tx, [] { return true; }).value();
  }
  // What the set gives back, as digests; it must compare well itself.
  std::vector<TableDigest> restored(const std::optional<Timestamp>& at) {
    held_.reset();
    const auto from = folder(Folder::Purpose::read);
    const auto chosen = choose(*from, at).value();
    const std::string target = root_ + "/restored";
    fs::remove_all(target);
    const auto done = restore(*from, chosen, target);
    EXPECT_TRUE(done.has_value()) << done.error().detail;
    const auto compared = compare(chosen, target).value();
    EXPECT_EQ(compared.at(0).faults, std::vector<std::string>());
    const auto db = sql::Db::open_sqlite(target + "/bodies/t/body.db", {1}).value();
    const auto tx = db->begin_read().value();
    return digest_tables(*tx, [] { return true; }).value();
  }
  static std::string text(const std::vector<TableDigest>& all) {
    std::string out;
    for (const TableDigest& one : all) out += one.name + " " + std::to_string(one.rows) + " " + one.sha256 + "\n";
    return out;
  }

  ManualClock clock_{{1'764'100'000'000'000}};
  Secret key_ = crypto::random_key();
  std::string root_;
  std::unique_ptr<gate::Body> body_;
  std::unique_ptr<Folder> held_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<BodyMaker> maker_;
};

TEST_F(Backup, ReadsSlowlyOnlyWhilePeopleWork) {
  for (int i = 0; i < 16; ++i) put(i, 60'000);
  const auto held = folder();
  const auto store = held->store("bodies/t").value();
  std::uint64_t written = 0;
  const auto seconds = [&](std::function<std::uint64_t()> activity) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(BodyMaker(*body_, "test").make(*store, Kind::full, clock_, {1'000'000, nullptr, std::move(activity)}, true).has_value());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const double alone = seconds([&] { return written; });
  const double beside_work = seconds([&] { return ++written; });
  EXPECT_GT(beside_work, 2.0) << "more than two megabytes at one a second";
  EXPECT_LT(alone, beside_work / 2);
}

TEST_F(Backup, EverySetIsTheMomentThatItShows) {
  std::vector<std::pair<Timestamp, std::string>> moments;
  for (int round = 0; round < 8; ++round) {
    for (int i = 0; i < 20; ++i) put(round * 100 + i, 500 + static_cast<std::size_t>(i) * 700);
    if (round > 2) drop((round - 2) * 100 + 3);
    if (round == 5) {
      ASSERT_TRUE(body_->db->rewrite().has_value());
    }
    ASSERT_TRUE(body_->blobs->put("原本 " + std::to_string(round)).has_value());
    const auto made = make(round % 3 == 0 ? Kind::full : Kind::tick);
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->manifest.originals.count, round + 1);
    moments.emplace_back(made->manifest.at, text(digests()));
  }
  for (const auto& [at, expected] : moments) EXPECT_EQ(text(restored(at)), expected) << to_rfc3339(at);
}

TEST_F(Backup, ATickWithoutAChangeIsNoSet) {
  put(1, 100);
  ASSERT_TRUE(make(Kind::full).has_value());
  EXPECT_FALSE(make(Kind::tick).has_value());
  put(2, 100);
  const auto made = make(Kind::tick);
  ASSERT_TRUE(made.has_value());
  EXPECT_LT(made->manifest.new_bytes, 600'000) << "what changed, not everything";
  EXPECT_FALSE(make(Kind::tick).has_value());
}

// Another program that starts on the same folder knows by the newest set what is there.
TEST_F(Backup, AnotherProgramWritesOnlyWhatIsNew) {
  for (int i = 0; i < 300; ++i) put(i, 9000);
  const auto first = make(Kind::full);
  held_.reset();
  maker_.reset();
  body_.reset();
  body_ = open_body();
  put(1000, 10);
  const auto second = make(Kind::full);
  ASSERT_TRUE(first && second);
  EXPECT_LT(second->manifest.new_bytes, first->manifest.new_bytes / 3);
  EXPECT_EQ(text(restored(std::nullopt)), text(digests()));
}

TEST_F(Backup, WhatAnotherProgramSweptIsNotTakenForKnown) {
  auto mine = Store::open_or_create(root_ + "/backups/shared", key_).value();
  Manifest m{kFormat, "test", "", "", "full", clock_.now(), "", std::nullopt, {}, {}, std::nullopt, 0, 0};
  m.files = {{"a", 1, {mine->put_named("x").value()}}};
  ASSERT_TRUE(mine->finish(m).has_value());
  m.at.micros += 1;
  m.files = {{"a", 1, {mine->put_named("y").value()}}};
  ASSERT_TRUE(mine->finish(m).has_value());
  EXPECT_FALSE(mine->swept_elsewhere());
  auto other = Store::open(root_ + "/backups/shared", key_).value();
  const auto sets = other->sets().value();
  const auto pruned = other->prune({sets.front().file}).value();
  EXPECT_EQ(pruned.chunks, 1);
  EXPECT_TRUE(mine->swept_elsewhere());
  ASSERT_TRUE(mine->know(m).has_value());
  const std::string again = mine->put_named("x").value();
  EXPECT_EQ(mine->get_named(again).value(), "x");
  EXPECT_EQ(mine->get_named(m.files[0].chunks[0]).value(), "y");
}

TEST_F(Backup, AnErasedStoreOpensForNobody) {
  ASSERT_TRUE(make(Kind::full).has_value());
  const std::string path = store_->path();
  std::string kept;
  {
    std::ifstream in(path + "/store", std::ios::binary);
    kept.assign(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_EQ(erase_store(path).value(), 1);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(Store::open(path, key_).error().key, "backup.not_found");
  EXPECT_EQ(erase_store(path).value(), 0) << "once more after a program that died";
}

TEST_F(Backup, TheTargetIsWholeOrNotThere) {
  put(1, 100'000);
  ASSERT_TRUE(make(Kind::full).has_value());
  held_.reset();
  const auto from = folder(Folder::Purpose::read);
  const auto chosen = choose(*from, std::nullopt).value();
  // A folder of somebody else where restoring would work.
  fs::create_directories(root_ + "/to.restoring/precious");
  EXPECT_EQ(restore(*from, chosen, root_ + "/to").error().key, "backup.target");
  EXPECT_TRUE(fs::exists(root_ + "/to.restoring/precious"));
  fs::remove_all(root_ + "/to.restoring");
  // One that an earlier restoring left.
  fs::create_directories(root_ + "/to.restoring/bodies/t");
  std::ofstream(root_ + "/to.restoring/sekisho-restoring").put('\n');
  std::ofstream(root_ + "/to.restoring/bodies/t/body.db") << "half";
  EXPECT_TRUE(restore(*from, chosen, root_ + "/to/").has_value());
  EXPECT_TRUE(compare(chosen, root_ + "/to").value().at(0).faults.empty());
  EXPECT_FALSE(fs::exists(root_ + "/to.restoring"));
  EXPECT_EQ(restore(*from, chosen, root_ + "/to").error().key, "backup.target");
}

TEST_F(Backup, ADrillTellsWhatIsWrong) {
  put(1, 200'000);
  ASSERT_TRUE(make(Kind::full).has_value());
  held_.reset();
  const auto from = folder(Folder::Purpose::read);
  EXPECT_TRUE(drill(*from, std::nullopt, root_ + "/scratch", clock_.now())->good);
  EXPECT_FALSE(fs::exists(root_ + "/scratch"));
  for (const auto& entry : fs::recursive_directory_iterator(root_ + "/backups/bodies/t/chunks")) {
    if (!entry.is_regular_file()) continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.put('!');
  }
  const auto done = drill(*from, std::nullopt, root_ + "/scratch", clock_.now());
  ASSERT_TRUE(done.has_value());
  EXPECT_FALSE(done->good);
  EXPECT_FALSE(fs::exists(root_ + "/scratch"));
  EXPECT_FALSE(verify(*from, Which::all)->faults.empty());
}

}  // namespace
}  // namespace sekisho::backup
