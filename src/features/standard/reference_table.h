// What persons decided about clauses and topics of the national guideline, as rows.
#pragma once
#include <map>
#include <string>
#include <utility>

#include "features/standard/table.h"

namespace sekisho::standard {

class ReferenceTable {
 public:
  // (clause, code of the topic) -> confirmed, refused.
  static Result<std::map<std::pair<ClauseId, std::string>, std::string>> of(sql::Tx& tx, const DocumentId& document);
  static Status put(sql::Tx& tx, const DocumentId& document, const ClauseId& clause, const std::string& item, const std::string& state, const std::string& by, Timestamp at);
  static Status remove(sql::Tx& tx, const DocumentId& document, const ClauseId& clause, const std::string& item);
};

}  // namespace sekisho::standard
