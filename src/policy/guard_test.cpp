#include "policy/guard.h"

#include <gtest/gtest.h>

#include <random>

namespace sekisho::policy {
namespace {

GuardRule rule(std::set<std::string> kinds, GuardAction action) {
  GuardRule r;
  r.kinds = std::move(kinds);
  r.action = action;
  r.clause = "1(1)";
  r.who_can_permit = "K";
  return r;
}

TEST(Guard, BlocksWhatNoRuleNames) {
  const GuardDecision d = decide_guard({}, "phone", 99, GuardPart::typed, {});
  EXPECT_EQ(d.action, GuardAction::block);
  EXPECT_FALSE(d.clause.empty());
  EXPECT_FALSE(d.who_can_permit.empty());
}

TEST(Guard, TheFirstFittingRuleDecides) {
  GuardRule here = rule({"number"}, GuardAction::allow);
  here.segments = {"closed"};
  here.accepts = {"closed"};
  const std::vector<GuardRule> rules = {here, rule({"number"}, GuardAction::block), rule({"*"}, GuardAction::allow)};
  const GuardPlace inside{{"closed"}, "e", {"closed", "open"}, 1}, half{{"closed"}, "e", {"open"}, 1}, outside{{"open"}, "e", {"closed", "open"}, 1};
  EXPECT_EQ(decide_guard(rules, "number", 90, GuardPart::typed, inside).action, GuardAction::allow);
  EXPECT_EQ(decide_guard(rules, "number", 90, GuardPart::typed, half).action, GuardAction::block);
  EXPECT_EQ(decide_guard(rules, "number", 90, GuardPart::source, outside).action, GuardAction::block);
  EXPECT_EQ(decide_guard(rules, "phone", 90, GuardPart::typed, outside).action, GuardAction::allow);
}

// Each condition of a rule narrows it: dropping one never makes a fitting rule stop fitting.
TEST(Guard, ConditionsOnlyNarrow) {
  std::mt19937 random(11);
  const auto some = [&](std::vector<std::string> words) {
    std::set<std::string> out;
    for (const auto& w : words)
      if (random() % 2 == 0) out.insert(w);
    return out;
  };
  for (int n = 0; n < 5000; ++n) {
    GuardRule r = rule(some({"a", "b"}), GuardAction::allow);
    r.segments = some({"x", "y"});
    r.accepts = some({"x", "y"});
    r.endpoint = random() % 2 == 0 ? "e" : "";
    r.class_from = static_cast<Rank>(1 + random() % 3);
    r.least = static_cast<int>(random() % 100);
    if (random() % 2 == 0) r.parts = {GuardPart::typed};
    const GuardPlace place{some({"x", "y"}), random() % 2 == 0 ? "e" : "f", some({"x", "y"}), static_cast<Rank>(1 + random() % 3)};
    const GuardPart part = random() % 2 == 0 ? GuardPart::typed : GuardPart::source;
    const int sure = static_cast<int>(random() % 100);
    const bool fitted = decide_guard({r}, "a", sure, part, place).action == GuardAction::allow;
    GuardRule wider = r;
    switch (random() % 5) {
      case 0: wider.segments.clear(); break;
      case 1: wider.accepts.clear(); break;
      case 2: wider.endpoint.clear(); break;
      case 3: wider.parts.clear(); break;
      default: wider.least = 0;
    }
    const bool fits_wider = decide_guard({wider}, "a", sure, part, place).action == GuardAction::allow;
    ASSERT_TRUE(!fitted || fits_wider);
  }
}

TEST(Guard, RaisingNeverLowers) {
  for (Rank have = 1; have <= kTopRank; ++have)
    for (Rank to = 0; to <= kTopRank; ++to) {
      Label label;
      label.c = have;
      EXPECT_GE(raised(label, to).c, have);
      EXPECT_TRUE(covers(raised(label, to), label));
    }
}

}  // namespace
}  // namespace sekisho::policy
