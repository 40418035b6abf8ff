#include <gtest/gtest.h>

#include "policy/decide.h"
#include "policy/label.h"
#include "policy/random_world.h"
#include "policy/relabel.h"
#include "policy/test_support.h"

namespace sekisho::policy {
namespace {

constexpr int kWorlds = 10'000;

// Runs `check` in as many worlds as a run has, each with a generator of its own.
template <class Check>
void for_each_world(Check check) {
  for (int n = 0; n < kWorlds; ++n) {
    const std::uint64_t seed = run_seed() + static_cast<std::uint64_t>(n);
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    check(random);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(LabelAlgebra, JoinIsALeastUpperBound) {
  for_each_world([](Random& random) {
    const Label a = random_label(random), b = random_label(random), c = random_label(random);
    ASSERT_EQ(join(a, b), join(b, a));
    ASSERT_EQ(join(join(a, b), c), join(a, join(b, c)));
    ASSERT_EQ(join(a, a), a);
    ASSERT_TRUE(covers(join(a, b), a));
    if (covers(c, a) && covers(c, b)) {
      ASSERT_TRUE(covers(c, join(a, b)));
    }
    // Monotone: what covers a part covers it still after both are joined with the same.
    ASSERT_TRUE(covers(join(join(a, b), c), join(a, c)));
    ASSERT_EQ(decode(encode(a)).value(), a);
    ASSERT_EQ(encode(decode(encode(a)).value()), encode(a));
  });
}

TEST(LabelAlgebra, JoiningNeverOpensWhatAPartClosed) {
  const Matrix matrix = test_matrix();
  for_each_world([&](Random& random) {
    const Label a = random_label(random), b = random_label(random);
    const Person p = random_person(random);
    ASSERT_EQ(decide_read(matrix, p, join(a, b)).allow, decide_read(matrix, p, a).allow && decide_read(matrix, p, b).allow);
    const Ceiling e = draw_endpoint(random).real;
    ASSERT_EQ(decide_send(matrix, e, join(a, b)).allow, decide_send(matrix, e, a).allow && decide_send(matrix, e, b).allow);
    const Exit exit{"file", {"duty1"}};
    ASSERT_EQ(decide_export(matrix, p, exit, join(a, b)).allow, decide_export(matrix, p, exit, a).allow && decide_export(matrix, p, exit, b).allow);
  });
}

TEST(Read, LosingARightOrRaisingALabelNeverLetsMoreBeRead) {
  const Matrix matrix = test_matrix();
  for_each_world([&](Random& random) {
    const Label label = random_label(random), raised = raise(label, random_label(random)).label();
    DrawnPerson drawn = draw_person(random);
    drawn.real.program = false;
    const bool before = decide_read(matrix, drawn.real, label).allow;
    if (decide_read(matrix, drawn.real, raised).allow) {
      ASSERT_TRUE(before);
    }
    Person less = drawn.real;
    if (!less.principals.empty() && chance(random, 2)) less.principals.erase(less.principals.begin());
    less.clearance -= pick(random, 2);
    less.accepted_origins &= draw_segments(random);
    if (decide_read(matrix, less, label).allow) {
      ASSERT_TRUE(before);
    }
    if (before) {
      ASSERT_LE(label.c, drawn.real.clearance);
    }
  });
}

TEST(Send, EveryConjunctIsNeeded) {
  const Matrix matrix = test_matrix();
  for_each_world([&](Random& random) {
    Label label = random_label(random);
    label.state = State::known;
    label.segments |= 1;
    label.obligations.insert("duty0");
    const Ceiling good{"e", label.c, label.segments, label.obligations, true, label.segments, label.segments};
    ASSERT_TRUE(decide_send(matrix, good, label).allow);
    Ceiling bad = good;
    bad.approved = false;
    ASSERT_EQ(decide_send(matrix, bad, label).key, "policy.endpoint_not_approved");
    bad = good;
    bad.c = label.c - 1;
    ASSERT_EQ(decide_send(matrix, bad, label).key, "policy.endpoint_ceiling");
    bad = good;
    bad.segments &= ~1u;
    ASSERT_EQ(decide_send(matrix, bad, label).key, "policy.endpoint_segment");
    bad = good;
    bad.home &= ~1u;  // it accepts what is closed, but does not live there
    ASSERT_EQ(decide_send(matrix, bad, label).key, "policy.endpoint_segment");
    bad = good;
    bad.capabilities.erase("duty0");
    ASSERT_EQ(decide_send(matrix, bad, label).key, "policy.endpoint_obligation");
    label.state = State::unknown;
    ASSERT_EQ(decide_send(matrix, good, label).key, "policy.unknown_label");
  });
}

TEST(Lowering, NothingButAnApprovalLowersALabel) {
  const Matrix matrix = test_matrix();
  for_each_world([&](Random& random) {
    const Label from = random_label(random), other = random_label(random);
    ASSERT_TRUE(covers(raise(from, other).label(), from));
    Label to = other;
    to.state = State::known;
    const Lowering asked{"d1", "hash", from, to, "asker"};
    const Approver all{"boss", {}, true};
    // The whole body's approver may; the asker never, alone or among others.
    auto approved = approve(matrix, asked, {all});
    ASSERT_TRUE(approved.has_value());
    ASSERT_EQ(approve(matrix, asked, {all, {"asker", {}, true}}).error().key, "policy.lowering_own");
    ASSERT_EQ(approve(matrix, asked, {}).error().key, "policy.lowering_unapproved");
    // Bound to the object, its content and its label.
    switch (pick(random, 4)) {
      case 0: ASSERT_EQ(declassify(matrix, std::move(*approved), "d2", "hash", from).error().key, "policy.lowering_other_content"); break;
      case 1: ASSERT_EQ(declassify(matrix, std::move(*approved), "d1", "edited", from).error().key, "policy.lowering_other_content"); break;
      case 2: {
        Label later = from;
        later.c += 1;
        ASSERT_EQ(declassify(matrix, std::move(*approved), "d1", "hash", later).error().key, "policy.lowering_other_content");
        break;
      }
      default: ASSERT_EQ(declassify(matrix, std::move(*approved), "d1", "hash", from)->label(), to);
    }
  });
}

TEST(Lowering, EachRemovedReaderClauseNeedsItsOwnApprover) {
  const Matrix matrix = test_matrix();
  Label from;
  from.c = from.i = from.a = 2;
  from.state = State::known;
  from.readers = Readers::all_of({{"unit:1"}, {"unit:2", "unit:3"}});
  Label to = from;
  to.readers = {};
  const Lowering asked{"d", "h", from, to, "asker"};
  const Approver one{"k1", {"unit:1"}, false}, two{"k2", {"unit:3"}, false};
  EXPECT_EQ(approve(matrix, asked, {one}).error().key, "policy.lowering_reach");
  EXPECT_EQ(approve(matrix, asked, {two}).error().key, "policy.lowering_reach");
  EXPECT_TRUE(approve(matrix, asked, {one, two}).has_value());
  // Nobody unknown becomes known by being asked for.
  Label unknown = to;
  unknown.state = State::unknown;
  EXPECT_EQ(approve(matrix, {"d", "h", from, unknown, "asker"}, {one, two}).error().key, "policy.lowering_unapproved");
}

TEST(Label, DefaultIsTopAndUnknown) {
  const Matrix matrix = test_matrix();
  Person p;
  p.clearance = kTopRank;
  p.accepted_origins = ~0u;
  EXPECT_FALSE(decide_read(matrix, p, Label{}).allow);
  EXPECT_EQ(decide_read(matrix, p, Label{}).key, "policy.unknown_label");
}

TEST(Label, DecodeRefusesAnythingElse) {
  const std::string good = encode(Label{});
  for (std::size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(decode(good.substr(0, cut)).has_value()) << cut;
  EXPECT_FALSE(decode("v1;c=1;i=1;a=1;r=x y;s=0;o=;t=0;k=0").has_value());
  EXPECT_FALSE(decode("v1;c=1;i=1;a=1;r=;s=0;o=;t=9;k=0").has_value());
}

TEST(Decide, DeniesByDefaultAndNamesTheClause) {
  const auto matrix = test_matrix({{"chat.ask", {"chat.use", "x", "K", false}}, {"session.open", {"", "y", "K", true}}});
  Person p;
  EXPECT_EQ(decide(matrix, &p, "nothing").key, "policy.unknown_action");
  EXPECT_FALSE(decide(matrix, &p, "nothing").clause.empty());
  EXPECT_EQ(decide(matrix, nullptr, "chat.ask").key, "policy.not_signed_in");
  EXPECT_EQ(decide(matrix, &p, "chat.ask").key, "policy.power");
  p.powers.insert("chat.use");
  EXPECT_TRUE(decide(matrix, &p, "chat.ask").allow);
  EXPECT_TRUE(decide(matrix, nullptr, "session.open").allow);
}

TEST(Decide, FactorsElevationAndExportAreForbidsThatBeatThePower) {
  ActionRule rule{"power0", "x", "K", false, 2, true, true};
  const auto matrix = test_matrix({{"act", rule}});
  Person p;
  p.powers.insert("power0");
  EXPECT_EQ(decide(matrix, &p, "act").key, "policy.second_factor");
  p.factors = 2;
  EXPECT_EQ(decide(matrix, &p, "act").key, "policy.not_elevated");
  p.elevated = true;
  EXPECT_TRUE(decide(matrix, &p, "act").allow);
  p.may_carry_out = false;
  EXPECT_EQ(decide(matrix, &p, "act").key, "policy.no_export");
}

TEST(Decide, CredentialsAreNotForContractorsWhateverTheirPowers) {
  ActionRule rule{"power0", "x", "K", false};
  rule.credentials = true;
  const auto matrix = test_matrix({{"reset", rule}, {"ask", {"power0", "x", "K", false}}});
  Person p;
  p.powers.insert("power0");
  EXPECT_TRUE(decide(matrix, &p, "reset").allow);
  p.contractor = p.elevated = true;
  EXPECT_EQ(decide(matrix, &p, "reset").key, "policy.contractor");
  EXPECT_TRUE(decide(matrix, &p, "ask").allow);
}

TEST(Decide, WhatComesFromASegmentWithoutExportIsNotCarriedOutFromAnother) {
  const auto matrix = test_matrix();
  Person p;
  p.clearance = 3;
  p.accepted_origins = 3;
  p.closed = 1;
  Label label;
  label.c = 1;
  label.state = State::known;
  label.segments = 2;
  EXPECT_TRUE(decide_export(matrix, p, {"file", {}}, label).allow);
  label.segments = 3;
  EXPECT_EQ(decide_export(matrix, p, {"file", {}}, label).key, "policy.no_export");
}

TEST(Matrix, TakesNoRuleOrAxisWithoutClauseAndPermitter) {
  EXPECT_FALSE(Matrix::create("1", {{"a", {"p", "", "K", false}}}, test_axes()).has_value());
  EXPECT_FALSE(Matrix::create("1", {{"a", {"p", "x", "", false}}}, test_axes()).has_value());
  EXPECT_FALSE(Matrix::create("", {}, test_axes()).has_value());
  EXPECT_FALSE(Matrix::create("1", {}, test_axes("", "P")).has_value());
  EXPECT_FALSE(Matrix::create("1", {}, test_axes("1", "")).has_value());
  auto axes = test_axes();
  axes.emplace("policy.invented", Ground{"1", "P"});
  EXPECT_FALSE(Matrix::create("1", {}, axes).has_value());
  for (std::size_t n = 0; n < kAxes; ++n) {
    auto missing = test_axes();
    missing.erase(std::string(key_of(static_cast<Axis>(n))));
    EXPECT_FALSE(Matrix::create("1", {}, missing).has_value()) << n;
  }
}

TEST(Decide, OpensNothingButTheWayToTheSecondFactorWhileItIsDue) {
  ActionRule leads{"", "x", "K", false};
  leads.before_second_factor = true;
  const auto matrix = test_matrix({{"prove", leads}, {"status", {"", "x", "K", false}}, {"ask", {"chat.use", "x", "K", false}}, {"open", {"", "x", "K", true}}});
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
