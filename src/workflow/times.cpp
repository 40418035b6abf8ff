// Deadlines in the body's own figures, and the periods of recurring work.
#include <algorithm>

#include "workflow/rules.h"

namespace sekisho::workflow {
namespace {

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kJst = 9 * kHour;

// Days since 1970-01-01 (the usual reckoning of the Gregorian calendar in eras of 400 years).
std::int64_t number_of(const CivilDate& d) {
  const std::int64_t y = d.year - (d.month <= 2 ? 1 : 0);
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t of_era = y - era * 400;
  const std::int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

Timestamp begin_of(const CivilDate& day) { return {number_of(day) * kDay - kJst}; }

CivilDate plus_months(const CivilDate& d, int months) {
  const int all = d.year * 12 + d.month - 1 + months;
  CivilDate out{all / 12, all % 12 + 1, d.day};
  out.day = std::min(out.day, days_in_month(out.year, out.month));
  return out;
}

const WordTrait* word_of(const std::string& word, const std::optional<Keys>& process, const Organisation& organisation) {
  for (const std::string& about : process.value_or(Keys{}))
    for (const WordTrait& w : organisation.time_words)
      if (w.word == word && w.process.find(about) != std::string::npos) return &w;
  for (const WordTrait& w : organisation.time_words)
    if (w.word == word && !process) return &w;
  return nullptr;
}

}  // namespace

int days_in_month(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[(month + 11) % 12];
}

CivilDate plus_days(const CivilDate& day, int days) { return jst_date(Timestamp{(number_of(day) + days) * kDay - kJst}); }

std::optional<CivilDate> day_of(const json::Value* value) {
  if (value == nullptr || !value->is_string()) return std::nullopt;
  const std::string text(std::string_view(value->get_string()));
  if (text.size() == 10) {
    if (!json::parse_rfc3339(text + "T00:00:00Z")) return std::nullopt;
    return CivilDate{std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))};
  }
  const auto at = json::parse_rfc3339(text);
  return at ? std::optional(jst_date(*at)) : std::nullopt;
}

std::optional<std::int64_t> micros_of(const Span& span, const Organisation& organisation) {
  if (span.days) return *span.days * kDay;
  if (span.hours) return *span.hours * kHour;
  if (span.months) return *span.months * 30 * kDay;
  const WordTrait* const word = word_of(span.word.value_or(""), span.process, organisation);
  if (word == nullptr || !word->minutes) return std::nullopt;
  return static_cast<std::int64_t>(*word->minutes) * 60'000'000;
}

std::optional<Timestamp> due_at(const Deadline& deadline, const Organisation& organisation, const json::Object& fields, Timestamp entered, Timestamp opened) {
  const auto instant = [&](const std::string& key) -> std::optional<Timestamp> {
    const auto it = fields.find(key);
    if (it == fields.end() || !it->value().is_string()) return std::nullopt;
    const std::string text(std::string_view(it->value().get_string()));
    if (text.size() > 10)
      if (const auto at = json::parse_rfc3339(text)) return *at;
    const auto day = day_of(&it->value());
    return day ? std::optional(begin_of(*day)) : std::nullopt;
  };
  constexpr std::int64_t kWholeDay = kDay;
  if (deadline.field) {
    const auto at = instant(*deadline.field);
    const auto it = fields.find(*deadline.field);
    const bool whole_day = at && it->value().get_string().size() == 10;  // a day is kept until it is over
    return at ? std::optional(Timestamp{at->micros + (whole_day ? kWholeDay : 0)}) : std::nullopt;
  }
  Timestamp from = entered;
  if (deadline.from && *deadline.from == "opened") from = opened;
  else if (deadline.from && *deadline.from != "entered") {
    const auto at = instant(*deadline.from);
    if (!at) return std::nullopt;
    from = *at;
  }
  if (deadline.within->months) {
    const CivilDate day = plus_months(jst_date(from), *deadline.within->months);
    return Timestamp{begin_of(day).micros + (from.micros + kJst) % kDay};
  }
  const auto length = micros_of(*deadline.within, organisation);
  return length ? std::optional(Timestamp{from.micros + *length}) : std::nullopt;
}

std::optional<Period> period_of(const Duty& duty, const Organisation& organisation, const CivilDate& today) {
  const int start = organisation.fiscal_year_start;
  Period out;
  out.fiscal_year = fiscal_year(today, start);
  const CivilDate year_first{out.fiscal_year, start, 1};
  int months = 12;
  if (duty.every.word) {
    const WordTrait* const word = word_of(*duty.every.word, duty.every.process, organisation);
    if (word == nullptr || !word->minutes || *word->minutes < 24 * 60) return std::nullopt;
    // Whole lengths counted from the beginning of 2020, so that every program counts alike.
    const std::int64_t length = std::max<std::int64_t>(1, *word->minutes / (24 * 60)), zero = number_of({2020, 1, 1});
    const std::int64_t turn = (number_of(today) - zero) / length;
    out.first = plus_days({2020, 1, 1}, static_cast<int>(turn * length));
    out.last = plus_days(out.first, static_cast<int>(length - 1));
    out.name = std::to_string(length) + "d" + std::to_string(turn);
  } else {
    const std::string& every = *duty.every.period;
    months = every == "month" ? 1 : every == "quarter" ? 3 : every == "half_year" ? 6 : 12;
    const int into = (today.year - year_first.year) * 12 + today.month - year_first.month;
    out.first = plus_months(year_first, into / months * months);
    out.last = plus_days(plus_months(out.first, months), -1);
    out.name = std::to_string(out.fiscal_year);
    if (months == 6) out.name += "H" + std::to_string(into / 6 + 1);
    if (months == 3) out.name += "Q" + std::to_string(into / 3 + 1);
    if (months == 1) out.name = std::to_string(out.first.year) + (out.first.month < 10 ? "-0" : "-") + std::to_string(out.first.month);
  }
  const auto named = [&](const DutyDay& d, const CivilDate& otherwise) {
    CivilDate day = otherwise;
    if (d.month) day = {out.first.year + (*d.month < start ? 1 : 0), *d.month, 1};
    if (d.month && !duty.every.word && months < 12) day = otherwise;  // a month is named for the year alone
    if (d.day) day.day = std::min(*d.day, days_in_month(day.year, day.month));
    return day;
  };
  out.opens = duty.opens ? named(*duty.opens, out.first) : out.first;
  out.due = !duty.due ? out.last : duty.due->days ? plus_days(out.opens, *duty.due->days) : named(*duty.due, out.last);
  return out;
}

}  // namespace sekisho::workflow
