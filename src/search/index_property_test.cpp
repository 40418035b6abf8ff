// What must hold for every content: permissions leave no trace, damage is noticed, crashes leave nothing half-visible.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "core/bytes.h"
#include "search/index.h"
#include "search/manifest.h"
#include "search/test_support.h"

namespace sekisho::search {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937;

std::uint32_t pick(Random& random, std::uint32_t count) { return static_cast<std::uint32_t>(random() % count); }

std::string sentence(Random& random) {
  static const std::vector<std::string> words = {"文書", "保存", "期間", "固定資産税", "介護保険", "通勤手当", "取り扱い", "取扱", "コンピューター", "避難所", "学校", "給食", "子ども", "子供", "条例", "施行", "申請", "届出", "庁舎", "予算"};
  std::string out;
  for (std::uint32_t i = 0, count = 2 + pick(random, 6); i < count; ++i) out += words[pick(random, static_cast<std::uint32_t>(words.size()))] + (pick(random, 2) ? "の" : "を");
  if (pick(random, 3) == 0) out += "第" + std::to_string(1 + pick(random, 9)) + "条";
  return out + "定める。";
}

struct Text {
  std::uint32_t chunk;
  std::string title, text;
};

std::vector<Text> texts(Random& random, std::uint32_t count) {
  std::vector<Text> out;
  for (std::uint32_t i = 1; i <= count; ++i) {
    std::string body;
    for (std::uint32_t k = 0, sentences = 1 + pick(random, 4); k < sentences; ++k) body += sentence(random);
    out.push_back({i, pick(random, 2) ? sentence(random) : "", body});
  }
  return out;
}

// An index of those of the texts that are in `kept`, cut into segments at random.
std::unique_ptr<Index> build(const std::string& folder, const std::vector<Text>& all, const Bitmap& kept, Random& random) {
  auto index = Index::open(folder, test_analyzer()).value();
  for (const Text& t : all) {
    if (!kept.test(t.chunk)) continue;
    const Passage passage{t.chunk, t.title, "", t.text};
    EXPECT_TRUE(index->add({&passage, 1}));
    if (pick(random, 20) == 0) { EXPECT_TRUE(index->flush()); }
    if (pick(random, 30) == 0) { EXPECT_TRUE(index->merge_some()); }
  }
  EXPECT_TRUE(index->flush());
  return index;
}

TEST(Permissions, ForbiddenPassagesLeaveNoTraceInHitsOrScores) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const std::vector<Text> all = texts(random, 150);
    Bitmap permitted;
    for (const Text& t : all) {
      if (pick(random, 3) != 0) permitted.set(t.chunk);
    }
    const TestFolder with, without;
    const auto full = build(with.path(), all, all_up_to(150), random);
    const auto readable = build(without.path(), all, permitted, random);
    for (int i = 0; i < 15; ++i) {
      const std::string question = sentence(random);
      for (const std::size_t limit : {std::size_t{5}, std::size_t{1000}}) {
        const auto mine = full->search(question, permitted, limit).value();
        EXPECT_EQ(mine, readable->search(question, permitted, limit).value()) << question;
        EXPECT_EQ(mine, readable->search(question, all_up_to(150), limit).value()) << question;
        EXPECT_TRUE(std::all_of(mine.begin(), mine.end(), [&](const Hit& h) { return permitted.test(h.chunk); }));
      }
    }
    ASSERT_TRUE(full->merge_all(&permitted));
    const std::string question = sentence(random);
    EXPECT_EQ(full->search(question, permitted, 1000).value(), readable->search(question, permitted, 1000).value());
  }
}

TEST(Permissions, FewerHitsAreAPrefixOfMore) {
  Random random(7);
  const TestFolder folder;
  const auto all = texts(random, 300);
  const auto index = build(folder.path(), all, all_up_to(300), random);
  const auto many = index->search("文書の保存期間と条例", all_up_to(300), 250).value();
  const auto few = index->search("文書の保存期間と条例", all_up_to(300), 20).value();
  ASSERT_GT(many.size(), 120u);
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
  EXPECT_TRUE(std::is_sorted(many.begin(), many.end(), [](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : a.chunk < b.chunk; }));
}

std::string only_segment(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".seg") return entry.path().string();
  }
  return {};
}

void put(const std::string& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }

class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    Random random(3);
    const auto all = texts(random, 8);
    ASSERT_TRUE(build(folder_.path(), all, all_up_to(8), random)->merge_all());
    segment_ = only_segment(folder_.path());
    manifest_ = folder_.path() + "/MANIFEST";
  }
  // Opening must refuse with the key that makes the caller rebuild.
  void expect_rebuild(const std::string& what) {
    const auto opened = Index::open(folder_.path(), test_analyzer());
    ASSERT_FALSE(opened.has_value()) << what;
    EXPECT_EQ(opened.error().code, Code::corrupt) << what;
    EXPECT_EQ(opened.error().key, "search.rebuild") << what;
  }
  void flip_and_cut(const std::string& path) {
    const std::string good = read_file(path, 1u << 20).value();
    for (std::size_t at = 0; at < good.size(); at += 1 + good.size() / 150) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      put(path, bad);
      expect_rebuild("byte " + std::to_string(at));
      put(path, good.substr(0, at));
      expect_rebuild("cut at " + std::to_string(at));
    }
    put(path, good);
    EXPECT_TRUE(Index::open(folder_.path(), test_analyzer()));
  }

  TestFolder folder_;
  std::string segment_, manifest_;
};

TEST_F(Damage, OfASegmentIsNoticed) { flip_and_cut(segment_); }
TEST_F(Damage, OfTheManifestIsNoticed) { flip_and_cut(manifest_); }

TEST_F(Damage, AMissingOrForeignSegmentIsNoticed) {
  const std::string good = read_file(segment_, 1u << 20).value();
  const TestFolder other;
  Random random(4);
  ASSERT_TRUE(build(other.path(), texts(random, 5), all_up_to(5), random)->merge_all());
  fs::copy_file(only_segment(other.path()), segment_, fs::copy_options::overwrite_existing);
  expect_rebuild("a segment of another index");
  fs::remove(segment_);
  expect_rebuild("no segment");
  ASSERT_TRUE(Index::erase(folder_.path()));
  EXPECT_EQ(Index::open(folder_.path(), test_analyzer()).value()->covered(), 0u);
}

TEST_F(Damage, AnotherAnalyserMeansRebuilding) {
  Manifest manifest = load_manifest(folder_.path()).value().value();
  ++manifest.analyser;
  ASSERT_TRUE(save_manifest(folder_.path(), manifest));
  expect_rebuild("fingerprint");
}

TEST_F(Damage, LeftOversOfACrashAreRemovedAndForeignFilesKept) {
  const std::string before = read_file(manifest_, 1u << 20).value();
  for (const char* name : {"MANIFEST.tmp", "00000000000000ff.seg", "00000000000000fe.seg.tmp", "note.txt", "x.seg"}) put(folder_.path() + "/" + name, "torn");
  {
    const auto index = Index::open(folder_.path(), test_analyzer());
    ASSERT_TRUE(index);
    EXPECT_EQ((*index)->covered(), 8u);
  }
  EXPECT_EQ(read_file(manifest_, 1u << 20).value(), before);
  EXPECT_FALSE(fs::exists(folder_.path() + "/MANIFEST.tmp"));
  EXPECT_FALSE(fs::exists(folder_.path() + "/00000000000000ff.seg"));
  EXPECT_FALSE(fs::exists(folder_.path() + "/00000000000000fe.seg.tmp"));
  EXPECT_TRUE(fs::exists(folder_.path() + "/note.txt"));
  ASSERT_TRUE(Index::erase(folder_.path()));
  EXPECT_TRUE(fs::exists(folder_.path() + "/note.txt"));
  EXPECT_TRUE(fs::exists(folder_.path() + "/x.seg"));
}

TEST(Failure, AFailedFlushShowsNothingAndCanBeTriedAgain) {
  const TestFolder folder;
  const auto index = Index::open(folder.path(), test_analyzer()).value();
  const Passage passage{1, "", "", "防災計画を定める。"};
  ASSERT_TRUE(index->add({&passage, 1}));
  fs::create_directory(folder.path() + "/MANIFEST.tmp");  // the manifest cannot be written
  const Status failed = index->flush();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::unavailable);
  EXPECT_TRUE(index->search("防災", all_up_to(1), 5).value().empty());
  fs::remove(folder.path() + "/MANIFEST.tmp");
  ASSERT_TRUE(index->flush());
  EXPECT_EQ(index->search("防災", all_up_to(1), 5).value().size(), 1u);
}

TEST(Threads, SearchesGoOnWhileSegmentsComeAndMerge) {
  Random random(11);
  const auto all = texts(random, 240);
  const TestFolder folder;
  const auto index = Index::open(folder.path(), test_analyzer()).value();
  std::atomic<bool> done{false};
  std::vector<std::jthread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const std::uint32_t covered = index->covered();
        EXPECT_GE(index->stats().chunks, covered);
        const auto hits = index->search("文書の保存期間", all_up_to(240), 10).value();
        for (const Hit& hit : hits) EXPECT_LE(hit.chunk, 240u);
      }
    });
  }
  std::jthread merger([&] {
    while (!done) EXPECT_TRUE(index->merge_some());
  });
  for (std::size_t at = 0; at < all.size(); at += 6) {
    std::vector<Passage> passages;
    for (std::size_t i = at; i < at + 6; ++i) passages.push_back({all[i].chunk, all[i].title, "", all[i].text});
    EXPECT_TRUE(index->add(passages) && index->flush());
  }
  done = true;
  readers.clear();
  merger.join();
  EXPECT_EQ(index->stats().chunks, 240u);
}

}  // namespace
}  // namespace sekisho::search
