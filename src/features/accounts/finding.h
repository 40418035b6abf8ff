// Looking for a colleague by name, login or department: for fields that name a person. Whoever may ask for a permission may look.
// Threads: any. Source: ISMS 6(8) (who decides is another person than who asks, so people must find each other).
#pragma once
#include "features/accounts/table.h"
#include "gate/operation.h"

namespace sekisho::accounts {

struct PeopleIn {
  std::optional<std::string> words;
};
BOOST_DESCRIBE_STRUCT(PeopleIn, (), (words))
struct ColleagueView {
  static constexpr const char* kSchemaName = "Colleague";
  std::string id;
  std::string login;
  std::string name;
  std::string department;  // of the main appointment
};
BOOST_DESCRIBE_STRUCT(ColleagueView, (), (id, login, name, department))
struct ColleagueList {
  std::vector<ColleagueView> items;  // at most 20, by login
};
BOOST_DESCRIBE_STRUCT(ColleagueList, (), (items))

// Accounts whose name, login or department's name has all of the words (without spaces inside names), by login; those that are stopped are left out.
Result<std::vector<AccountId>> find_accounts(sql::Tx& tx, const std::vector<std::string>& words, int limit);

gate::Operation<PeopleIn, ColleagueList> find_people();

}  // namespace sekisho::accounts
