#include "features/accounts/guard.h"

#include "crypto/hash.h"

namespace sekisho::accounts {

Status check_rules(const LockRules& rules) {
  const LockRule& strict = rules.privileged;
  const LockRule& plain = rules.login;
  if (strict.free >= plain.free || strict.first_wait_micros <= plain.first_wait_micros || strict.longest_wait_micros <= plain.longest_wait_micros)
    return fail(Error{Code::invalid_argument, "config.value",
                      "lockout.privileged_attempts must be below lockout.attempts, and both waits of lockout.privileged_* above those of lockout.*",
                      "11(2)ア(ウ)e", "head"});
  return ok();
}

Guard at(const Guard& guard, const LockRule& rule, Timestamp now) {
  const std::int64_t age = now.micros - guard.last_failure_at.micros;
  if (age > rule.forget_micros) return {};
  Guard out = guard;
  if (rule.leak_micros > 0 && age > 0) {
    const std::int64_t gone = age / rule.leak_micros;
    out.failures = static_cast<int>(std::max<std::int64_t>(0, guard.failures - gone));
  }
  return out;
}

Guard failed(const Guard& guard, const LockRule& rule, Timestamp now) { return {at(guard, rule, now).failures + 1, now}; }

Timestamp locked_until(const Guard& guard, const LockRule& rule) {
  if (guard.failures < rule.free) return {0};
  const int doublings = std::min(guard.failures - rule.free, 20);
  return {guard.last_failure_at.micros + std::min(rule.longest_wait_micros, rule.first_wait_micros << doublings)};
}

Hash login_key(std::string_view login) { return crypto::sha256("login:" + std::string(login)); }
Hash source_key(std::string_view address) { return crypto::sha256("source:" + std::string(address)); }

}  // namespace sekisho::accounts
