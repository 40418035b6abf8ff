// Limits on failed logins: how long the next try waits. Pure: the clock is an argument.
//
// Failures are counted behind a login name, whether or not an account stands behind it, and behind a source address. After `free` failures
// each further one doubles the wait, up to `longest`. A privileged account obeys a second, strictly tighter rule on the same count. That
// second wait is never told: the answer is that of a wrong password, so that nobody can learn by trying which logins are privileged.
// Source: 11(2)ウ (attempts are limited), 11(2)ア(ウ)e (privileged ids tighter than others).
#pragma once
#include <cstdint>
#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "features/accounts/table.h"

namespace sekisho::accounts {

struct LockRule {
  int free = 5;
  std::int64_t first_wait_micros = 30'000'000;
  std::int64_t longest_wait_micros = 3'600'000'000;
  std::int64_t forget_micros = 86'400'000'000;  // without a failure for this long the count starts anew
  std::int64_t leak_micros = 0;                 // one failure is forgotten per this time (0: none): many people behind one address mistype
};

struct LockRules {
  LockRule login;
  LockRule privileged;
  LockRule source;
};

// {invalid_argument, "config.value"} unless the privileged rule is strictly tighter in number and in both waits.
Status check_rules(const LockRules& rules);

// What is left of the count at `now`.
Guard at(const Guard& guard, const LockRule& rule, Timestamp now);
// The count after one more failure.
Guard failed(const Guard& guard, const LockRule& rule, Timestamp now);
// Before this moment no try is let through; {0}: at once.
Timestamp locked_until(const Guard& guard, const LockRule& rule);

// Keys of the guard table. Nothing of the login can be read from them.
Hash login_key(std::string_view login);
Hash source_key(std::string_view address);

}  // namespace sekisho::accounts
