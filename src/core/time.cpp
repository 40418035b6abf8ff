#include "core/time.h"

#include <array>
#include <chrono>

namespace sekisho {
namespace {

constexpr std::int64_t kJstMicros = 9LL * 3600 * 1'000'000;

struct Era {
  std::string_view name;
  CivilDate first;
};
// Newest first.
constexpr std::array kEras = {
    Era{"令和", {2019, 5, 1}}, Era{"平成", {1989, 1, 8}}, Era{"昭和", {1926, 12, 25}},
    Era{"大正", {1912, 7, 30}}, Era{"明治", {1868, 10, 23}},
};

struct Civil {
  CivilDate date;
  int hour, minute, second, micros;
};

Civil civil(std::int64_t micros) {
  using namespace std::chrono;
  const sys_time<microseconds> t{microseconds{micros}};
  const auto day_point = floor<days>(t);
  const year_month_day ymd{day_point};
  const hh_mm_ss hms{t - day_point};
  return {{static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())), static_cast<int>(static_cast<unsigned>(ymd.day()))},
          static_cast<int>(hms.hours().count()), static_cast<int>(hms.minutes().count()), static_cast<int>(hms.seconds().count()),
          static_cast<int>(hms.subseconds().count())};
}

// Every act of the log has its time written, and printf took a quarter of the time that its leaf takes.
void put(std::string& out, std::size_t at, std::size_t digits, int number) {
  for (std::size_t i = digits; i-- > 0; number /= 10) out[at + i] = static_cast<char>('0' + number % 10);
}

void put_date(std::string& out, const CivilDate& date) {
  put(out, 0, 4, date.year);
  put(out, 5, 2, date.month);
  put(out, 8, 2, date.day);
}

std::string era_year(int year) { return year == 1 ? "元年" : std::to_string(year) + "年"; }

}  // namespace

Timestamp SystemClock::now() const {
  using namespace std::chrono;
  return {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count()};
}

std::string to_rfc3339(Timestamp at) {
  const Civil c = civil(at.micros);
  std::string out = "0000-00-00T00:00:00.000000Z";
  put_date(out, c.date);
  put(out, 11, 2, c.hour);
  put(out, 14, 2, c.minute);
  put(out, 17, 2, c.second);
  put(out, 20, 6, c.micros);
  return out;
}

std::string to_jst_minutes(Timestamp at) {
  const Civil c = civil(at.micros + kJstMicros);
  std::string out = "0000-00-00 00:00";
  put_date(out, c.date);
  put(out, 11, 2, c.hour);
  put(out, 14, 2, c.minute);
  return out;
}

CivilDate jst_date(Timestamp at) { return civil(at.micros + kJstMicros).date; }

std::string to_wareki(const CivilDate& date) {
  const std::string rest = std::to_string(date.month) + "月" + std::to_string(date.day) + "日";
  for (const Era& era : kEras)
    if (date >= era.first) return std::string(era.name) + era_year(date.year - era.first.year + 1) + rest;
  return std::to_string(date.year) + "年" + rest;
}

int fiscal_year(const CivilDate& date, int first_month) { return date.month >= first_month ? date.year : date.year - 1; }

std::string fiscal_year_label(int year) {
  // A fiscal year is named after the era in force on its first of April; 2019 (平成31年4月1日) is written 令和元年度 by custom.
  for (const Era& era : kEras)
    if (year >= era.first.year) return std::string(era.name) + era_year(year - era.first.year + 1) + "度";
  return std::to_string(year) + "年度";
}

Result<int> western_year(std::string_view era, int year) {
  if (year < 1) return fail(Code::invalid_argument, "date.year", "years of an era begin at 1");
  for (const Era& e : kEras)
    if (e.name == era) return e.first.year + year - 1;
  return fail(Code::invalid_argument, "date.era", "unknown era");
}

}  // namespace sekisho
