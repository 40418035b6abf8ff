// Hashes and comparison in constant time. Pure; the free functions are thread-safe, a Sha256 object belongs to one thread.
// Sources: FIPS 180-4 (SHA-256), RFC 2104 (HMAC), RFC 7693 (BLAKE2b).
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include "core/bytes.h"
#include "core/secret.h"

namespace sekisho::crypto {

Hash sha256(std::string_view bytes);

// The same, piece by piece. finish() ends it; using the object after that needs a new one.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  Hash finish();

 private:
  // libsodium's state; its header stays out of ours, the size is checked in hash.cpp.
  alignas(8) std::array<unsigned char, 104> state_;
};

// Any key length.
Hash hmac_sha256(std::string_view key, std::string_view message);
// BLAKE2b-256 with a key of 16 to 64 bytes: for lookups of secret values (invariant: a shorter or longer key is invalid_argument).
Result<Hash> keyed_hash(const Secret& key, std::string_view message);

// Time depends on the lengths only.
bool equal(std::string_view a, std::string_view b);

}  // namespace sekisho::crypto
