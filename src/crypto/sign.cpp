#include "crypto/sign.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/random.h"

namespace sekisho::crypto {
namespace {

const unsigned char* bytes_of(std::string_view view) { return reinterpret_cast<const unsigned char*>(view.data()); }

template <class T>
Result<T> copy_exactly(std::string_view bytes, const char* what) {
  T out;
  if (bytes.size() != out.bytes.size()) return fail(Code::invalid_argument, "crypto.size", std::string(what) + " has the wrong length");
  std::copy_n(bytes_of(bytes), bytes.size(), out.bytes.begin());
  return out;
}

}  // namespace

Result<PublicKey> PublicKey::from_bytes(std::string_view bytes) { return copy_exactly<PublicKey>(bytes, "public key"); }
Result<Signature> Signature::from_bytes(std::string_view bytes) { return copy_exactly<Signature>(bytes, "signature"); }

SigningKey SigningKey::generate() {
  const Secret seed(random_bytes(crypto_sign_SEEDBYTES));
  return std::move(*from_seed(seed.reveal()));
}

Result<SigningKey> SigningKey::from_seed(std::string_view seed) {
  if (seed.size() != crypto_sign_SEEDBYTES) return fail(Code::invalid_argument, "crypto.size", "an Ed25519 seed has 32 bytes");
  SigningKey key;
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(key.public_.bytes.data(), reinterpret_cast<unsigned char*>(secret.data()), bytes_of(seed));
  key.secret_ = Secret(std::move(secret));
  return key;
}

Signature SigningKey::sign(std::string_view message) const {
  Signature out;
  crypto_sign_detached(out.bytes.data(), nullptr, bytes_of(message), message.size(), bytes_of(secret_.reveal()));
  return out;
}

bool verify(const PublicKey& key, std::string_view message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), bytes_of(message), message.size(), key.bytes.data()) == 0;
}

}  // namespace sekisho::crypto
