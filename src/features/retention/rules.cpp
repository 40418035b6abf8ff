#include "features/retention/rules.h"

#include <algorithm>
#include <charconv>

#include "features/bodies/dates.h"

namespace sekisho::retention {
namespace {

Timestamp begin_of(int months_since_0) { return bodies::begin_of({months_since_0 / 12, months_since_0 % 12 + 1, 1}); }

int month_number(Timestamp at) {
  const CivilDate date = jst_date(at);
  return date.year * 12 + date.month - 1;
}

}  // namespace

bool known_kind(std::string_view kind) { return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds); }

std::string month_of(Timestamp at) { return bodies::to_iso_month(jst_date(at)); }

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
