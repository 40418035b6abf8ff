#include "crypto/seal.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>

#include "crypto/hash.h"
#include "crypto/nonce.h"
#include "crypto/openssl.h"
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

// OpenSSL's ChaCha20-Poly1305 (RFC 8439) is two to three times as fast as libsodium's; what makes the nonce longer is one block of libsodium's HChaCha20
// before it (draft-irtf-cfrg-xchacha, section 2.3). The bytes are the same (test).
class Cipher {
 public:
  Cipher() : context_(must(EVP_CIPHER_CTX_new()), EVP_CIPHER_CTX_free) {
    const std::unique_ptr<EVP_CIPHER, void (*)(EVP_CIPHER*)> kind{must(EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr)), EVP_CIPHER_free};
    must(EVP_CipherInit_ex2(context_.get(), kind.get(), nullptr, nullptr, 1, nullptr));
  }
  // Making a context costs as much as sealing a short text.
  static Cipher& of_this_thread() {
    thread_local Cipher one;
    return one;
  }

  // out: as long as plain, and the tag.
  void encrypt(const Secret& key, std::string_view nonce, std::string_view plain, std::string_view associated, unsigned char* out) {
    begin(key, nonce, associated, 1);
    update(out, plain);
    must(EVP_CipherFinal_ex(context_.get(), out + plain.size(), &ignored_));
    must(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, out + plain.size()));
    forget_key();
  }

  // False: not what was sealed.
  bool decrypt(const Secret& key, std::string_view nonce, std::string_view sealed, std::string_view associated, std::string& plain) {
    plain.resize(sealed.size() - kTagBytes);
    std::string tag(sealed.substr(plain.size()));
    begin(key, nonce, associated, 0);
    must(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()));
    update(bytes_of(plain), sealed.substr(0, plain.size()));
    const bool genuine = EVP_CipherFinal_ex(context_.get(), bytes_of(plain) + plain.size(), &ignored_) == 1;
    forget_key();
    return genuine;
  }

 private:
  static constexpr std::size_t kHalf = crypto_core_hchacha20_INPUTBYTES;  // of the nonce: what the subkey comes from

  void begin(const Secret& key, std::string_view nonce, std::string_view associated, int encrypting) {
    std::array<unsigned char, crypto_core_hchacha20_OUTPUTBYTES> subkey;
    crypto_core_hchacha20(subkey.data(), bytes_of(nonce), bytes_of(key.reveal()), nullptr);
    std::array<unsigned char, 12> rest{};
    std::copy(nonce.begin() + kHalf, nonce.end(), rest.begin() + 4);
    const int begun = EVP_CipherInit_ex2(context_.get(), nullptr, subkey.data(), rest.data(), encrypting, nullptr);
    sodium_memzero(subkey.data(), subkey.size());
    must(begun);
    update(nullptr, associated);
  }

  // OpenSSL counts in int.
  void update(unsigned char* out, std::string_view bytes) {
    constexpr std::size_t kAtOnce = std::size_t{1} << 30;
    for (std::size_t at = 0; at < bytes.size(); at += kAtOnce) {
      const std::string_view part = bytes.substr(at, kAtOnce);
      must(EVP_CipherUpdate(context_.get(), out == nullptr ? nullptr : out + at, &ignored_, bytes_of(part), static_cast<int>(part.size())));
    }
  }

  // The context outlives what was sealed: no key stays in it.
  void forget_key() {
    constexpr std::array<unsigned char, kKeyBytes> kNone{};
    must(EVP_CipherInit_ex2(context_.get(), nullptr, kNone.data(), nullptr, 1, nullptr));
  }

  std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context_;
  int ignored_ = 0;
};

Result<std::string> decrypt(const Secret& key, std::string_view nonce, std::string_view sealed, std::string_view associated) {
  if (sealed.size() < kTagBytes) return fail(Code::corrupt, "crypto.corrupt", "sealed bytes are too short");
  std::string plain;
  if (!Cipher::of_this_thread().decrypt(key, nonce, sealed, associated, plain)) return fail(Code::corrupt, "crypto.corrupt", "sealed bytes do not verify");
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
  Cipher::of_this_thread().encrypt(key, nonce, plain, associated, bytes_of(out) + kNonceBytes);
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
  Cipher::of_this_thread().encrypt(key, frame_nonce(number), plain, associated, bytes_of(out));
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
