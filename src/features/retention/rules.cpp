#include "features/retention/rules.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace sekisho::retention {
namespace {

constexpr std::int64_t kJstMicros = 9LL * 3600 * 1'000'000;
constexpr std::int64_t kDayMicros = 86'400'000'000;

Timestamp begin_of(int months_since_0) {
  const std::chrono::year_month_day first{std::chrono::year{months_since_0 / 12}, std::chrono::month{static_cast<unsigned>(months_since_0 % 12 + 1)}, std::chrono::day{1}};
  return {std::chrono::sys_days{first}.time_since_epoch().count() * kDayMicros - kJstMicros};
}

int month_number(Timestamp at) {
  const CivilDate date = jst_date(at);
  return date.year * 12 + date.month - 1;
}

}  // namespace

bool known_kind(std::string_view kind) { return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds); }

std::string month_of(Timestamp at) {
  const CivilDate date = jst_date(at);
  std::array<char, 32> out;
  std::snprintf(out.data(), out.size(), "%04d-%02d", date.year, date.month);
  return out.data();
}

Result<Timestamp> month_begin(std::string_view month, int n) {
  int year = 0;
  int number = 0;
  const char* const at = month.data();
  const bool shape = month.size() == 7 && month[4] == '-' && std::from_chars(at, at + 4, year).ptr == at + 4 && std::from_chars(at + 5, at + 7, number).ptr == at + 7;
  if (!shape || year < 1970 || year > 2999 || number < 1 || number > 12) return fail(Code::invalid_argument, "retention.month", "YYYY-MM");
  return begin_of(year * 12 + number - 1 + n);
}

bool holds(const Hold& hold, std::string_view kind, std::string_view month) {
  if (hold.released_at || (!hold.kind.empty() && hold.kind != kind)) return false;
  return (hold.from_month.empty() || hold.from_month <= month) && (hold.to_month.empty() || month <= hold.to_month);
}

Result<Timestamp> due_at(const Rule& rule, std::string_view month) {
  SK_TRY(const Timestamp old_enough, month_begin(month, 1 + rule.months));
  return std::max(old_enough, Timestamp{rule.set_at.micros + kNoticeMicros});
}

std::optional<Timestamp> idle_before(const Rule& rule, Timestamp now) {
  if (now.micros < rule.set_at.micros + kNoticeMicros) return std::nullopt;
  return begin_of(month_number(now) - rule.months);
}

}  // namespace sekisho::retention
