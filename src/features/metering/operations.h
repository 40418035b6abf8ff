// What the usage screen, the command line and the CSV are made of (the JSON of the HTTP interface). Characters unless named otherwise.
#pragma once
#include "features/metering/metering.h"

namespace sekisho::metering {

struct UsageIn {
  std::optional<std::string> month;  // "2026-11"; left out: this one
};
BOOST_DESCRIBE_STRUCT(UsageIn, (), (month))

struct ThresholdView {
  int percent = 0;
  std::int64_t characters = 0;
  std::optional<Timestamp> reached_at;
};
BOOST_DESCRIBE_STRUCT(ThresholdView, (), (percent, characters, reached_at))

struct DayView {
  std::string day;  // "2026-11-30" or, in a list of months, "2026-11"
  std::int64_t uses = 0;
  std::int64_t characters_in = 0;
  std::int64_t characters_out = 0;
  std::int64_t characters_context = 0;
  std::int64_t counted = 0;
};
BOOST_DESCRIBE_STRUCT(DayView, (), (day, uses, characters_in, characters_out, characters_context, counted))

struct GroupView {
  static constexpr const char* kSchemaName = "UsageGroup";
  std::string id;
  std::string name;
  std::string department;  // a person's
  std::int64_t uses = 0;
  std::int64_t characters_in = 0;
  std::int64_t characters_out = 0;
  std::int64_t characters_context = 0;
  std::int64_t counted = 0;
  std::optional<std::int64_t> budget;
  int level = 0;  // per cent threshold of the budget that is reached
};
BOOST_DESCRIBE_STRUCT(GroupView, (), (id, name, department, uses, characters_in, characters_out, characters_context, counted, budget, level))

struct StoredView {
  std::string id;
  std::string name;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(StoredView, (), (id, name, bytes))
struct StorageView {
  std::int64_t bytes = 0;
  std::int64_t limit = 0;
  int level = 0;
  std::vector<StoredView> departments;
};
BOOST_DESCRIBE_STRUCT(StorageView, (), (bytes, limit, level, departments))

struct UsageOut {
  static constexpr const char* kSchemaName = "Usage";
  std::string month;
  std::int64_t budget = 0;
  std::int64_t counted = 0;   // settled
  std::int64_t reserved = 0;  // by uses that go on now
  std::int64_t remaining = 0;
  std::int64_t forecast = 0;  // at the month's end
  int level = 0;
  std::int64_t uses = 0;
  std::int64_t characters_in = 0;
  std::int64_t characters_out = 0;
  std::int64_t characters_context = 0;
  std::vector<ThresholdView> thresholds;
  std::vector<DayView> days;    // of the month, every day
  std::vector<DayView> months;  // twelve, the asked one last
  std::vector<GroupView> departments;
  std::vector<GroupView> endpoints;
  std::vector<GroupView> purposes;
  StorageView storage;
};
BOOST_DESCRIBE_STRUCT(UsageOut, (), (month, budget, counted, reserved, remaining, forecast, level, uses, characters_in, characters_out, characters_context, thresholds,
                                     days, months, departments, endpoints, purposes, storage))

struct PeopleIn {
  std::optional<std::string> month;
  std::optional<bodies::UnitId> department;  // left out: all
};
BOOST_DESCRIBE_STRUCT(PeopleIn, (), (month, department))
struct PeopleOut {
  std::vector<GroupView> items;  // most first, at most 5000
};
BOOST_DESCRIBE_STRUCT(PeopleOut, (), (items))

struct OwnOut {
  static constexpr const char* kSchemaName = "OwnUsage";
  std::string month;
  std::int64_t characters = 0;  // this month, with what is reserved now
  std::optional<std::int64_t> budget;
  int level = 0;
  int department_level = 0;  // of her department's budget, if it has one
  int body_level = 0;
};
BOOST_DESCRIBE_STRUCT(OwnOut, (), (month, characters, budget, level, department_level, body_level))

struct BudgetIn {
  std::string scope;                    // "body", "department", "person"
  std::optional<std::string> target;    // id of the department or person
  std::optional<std::int64_t> monthly;  // left out: back to the default of the body, or to none
};
BOOST_DESCRIBE_STRUCT(BudgetIn, (), (scope, target, monthly))
struct BudgetView {
  static constexpr const char* kSchemaName = "UsageBudget";
  std::string scope;
  std::string target;
  std::string name;
  std::int64_t monthly = 0;
  bool is_default = false;
  std::string set_by;
  std::optional<Timestamp> set_at;
};
BOOST_DESCRIBE_STRUCT(BudgetView, (), (scope, target, name, monthly, is_default, set_by, set_at))
struct BudgetList {
  std::vector<BudgetView> items;
};
BOOST_DESCRIBE_STRUCT(BudgetList, (), (items))

struct ExportIn {
  std::optional<std::string> month;
  std::string by;  // "department", "person", "endpoint", "day"
};
BOOST_DESCRIBE_STRUCT(ExportIn, (), (month, by))
struct ExportOut {
  std::string name;
  std::string bytes_base64;  // CSV: UTF-8 with BOM
};
BOOST_DESCRIBE_STRUCT(ExportOut, (), (name, bytes_base64))

// The same CSV, as bytes, from a table that was read.
struct Names {
  std::map<std::string, bodies::Unit> units;
  std::string unit(const std::string& id) const;
  std::string code(const std::string& id) const;
};
std::string groups_csv(const std::string& month, By by, const std::vector<Group>& groups, const Names& names);
std::string days_csv(const Month& month, const std::map<std::int64_t, Sums>& days);

}  // namespace sekisho::metering
