#include "search/index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <span>

#include "core/bytes.h"
#include "search/snippet.h"
#include "search/test_support.h"
#include "text/utf8.h"

namespace sekisho::search {
namespace {

std::vector<std::uint32_t> chunks_of(const Result<std::vector<Hit>>& hits) {
  std::vector<std::uint32_t> out;
  EXPECT_TRUE(hits.has_value());
  if (hits) {
    for (const Hit& hit : *hits) out.push_back(hit.chunk);
  }
  return out;
}

const std::vector<Passage> kPassages = {
    {1, "汐見野市文書取扱規程", "第1章", "第十二条　文書は、文書管理者が保存する。"},
    {2, "汐見野市文書取扱規程", "第1章", "第十三条　保存期間が満了した文書は廃棄する。"},
    {3, "ごみの出し方", "", "燃えるごみは月曜日と木曜日に出してください。"},
    {5, "職員の給与", "手当", "通勤手当の支給額は令和8年度から変わる。"},
};

TEST(Index, FindsWhatWasFlushedAndNothingBefore) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index) << to_string(index.error());
  ASSERT_TRUE((*index)->add(kPassages));
  EXPECT_TRUE(chunks_of((*index)->search("燃えるごみ", all_up_to(5), 10)).empty());
  EXPECT_EQ((*index)->covered(), 0u);
  EXPECT_GT((*index)->stats().buffered_bytes, 0u);
  ASSERT_TRUE((*index)->flush());
  EXPECT_EQ(chunks_of((*index)->search("燃えるごみはいつ出しますか", all_up_to(5), 10)), std::vector<std::uint32_t>{3});
  EXPECT_EQ((*index)->covered(), 5u);
  EXPECT_EQ((*index)->stats().chunks, 4u);
}

// A directory in the way stands for a disk that takes nothing.
TEST(Index, AFailedWriteLosesNothingAndIsMadeGoodByWhatComesAfter) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer(), {2, 1});
  ASSERT_TRUE(index);
  std::vector<std::filesystem::path> in_the_way;
  for (int i = 1; i <= 3; ++i) in_the_way.emplace_back(folder.path() + "/000000000000000" + std::to_string(i) + ".seg.tmp");
  for (const auto& path : in_the_way) std::filesystem::create_directory(path);
  const std::span<const Passage> all(kPassages);
  EXPECT_EQ((*index)->add(all).error().code, Code::unavailable);
  EXPECT_EQ((*index)->taken(), 1u);
  EXPECT_EQ((*index)->covered(), 0u);
  EXPECT_EQ((*index)->add(all.subspan(1)).error().code, Code::unavailable);
  EXPECT_EQ((*index)->taken(), 2u);
  for (const auto& path : in_the_way) std::filesystem::remove(path);
  ASSERT_TRUE((*index)->add(all.subspan(2)));
  EXPECT_EQ((*index)->covered(), 5u);
  EXPECT_EQ(chunks_of((*index)->search("文書取扱規程第１２条", all_up_to(5), 1)), std::vector<std::uint32_t>{1});
  EXPECT_EQ(chunks_of((*index)->search("文書取扱規程第13条", all_up_to(5), 1)), std::vector<std::uint32_t>{2});
  EXPECT_EQ(chunks_of((*index)->search("燃えるごみはいつ出しますか", all_up_to(5), 10)), std::vector<std::uint32_t>{3});
}

TEST(Index, FindsArticleNumbersAndYearsInEitherNotation) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index && (*index)->add(kPassages) && (*index)->flush());
  EXPECT_EQ(chunks_of((*index)->search("文書取扱規程第１２条", all_up_to(5), 1)), std::vector<std::uint32_t>{1});
  EXPECT_EQ(chunks_of((*index)->search("文書取扱規程第13条", all_up_to(5), 1)), std::vector<std::uint32_t>{2});
  EXPECT_EQ(chunks_of((*index)->search("2026年度", all_up_to(5), 1)), std::vector<std::uint32_t>{5});
}

TEST(Index, ShowsOnlyPermittedChunks) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index && (*index)->add(kPassages) && (*index)->flush());
  Bitmap permitted;
  permitted.set(2);
  EXPECT_EQ(chunks_of((*index)->search("文書の保存", permitted, 10)), std::vector<std::uint32_t>{2});
  EXPECT_TRUE(chunks_of((*index)->search("文書の保存", Bitmap(), 10)).empty());
}

TEST(Index, EmptyQuestionAndStopWordsGiveNothing) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index);
  EXPECT_TRUE(chunks_of((*index)->search("文書", all_up_to(5), 10)).empty());
  ASSERT_TRUE((*index)->add(kPassages) && (*index)->flush());
  for (const char* question : {"", "  ", "これは何ですか。", "\xFF\xFE"}) EXPECT_TRUE(chunks_of((*index)->search(question, all_up_to(5), 10)).empty()) << question;
  EXPECT_TRUE(chunks_of((*index)->search("文書", all_up_to(5), 0)).empty());
}

TEST(Index, KeepsItsContentAcrossOpening) {
  const TestFolder folder;
  std::vector<Hit> before;
  {
    auto index = Index::open(folder.path(), test_analyzer());
    ASSERT_TRUE(index && (*index)->add(kPassages) && (*index)->flush());
    before = (*index)->search("文書の保存期間", all_up_to(5), 10).value();
  }
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index);
  EXPECT_EQ((*index)->covered(), 5u);
  EXPECT_EQ((*index)->search("文書の保存期間", all_up_to(5), 10).value(), before);
  EXPECT_EQ((*index)->add(kPassages).error().key, "search.order");
  index->reset();
  ASSERT_TRUE(Index::erase(folder.path()));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_TRUE(Index::erase(folder.path() + "/absent"));
}

TEST(Index, EqualPassagesComeInOrderOfTheirChunks) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  std::vector<Passage> same;
  for (std::uint32_t id = 1; id <= 30; ++id) same.push_back({id, "", "", "防災訓練を行う。"});
  ASSERT_TRUE(index && (*index)->add(same) && (*index)->flush());
  EXPECT_EQ(chunks_of((*index)->search("防災訓練", all_up_to(30), 4)), (std::vector<std::uint32_t>{1, 2, 3, 4}));
}

TEST(Index, MergingChangesNeitherHitsNorScores) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index);
  for (std::uint32_t id = 1; id <= 40; ++id) {
    const std::string text = "第" + std::to_string(id) + "条　施設の使用料は" + std::to_string(id % 7) + "百円とする。" + (id % 3 == 0 ? "減免することができる。" : "");
    const Passage passage{id, "施設条例", "", text};
    ASSERT_TRUE((*index)->add({&passage, 1}) && (*index)->flush());
  }
  const auto search = [&](const Bitmap& permitted) { return (*index)->search("施設の使用料の減免 第9条", permitted, 100).value(); };
  Bitmap some;
  some.set_range(5, 33);
  const auto all = search(all_up_to(40)), part = search(some);
  EXPECT_EQ((*index)->stats().segments, 40u);
  for (int rounds = 0; rounds < 100; ++rounds) {
    const auto merged = (*index)->merge_some();
    ASSERT_TRUE(merged);
    if (!*merged) break;
    EXPECT_EQ(search(all_up_to(40)), all);
  }
  EXPECT_LT((*index)->stats().segments, 10u);
  ASSERT_TRUE((*index)->merge_all(&some));
  EXPECT_EQ((*index)->stats().chunks, 29u);
  EXPECT_EQ(search(some), part);
  EXPECT_EQ(search(all_up_to(40)), part);
  EXPECT_EQ((*index)->covered(), 40u);
  const Bitmap none;
  ASSERT_TRUE((*index)->merge_all(&none));
  EXPECT_EQ((*index)->stats().disk_bytes, 0u);
  EXPECT_EQ((*index)->covered(), 40u);
}

TEST(Index, AMergeLeavesAloneSegmentsThatTheBitmapDoesNotKnow) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index);
  const auto write = [&](std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t id = from; id <= to; ++id) {
      const Passage passage{id, "", "", "防災訓練を行う。"};
      ASSERT_TRUE((*index)->add({&passage, 1}) && (*index)->flush());
    }
  };
  write(1, 20);
  const std::uint32_t known = (*index)->covered();
  Bitmap alive = all_up_to(known);
  alive.clear_range(3, 3);
  write(21, 40);  // while the bitmap was being made
  while ((*index)->merge_some(&alive, known).value()) {
  }
  EXPECT_LT((*index)->stats().segments, 30u);
  EXPECT_EQ((*index)->search("防災訓練", all_up_to(40), 100).value().size(), 39u);
}

TEST(Snippet, IsACutOfThePassageWithMarkedWords) {
  text::Analyzer::Session session(test_analyzer());
  std::string passage;
  for (int i = 0; i < 30; ++i) passage += "この項は関係のない説明である。";
  passage += "通勤手当の支給額は月額五万円を上限とする。";
  for (int i = 0; i < 30; ++i) passage += "この項は関係のない説明である。";
  const auto terms = session.analyse_query("通勤手当の上限");
  const Snippet snippet = make_snippet(passage, terms, session, 60);
  EXPECT_EQ(snippet.text, text::slice_code_points(passage, snippet.offset, snippet.offset + 60));
  EXPECT_NE(snippet.text.find("通勤手当の支給額"), std::string::npos);
  ASSERT_GE(snippet.marks.size(), 2u);
  EXPECT_EQ(text::slice_code_points(snippet.text, snippet.marks[0].first, snippet.marks[0].second), "通勤");
}

TEST(Snippet, ShortAndEmptyPassagesComeWhole) {
  text::Analyzer::Session session(test_analyzer());
  const auto terms = session.analyse_query("防災");
  EXPECT_EQ(make_snippet("防災計画", terms, session, 60).text, "防災計画");
  EXPECT_EQ(make_snippet("", terms, session, 60).text, "");
  EXPECT_EQ(make_snippet("防災計画", terms, session, 0).text, "");
}

TEST(Index, MergesWriteEachDocumentAFewTimesHoweverManyFlushesCome) {
  const TestFolder folder;
  auto index = Index::open(folder.path(), test_analyzer());
  ASSERT_TRUE(index);
  const auto newest_bytes = [&] {
    std::filesystem::path newest;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      if (entry.path().extension() == ".seg" && entry.path() > newest) newest = entry.path();
    return std::filesystem::file_size(newest);
  };
  std::uint64_t written = 0;
  for (std::uint32_t chunk = 1; chunk <= 300; ++chunk) {
    const std::string text = "第" + std::to_string(chunk) + "条　文書管理者は、" + std::to_string(chunk * 7919) + "号の文書を保存する。";
    const std::vector<Passage> one = {{chunk, "規程", "", text}};
    ASSERT_TRUE((*index)->add(one) && (*index)->flush());
    written += newest_bytes();
    while ((*index)->merge_some().value_or(false)) written += newest_bytes();
  }
  EXPECT_LT(written, 8 * (*index)->stats().disk_bytes);
  EXPECT_LT((*index)->stats().segments, 16u);
}

}  // namespace
}  // namespace sekisho::search
