// Overviews across registers, of what the caller may read and of nothing else: the work of a department, and how many cases by month and department.
#pragma once
#include "features/office/operations.h"

namespace sekisho::office {

struct DepartmentIn {
  std::optional<std::string> unit;  // one of the caller's own; left out: the first of them
};
BOOST_DESCRIBE_STRUCT(DepartmentIn, (), (unit))
struct UnitName {
  static constexpr const char* kSchemaName = "OfficeUnitName";
  std::string id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(UnitName, (), (id, name))
struct DepartmentOut {
  static constexpr const char* kSchemaName = "OfficeDepartment";
  std::vector<UnitName> units;  // the caller's own
  std::string unit;             // shown; empty: the caller belongs to none
  std::vector<ItemView> items;  // not closed, of the department and those below; overdue first, then by date
  int overdue = 0;
  bool more = false;            // there are more than 500
  std::vector<DutyView> duties; // of this fiscal year, of these departments
  std::string year;             // 令和8年度
};
BOOST_DESCRIBE_STRUCT(DepartmentOut, (), (units, unit, items, overdue, more, duties, year))

struct FiguresIn {
  std::optional<int> fiscal_year;
  std::optional<std::string> definition;
};
BOOST_DESCRIBE_STRUCT(FiguresIn, (), (fiscal_year, definition))
struct MonthFigures {
  static constexpr const char* kSchemaName = "OfficeMonthFigures";
  std::string month;  // "2026-04"
  int opened = 0;
  int closed = 0;
};
BOOST_DESCRIBE_STRUCT(MonthFigures, (), (month, opened, closed))
struct GroupFigures {
  static constexpr const char* kSchemaName = "OfficeGroupFigures";
  std::string key;    // of a department (empty: the whole body's) or a register
  std::string title;
  int opened = 0;     // in the year
  int closed = 0;     // in the year
  int at_work = 0;    // now
  int overdue = 0;    // now
};
BOOST_DESCRIBE_STRUCT(GroupFigures, (), (key, title, opened, closed, at_work, overdue))
struct FiguresOut {
  static constexpr const char* kSchemaName = "OfficeFigures";
  int fiscal_year = 0;
  std::string label;
  std::vector<MonthFigures> months;  // twelve, from the first of the fiscal year
  std::vector<GroupFigures> units;
  std::vector<GroupFigures> registers;
};
BOOST_DESCRIBE_STRUCT(FiguresOut, (), (fiscal_year, label, months, units, registers))

// office.department, office.figures.
void register_overviews(gate::Registry& registry, const std::shared_ptr<Office>& office);

}  // namespace sekisho::office
