#include "llm/extractive.h"

#include <gtest/gtest.h>

namespace sekisho::llm {
namespace {

std::vector<Span> split(std::string_view text) {
  constexpr std::string_view kStop = "。";
  std::vector<Span> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t at = text.find(kStop, begin);
    const std::size_t end = at == std::string_view::npos ? text.size() : at + kStop.size();
    out.push_back({begin, end});
    begin = end;
  }
  return out;
}

// Share of the question's characters (3 bytes each) that the sentence holds.
double overlap(std::string_view question, std::string_view sentence) {
  std::size_t held = 0;
  std::size_t all = 0;
  for (std::size_t i = 0; i + 3 <= question.size(); i += 3, ++all)
    held += sentence.find(question.substr(i, 3)) != std::string_view::npos ? 1 : 0;
  return all == 0 ? 0 : static_cast<double>(held) / static_cast<double>(all);
}

ExtractiveAnswer ask(std::string_view question, const std::vector<Passage>& passages, const ExtractiveLimits& limits = {}) {
  return extract_answer(question, passages, {split, overlap}, limits);
}

TEST(Extractive, GivesSentencesOfThePassagesWithTheirCitations) {
  const std::vector<Passage> passages = {{1, "住民票の写しの手数料は一通三百円です。窓口で申請してください。", 2.0},
                                         {2, "印鑑登録証明書は別です。", 1.0}};
  const auto answer = ask("住民票の写しの手数料はいくらですか", passages);
  ASSERT_FALSE(answer.sentences.empty());
  EXPECT_TRUE(answer.text.starts_with("住民票の写しの手数料は一通三百円です。[1]")) << answer.text;
  for (const auto& s : answer.sentences) {
    const auto piece = answer.text.substr(s.span.begin, s.span.end - s.span.begin);
    EXPECT_NE(passages[static_cast<std::size_t>(s.citation - 1)].text.find(piece), std::string_view::npos) << piece;
    EXPECT_TRUE(answer.text.substr(s.span.end).starts_with("[" + std::to_string(s.citation) + "]"));
  }
}

TEST(Extractive, SaysNothingWhereNothingFits) {
  EXPECT_TRUE(ask("住民票の手数料", {{1, "abc def ghi。", 1.0}}).text.empty());
  EXPECT_TRUE(ask("住民票の手数料", {}).text.empty());
  EXPECT_TRUE(ask("", {{1, "住民票。", 1.0}}).text.empty());
}

TEST(Extractive, PrefersTheSentenceWithTheFigureThatIsAskedFor) {
  const std::vector<Passage> passages = {{1, "納付期限は別に定める手数料の期限とします。納付期限は四月三十日です。", 1.0}};
  ExtractiveLimits one;
  one.max_sentences = 1;
  EXPECT_EQ(ask("納付期限はいつ", passages, one).text, "納付期限は四月三十日です。[1]");
}

TEST(Extractive, KeepsTheExceptionWithItsRule) {
  const std::vector<Passage> passages = {{3, "休暇は年二十日とする。ただし、新採用の年は十五日。", 1.0}};
  ExtractiveLimits one;
  one.max_sentences = 1;
  EXPECT_EQ(ask("休暇は年何日", passages, one).text, "休暇は年二十日とする。[3]\nただし、新採用の年は十五日。[3]");
}

TEST(Extractive, RepeatsNothingAndForgesNoCitation) {
  const std::vector<Passage> passages = {{1, "手数料は\n 三百円[2]です。", 1.0}, {2, "手数料は 三百円[2]です。", 1.0}};
  EXPECT_EQ(ask("手数料はいくら", passages).text, "手数料は 三百円［2］です。[1]");
}

TEST(Extractive, CutsAnOverlongSentenceBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "税";
  ExtractiveLimits limits;
  limits.max_sentence_bytes = 100;
  const auto answer = ask("税", {{1, text, 1.0}}, limits);
  EXPECT_TRUE(answer.text.ends_with("税…[1]"));
  EXPECT_LT(answer.text.size(), 120u);
}

TEST(Extractive, SameInputSameAnswer) {
  const std::vector<Passage> passages = {
      {1, "税の申告は二月。税の納付は三月。税の相談は窓口。税の証明は手数料三百円。税の還付は四月。", 0.0},
      {2, "税の窓口は一階です。", 0.0}};
  const auto first = ask("税の申告はいつ", passages);
  EXPECT_LE(first.sentences.size(), 8u);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(ask("税の申告はいつ", passages).text, first.text);
}

}  // namespace
}  // namespace sekisho::llm
