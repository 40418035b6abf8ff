#include "crypto/random.h"

#include <sodium.h>

#include <string_view>

#include "core/bytes.h"

namespace sekisho::crypto {
namespace {

constexpr std::string_view kUpper = "ABCDEFGHJKLMNPQRSTUVWXYZ";
constexpr std::string_view kLower = "abcdefghijkmnpqrstuvwxyz";
constexpr std::string_view kDigits = "23456789";
constexpr std::size_t kTemporaryLength = 16;

bool has_any(std::string_view text, std::string_view set) { return text.find_first_of(set) != std::string_view::npos; }

}  // namespace

Status init() {
  if (sodium_init() < 0) return fail(Code::unavailable, "crypto.unavailable", "libsodium cannot start (no random source?)");
  return ok();
}

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  randombytes_buf(out.data(), out.size());
  return out;
}

std::uint32_t random_below(std::uint32_t bound) { return randombytes_uniform(bound); }

Secret random_token() {
  const Secret bytes(random_bytes(32));
  return Secret(to_base64url(bytes.reveal()));
}

Secret temporary_password() {
  const std::string alphabet = std::string(kUpper) + std::string(kLower) + std::string(kDigits);
  std::string text(kTemporaryLength, ' ');
  // Drawing again until every class is present keeps the accepted passwords equally likely.
  do {
    for (char& c : text) c = alphabet[random_below(static_cast<std::uint32_t>(alphabet.size()))];
  } while (!has_any(text, kUpper) || !has_any(text, kLower) || !has_any(text, kDigits));
  Secret out(text);
  sodium_memzero(text.data(), text.size());
  return out;
}

}  // namespace sekisho::crypto
