// The ledger of model uses and the budgets. Append only: a use is a row that reserves and a row that settles; totals stand in the rows.
//
// Both writes belong to the transaction of their act, and a body has one write transaction at a time: what is read before the row is written
// still holds then. The last row of a month carries the month's totals (body, department, person), so a reservation reads three index ends and
// never sums. Counts are characters (graphemes).
// Invariants: (1) a reservation is written only when no budget would be exceeded by it; (2) a use is settled at most once; (3) the totals of
// a month's last row are the sum of what its settled uses count plus what its open ones reserve.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sql/db.h"

namespace sekisho::metering {

struct Reservation {
  std::string id;       // the answer's or the stream's: what the log calls the object
  std::string month;    // "2026-11"
  std::string purpose;  // "chat", "api", "test", …
  std::string person_id;
  std::string endpoint_id;  // empty: the built-in engine, which counts against nothing
  std::string endpoint;     // its name at that time
  std::int64_t characters_in = 0;
  std::int64_t amount = 0;  // reserved
  Timestamp at;
};

struct Totals {
  std::int64_t body = 0;
  std::int64_t unit = 0;
  std::int64_t person = 0;
};
// What a row did to the body's total.
struct Moved {
  std::int64_t before = 0;
  std::int64_t after = 0;
  std::int64_t limit = 0;  // the body's budget then
};

// What was written; or nothing, and whose budget would be exceeded: "body", "department" or "person".
struct Reserved {
  std::optional<Moved> moved;
  std::string exceeded;
};

struct Settlement {
  std::string id;
  std::string outcome;  // "complete", "stopped", "failed", "unknown"
  bool built_in = false;  // it was the built-in engine that answered
  std::int64_t characters_in = 0;
  std::int64_t characters_out = 0;
  std::int64_t characters_context = 0;
  std::int64_t counted = 0;
  Timestamp at;
};

struct OpenUse {
  std::string id;
  std::int64_t characters_in = 0;
  std::int64_t reserved = 0;
};

// Sums of settled uses.
struct Sums {
  std::int64_t uses = 0;
  std::int64_t characters_in = 0;
  std::int64_t characters_out = 0;
  std::int64_t characters_context = 0;
  std::int64_t counted = 0;
};
struct Group {
  std::string key;
  std::string name;    // of a person or endpoint, as it is known
  std::string parent;  // a person's department
  Sums sums;
};
enum class By { department, person, endpoint, purpose };

struct Budget {
  std::string scope;   // "body", "department", "person"
  std::string target;  // id; empty for the body
  std::int64_t monthly = 0;
  std::string set_by;
  Timestamp set_at;
};

class Table {
 public:
  static Result<Reserved> reserve(sql::Tx& tx, const Reservation& reservation, std::int64_t default_limit);
  // nullopt: there is no such open use.
  static Result<std::optional<Moved>> settle(sql::Tx& tx, const Settlement& settlement);
  static Result<std::vector<OpenUse>> open_uses(sql::Tx& tx);

  static Result<Totals> totals(sql::Tx& tx, const std::string& month, const std::string& unit_id, const std::string& person_id);
  static Result<Sums> sums(sql::Tx& tx, const std::string& month);
  static Result<std::map<std::int64_t, Sums>> by_day(sql::Tx& tx, const std::string& from_month, const std::string& to_month);
  static Result<std::map<std::string, Sums>> by_month(sql::Tx& tx, const std::string& from_month, const std::string& to_month);
  // Largest first. `unit_id`: of this department only; empty: of all.
  static Result<std::vector<Group>> groups(sql::Tx& tx, const std::string& month, By by, const std::string& unit_id);
  static Result<std::optional<Timestamp>> first_use(sql::Tx& tx);
  // When the month's total first reached this many characters.
  static Result<std::optional<Timestamp>> reached(sql::Tx& tx, const std::string& month, std::int64_t characters);

  static Status put_budget(sql::Tx& tx, const Budget& budget);
  static Status drop_budget(sql::Tx& tx, const std::string& scope, const std::string& target);
  static Result<std::vector<Budget>> budgets(sql::Tx& tx);
  static Result<std::optional<std::int64_t>> budget(sql::Tx& tx, const std::string& scope, const std::string& target);

  struct Person {
    std::string id;
    std::string name;
    std::string unit_id;
  };
  static Result<std::optional<Person>> person(sql::Tx& tx, const std::string& id);
  // Bytes of the stored originals by department.
  static Result<std::map<std::string, std::int64_t>> stored(sql::Tx& tx);
};

}  // namespace sekisho::metering
