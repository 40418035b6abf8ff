// The schema's steps, embedded from migrations/ at build time.
#pragma once
#include <vector>

#include "sql/db.h"

namespace sekisho::apps {

const std::vector<sql::Migration>& migrations();

}  // namespace sekisho::apps
