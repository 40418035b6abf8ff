#include "features/reviews/rules.h"

#include <gtest/gtest.h>

#include "features/retention/rules.h"

namespace sekisho::reviews {
namespace {

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// 2027-03-01 is a Monday.
Timestamp at(int day, int hour, int minute = 0) { return {retention::month_begin("2027-03").value().micros + (day - 1) * kDay + hour * kHour + minute * kMinute}; }

Event question(const char* person, Timestamp when) {
  Event e;
  e.person = person;
  e.at = when;
  e.question = true;
  return e;
}

const Finding* find(const Outcome& outcome, std::string_view kind, std::string_view person) {
  for (const Finding& f : outcome.findings)
    if (f.kind == kind && f.person == person) return &f;
  return nullptr;
}

TEST(ReviewRules, WorkingHoursAreWeekdaysFromBeginToEnd) {
  const Rules rules;
  EXPECT_FALSE(off_hours(at(1, 7), rules));
  EXPECT_FALSE(off_hours(at(5, 19, 59), rules));
  EXPECT_TRUE(off_hours(at(1, 6, 59), rules));
  EXPECT_TRUE(off_hours(at(1, 20), rules));
  EXPECT_TRUE(off_hours(at(6, 12), rules)) << "Saturday";
  EXPECT_TRUE(off_hours(at(7, 12), rules)) << "Sunday";
  EXPECT_FALSE(off_hours(at(8, 0), Rules{60, 0, 24, 5, 1}));
}

TEST(ReviewRules, ABurstIsSoManyInOneHourOfOnePerson) {
  Examiner examiner({3, 0, 24, 5, 1});
  for (int n = 0; n < 3; ++n) examiner.take(question("a", at(1, 9, 10 * n)));
  for (int n = 0; n < 2; ++n) examiner.take(question("b", at(1, 9, 10 * n)));
  examiner.take(question("b", at(1, 10)));
  const Outcome out = examiner.outcome();
  EXPECT_EQ(out.totals.at("burst"), 1);
  const Finding* const burst = find(out, "burst", "a");
  ASSERT_NE(burst, nullptr);
  EXPECT_EQ(burst->count, 3);
  EXPECT_EQ(burst->from, at(1, 9));
  EXPECT_EQ(burst->to.micros, at(1, 9, 20).micros + 1);
  EXPECT_EQ(out.questions, 6);
  EXPECT_EQ(out.people, 2);
  EXPECT_EQ(out.hours[9], 5);
}

TEST(ReviewRules, LockoutsAreCountedByDay) {
  Examiner examiner({60, 7, 20, 2, 1});
  for (const int day : {1, 1, 2}) {
    Event e;
    e.person = "a";
    e.at = at(day, 9);
    e.failed_login = true;
    examiner.take(e);
  }
  const Outcome out = examiner.outcome();
  EXPECT_EQ(out.totals.at("lockout"), 1);
  EXPECT_EQ(find(out, "lockout", "a")->count, 2);
  EXPECT_EQ(out.questions, 0);
}

TEST(ReviewRules, TheMostComeFirstAndTheTotalSaysWhatIsLeftOut) {
  Examiner examiner(Rules{});
  for (std::size_t person = 0; person < kMostFindings + 50; ++person)
    for (std::size_t n = 0; n <= person % 7; ++n) {
      Event e = question(("p" + std::to_string(person)).c_str(), at(1, 10));
      e.guard = true;
      examiner.take(e);
    }
  const Outcome out = examiner.outcome();
  EXPECT_EQ(out.totals.at("guard"), static_cast<std::int64_t>(kMostFindings + 50));
  EXPECT_EQ(out.findings.size(), kMostFindings);
  EXPECT_EQ(out.findings.front().count, 7);
}

// What a finding counts is what the look at its records shows.
TEST(ReviewRules, CountsAreThoseOfTheRecordsBehindThem) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::uint64_t state = seed;
    const auto next = [&](std::uint64_t below) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      return (state >> 33u) % below;
    };
    const Rules rules{3, 8, 18, 2, 1};
    Examiner examiner(rules);
    std::vector<Event> events;
    for (int n = 0; n < 300; ++n) {
      Event e;
      e.person = std::string(1, static_cast<char>('a' + next(4)));
      e.at = at(1 + static_cast<int>(next(28)), static_cast<int>(next(24)), static_cast<int>(next(60)));
      e.question = next(2) == 0;
      e.guard = e.question && next(3) == 0;
      e.failed_login = !e.question && next(2) == 0;
      e.label_refused = !e.question && !e.failed_login;
      events.push_back(e);
      examiner.take(e);
    }
    for (const Finding& f : examiner.outcome().findings) {
      if (f.kind == "burst" || f.kind == "lockout") continue;  // their records are those of their hour or day
      std::int64_t counted = 0;
      for (const Event& e : events) counted += e.person == f.person && counts(e, f.kind, rules) ? 1 : 0;
      EXPECT_EQ(counted, f.count) << f.kind << " seed " << seed;
    }
  }
}

TEST(ReviewRules, PeriodsAreCountedFromJanuary) {
  EXPECT_EQ(period_of("2027-03", 1), "2027-03");
  EXPECT_EQ(period_of("2027-03", 3), "2027-01");
  EXPECT_EQ(period_of("2027-12", 3), "2027-10");
  EXPECT_EQ(period_of("2027-12", 12), "2027-01");
  EXPECT_EQ(last_over(at(1, 0), 1), "2027-02");
  EXPECT_EQ(last_over(at(31, 23), 1), "2027-02");
  EXPECT_EQ(last_over(at(1, 0), 3), "2026-10");
  EXPECT_EQ(last_over(retention::month_begin("2027-01").value(), 1), "2026-12");
}

}  // namespace
}  // namespace sekisho::reviews
