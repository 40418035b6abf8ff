#include "text/masking.h"

#include <gtest/gtest.h>

#include <random>

#include "text/utf8.h"

namespace sekisho::text {
namespace {

Finding found(FindingKind kind, std::uint32_t begin, std::uint32_t end) { return {kind, begin, end, 90, ""}; }

std::string restored(Restorer restorer, std::string_view text) {
  std::string out = restorer.take(text);
  out += restorer.end();
  return out;
}

TEST(Masking, GivesEqualValuesEqualPlaceholdersAndRestoresThem) {
  Masker masker;
  const std::string question = "山田様へ090-1234-5678から";
  EXPECT_EQ(masker.mask(question, {found(FindingKind::person_name, 0, 2), found(FindingKind::phone, 4, 17)}), "〔個人1〕様へ〔電話1〕から");
  EXPECT_EQ(masker.mask("佐藤と山田", {found(FindingKind::person_name, 0, 2), found(FindingKind::person_name, 3, 5)}), "〔個人2〕と〔個人1〕");
  EXPECT_EQ(restored(masker.restorer(), "〔個人1〕様、〔電話1〕に、〔個人2〕より"), "山田様、090-1234-5678に、佐藤より");
}

TEST(Masking, LeavesAloneWhatTheModelChanged) {
  Masker masker;
  masker.mask("山田", {found(FindingKind::person_name, 0, 2)});
  for (const std::string text : {"〔個人 1〕", "[個人1]", "〔個人９〕", "〔個人1", "〔個人11〕", "〔〔個人", "〔"}) 
    EXPECT_EQ(restored(masker.restorer(), text), text);
  EXPECT_EQ(restored(masker.restorer(), "〔〔個人1〕〕"), "〔山田〕");
}

TEST(Masking, DoesNotGiveAPlaceholderThatSomebodyTyped) {
  Masker masker;
  masker.reserve("〔個人1〕と書いてください");
  EXPECT_EQ(masker.mask("山田", {found(FindingKind::person_name, 0, 2)}), "〔個人2〕");
}

TEST(Masking, HoldsBackNothingThatCannotBecomeAPlaceholder) {
  Masker masker;
  masker.mask("山田", {found(FindingKind::person_name, 0, 2)});
  Restorer restorer = masker.restorer();
  EXPECT_EQ(restorer.take("注〔2〕を"), "注〔2〕を");
  EXPECT_EQ(restorer.take("〔個"), "");
  EXPECT_EQ(restorer.take("別〕"), "〔個別〕");
}

class MaskingSplits : public ::testing::TestWithParam<unsigned> {};
TEST_P(MaskingSplits, AnySplitGivesTheSameText) {
  std::mt19937 random(GetParam());
  const auto pick = [&](std::size_t n) { return random() % n; };
  const std::string pieces[] = {"〔個人1〕", "〔個人2〕", "〔電話1〕", "〔個人", "〔", "〕", "1", "あ", "〔個人3〕", "\xE3\x80", "a"};
  for (int round = 0; round < 400; ++round) {
    Masker masker;
    masker.mask("山田佐藤090", {found(FindingKind::person_name, 0, 2), found(FindingKind::person_name, 2, 4), found(FindingKind::phone, 4, 7)});
    std::string text;
    for (std::size_t n = pick(12); n > 0; --n) text += pieces[pick(std::size(pieces))];
    const std::string expected = restored(masker.restorer(), text);
    Restorer cut = masker.restorer();
    std::string got;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t n = std::min(1 + pick(7), text.size() - at);
      got += cut.take(std::string_view(text).substr(at, n));
      at += n;
    }
    got += cut.end();
    ASSERT_EQ(got, expected) << "seed " << GetParam() << " text " << text;
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, MaskingSplits, ::testing::Range(1u, 9u));

}  // namespace
}  // namespace sekisho::text
