// Another scheme: what is classified rises, what permits sinks, and nobody reads what was closed before.
#include "policy/scheme.h"

#include <gtest/gtest.h>

#include "policy/random_world.h"
#include "policy/test_support.h"

namespace sekisho::policy {
namespace {

constexpr int kWorlds = 20'000;

const SchemeChange kThreeToFive{{{{1}, {2}, {3, 4, 5}}}, {}, {}};
const SchemeChange kFiveToThree{{{{1}, {2}, {3}, {3}, {3}}}, {}, {}};

// Any change that a profile may ask for: neither end of the lists falls from one old rank to the next.
AxisChange draw_axis(Random& random) {
  AxisChange out;
  if (chance(random, 8)) return out;
  Rank low = 1, high = 1;
  for (int n = 1 + pick(random, 8); n > 0; --n) {
    low = std::min<Rank>(8, low + pick(random, 3));
    high = std::max(std::min<Rank>(8, high + pick(random, 3)), low);
    std::vector<Rank> list;
    for (Rank r = low; r <= high; ++r) list.push_back(r);
    out.to.push_back(std::move(list));
  }
  return out;
}

TEST(Scheme, ThreeLevelsBecomeFiveAndThreeAgain) {
  EXPECT_EQ(kThreeToFive.c.strictest(3), 5);
  EXPECT_EQ(kThreeToFive.c.lowest(3), 3);
  EXPECT_EQ(kThreeToFive.c.permits(3), 3);
  EXPECT_EQ(kThreeToFive.c.permits(2), 2);
  // 3C, 3B and 3A become one: whoever was not cleared for 3A is not cleared for what holds it.
  EXPECT_EQ(kFiveToThree.c.strictest(3), 3);
  EXPECT_EQ(kFiveToThree.c.permits(3), 2);
  EXPECT_EQ(kFiveToThree.c.permits(4), 2);
  EXPECT_EQ(kFiveToThree.c.permits(5), 3);
}

TEST(Scheme, WhatIsUnknownStaysSo) {
  Label unknown;
  EXPECT_EQ(strictest(unknown, kThreeToFive), unknown);
  EXPECT_EQ(kFiveToThree.c.strictest(7), kTopRank);  // a rank that the scheme never had
  EXPECT_EQ(kFiveToThree.c.permits(kTopRank), 3);
  EXPECT_EQ(kFiveToThree.c.permits(0), 0);
}

TEST(Scheme, WhoCouldNotReadBeforeCannotAfterWhateverIsChosen) {
  const Matrix matrix = test_matrix();
  int closed = 0;
  for (int n = 0; n < kWorlds; ++n) {
    Random random(run_seed() + static_cast<std::uint64_t>(n));
    SchemeChange change{draw_axis(random), draw_axis(random), draw_axis(random)};
    DrawnPerson before = draw_person(random);
    before.real.program = false;
    Label label = draw_label(random).real;
    Person after = before.real;
    after.clearance = change.c.permits(before.real.clearance);
    if (decide_read(matrix, before.real, label).allow) continue;
    ++closed;
    ASSERT_FALSE(decide_read(matrix, after, strictest(label, change)).allow) << "seed " << run_seed() + static_cast<std::uint64_t>(n);
    ASSERT_FALSE(decide_read(matrix, after, lowest(label, change)).allow) << "seed " << run_seed() + static_cast<std::uint64_t>(n);
  }
  EXPECT_GT(closed, kWorlds / 4);
}

TEST(Scheme, WhatAnEndpointWasNotSentBeforeItIsNotSentAfter) {
  const Matrix matrix = test_matrix();
  for (int n = 0; n < kWorlds; ++n) {
    Random random(run_seed() + static_cast<std::uint64_t>(n));
    const SchemeChange change{draw_axis(random), {}, {}};
    const Label label = draw_label(random).real;
    Ceiling ceiling = draw_endpoint(random).real;
    if (decide_send(matrix, ceiling, label).allow) continue;
    ceiling.c = change.c.permits(ceiling.c);
    ASSERT_FALSE(decide_send(matrix, ceiling, lowest(label, change)).allow) << "seed " << run_seed() + static_cast<std::uint64_t>(n);
  }
}

// Joining before the change covers joining after it: an answer made of two documents stays as closed as both.
TEST(Scheme, JoinsAreKept) {
  for (int n = 0; n < kWorlds; ++n) {
    Random random(run_seed() + static_cast<std::uint64_t>(n));
    const SchemeChange change{draw_axis(random), draw_axis(random), draw_axis(random)};
    const Label a = draw_label(random).real, b = draw_label(random).real;
    ASSERT_EQ(strictest(join(a, b), change), join(strictest(a, change), strictest(b, change)));
    ASSERT_TRUE(covers(strictest(a, change), lowest(a, change)));
  }
}

}  // namespace
}  // namespace sekisho::policy
