#include "features/decisions/decisions.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "policy/test_support.h"

namespace sekisho::decisions {
namespace {

Waiting one(const char* what, std::optional<std::int64_t> due, bool overdue, int severity, std::int64_t since) {
  Waiting out;
  out.what = what;
  if (due) out.due_at = Timestamp{*due};
  out.overdue = overdue;
  out.severity = severity;
  out.since = Timestamp{since};
  return out;
}

TEST(Decisions, AreOrderedByWhatIsOverWhatActsNowTheDayTheSeverityAndTheWaiting) {
  std::vector<Waiting> all = {one("no day, long", {}, false, 1, 1), one("no day, severe", {}, false, 2, 9), one("tomorrow", 20, false, 1, 5), one("next week", 90, false, 2, 5),
                              one("stop", {}, false, kActsNow, 8), one("a little over", 9, true, 1, 5), one("long over", 2, true, 1, 7), one("no day, short", {}, false, 1, 4)};
  std::stable_sort(all.begin(), all.end(), before);
  std::vector<std::string> order;
  for (const Waiting& w : all) order.push_back(w.what);
  EXPECT_EQ(order, (std::vector<std::string>{"long over", "a little over", "stop", "tomorrow", "next week", "no day, severe", "no day, long", "no day, short"}));
}

TEST(Decisions, AreAskedForOnlyWhereEveryActionMayBeDone) {
  policy::ActionRule ordinary{"a", "6(1)イ", "top"}, privileged{"b", "6(1)イ", "top"};
  privileged.privileged = true;
  const policy::Matrix matrix = policy::test_matrix({{"ordinary", ordinary}, {"privileged", privileged}});
  policy::Person person;
  person.user_id = "u";
  EXPECT_TRUE(may_do(matrix, person, {}));
  EXPECT_FALSE(may_do(matrix, person, {"ordinary"}));
  EXPECT_FALSE(may_do(matrix, person, {"privileged"})) << "an elevation alone does not give the power";
  person.powers = {"a", "b"};
  EXPECT_TRUE(may_do(matrix, person, {"ordinary", "privileged"})) << "the elevation is opened where the thing is done";
  EXPECT_FALSE(may_do(matrix, person, {"ordinary", "no such action"}));
}

}  // namespace
}  // namespace sekisho::decisions
