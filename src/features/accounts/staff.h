// What the personnel office knows of people besides their accounts: statements in table.cpp.
#pragma once
#include "features/accounts/table.h"
#include "policy/scheme.h"

namespace sekisho::accounts {

struct StaffRecord {
  AccountId id;
  std::string login;
  std::string name;
  int clearance = 0;
  std::string number;  // empty: in no staff list
  std::string category;
};

class StaffTable {
 public:
  static Result<std::vector<StaffRecord>> all(sql::Tx& tx);
  static Result<std::optional<std::string>> category(sql::Tx& tx, const AccountId& id);  // none: in no staff list
  static Status put(sql::Tx& tx, const AccountId& id, const std::string& number, const std::string& category);
  static Status set_person(sql::Tx& tx, const StaffRecord& person);  // login, name, clearance of the account
  static Status carry_over(sql::Tx& tx, const policy::AxisChange& confidentiality);  // clearances of another scheme
  static Status set_unit(sql::Tx& tx, const AccountId& id, const bodies::UnitId& unit);
};

}  // namespace sekisho::accounts
