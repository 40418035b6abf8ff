// Ed25519 signatures (RFC 8032). A SigningKey owns its secret half, which never leaves it except as the seed for a key file.
// Thread-safe once made. verify() refuses keys of small order and non-canonical signatures (libsodium's rules).
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::crypto {

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  static Result<PublicKey> from_bytes(std::string_view bytes);
  friend bool operator==(const PublicKey&, const PublicKey&) = default;
};

struct Signature {
  std::array<std::uint8_t, 64> bytes{};
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  static Result<Signature> from_bytes(std::string_view bytes);
  friend bool operator==(const Signature&, const Signature&) = default;
};

class SigningKey {
 public:
  static SigningKey generate();
  // seed: exactly 32 bytes, for example a key file's.
  static Result<SigningKey> from_seed(std::string_view seed);

  const PublicKey& public_key() const { return public_; }
  Signature sign(std::string_view message) const;

 private:
  SigningKey() = default;
  PublicKey public_;
  Secret secret_;  // seed and public key, libsodium's 64-byte form
};

bool verify(const PublicKey& key, std::string_view message, const Signature& signature);

}  // namespace sekisho::crypto
