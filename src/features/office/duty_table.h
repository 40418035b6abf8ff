// Recurring work as rows: one for each period and each thing it is about.
#pragma once
#include "features/office/case.h"
#include "sql/db.h"

namespace sekisho::office {

struct DutyRow {
  std::string definition;
  std::string duty;
  std::string period;
  std::string about;  // "", the id of a department or of a case
  std::string title;
  int fiscal_year = 0;
  std::string opens_on;
  std::string due_on;
  std::optional<CaseId> case_id;
  std::string state;  // of the case; empty: not opened yet
  std::string kind;
};

class DutyTable {
 public:
  // false: it is there already.
  static Result<bool> put(sql::Tx& tx, const DutyRow& row);
  static Result<bool> has(sql::Tx& tx, const DutyRow& row);
  static Status opened(sql::Tx& tx, const DutyRow& row, const CaseId& id);
  // The work that this case was opened for.
  static Result<std::optional<DutyRow>> of_case(sql::Tx& tx, const CaseId& id);
  static Result<std::vector<DutyRow>> to_open(sql::Tx& tx, const std::string& today, int limit);
  static Result<std::vector<DutyRow>> of_year(sql::Tx& tx, int fiscal_year, int limit);
};

}  // namespace sekisho::office
