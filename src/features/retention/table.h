// Rules of retention and holds.
#pragma once
#include "features/retention/rules.h"
#include "sql/db.h"

namespace sekisho::retention {

class Table {
 public:
  static Status put_rule(sql::Tx& tx, const Rule& rule);
  static Status drop_rule(sql::Tx& tx, const std::string& kind);
  static Result<std::vector<Rule>> rules(sql::Tx& tx);

  static Status insert_hold(sql::Tx& tx, const Hold& hold);
  // false: no such hold that stands.
  static Result<bool> release_hold(sql::Tx& tx, const std::string& id, const std::string& by, const std::string& reason, Timestamp now);
  static Result<bool> has_hold(sql::Tx& tx, const std::string& id);
  static Result<std::vector<Hold>> holds(sql::Tx& tx);  // those that stand, then the latest that are over; at most 1000
};

}  // namespace sekisho::retention
