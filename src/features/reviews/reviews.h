// The periodic review (点検) of what was asked: made by the program when a period is over, looked at and concluded by a person.
//
// What the program found is counts by pseudonym and department (rules.h), computed from the tamper-evident log's records and recorded in it with
// the review; a person's name is not part of it. The records behind a finding are shown for a basis (the case, and who ordered it: 12(2)イ), which
// is recorded. The conclusion is recorded with the hash of what it is about, and is final. Nothing is concluded by itself: a review that is over its
// day shows as overdue.
// Threads: free functions; run() blocks and is called on a thread of its own.
#pragma once
#include "features/bodies/operations.h"
#include "features/reviews/rules.h"
#include "features/reviews/table.h"
#include "gate/run.h"

namespace sekisho::reviews {

struct Summary {
  static constexpr const char* kSchemaName = "ReviewSummary";
  std::string period;
  int months = 1;
  Timestamp made_at;
  Timestamp due_at;
  std::string state;  // "open", "overdue", "concluded"
  std::int64_t questions = 0;
  std::int64_t findings = 0;
  std::optional<std::string> concluded_by;
  std::optional<Timestamp> concluded_at;
};
BOOST_DESCRIBE_STRUCT(Summary, (), (period, months, made_at, due_at, state, questions, findings, concluded_by, concluded_at))
struct List {
  std::vector<Summary> items;
};
BOOST_DESCRIBE_STRUCT(List, (), (items))

struct FindingView {
  std::string kind;
  std::string person;      // pseudonym: the account's id; "nobody": no such account
  std::string department;  // where that account is now
  std::int64_t count = 0;
  Timestamp from;
  Timestamp to;
};
BOOST_DESCRIBE_STRUCT(FindingView, (), (kind, person, department, count, from, to))
struct DepartmentView {
  std::string department;
  std::int64_t findings = 0;
};
BOOST_DESCRIBE_STRUCT(DepartmentView, (), (department, findings))
struct Detail {
  static constexpr const char* kSchemaName = "Review";
  Summary summary;
  Rules rules;
  std::int64_t people = 0;
  std::vector<Day> days;
  std::vector<std::int64_t> hours;  // 24
  std::map<std::string, std::int64_t> totals;
  std::vector<DepartmentView> departments;
  std::vector<FindingView> findings;
  std::optional<std::string> conclusion;
};
BOOST_DESCRIBE_STRUCT(Detail, (), (summary, rules, people, days, hours, totals, departments, findings, conclusion))

struct PeriodIn {
  std::string period;
};
BOOST_DESCRIBE_STRUCT(PeriodIn, (), (period))
struct ConcludeIn {
  std::string period;
  std::string conclusion;
};
BOOST_DESCRIBE_STRUCT(ConcludeIn, (), (period, conclusion))
struct EntriesIn {
  std::string period;
  std::string kind;
  std::string person;
  std::optional<Timestamp> from;  // of the finding
  std::optional<Timestamp> to;
  std::string basis;
};
BOOST_DESCRIBE_STRUCT(EntriesIn, (), (period, kind, person, from, to, basis))
struct EntryView {
  std::int64_t seq = 0;  // of the leaf, for its proof
  Timestamp at;
  std::string act;
  std::string object;
  std::string decision;
  std::string clause;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(EntryView, (), (seq, at, act, object, decision, clause, error))
struct Entries {
  static constexpr const char* kSchemaName = "ReviewEntries";
  std::vector<EntryView> items;  // oldest first
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(Entries, (), (items, more))
struct ExportOut {
  std::string name;
  std::string bytes_base64;
};
BOOST_DESCRIBE_STRUCT(ExportOut, (), (name, bytes_base64))

// Calls `take` for each record in [from, to), oldest first, until it says no.
struct Seen {
  Event event;
  EntryView entry;
};
Status scan(sql::Tx& tx, const gate::Body& body, Timestamp from, Timestamp to, const std::function<bool(const Seen&)>& take);

// Makes the review of the last period that is over, where it has records and no review yet. Returns how many it made.
Result<int> run(gate::Gate& gate, gate::Body& body, const Rules& rules);
// Reviews that nobody has concluded in time.
Result<std::vector<std::string>> overdue(sql::Tx& tx, Timestamp now);

std::string findings_csv(const Detail& detail);
void register_operations(gate::Registry& registry);

}  // namespace sekisho::reviews
