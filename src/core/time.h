// Time: microseconds of UTC since 1970 as stored, and the forms a city hall writes (JST, 和暦, 年度).
// Pure but for SystemClock. Japan has one zone and no summer time, so JST is a fixed offset of nine hours.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho {

struct Timestamp {
  std::int64_t micros = 0;
  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
  friend auto operator<=>(const CivilDate&, const CivilDate&) = default;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

// For tests: moves only when told.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp at) : at_(at) {}
  Timestamp now() const override { return at_; }
  void advance_micros(std::int64_t micros) { at_.micros += micros; }

 private:
  Timestamp at_;
};

// "2026-03-30T01:02:03.000004Z" (RFC 3339, UTC).
std::string to_rfc3339(Timestamp at);
// "2026-03-30 10:02" in JST.
std::string to_jst_minutes(Timestamp at);
CivilDate jst_date(Timestamp at);

// 和暦 from 1868-10-23 (明治) on: {2026,3,30} -> "令和8年3月30日"; the first year is 元年. Earlier dates are written in the western calendar.
std::string to_wareki(const CivilDate& date);
// The fiscal year begins on the first day of `first_month` (4 for local governments): {2026,3,30} -> 2025.
int fiscal_year(const CivilDate& date, int first_month);
// 2025 -> "令和7年度".
std::string fiscal_year_label(int year);
// Era and year -> western year: ("令和", 8) -> 2026. Unknown era or year below 1: invalid_argument.
Result<int> western_year(std::string_view era, int year);

}  // namespace sekisho
