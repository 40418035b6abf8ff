// Rules of metering: months, budgets' warnings, forecast. Pure; time is an argument.
//
// A month is that of Japan's calendar. What counts against a budget is the characters (extended grapheme clusters) that were typed plus
// those that were answered; text of documents that goes along is counted apart and never against a budget.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/time.h"

namespace sekisho::metering {

struct Month {
  std::string text;  // "2026-11"
  int year = 0;
  int month = 0;
  int days = 0;
  std::int64_t first_day = 0;  // day number: days since 1970-01-01 in Japan
  Timestamp begin;
  Timestamp end;  // first moment of the next one
};
Month month_of(Timestamp at);
// "2026-11"; anything else: invalid_argument.
Result<Month> parse_month(const std::string& text);
// n months before (negative: after).
Month months_before(const Month& month, int n);
std::int64_t day_number(Timestamp at);
std::string day_text(std::int64_t day);  // "2026-11-30"

inline constexpr std::array<int, 3> kThresholds = {80, 90, 100};  // per cent of a budget
// The highest threshold that `used` has reached, 0 for none. A budget of 0 is used up from the start.
int level_of(std::int64_t used, std::int64_t budget);
// The threshold that is crossed by going from `before` to `after`, if any.
std::optional<int> crossed(std::int64_t before, std::int64_t after, std::int64_t budget);

// What the month will come to: what is counted so far, and for the days that are left what such a day took on average in the four weeks
// before `now` (working days and weekends apart: offices sleep on weekends). by_day: day number -> counted; days without a row are 0.
// `first_use`: the day of the very first use; days before it say nothing.
std::int64_t forecast(const Month& month, Timestamp now, std::int64_t counted, const std::map<std::int64_t, std::int64_t>& by_day, std::optional<std::int64_t> first_use);

}  // namespace sekisho::metering
