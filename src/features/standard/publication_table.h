// What of a policy document the public may read, as rows (migration 0039).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/standard/table.h"

namespace sekisho::standard {

struct Publication {
  DocumentId document;
  bool held = false;                         // nothing is shown until a person has looked
  std::optional<std::string> collection;     // of the library, that holds the public text too
  std::optional<std::string> placed;         // the library's document
  std::string account;                       // of whoever published it
  std::string published_by;
  Timestamp published_at;
};

struct Withheld {
  ClauseId clause;
  std::string reason;
  std::string by;
  Timestamp at;
};

class Publications {
 public:
  static Result<std::optional<Publication>> find(sql::Tx& tx, const DocumentId& document);
  static Result<std::vector<Publication>> all(sql::Tx& tx);
  static Status put(sql::Tx& tx, const Publication& publication);
  static Status remove(sql::Tx& tx, const DocumentId& document);

  static Result<std::map<ClauseId, Withheld>> withheld(sql::Tx& tx, const DocumentId& document);
  static Status withhold(sql::Tx& tx, const DocumentId& document, const Withheld& withheld);  // again: with the new reason
  static Result<bool> disclose(sql::Tx& tx, const DocumentId& document, const ClauseId& clause);  // false: it is not withheld
  static Result<bool> knows_clause(sql::Tx& tx, const DocumentId& document, const ClauseId& clause);
};

}  // namespace sekisho::standard
