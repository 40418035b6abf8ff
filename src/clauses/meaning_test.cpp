#include "clauses/meaning.h"

#include <gtest/gtest.h>

#include "clauses/guideline.h"
#include "clauses/parse.h"
#include "clauses/subject.h"
#include "clauses/words.h"

namespace sekisho::clauses {
namespace {

MeaningRules small_rules() {
  MeaningRules rules;
  rules.version = "1";
  rules.modality = {{"must_not", {"てはならない", "禁止"}, {}}, {"should", {"努める"}, {}}, {"may", {"できる"}, {}}, {"must", {"なければならない"}, {}}, {"is", {"をいう", "である"}, {}}, {"must", {"する", "る"}, {}}};
  rules.list_holds = {"次の事項"};
  rules.actors = {{"staff", {"職員等"}}};
  rules.kinds = {{"workflow", {"報告"}, std::vector<std::string>{"報告し"}, {}}, {"enforce", {"ログ"}, std::nullopt, {"認証"}}, {"document", {"定め"}, std::nullopt, {}}};
  rules.capabilities = {{"training", {"研修"}, std::nullopt, {}}, {"audit-log", {"ログ"}, std::nullopt, {}}, {"policy-versioning", {"方針"}, std::nullopt, {}}};
  return rules;
}

const std::vector<ActorWord>& actors() {
  static const std::vector<ActorWord> kActors = {{"情報責任者", "r"}, {"全体情報責任者", "head"}, {"職員等", "@staff"}};
  return kActors;
}

std::vector<Suggestion> read(const std::string& text, const Structure& structure = {}) {
  const Document document = parse(text).value();
  std::vector<Suggestion> out;
  for (auto& one : suggest(document, small_rules(), structure, actors(), {{"staff", "@staff"}}))
    if (one) out.push_back(std::move(*one));
  return out;
}

TEST(Meaning, EndsOfSentencesSayHowBindingAClauseIs) {
  const auto found = read("1 甲\n\n(1) 鍵を貸してはならない。\n(2) 鍵を守るよう努める。\n(3) 鍵を作ることができる。\n(4) 鍵を定めなければならない。\n(5) 鍵とは戸を開けるものをいう。\n(6) 鍵を管理する。\n");
  std::vector<std::string> modality;
  for (const Suggestion& s : found) modality.push_back(s.modality);
  EXPECT_EQ(modality, (std::vector<std::string>{"must_not", "should", "may", "must", "is", "must"}));
  EXPECT_EQ(found[3].object, "鍵");
}

TEST(Meaning, TheFirstBindingSentenceCountsAndExceptionsDoNot) {
  const auto found = read("1 甲\n\n(1) 鍵は大切である。職員等は、鍵を貸してはならない。ただし、急ぐときは貸すことができる。\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].modality, "must_not");
  EXPECT_EQ(found[0].actor, "@staff");
}

TEST(Meaning, EntriesOfAListBindAsTheClauseAboveThemAndInheritItsActor) {
  const auto found = read("1 甲\n\n(1) 職員等は、次の事項を守らなければならない。\n\nア 鍵の保管\nイ 写しの禁止\n");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[1].modality, "must");
  EXPECT_EQ(found[1].actor, "@staff");
  EXPECT_EQ(found[2].modality, "must_not");
}

TEST(Meaning, TheLongerNameIsAnotherPersonAndSeveralAreJoined) {
  const auto found = read("1 甲\n\n(1) 全体情報責任者及び情報責任者は、鍵を定めなければならない。\n(2) 副情報責任者は、鍵を定めなければならない。\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].actor, "head,r");
  EXPECT_EQ(found[1].actor, "副情報責任者");
}

TEST(Meaning, WhatADocumentCallsSomebodyIsKnownFromItsOwnWords) {
  const auto found = read("1 情報責任者（以下「長」という。）\n\n(1) 長は、鍵を定めなければならない。\n");
  EXPECT_EQ(found.back().actor, "r");
}

TEST(Meaning, AWordOfKatakanaIsNotFoundInsideAnother) {
  EXPECT_FALSE(holds("プログラムを消す", "ログ"));
  EXPECT_TRUE(holds("プログラムのログを残す", "ログ"));
  EXPECT_FALSE(holds("サポートが終わる", "ポート"));
  EXPECT_TRUE(holds("IDを貸す", "ID"));
}

TEST(Meaning, AClauseOfTheStandardIsFoundUnderItsHeadingByItsWords) {
  const Structure structure{"1", {{{"教える"}, {{"人に研修を受けさせる。", "must", "workflow", "training", {"staff"}}, {"名簿に残す。", "must", "document", "audit-log", {"staff"}}}}}};
  const auto found = read("1 教えることについて\n\n(1) 新しい人に研修を受けさせる。\n(2) 受けた人を名簿に残す。\n", structure);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].gist, "人に研修を受けさせる。");
  EXPECT_EQ(found[1].capability, "audit-log");
  EXPECT_EQ(found[1].actor, "@staff");
  EXPECT_EQ(read("1 ほかのこと\n\n(1) 新しい人に研修を受けさせる。\n", structure)[0].gist, "");
}

TEST(Meaning, EmptyAndHugeDocumentsAreRead) {
  EXPECT_TRUE(suggest({}, small_rules(), {}, {}, {}).empty());
  std::string text = "1 甲\n\n";
  for (int i = 0; i < 300; ++i) text += "(" + std::to_string(i + 1) + ") 職員等は、" + std::string(300, 'a') + "を定めなければならない。\n";
  EXPECT_EQ(read(text).size(), 300U);
}

TEST(Meaning, RulesWithAMistakeSayWhereItIs) {
  MeaningRules rules = small_rules();
  EXPECT_TRUE(check(rules).has_value());
  rules.kinds[1].value = "x";
  EXPECT_EQ(check(rules).error().detail, "$.kinds[1].value: no kind 'x'");
  rules = small_rules();
  rules.capabilities[2].value = "training";
  EXPECT_EQ(check(rules).error().detail, "$.capabilities[2].value: 'training' stands twice");
  const Structure structure{"1", {{{"甲"}, {{"乙", "must", "workflow", "x", {}}}}}};
  EXPECT_EQ(check(structure, small_rules()).error().detail, "$.sections[0].items[0].capability: no capability 'x'");
}

TEST(Guideline, AClauseSpeaksOfTheTopicThatItsCapabilityAndWordsAgreeOn) {
  const Guideline guideline{"1", "", {{"1", "章"}}, {{"1-1", "1", "研修", {"研修"}, {"研修"}, {"training"}}, {"1-2", "1", "ログ", {}, {"ログ"}, {"audit-log"}}}, {{"甲", {"乙"}, ""}}};
  ASSERT_TRUE(check(guideline, small_rules()).has_value());
  const Document document = parse("1 研修\n\n(1) 研修を行う。\n(2) ログを残す。\n(3) 花を植える。\n").value();
  std::vector<std::string> capability(document.clauses.size());
  capability[1] = "training", capability[2] = "audit-log", capability[3] = "policy-versioning";
  const auto found = match(document, capability, guideline);
  EXPECT_EQ(found[1], (std::vector<std::size_t>{0}));
  EXPECT_EQ(found[2], (std::vector<std::size_t>{1}));
  EXPECT_TRUE(found[3].empty());
  Guideline broken = guideline;
  broken.items[1].code = "1-1";
  EXPECT_FALSE(check(broken, small_rules()).has_value());
}

}  // namespace
}  // namespace sekisho::clauses
