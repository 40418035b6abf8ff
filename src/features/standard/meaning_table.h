// Confirmed and refused meanings as rows, one for a clause of a document.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "features/standard/table.h"

namespace sekisho::standard {

struct MeaningRow {
  ClauseId clause;
  std::string content_hash;
  std::string modality;
  std::string actor;
  std::string object;
  std::string kind;
  std::string capability;
  std::string state = "suggested";  // suggested, confirmed, refused
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
};

class MeaningTable {
 public:
  static Result<std::map<ClauseId, MeaningRow>> of(sql::Tx& tx, const DocumentId& document);
  static Status put(sql::Tx& tx, const DocumentId& document, const MeaningRow& row);  // in the place of an earlier one
  static Status remove(sql::Tx& tx, const DocumentId& document, const ClauseId& clause);
};

}  // namespace sekisho::standard
