// Cases across all registers, for overviews. Whether the caller may read them is for whoever shows them.
#pragma once
#include "features/office/case.h"
#include "sql/db.h"

namespace sekisho::office {

class OverviewTable {
 public:
  // Not closed, of the department, oldest first, after `after`.
  static Result<std::vector<CaseId>> at_work(sql::Tx& tx, const std::string& unit, const std::string& after, int limit);
  // Not closed, of any department, oldest first, after `after`.
  static Result<std::vector<CaseId>> at_work(sql::Tx& tx, const std::string& after, int limit);
  // Opened or closed in [from, to), of this register or (empty) of any.
  static Result<std::vector<CaseId>> moved(sql::Tx& tx, const std::string& definition, Timestamp from, Timestamp to);
};

}  // namespace sekisho::office
