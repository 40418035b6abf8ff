#include "crypto/hash.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <cstring>
#include <memory>
#include <new>

namespace sekisho::crypto {
namespace {

const unsigned char* bytes_of(std::string_view view) { return reinterpret_cast<const unsigned char*>(view.data()); }

static_assert(sizeof(crypto_hash_sha256_state) == 104 && alignof(crypto_hash_sha256_state) <= 8);
static_assert(std::is_trivially_copyable_v<crypto_hash_sha256_state>);

crypto_hash_sha256_state* state_in(std::array<unsigned char, 104>& storage) {
  return std::launder(reinterpret_cast<crypto_hash_sha256_state*>(storage.data()));
}

// OpenSSL uses the processor's instructions for SHA-256 where there are any, libsodium does not: three to five times as fast. The context is
// kept for each thread, since making one costs more than a short hash. Null: not to be had, libsodium does it.
EVP_MD_CTX* fast_sha256() {
  struct Context {
    std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> kind{EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free};
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    bool good = kind && context && EVP_DigestInit_ex2(context.get(), kind.get(), nullptr) == 1;
  };
  thread_local Context one;
  return one.good ? one.context.get() : nullptr;
}

}  // namespace

Hash sha256(std::string_view bytes) {
  Hash out;
  unsigned size = 0;
  EVP_MD_CTX* const fast = fast_sha256();
  if (fast != nullptr && EVP_DigestInit_ex2(fast, nullptr, nullptr) == 1 && EVP_DigestUpdate(fast, bytes.data(), bytes.size()) == 1 &&
      EVP_DigestFinal_ex(fast, out.data(), &size) == 1 && size == out.size())
    return out;
  crypto_hash_sha256(out.data(), bytes_of(bytes), bytes.size());
  return out;
}

Sha256::Sha256() {
  new (state_.data()) crypto_hash_sha256_state;
  crypto_hash_sha256_init(state_in(state_));
}

void Sha256::update(std::string_view bytes) { crypto_hash_sha256_update(state_in(state_), bytes_of(bytes), bytes.size()); }

Hash Sha256::finish() {
  Hash out;
  crypto_hash_sha256_final(state_in(state_), out.data());
  return out;
}

Hash hmac_sha256(std::string_view key, std::string_view message) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
  crypto_auth_hmacsha256_update(&state, bytes_of(message), message.size());
  Hash out;
  crypto_auth_hmacsha256_final(&state, out.data());
  sodium_memzero(&state, sizeof state);
  return out;
}

Result<Hash> keyed_hash(const Secret& key, std::string_view message) {
  const std::string_view k = key.reveal();
  if (k.size() < crypto_generichash_KEYBYTES_MIN || k.size() > crypto_generichash_KEYBYTES_MAX)
    return fail(Code::invalid_argument, "crypto.key_size", "a hash key has 16 to 64 bytes");
  Hash out;
  crypto_generichash(out.data(), out.size(), bytes_of(message), message.size(), bytes_of(k), k.size());
  return out;
}

bool equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sekisho::crypto
