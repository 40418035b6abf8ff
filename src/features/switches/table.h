// What cases of the security office have switched on, and what the body wants switched at all. Ended rows stay.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/id.h"
#include "json/json.h"
#include "sql/db.h"

namespace sekisho::switches {

struct StandingTag;
using StandingId = Id<StandingTag>;

struct Standing {
  StandingId id;
  std::string case_id;
  std::string number;     // of the case
  std::string name;       // switches.h, kKinds
  std::string person;     // account; empty: not about one person
  std::string person_name;
  std::string unit;       // unit; empty: not about one unit
  std::string value;      // a rule, a kind of training; empty: none
  std::string arguments;  // canonical JSON of everything that the definition gave
  std::string clause;
  Timestamp since;
  std::optional<Timestamp> until;  // first moment at which it is over
  std::string set_by;
  Timestamp set_at;
  std::optional<std::string> ended_by;
  std::optional<Timestamp> ended_at;

  bool on(Timestamp now) const { return !ended_at && since <= now && (!until || now < *until); }
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Standing& s);
  static Status end(sql::Tx& tx, const StandingId& id, const std::string& by, Timestamp now);
  // Not ended, whether their time has come or not.
  static Result<std::vector<Standing>> of_case(sql::Tx& tx, const std::string& case_id);
  static Result<std::vector<Standing>> of_person(sql::Tx& tx, const std::string& person);
  static Result<std::vector<Standing>> of_unit(sql::Tx& tx, const std::string& unit);
  // Not ended first, then the latest that are; newest first.
  static Result<std::vector<Standing>> all(sql::Tx& tx, int limit);
  // The body's wishes as JSON; none: it has said nothing.
  static Result<std::optional<std::string>> wish(sql::Tx& tx);
  static Status put_wish(sql::Tx& tx, const std::string& document, const std::string& by, Timestamp now);
};

}  // namespace sekisho::switches
