#include "crypto/hash.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/openssl.h"

namespace sekisho::crypto {
namespace {

const unsigned char* bytes_of(std::string_view view) { return reinterpret_cast<const unsigned char*>(view.data()); }

// OpenSSL uses the processor's instructions for SHA-256 where there are any, libsodium does not: three to five times as fast.
EVP_MD* sha256_kind() {
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> kind{must(EVP_MD_fetch(nullptr, "SHA256", nullptr)), EVP_MD_free};
  return kind.get();
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(must(EVP_MD_CTX_new())) { must(EVP_DigestInit_ex2(context_.get(), sha256_kind(), nullptr)); }

void Sha256::update(std::string_view bytes) { must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size())); }

Hash Sha256::finish() {
  Hash out;
  must(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr));
  return out;
}

Hash sha256(std::string_view bytes) {
  // Kept for each thread: making one costs more than a short hash.
  thread_local const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{must(EVP_MD_CTX_new()), EVP_MD_CTX_free};
  Hash out;
  must(EVP_DigestInit_ex2(context.get(), sha256_kind(), nullptr));
  must(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()));
  must(EVP_DigestFinal_ex(context.get(), out.data(), nullptr));
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
