#include "features/reviews/rules.h"

#include <algorithm>

#include "features/bodies/dates.h"
#include "features/retention/rules.h"

namespace sekisho::reviews {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kJapan = 9 * kHour;

std::int64_t hour_number(Timestamp at) { return (at.micros + kJapan) / kHour; }
std::int64_t day_number(Timestamp at) { return (at.micros + kJapan) / kDay; }

template <class Spans>
void put(const Spans& spans, std::string_view kind, std::int64_t least, Outcome& out) {
  std::vector<Finding> found;
  for (const auto& [key, span] : spans)
    if (span.count >= least) found.push_back({std::string(kind), key.first, span.count, span.from, span.to});
  out.totals[std::string(kind)] = static_cast<std::int64_t>(found.size());
  std::stable_sort(found.begin(), found.end(), [](const Finding& a, const Finding& b) { return a.count > b.count; });
  if (found.size() > kMostFindings) found.resize(kMostFindings);
  out.findings.insert(out.findings.end(), found.begin(), found.end());
}

}  // namespace

bool known_kind(std::string_view kind) { return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds); }

bool off_hours(Timestamp at, const Rules& rules) {
  const std::int64_t weekday = (day_number(at) + 4) % 7;  // 1970-01-01 was a Thursday; 0 is Sunday
  const auto hour = static_cast<int>(hour_number(at) % 24);
  return weekday == 0 || weekday == 6 || hour < rules.day_begins || hour >= rules.day_ends;
}

bool counts(const Event& event, std::string_view kind, const Rules& rules) {
  if (kind == "burst") return event.question;
  if (kind == "off_hours") return event.question && off_hours(event.at, rules);
  if (kind == "guard") return event.guard;
  if (kind == "lockout") return event.failed_login;
  return kind == "label_refused" && event.label_refused;
}

void Examiner::add(std::map<std::pair<std::string, std::int64_t>, Span>& spans, const Event& event, std::int64_t slot) {
  Span& span = spans[{event.person, slot}];
  if (span.count++ == 0) span.from = event.at;
  span.to = {event.at.micros + 1};
}

void Examiner::take(const Event& event) {
  if (event.question) {
    ++questions_;
    people_[event.person] = true;
    ++hours_[static_cast<std::size_t>(hour_number(event.at) % 24)];
    const std::string date = bodies::first_day(event.at);
    Day& day = days_[date];
    day.day = date;
    ++day.questions;
    day.guard += event.guard ? 1 : 0;
    add(by_hour_, event, hour_number(event.at));
    if (off_hours(event.at, rules_)) {
      ++day.off_hours;
      add(off_, event, 0);
    }
  }
  if (event.guard) add(guard_, event, 0);
  if (event.failed_login) add(by_day_, event, day_number(event.at));
  if (event.label_refused) add(refused_, event, 0);
}

Outcome Examiner::outcome() const {
  Outcome out;
  out.rules = rules_;
  out.questions = questions_;
  out.people = static_cast<std::int64_t>(people_.size());
  for (const auto& [name, day] : days_) out.days.push_back(day);
  out.hours.assign(hours_.begin(), hours_.end());
  put(by_hour_, "burst", rules_.burst, out);
  put(off_, "off_hours", 1, out);
  put(guard_, "guard", 1, out);
  put(by_day_, "lockout", rules_.failed_logins, out);
  put(refused_, "label_refused", 1, out);
  return out;
}

std::string period_of(std::string_view month, int months) {
  const int number = std::stoi(std::string(month.substr(5, 2)));
  const int first = (number - 1) / months * months + 1;
  return std::string(month.substr(0, 5)) + (first < 10 ? "0" : "") + std::to_string(first);
}

std::string last_over(Timestamp now, int months) {
  const std::string current = period_of(retention::month_of(now), months);
  const auto begin = retention::month_begin(current);
  return period_of(retention::month_of({begin ? begin->micros - 1 : now.micros}), months);
}

}  // namespace sekisho::reviews
