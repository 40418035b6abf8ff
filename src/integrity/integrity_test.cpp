#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/random.h"
#include "integrity/clock.h"
#include "integrity/manifest.h"

namespace sekisho::integrity {
namespace {

namespace fs = std::filesystem;

class Installed : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init());
    folder_ = fs::temp_directory_path() / ("sekisho-manifest-" + std::to_string(::getpid()));
    fs::create_directories(folder_ / "packs/policy");
    write("sekisho", "program");
    write("packs/policy/actions.json", "{}");
    write("packs/words.txt", "words");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  Places places() const { return {{{"bin/sekisho", (folder_ / "sekisho").string()}}, {{"packs", (folder_ / "packs").string()}}, {{"migrations/0001_log", "CREATE"}}}; }
  std::string text() const { return encode_text({"0.1.0", find(places()).value()}).value(); }
  fs::path folder_;
};

TEST_F(Installed, UnchangedFilesAreThoseOfTheList) {
  const Manifest made = parse_text(text()).value();
  EXPECT_EQ(made.version, "0.1.0");
  EXPECT_EQ(made.entries.size(), 4u);
  EXPECT_TRUE(compare(made.entries, find(places()).value()).empty());
}

TEST_F(Installed, EveryKindOfChangeIsNamed) {
  const Manifest made = parse_text(text()).value();
  write("packs/policy/actions.json", "{ }");
  write("packs/new.txt", "new");
  fs::remove(folder_ / "sekisho");
  const std::vector<Change> changes = compare(made.entries, find(places()).value());
  EXPECT_EQ(changes, (std::vector<Change>{{"bin/sekisho", Deviation::missing}, {"packs/policy/actions.json", Deviation::changed}, {"packs/new.txt", Deviation::added}}));
}

TEST_F(Installed, ALinkInsteadOfAFileIsAChange) {
  const Manifest made = parse_text(text()).value();
  fs::rename(folder_ / "packs/words.txt", folder_ / "words.txt");
  fs::create_symlink(folder_ / "words.txt", folder_ / "packs/words.txt");
  EXPECT_EQ(compare(made.entries, find(places()).value()), (std::vector<Change>{{"packs/words.txt", Deviation::changed}}));
}

TEST_F(Installed, KeptHashesAreReadAgainOnlyWhenAFileChanges) {
  const auto age = [&](const std::string& name) {  // its content was written long ago; its inode changes now
    fs::last_write_time(folder_ / name, fs::file_time_type::clock::now() - std::chrono::hours(1));
  };
  for (const char* name : {"sekisho", "packs/policy/actions.json", "packs/words.txt"}) age(name);
  KeptHashes kept;
  EXPECT_EQ(find(places(), &kept).value(), find(places()).value());
  EXPECT_EQ(kept.reads(), 3u);
  find(places(), &kept).value();
  EXPECT_EQ(kept.reads(), 6u) << "they changed a moment ago: a second change might not show in their times";
  std::this_thread::sleep_for(std::chrono::nanoseconds(KeptHashes::kSettleNanos + 100'000'000));
  find(places(), &kept).value();
  EXPECT_EQ(kept.reads(), 9u);
  find(places(), &kept).value();
  EXPECT_EQ(kept.reads(), 9u) << "nothing changed";
  // As somebody would who wants it not to be seen: the same length, and the times put back.
  const auto before = fs::last_write_time(folder_ / "sekisho");
  write("sekisho", "PROGRAM");
  fs::last_write_time(folder_ / "sekisho", before);
  EXPECT_EQ(find(places(), &kept).value(), find(places()).value());
  EXPECT_EQ(kept.reads(), 10u);
  fs::rename(folder_ / "packs/words.txt", folder_ / "packs/words2.txt");
  EXPECT_EQ(find(places(), &kept).value(), find(places()).value());
}

TEST_F(Installed, OnlyAKnownKeyVouches) {
  const auto key = crypto::SigningKey::generate();
  const auto other = crypto::SigningKey::generate();
  const auto verifier = tlog::VerifierKey::create("example.jp/sekisho", tlog::KeyType::ed25519, key.public_key()).value();
  const auto stranger = tlog::VerifierKey::create("example.jp/sekisho", tlog::KeyType::ed25519, other.public_key()).value();
  EXPECT_EQ(open(text(), {verifier}).error().key, "manifest.unverified") << "not signed";
  EXPECT_FALSE(open(text(), {}).value().verified);
  const std::string file = sign(text(), verifier, key).value();
  EXPECT_TRUE(open(file, {verifier}).value().verified);
  EXPECT_EQ(open(file, {verifier}).value().signers, std::vector<std::string>{"example.jp/sekisho"});
  EXPECT_EQ(open(file, {stranger}).error().key, "manifest.unverified");
  EXPECT_EQ(sign(file, verifier, key).value(), file) << "signing again adds nothing";
  std::string forged = file;
  forged[forged.find("\n") + 1] = forged[forged.find("\n") + 1] == '0' ? '1' : '0';
  EXPECT_EQ(open(forged, {verifier}).error().key, "manifest.unverified");
  const std::string both = sign(file, stranger, other).value();
  EXPECT_TRUE(open(both, {verifier}).value().verified);
  EXPECT_TRUE(open(both, {stranger}).value().verified);
}

TEST(Manifest, WhatIsNotOneIsRefused) {
  const std::string hash(64, 'a');
  for (const std::string& text : {std::string(), std::string("sekisho-manifest/1 1\n"), "sekisho-manifest/1 \n" + hash + " 1 a\n", "sekisho-manifest/2 1\n" + hash + " 1 a\n",
                                  "sekisho-manifest/1 1\n" + hash + " 1 a", "sekisho-manifest/1 1\n" + hash + " 01 a\n", "sekisho-manifest/1 1\n" + hash + " -1 a\n",
                                  "sekisho-manifest/1 1\n" + hash + " 1 ../a\n", "sekisho-manifest/1 1\n" + hash + " 1 /a\n", "sekisho-manifest/1 1\n" + hash + " 1 a b\n",
                                  "sekisho-manifest/1 1\n" + std::string(64, 'A') + " 1 a\n", "sekisho-manifest/1 1\n" + hash + " 1 b\n" + hash + " 1 a\n",
                                  "sekisho-manifest/1 1\n" + hash + " 1 a\n" + hash + " 1 a\n", "sekisho-manifest/1 1\n" + hash + "\n"})
    EXPECT_EQ(parse_text(text).error().key, "manifest.malformed") << text;
}

TEST(Clock, OnlyAJumpIsAStep) {
  StepWatch watch(1'000'000);
  EXPECT_FALSE(watch.look({1'000'000'000, 5'000'000})) << "the first look";
  EXPECT_FALSE(watch.look({1'010'004'000, 15'000'000})) << "slewed by 400 ppm";
  EXPECT_EQ(watch.look({1'010'004'000 + 3'610'000'000, 25'000'000}), 3'600'000'000);
  EXPECT_FALSE(watch.look({1'010'004'000 + 3'620'000'000, 35'000'000})) << "told once";
  EXPECT_EQ(watch.look({1'010'004'000 + 3'628'000'000, 45'000'000}), -2'000'000);
}

TEST(Clock, TheTwoClocksMoveTogether) {
  StepWatch watch(50'000);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(watch.look(read_clocks()));
}

TEST(Clock, ReadsWhatChronySays) {
  const auto good = parse_tracking("A9FEA97B,169.254.169.123,4,1732599071.523,0.25,-0.00001,0.000021,-8.211,0.001,0.037,0.000389,0.000327,16.2,Normal\n").value();
  EXPECT_TRUE(good.synchronised);
  EXPECT_DOUBLE_EQ(good.offset_seconds, -0.25);
  EXPECT_FALSE(parse_tracking("0,,0,0,0,0,0,0,0,0,1,1,0,Not synchronised").value().synchronised);
  for (const char* line : {"", "506 Cannot talk to daemon", "a,b,c,d,e,f,g,h,i,j,k,l,m,Normal", "A,b,4,1,nan,0,0,0,0,0,0,0,0,Normal", "A,b,4,1,0,0,0,0,0,0,0,0,Normal"})
    EXPECT_EQ(parse_tracking(line).error().key, "clock.malformed") << line;
}

TEST(Clock, SomethingAlwaysAnswers) { EXPECT_TRUE(ask_tracking()); }

}  // namespace
}  // namespace sekisho::integrity
