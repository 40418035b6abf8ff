#include "features/metering/rules.h"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "features/bodies/dates.h"

namespace sekisho::metering {
namespace {

using namespace std::chrono;

constexpr std::int64_t kJstMicros = 9LL * 3600 * 1'000'000;
constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::int64_t kWindowDays = 28;

Timestamp begin_of(std::int64_t day) { return {day * kDayMicros - kJstMicros}; }

Month month_from(int year, int month) {
  const year_month ym{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)}};
  const sys_days first{ym / 1};
  const sys_days next{(ym + months{1}) / 1};
  Month out;
  out.text = bodies::to_iso_month({year, month, 1});
  out.year = year;
  out.month = month;
  out.first_day = first.time_since_epoch().count();
  out.days = static_cast<int>((next - first).count());
  out.begin = begin_of(out.first_day);
  out.end = begin_of(out.first_day + out.days);
  return out;
}

bool weekend(std::int64_t day) {
  const weekday d{sys_days{days{day}}};
  return d == Saturday || d == Sunday;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::int64_t day_number(Timestamp at) { return floor_div(at.micros + kJstMicros, kDayMicros); }

std::string day_text(std::int64_t day) {
  const year_month_day ymd{sys_days{days{day}}};
  return bodies::to_iso_day({static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())), static_cast<int>(static_cast<unsigned>(ymd.day()))});
}

Month month_of(Timestamp at) {
  const CivilDate date = jst_date(at);
  return month_from(date.year, date.month);
}

Result<Month> parse_month(const std::string& text) {
  int year = 0;
  int month = 0;
  const char* const end = text.data() + text.size();
  const bool shape = text.size() == 7 && text[4] == '-' && std::from_chars(text.data(), text.data() + 4, year).ptr == text.data() + 4 &&
                     std::from_chars(text.data() + 5, end, month).ptr == end;
  if (!shape || year < 2000 || year > 2999 || month < 1 || month > 12) return fail(Code::invalid_argument, "usage.month", "YYYY-MM");
  return month_from(year, month);
}

Month months_before(const Month& month, int n) {
  const int count = month.year * 12 + month.month - 1 - n;
  return month_from(count / 12, count % 12 + 1);
}

int level_of(std::int64_t used, std::int64_t budget) {
  int out = 0;
  for (const int percent : kThresholds)
    if (used >= (budget / 100) * percent + (budget % 100) * percent / 100) out = percent;
  return budget == 0 ? kThresholds.back() : out;
}

std::optional<int> crossed(std::int64_t before, std::int64_t after, std::int64_t budget) {
  const int now = level_of(after, budget);
  if (after > before && now > level_of(before, budget)) return now;
  return std::nullopt;
}

std::int64_t forecast(const Month& month, Timestamp now, std::int64_t counted, const std::map<std::int64_t, std::int64_t>& by_day, std::optional<std::int64_t> first_use) {
  if (now >= month.end || !first_use) return counted;
  const std::int64_t today = day_number(now);
  const std::int64_t from = std::max(today - kWindowDays, *first_use);
  std::array<std::int64_t, 2> sum{}, number{};  // working days, weekends
  const auto used_on = [&](std::int64_t day) {
    const auto it = by_day.find(day);
    return it == by_day.end() ? std::int64_t{0} : it->second;
  };
  for (std::int64_t day = from; day < today; ++day) {
    sum[weekend(day)] += used_on(day);
    ++number[weekend(day)];
  }
  // On the first day only today is known: a working day is then taken to be like it.
  if (number[0] == 0) {
    sum[0] = used_on(today);
    number[0] = 1;
  }
  const auto usual = [&](std::int64_t day) { return number[weekend(day)] == 0 ? std::int64_t{0} : sum[weekend(day)] / number[weekend(day)]; };
  std::int64_t out = counted + (today >= month.first_day ? std::max<std::int64_t>(0, usual(today) - used_on(today)) : 0);
  for (std::int64_t day = std::max(today + 1, month.first_day); day < month.first_day + month.days; ++day) out += usual(day);
  return out;
}

}  // namespace sekisho::metering
