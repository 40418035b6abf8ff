#include "features/guards/guard.h"

#include <gtest/gtest.h>

#include "core/bytes.h"
#include "features/guards/operations.h"
#include "text/normalise.h"

namespace sekisho::guards {
namespace {

constexpr const char* kNumber = "123456789018";

const text::Analyzer& analyzer() {
  static const auto made = text::Analyzer::create({}).value();
  return *made;
}

// The rules that come with the product.
std::vector<policy::GuardRule> standard() {
  const std::string text = read_file(std::string(SK_SOURCE_DIR) + "/packs/policy/guards.json", 1 << 20).value();
  const json::Value file = json::parse(text).value();
  std::vector<policy::GuardRule> out;
  for (const json::Value& rule : file.at("rules").as_array()) out.push_back(rule_of(json::read<RuleView>(rule).value()).value());
  return out;
}

policy::Label low() {
  policy::Label label;
  label.c = label.i = label.a = 1;
  label.state = policy::State::known;
  return label;
}

const policy::GuardPlace kOffice{{"lgwan"}, "e1", {"lgwan"}, 1};
const policy::GuardPlace kNumbers{{"mynumber"}, "e2", {"mynumber"}, 1};

llm::ChatRequest request(std::vector<std::string> texts) {
  llm::ChatRequest out;
  for (std::string& text : texts) out.messages.push_back({"user", std::move(text)});
  return out;
}

TEST(Guard, BlocksTheNumberEverywhereButInItsSegment) {
  const Guard guard(analyzer(), standard(), {}, 3);
  for (const Origin origin : {Origin::question, Origin::earlier, Origin::source}) {
    const auto refused = guard.pass(low(), request({std::string("番号は") + kNumber}), {origin}, kOffice, Confirmed::yes);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().key, "guards.blocked");
    EXPECT_FALSE(refused.error().clause.empty());
    EXPECT_FALSE(refused.error().who_can_permit.empty());
    EXPECT_EQ(refused.error().detail.find(kNumber), std::string::npos);
  }
  const auto passed = guard.pass(low(), request({std::string("番号は") + kNumber}), {Origin::question}, kNumbers, Confirmed::no);
  ASSERT_TRUE(passed.has_value());
  EXPECT_EQ(passed->request.label().c, 3);
  // A session there with an endpoint that does not live there, and the other way round.
  for (const policy::GuardPlace& half : {policy::GuardPlace{{"mynumber"}, "e1", {"lgwan"}, 1}, policy::GuardPlace{{"lgwan"}, "e2", {"mynumber"}, 1}})
    EXPECT_FALSE(guard.pass(low(), request({kNumber}), {Origin::question}, half, Confirmed::yes).has_value());
}

TEST(Guard, CoversTheSameValueInEveryMessageAndGivesItBack) {
  const Guard guard(analyzer(), standard(), {}, 3);
  auto passed = guard.pass(low(), request({"資料: 普通の文", "電話は090-1234-5678", "090-1234-5678へ、山田太郎様"}), {Origin::source, Origin::earlier, Origin::question}, kOffice,
                           Confirmed::no);
  ASSERT_TRUE(passed.has_value());
  EXPECT_EQ(passed->restorer.take("〔電話1〕に〔個人1〕様"), "090-1234-5678に山田太郎様");
  std::int64_t masked = 0;
  for (const Count& c : passed->counts) {
    EXPECT_EQ(c.action, "mask");
    masked += c.count;
  }
  EXPECT_EQ(masked, 3);
  EXPECT_EQ(passed->request.label().c, 1);  // what was covered does not leave
}

TEST(Guard, WarnsOnceAndRaises) {
  const Guard guard(analyzer(), standard(), {"コードネーム海鳥"}, 3);
  const auto question = [&](Origin origin, Confirmed confirmed) { return guard.pass(low(), request({"ｺｰﾄﾞﾈｰﾑ海鳥の件"}), {origin}, kOffice, confirmed); };
  EXPECT_EQ(question(Origin::question, Confirmed::no).error().key, "guards.confirm");
  EXPECT_EQ(question(Origin::question, Confirmed::yes)->request.label().c, 2);
  EXPECT_EQ(question(Origin::earlier, Confirmed::no)->request.label().c, 2);
  const Guard small(analyzer(), standard(), {"コードネーム海鳥"}, 1);  // no body's scheme is left
  EXPECT_EQ(small.pass(low(), request({"コードネーム海鳥"}), {Origin::question}, kOffice, Confirmed::yes)->request.label().c, 1);
}

TEST(Guard, WhatIsKeptOfARefusalHoldsNoValue) {
  const Guard guard(analyzer(), standard(), {}, 3);
  const std::string kept = guard.covered(std::string("本人 ") + kNumber + "、電話 090-1234-5678", kOffice);
  EXPECT_EQ(kept.find(kNumber), std::string::npos);
  EXPECT_EQ(kept.find("1234-5678"), std::string::npos);
}

TEST(Guard, EveryMessageNeedsItsOrigin) {
  const Guard guard(analyzer(), standard(), {}, 3);
  EXPECT_FALSE(guard.pass(low(), request({"a", "b"}), {Origin::question}, kOffice, Confirmed::yes).has_value());
}

TEST(GuardRules, RefuseWhatIsIncomplete) {
  RuleView rule{{"phone"}, {}, {}, {}, "", 1, 9, 50, "block", 0, "7(2)", "K"};
  EXPECT_TRUE(rule_of(rule).has_value());
  const auto broken = [&](auto change) {
    RuleView copy = rule;
    change(copy);
    return !rule_of(copy).has_value();
  };
  EXPECT_TRUE(broken([](RuleView& r) { r.kinds = {"no_such_kind"}; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.kinds = {}; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.action = "maybe"; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.clause = ""; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.who_can_permit = ""; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.least = 0; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.class_from = 3, r.class_to = 2; }));
  EXPECT_TRUE(broken([](RuleView& r) { r.parts = {"title"}; }));
}

}  // namespace
}  // namespace sekisho::guards
