// The rules of a case as pure functions: conditions, what must be filled in, deadlines, and the periods of recurring work. Time is an argument.
//
// Values of fields, as stored: text, long_text, clause, choice: text. number: number. yes_no: true or false. date: "2026-04-01". datetime: RFC 3339.
// person, department, reference: id. people, departments, references, choices, attachment: array of ids or keys. class: {"c": 2, "i": 1, "a": 1}, ranks
// from 1. checklist: {item: {"done": true} or {"done": false, "note": why not}}. table: array of {column: value}. Not there: empty.
#pragma once
#include <functional>
#include <set>

#include "core/time.h"
#include "workflow/definition.h"

namespace sekisho::workflow {

// Another case, as a condition sees it.
struct OtherCase {
  std::string id;
  std::string state;
  StateKind kind = StateKind::open;
  json::Object fields;
};

// A case at the moment it is looked at. The functions may be null where no condition asks for them.
struct Facts {
  const Definition& definition;
  const json::Object& fields;
  std::string state;
  std::map<std::string, std::string> regions;
  std::set<std::string> passed;
  bool notices_seen = true;
  CivilDate today;
  std::function<Result<std::vector<OtherCase>>(const std::string& field)> referred;
  std::function<Result<std::vector<OtherCase>>(const std::string& definition)> linked;
};

Result<bool> holds(const Condition& condition, const Facts& facts);
bool filled(const json::Value* value);
// The text of one column in a row of a table; empty where there is none.
std::string text_in(const json::Value& row, std::string_view key);
// A table: no row lacks what its columns ask for. One with `rows`: there are rows, each is answered, and a gap says why.
bool answered(const Field& field, const json::Value* value);
const Column* given_column(const Field& field, std::string_view what);  // of a table with `rows`; nullptr: it has none
// The rows that stand with what people wrote into them: `given` has rows of the same clauses, in any order, not all of them.
// invalid_argument "office.field": a row that is not there.
Result<json::Value> with_answers(const Field& field, const json::Value* stands, const json::Value& given);
// New rows with the answers of those that stood, where the words are the same; remarks stay anyhow.
json::Value renewed(const Field& field, const json::Value* stood, json::Value rows);
// Adds to `into` what the gaps of `from` say, once for each clause.
void gather(const Definition& definition, const Gather& gather, json::Object& fields);
// Every required item is done, or said not to apply, with a reason.
bool checked_off(const Field& field, const json::Value* value);

// Fields that are missing to be in `state` (empty: at the opening), by key.
Result<std::vector<std::string>> missing(const Facts& facts, const std::string& state);
// The first guard that does not hold, in its words; nullopt: all hold.
Result<std::optional<std::string>> hindrance(const Transition& transition, const Facts& facts);

// How fields that name people, departments and cases are read: to an id, or nullopt when there is none.
struct Lookups {
  std::function<Result<std::optional<std::string>>(const std::string& text)> person;
  std::function<Result<std::optional<std::string>>(const std::string& text)> department;
  std::function<Result<std::optional<std::string>>(const std::string& definition, const std::string& text)> reference;
  int ranks_c = 3;
  int ranks_i = 2;
  int ranks_a = 2;
};
// The value as it is stored; null stays null (empty). invalid_argument "office.field", detail "<key>: why".
Result<json::Value> value_of(const Field& field, const json::Value& given, const Lookups& lookups);

// What the program computes. `referred` as in Facts.
Result<json::Value> derived(const Field& field, const Facts& facts, int fiscal_year_start);

// nullopt: the body has not decided it.
std::optional<std::int64_t> micros_of(const Span& span, const Organisation& organisation);
// nullopt: no deadline, or not decided, or the field is empty.
std::optional<Timestamp> due_at(const Deadline& deadline, const Organisation& organisation, const json::Object& fields, Timestamp entered, Timestamp opened);

// One period of a duty: "2026", "2026H1", "2026Q3", "2026-11". Days in Japan.
struct Period {
  std::string name;
  CivilDate first;
  CivilDate last;
  CivilDate opens;
  CivilDate due;
  int fiscal_year = 0;
};
// The period that `today` is in. nullopt: the body has not decided how long it is.
std::optional<Period> period_of(const Duty& duty, const Organisation& organisation, const CivilDate& today);

CivilDate plus_days(const CivilDate& day, int days);
std::optional<CivilDate> day_of(const json::Value* value);  // of a date or a datetime
int days_in_month(int year, int month);

}  // namespace sekisho::workflow
