// A body with a directory of its own: its record, who is checked there, and the question itself for logins.
//
// A person of the directory has no password here: when the directory does not answer, nobody is let in instead, and nothing counts as a failure.
#pragma once
#include "features/bodies/table.h"
#include "features/directories/table.h"
#include "gate/operation.h"

namespace sekisho::directories {

using bodies::Nothing;

struct TestOut {
  bool reached = false;
};
BOOST_DESCRIBE_STRUCT(TestOut, (), (reached))
struct AssignIn {
  std::string login;
  bool uses = false;
};
BOOST_DESCRIBE_STRUCT(AssignIn, (), (login, uses))

// Asks the body's directory; blocks, so only in preparations. conflict "directory.none": the body has no record.
Result<bool> right_password(sql::Db& db, std::string_view login, const Secret& password);

using FindLogin = std::function<Result<std::optional<PersonId>>(sql::Tx&, std::string_view login)>;
void register_operations(gate::Registry& registry, FindLogin find_login);

}  // namespace sekisho::directories
