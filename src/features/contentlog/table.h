// Who stands behind the pseudonyms of the log: names and departments, from the views that accounts and metering offer.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sql/db.h"

namespace sekisho::contentlog {

struct Person {
  std::string id;
  std::string login;
  std::string name;
  std::string unit_id;
};

class Table {
 public:
  static Result<std::vector<Person>> people(sql::Tx& tx);  // by name, at most 20000
  // The department in which the question with that object was asked; nullopt: it never came so far.
  static Result<std::optional<std::string>> asked_in(sql::Tx& tx, const std::string& object);
};

}  // namespace sekisho::contentlog
