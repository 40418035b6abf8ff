// What a review looks for in the records of a period. Pure; time is in the records.
//
// Findings are counts that a person should look at, no verdicts: hours in which one person asked very often (bursts), use outside working hours,
// questions in which the guard found something, days with so many failed logins that the next one waits, and acts that a label refused. Hours and
// days are Japan's; Saturdays and Sundays are outside working hours. People are the log's pseudonyms.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "json/json.h"

namespace sekisho::reviews {

struct Rules {
  int burst = 60;           // questions within an hour
  int day_begins = 7;       // o'clock
  int day_ends = 20;
  int failed_logins = 5;    // within a day
  int months = 1;           // of a period: 1 to 12, counted from January
  friend bool operator==(const Rules&, const Rules&) = default;
};
BOOST_DESCRIBE_STRUCT(Rules, (), (burst, day_begins, day_ends, failed_logins, months))

inline constexpr std::string_view kKinds[] = {"burst", "off_hours", "guard", "lockout", "label_refused"};
bool known_kind(std::string_view kind);

// One record as the review sees it.
struct Event {
  std::uint64_t seq = 0;
  Timestamp at;
  std::string person;
  bool question = false;
  bool guard = false;
  bool failed_login = false;
  bool label_refused = false;
};
// Whether it counts towards findings of this kind. Bursts and lockouts count what makes them up.
bool counts(const Event& event, std::string_view kind, const Rules& rules);
bool off_hours(Timestamp at, const Rules& rules);

struct Finding {
  std::string kind;
  std::string person;
  std::int64_t count = 0;
  Timestamp from;  // the hour, the day, or the first and the last record
  Timestamp to;    // first moment that is not in it
};
BOOST_DESCRIBE_STRUCT(Finding, (), (kind, person, count, from, to))

struct Day {
  std::string day;  // "2026-11-30"
  std::int64_t questions = 0;
  std::int64_t off_hours = 0;
  std::int64_t guard = 0;
};
BOOST_DESCRIBE_STRUCT(Day, (), (day, questions, off_hours, guard))

struct Outcome {
  Rules rules;
  std::int64_t questions = 0;
  std::int64_t people = 0;                // who asked
  std::vector<Day> days;                  // with questions, in order
  std::vector<std::int64_t> hours;        // 24: questions by hour of the day
  std::map<std::string, std::int64_t> totals;  // kind -> findings, also those that are left out
  std::vector<Finding> findings;          // by kind, then the most first; at most kMostFindings of each kind
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (rules, questions, people, days, hours, totals, findings))
inline constexpr std::size_t kMostFindings = 200;

class Examiner {
 public:
  explicit Examiner(const Rules& rules) : rules_(rules) { hours_.fill(0); }
  void take(const Event& event);
  Outcome outcome() const;

 private:
  struct Span {
    std::int64_t count = 0;
    Timestamp from;
    Timestamp to;
  };
  void add(std::map<std::pair<std::string, std::int64_t>, Span>& spans, const Event& event, std::int64_t slot);
  const Rules rules_;
  std::int64_t questions_ = 0;
  std::map<std::string, Day> days_;
  std::array<std::int64_t, 24> hours_;
  std::map<std::string, bool> people_;
  // (person, hour or day or 0) -> how often
  std::map<std::pair<std::string, std::int64_t>, Span> by_hour_, by_day_, off_, guard_, refused_;
};

// Periods are named by their first month. The period that holds this month; the first moment of the one n after it.
std::string period_of(std::string_view month, int months);
// The last period that is over at `now`.
std::string last_over(Timestamp now, int months);

}  // namespace sekisho::reviews
