#include "crypto/seal.h"

#include <sodium.h>

#include "crypto/hash.h"
#include "crypto/nonce.h"
#include "crypto/random.h"

namespace sekisho::crypto {
namespace {

static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES && kKeyBytes == crypto_kdf_KEYBYTES);
static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);

const unsigned char* bytes_of(std::string_view view) { return reinterpret_cast<const unsigned char*>(view.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

Status check_key(const Secret& key) {
  if (key.reveal().size() != kKeyBytes) return fail(Code::invalid_argument, "crypto.key_size", "a key has 32 bytes");
  return ok();
}

void encrypt(const Secret& key, std::string_view nonce, std::string_view plain, std::string_view associated, unsigned char* out) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(out, nullptr, bytes_of(plain), plain.size(), bytes_of(associated), associated.size(),
                                             nullptr, bytes_of(nonce), bytes_of(key.reveal()));
}

Result<std::string> decrypt(const Secret& key, std::string_view nonce, std::string_view sealed, std::string_view associated) {
  if (sealed.size() < kTagBytes) return fail(Code::corrupt, "crypto.corrupt", "sealed bytes are too short");
  std::string plain(sealed.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), nullptr, nullptr, bytes_of(sealed), sealed.size(),
                                                 bytes_of(associated), associated.size(), bytes_of(nonce),
                                                 bytes_of(key.reveal())) != 0)
    return fail(Code::corrupt, "crypto.corrupt", "sealed bytes do not verify");
  return plain;
}

std::string frame_nonce(std::uint64_t number) {
  std::string nonce(kNonceBytes, '\0');
  for (std::size_t i = 0; i < 8; ++i) nonce[i] = static_cast<char>(number >> (8 * i) & 255);
  return nonce;
}

}  // namespace

Secret random_key() { return Secret(random_bytes(kKeyBytes)); }

Result<std::string> seal(const Secret& key, std::string_view plain, std::string_view associated) {
  SK_CHECK(check_key(key));
  std::string out = nonce_bytes(kNonceBytes);
  const std::string nonce = out;
  out.resize(kNonceBytes + plain.size() + kTagBytes);
  encrypt(key, nonce, plain, associated, bytes_of(out) + kNonceBytes);
  return out;
}

Result<std::string> open(const Secret& key, std::string_view sealed, std::string_view associated) {
  SK_CHECK(check_key(key));
  if (sealed.size() < kSealOverhead) return fail(Code::corrupt, "crypto.corrupt", "sealed bytes are too short");
  return decrypt(key, sealed.substr(0, kNonceBytes), sealed.substr(kNonceBytes), associated);
}

Result<std::string> seal_frame(const Secret& key, std::uint64_t number, std::string_view plain, std::string_view associated) {
  SK_CHECK(check_key(key));
  std::string out(plain.size() + kTagBytes, '\0');
  encrypt(key, frame_nonce(number), plain, associated, bytes_of(out));
  return out;
}

Result<std::string> open_frame(const Secret& key, std::uint64_t number, std::string_view sealed, std::string_view associated) {
  SK_CHECK(check_key(key));
  return decrypt(key, frame_nonce(number), sealed, associated);
}

Result<Secret> derive_key(const Secret& master, std::string_view context, std::uint64_t id) {
  SK_CHECK(check_key(master));
  if (context.size() != crypto_kdf_CONTEXTBYTES)
    return fail(Code::invalid_argument, "crypto.context_size", "a key derivation context has 8 characters");
  std::string key(kKeyBytes, '\0');
  crypto_kdf_derive_from_key(bytes_of(key), key.size(), id, context.data(), bytes_of(master.reveal()));
  return Secret(std::move(key));
}

Result<Secret> derive_key(const Secret& master, std::string_view label) {
  SK_CHECK(check_key(master));
  SK_TRY(Hash hash, keyed_hash(master, label));
  Secret out{std::string(as_view(hash))};
  sodium_memzero(hash.data(), hash.size());
  return out;
}

}  // namespace sekisho::crypto
