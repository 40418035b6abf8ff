#include "crypto/password.h"

#include <sodium.h>

#include <array>
#include <cerrno>

#include "core/bytes.h"
#include "crypto/random.h"

namespace sekisho::crypto {
namespace {

Status check_length(const Secret& password) {
  if (password.reveal().size() > kMaxPasswordBytes) return fail(Code::invalid_argument, "password.too_long", "password is too long");
  return ok();
}

}  // namespace

Result<std::string> password_hash(const Secret& password, const PasswordCost& cost) {
  SK_CHECK(check_length(password));
  std::array<char, crypto_pwhash_STRBYTES> out{};
  const std::string_view text = password.reveal();
  if (crypto_pwhash_str_alg(out.data(), text.data(), text.size(), cost.operations, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(Code::unavailable, "password.no_memory", "Argon2id could not run (memory?)");
  return std::string(out.data());
}

Result<bool> password_verify(const std::string& stored, const Secret& password) {
  SK_CHECK(check_length(password));
  // The text says how much memory to take; what this module did not write is not tried.
  if (!stored.starts_with(crypto_pwhash_argon2id_STRPREFIX) || stored.size() >= crypto_pwhash_STRBYTES)
    return fail(Code::corrupt, "password.corrupt", "stored password text is not Argon2id");
  const std::string_view text = password.reveal();
  errno = 0;
  if (crypto_pwhash_str_verify(stored.c_str(), text.data(), text.size()) == 0) return true;
  // libsodium sets EINVAL for a mismatch only; see crypto_pwhash_argon2id_str_verify.
  if (errno == EINVAL) return false;
  if (errno == ENOMEM) return fail(Code::unavailable, "password.no_memory", "Argon2id could not run (memory)");
  return fail(Code::corrupt, "password.corrupt", "stored password text cannot be read");
}

std::string password_decoy() {
  const auto letters = [](std::size_t bytes) {
    std::string out = to_base64(random_bytes(bytes));
    return out.substr(0, out.find('='));
  };
  return "$argon2id$v=19$m=" + std::to_string(kPasswordCost.memory_bytes / 1024) + ",t=" + std::to_string(kPasswordCost.operations) + ",p=1$" +
         letters(crypto_pwhash_SALTBYTES) + "$" + letters(32);
}

bool needs_rehash(const std::string& stored, const PasswordCost& cost) {
  return crypto_pwhash_str_needs_rehash(stored.c_str(), cost.operations, cost.memory_bytes) != 0;
}

}  // namespace sekisho::crypto
