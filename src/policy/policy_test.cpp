#include <gtest/gtest.h>

#include <random>

#include "policy/decide.h"
#include "policy/label.h"
#include "policy/witness.h"

namespace sekisho::policy {
namespace {

using Random = std::mt19937;
int pick(Random& random, int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }

Label random_label(Random& random) {
  Label l;
  l.c = 1 + pick(random, 3);
  l.i = 1 + pick(random, 2);
  l.a = 1 + pick(random, 2);
  std::vector<Clause> clauses;
  for (int n = pick(random, 3); n > 0; --n) {
    Clause clause;
    for (int k = 1 + pick(random, 3); k > 0; --k) clause.insert("unit:" + std::to_string(pick(random, 4)));
    clauses.push_back(clause);
  }
  l.readers = Readers::all_of(clauses);
  l.segments = static_cast<SegmentSet>(pick(random, 8));
  if (pick(random, 3) == 0) l.obligations.insert("mask");
  l.trust = static_cast<Trust>(pick(random, 4));
  l.state = pick(random, 6) == 0 ? State::unknown : State::known;
  return l;
}

Person random_person(Random& random) {
  Person p;
  p.user_id = "u";
  p.clearance = pick(random, 4);
  for (int k = pick(random, 3); k > 0; --k) p.principals.insert("unit:" + std::to_string(pick(random, 4)));
  p.accepted_origins = static_cast<SegmentSet>(pick(random, 8));
  return p;
}

class LabelAlgebra : public ::testing::TestWithParam<unsigned> {};

TEST_P(LabelAlgebra, JoinIsALeastUpperBound) {
  Random random(GetParam());
  for (int n = 0; n < 2000; ++n) {
    const Label a = random_label(random), b = random_label(random), c = random_label(random);
    ASSERT_EQ(join(a, b), join(b, a)) << "seed " << GetParam();
    ASSERT_EQ(join(join(a, b), c), join(a, join(b, c))) << "seed " << GetParam();
    ASSERT_EQ(join(a, a), a);
    ASSERT_TRUE(covers(join(a, b), a));
    ASSERT_EQ(decode(encode(a)).value(), a);
  }
}

TEST_P(LabelAlgebra, JoiningNeverOpensWhatAPartClosed) {
  Random random(GetParam());
  for (int n = 0; n < 2000; ++n) {
    const Label a = random_label(random), b = random_label(random);
    const Person p = random_person(random);
    const bool both = decide_read(p, a).allow && decide_read(p, b).allow;
    ASSERT_EQ(decide_read(p, join(a, b)).allow, both) << "seed " << GetParam();
    const Ceiling e{"e", 1 + pick(random, 3), static_cast<SegmentSet>(pick(random, 8)), {}, true};
    ASSERT_EQ(decide_send(e, join(a, b)).allow, decide_send(e, a).allow && decide_send(e, b).allow) << "seed " << GetParam();
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, LabelAlgebra, ::testing::Range(1u, 6u));

TEST(Label, DefaultIsTopAndUnknown) {
  Person p;
  p.clearance = kTopRank;
  p.accepted_origins = ~0u;
  EXPECT_FALSE(decide_read(p, Label{}).allow);
  EXPECT_EQ(decide_read(p, Label{}).key, "policy.unknown_label");
}

TEST(Label, DecodeRefusesAnythingElse) {
  const std::string good = encode(Label{});
  for (std::size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(decode(good.substr(0, cut)).has_value()) << cut;
  EXPECT_FALSE(decode("v1;c=1;i=1;a=1;r=x y;s=0;o=;t=0;k=0").has_value());
  EXPECT_FALSE(decode("v1;c=1;i=1;a=1;r=;s=0;o=;t=9;k=0").has_value());
}

TEST(Decide, DeniesByDefaultAndNamesTheClause) {
  const auto matrix = Matrix::create("1", {{"chat.ask", {"chat.use", "x", "K", false}}, {"session.open", {"", "y", "K", true}}}).value();
  Person p;
  EXPECT_EQ(decide(matrix, &p, "nothing").key, "policy.unknown_action");
  EXPECT_FALSE(decide(matrix, &p, "nothing").clause.empty());
  EXPECT_EQ(decide(matrix, nullptr, "chat.ask").key, "policy.not_signed_in");
  EXPECT_EQ(decide(matrix, &p, "chat.ask").key, "policy.power");
  p.powers.insert("chat.use");
  EXPECT_TRUE(decide(matrix, &p, "chat.ask").allow);
  EXPECT_TRUE(decide(matrix, nullptr, "session.open").allow);
  EXPECT_FALSE(Matrix::create("1", {{"a", {"p", "", "K", false}}}).has_value());
}

TEST(Decide, OpensNothingButTheWayToTheSecondFactorWhileItIsDue) {
  ActionRule leads{"", "x", "K", false};
  leads.before_second_factor = true;
  const auto matrix = Matrix::create("1", {{"prove", leads}, {"status", {"", "x", "K", false}}, {"ask", {"chat.use", "x", "K", false}}, {"open", {"", "x", "K", true}}}).value();
  Person p;
  p.powers = {"chat.use"};
  p.second_factor_due = true;
  EXPECT_TRUE(decide(matrix, &p, "prove").allow);
  EXPECT_TRUE(decide(matrix, &p, "open").allow);
  for (const char* action : {"status", "ask"}) {
    const Decision decision = decide(matrix, &p, action);
    EXPECT_FALSE(decision.allow) << action;
    EXPECT_EQ(decision.key, "policy.second_factor");
    EXPECT_FALSE(decision.clause.empty() || decision.who_can_permit.empty());
  }
  p.second_factor_due = false;
  EXPECT_TRUE(decide(matrix, &p, "status").allow);
}

}  // namespace
}  // namespace sekisho::policy
