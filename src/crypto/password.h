// Passwords: Argon2id (RFC 9106) in libsodium's encoded text, which carries salt and parameters. Thread-safe; each call uses the
// memory of kPasswordCost and some 100 ms of one core, so callers run it off their event loop and bound how many run at once.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::crypto {

struct PasswordCost {
  unsigned long long operations;
  std::size_t memory_bytes;
};
inline constexpr PasswordCost kPasswordCost{3, std::size_t{64} * 1024 * 1024};
// Longer input is refused as invalid_argument before any work is done.
inline constexpr std::size_t kMaxPasswordBytes = 1024;

Result<std::string> password_hash(const Secret& password, const PasswordCost& cost = kPasswordCost);
// false: the wrong password. An Error means it could not be checked (no memory: unavailable; a broken stored text: corrupt).
Result<bool> password_verify(const std::string& stored, const Secret& password);
// A stored text of today's cost that no password matches: what is compared for a login that nobody has, so that the time of an answer tells
// nothing. Nothing is hashed for it.
std::string password_decoy();
// True when `stored` was made with other parameters: hash again after the next successful log-in.
bool needs_rehash(const std::string& stored, const PasswordCost& cost = kPasswordCost);

}  // namespace sekisho::crypto
