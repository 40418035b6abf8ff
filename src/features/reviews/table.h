// Reviews: one row a period.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sql/db.h"

namespace sekisho::reviews {

struct Review {
  std::string period;  // "2026-11", its first month
  int months = 1;
  Timestamp made_at;
  Timestamp due_at;
  std::string result;  // canonical JSON of rules.h's Outcome
  std::optional<std::string> concluded_by;
  std::optional<Timestamp> concluded_at;
  std::optional<std::string> conclusion;
};

class Table {
 public:
  // false: the period has one.
  static Result<bool> insert(sql::Tx& tx, const Review& review);
  // false: concluded already.
  static Result<bool> conclude(sql::Tx& tx, const std::string& period, const std::string& by, const std::string& conclusion, Timestamp now);
  static Result<std::optional<Review>> find(sql::Tx& tx, const std::string& period);
  static Result<std::vector<Review>> all(sql::Tx& tx);  // newest first, at most 120
  // Current departments by account id: of the people view that accounts offers.
  static Result<std::vector<std::pair<std::string, std::string>>> units_of_people(sql::Tx& tx);
};

}  // namespace sekisho::reviews
