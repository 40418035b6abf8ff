// Columns of a ledger that the definition has no field for: kept with the case as they were, under their own names, and exported again.
#pragma once
#include <string>
#include <vector>

#include "features/office/case.h"
#include "sql/db.h"

namespace sekisho::office {

struct Kept {
  std::string name;
  std::string content;
  friend bool operator==(const Kept&, const Kept&) = default;
};

class KeptTable {
 public:
  // In the order they came in.
  static Result<std::vector<Kept>> of(sql::Tx& tx, const CaseId& id);
  // Some case of the definition has that, in the column of that name.
  static Result<bool> holds(sql::Tx& tx, const std::string& definition, const std::string& name, const std::string& content);
  // Names that are not in `kept` stay as they are; an empty content takes the column off.
  static Status put(sql::Tx& tx, const CaseId& id, const std::vector<Kept>& kept);
};

}  // namespace sekisho::office
