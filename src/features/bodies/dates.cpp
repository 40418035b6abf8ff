#include "features/bodies/dates.h"

#include <charconv>
#include <chrono>

namespace sekisho::bodies {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;
constexpr std::int64_t kJstMicros = 9LL * 3600 * 1'000'000;

bool number(std::string_view text, std::size_t most, int& out) {
  if (text.empty() || text.size() > most) return false;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), out);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

}  // namespace

Result<CivilDate> parse_day(std::string_view text) {
  const char separator = text.find('/') == std::string_view::npos ? '-' : '/';
  const std::size_t first = text.find(separator);
  const std::size_t second = first == std::string_view::npos ? first : text.find(separator, first + 1);
  CivilDate day;
  const bool numbers = second != std::string_view::npos && first == 4 && number(text.substr(0, 4), 4, day.year) &&
                       number(text.substr(first + 1, second - first - 1), 2, day.month) && number(text.substr(second + 1), 2, day.day);
  if (!numbers || day.month < 1 || day.day < 1 || day.year < 1) return fail(Code::invalid_argument, "bodies.date", "not a day: " + std::string(text.substr(0, 40)));
  const std::chrono::year_month_day ymd{std::chrono::year(day.year), std::chrono::month(static_cast<unsigned>(day.month)), std::chrono::day(static_cast<unsigned>(day.day))};
  if (!ymd.ok()) return fail(Code::invalid_argument, "bodies.date", "no such day: " + std::string(text.substr(0, 40)));
  return day;
}

Timestamp begin_of(const CivilDate& day) {
  const std::chrono::sys_days at = std::chrono::year_month_day{std::chrono::year(day.year), std::chrono::month(static_cast<unsigned>(day.month)),
                                                               std::chrono::day(static_cast<unsigned>(day.day))};
  return {std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count() - kJstMicros};
}

Timestamp end_of(const CivilDate& day) { return {begin_of(day).micros + kDayMicros}; }

std::string to_iso_day(const CivilDate& day) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  const std::string year = std::to_string(day.year);
  return std::string(year.size() < 4 ? 4 - year.size() : 0, '0') + year + "-" + two(day.month) + "-" + two(day.day);
}

std::string to_iso_month(const CivilDate& day) {
  const std::string whole = to_iso_day(day);
  return whole.substr(0, whole.rfind('-'));
}

std::string first_day(Timestamp from) { return to_iso_day(jst_date(from)); }
std::string last_day(Timestamp to) { return to_iso_day(jst_date({to.micros - 1})); }

}  // namespace sekisho::bodies
