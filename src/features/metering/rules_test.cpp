#include "features/metering/rules.h"

#include <gtest/gtest.h>

namespace sekisho::metering {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kDay = 24 * kHour;

// 2026-11-01 00:00 in Japan, a Sunday.
Timestamp november() { return parse_month("2026-11")->begin; }
Timestamp at(int day, int hour = 12) { return {november().micros + (day - 1) * kDay + hour * kHour}; }

TEST(MeteringMonth, TurnsAtMidnightInJapan) {
  EXPECT_EQ(month_of({november().micros - 1}).text, "2026-10");
  EXPECT_EQ(month_of(november()).text, "2026-11");
  EXPECT_EQ(to_rfc3339(november()), "2026-10-31T15:00:00.000000Z");
  const Month month = *parse_month("2026-11");
  EXPECT_EQ(month.days, 30);
  EXPECT_EQ(month.end.micros - month.begin.micros, 30 * kDay);
  EXPECT_EQ(day_text(month.first_day), "2026-11-01");
  EXPECT_EQ(day_number(at(30, 23)), month.first_day + 29);
}

TEST(MeteringMonth, KnowsLeapYearsAndOtherYears) {
  EXPECT_EQ(parse_month("2028-02")->days, 29);
  EXPECT_EQ(parse_month("2026-02")->days, 28);
  EXPECT_EQ(months_before(*parse_month("2026-01"), 1).text, "2025-12");
  EXPECT_EQ(months_before(*parse_month("2026-11"), 11).text, "2025-12");
  EXPECT_EQ(months_before(*parse_month("2026-11"), -2).text, "2027-01");
}

TEST(MeteringMonth, RefusesWhatIsNoMonth) {
  for (const char* text : {"", "2026", "2026-13", "2026-00", "2026-1", "2026/11", "20261-1", "2026-11-01", " 026-11", "2026-1x", "-026-11", "1999-12"})
    EXPECT_FALSE(parse_month(text).has_value()) << text;
}

TEST(MeteringThresholds, AreReachedAtTheirCharacter) {
  EXPECT_EQ(level_of(3'999'999, 5'000'000), 0);
  EXPECT_EQ(level_of(4'000'000, 5'000'000), 80);
  EXPECT_EQ(level_of(4'499'999, 5'000'000), 80);
  EXPECT_EQ(level_of(5'000'000, 5'000'000), 100);
  EXPECT_EQ(level_of(0, 0), 100);
}

TEST(MeteringThresholds, AreToldWhenTheyAreCrossedAndOnlyThen) {
  EXPECT_EQ(crossed(3'999'000, 4'000'000, 5'000'000), 80);
  EXPECT_EQ(crossed(4'000'000, 4'100'000, 5'000'000), std::nullopt);
  EXPECT_EQ(crossed(0, 5'000'000, 5'000'000), 100);
  EXPECT_EQ(crossed(4'600'000, 3'000'000, 5'000'000), std::nullopt) << "a settlement that gives back";
}

TEST(MeteringForecast, TakesWorkingDaysAndWeekendsApart) {
  const Month month = *parse_month("2026-11");
  std::map<std::int64_t, std::int64_t> days;
  std::int64_t counted = 0;
  // Mondays to Fridays 100 each since October; the weekends are silent. Now it is Monday the 16th at noon, 60 so far today.
  for (std::int64_t day = month.first_day - 31; day < month.first_day + 15; ++day) {
    const bool weekend = (day + 4) % 7 == 0 || (day + 4) % 7 == 6;  // 1970-01-01 was a Thursday
    if (!weekend) days[day] = 100;
    if (!weekend && day >= month.first_day) counted += 100;
  }
  days[month.first_day + 15] = 60;
  counted += 60;
  EXPECT_EQ(counted, 1'060);
  // 21 working days in the month.
  EXPECT_EQ(forecast(month, at(16), counted, days, month.first_day - 31), 2'100);
}

TEST(MeteringForecast, OfAMonthThatIsOverIsWhatItWas) {
  EXPECT_EQ(forecast(*parse_month("2026-10"), at(3), 777, {}, 20'000), 777);
}

TEST(MeteringForecast, OnTheVeryFirstDayTakesTheOthersToBeLikeIt) {
  const Month month = *parse_month("2026-11");
  const std::int64_t monday = month.first_day + 1;
  EXPECT_EQ(forecast(month, at(2), 50, {{monday, 50}}, monday), 50 + 20 * 50);
  EXPECT_EQ(forecast(month, at(2), 0, {}, std::nullopt), 0);
}

}  // namespace
}  // namespace sekisho::metering
