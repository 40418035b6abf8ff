// Hashes and comparison in constant time. Pure; the free functions are thread-safe, a Sha256 object belongs to one thread.
// Sources: FIPS 180-4 (SHA-256), RFC 2104 (HMAC), RFC 7693 (BLAKE2b).
#pragma once
#include <cstddef>
#include <memory>
#include <string_view>

#include "core/bytes.h"
#include "core/secret.h"

struct evp_md_ctx_st;  // OpenSSL's, whose headers stay out of ours

namespace sekisho::crypto {

Hash sha256(std::string_view bytes);

// The same, piece by piece. finish() ends it; using the object after that needs a new one.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  Hash finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// Any key length.
Hash hmac_sha256(std::string_view key, std::string_view message);
// BLAKE2b-256 with a key of 16 to 64 bytes: for lookups of secret values (invariant: a shorter or longer key is invalid_argument).
Result<Hash> keyed_hash(const Secret& key, std::string_view message);

// Time depends on the lengths only.
bool equal(std::string_view a, std::string_view b);

}  // namespace sekisho::crypto
