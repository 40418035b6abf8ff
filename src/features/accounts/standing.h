// People as the approvals see them: the human behind an account, and what he may sign. No state; thread-safe.
#pragma once
#include "features/approvals/approvals.h"

namespace sekisho::accounts {

approvals::Directory directory();

}  // namespace sekisho::accounts
