#include "crypto/webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include <array>
#include <memory>
#include <mutex>

#include "crypto/hash.h"

namespace sekisho::crypto {
namespace {

constexpr unsigned char kUserPresent = 0x01;
constexpr unsigned char kUserVerified = 0x04;
constexpr std::size_t kMaxCredentialBytes = 1023;  // Level 2, section 7.1 step 20 onwards leaves it to us; Level 3 names this limit
constexpr int kMaxDepth = 4;

Unexpected refuse(std::string what) { return fail(Code::invalid_argument, "crypto.webauthn", std::move(what)); }

const unsigned char* bytes(std::string_view v) { return reinterpret_cast<const unsigned char*>(v.data()); }
std::string text(const unsigned char* p, std::size_t n) { return p == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(p), n); }

void init_once() {
  static std::once_flag once;
  std::call_once(once, [] { fido_init(0); });
}

// Reads CBOR from the front of a view. Definite lengths only, as CTAP2 demands of authenticators.
class Cbor {
 public:
  explicit Cbor(std::string_view rest) : rest_(rest) {}
  std::string_view rest() const { return rest_; }

  struct Head {
    int major = 0;
    std::uint64_t value = 0;
  };
  Result<Head> head() {
    if (rest_.empty()) return refuse("CBOR ends early");
    const auto first = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    Head out{first >> 5, first & 0x1fu};
    if (out.value < 24) return out;
    if (out.value > 27) return refuse("CBOR of indefinite length");
    const std::size_t size = std::size_t{1} << (out.value - 24);
    if (rest_.size() < size) return refuse("CBOR ends early");
    out.value = 0;
    for (std::size_t i = 0; i < size; ++i) out.value = out.value << 8 | static_cast<unsigned char>(rest_[i]);
    rest_.remove_prefix(size);
    return out;
  }
  Result<std::string_view> string(int major) {
    SK_TRY(const Head h, head());
    if (h.major != major) return refuse("CBOR of another type");
    return take(h.value);
  }
  // The encoded form of the next item, whatever it is.
  Result<std::string_view> item() {
    const std::string_view from = rest_;
    SK_CHECK(skip(0));
    return from.substr(0, from.size() - rest_.size());
  }

 private:
  Result<std::string_view> take(std::uint64_t size) {
    if (size > rest_.size()) return refuse("CBOR ends early");
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }
  Status skip(int depth) {
    if (depth > kMaxDepth) return refuse("CBOR too deep");
    SK_TRY(const Head h, head());
    if (h.major == 2 || h.major == 3) {
      SK_CHECK(take(h.value));
    } else if (h.major == 4 || h.major == 5) {
      if (h.value > kMaxWebauthnBytes) return refuse("CBOR too long");
      for (std::uint64_t i = 0; i < h.value * (h.major == 5 ? 2 : 1); ++i) SK_CHECK(skip(depth + 1));
    } else if (h.major == 6) {
      return refuse("CBOR tag");
    }
    return ok();
  }
  std::string_view rest_;
};

using Credential = std::unique_ptr<fido_cred_t, void (*)(fido_cred_t*)>;
Credential new_credential() {
  return {fido_cred_new(), [](fido_cred_t* p) { fido_cred_free(&p); }};
}

// nullptr inside: not a key of this algorithm.
Credential read_credential(int algorithm, std::string_view authenticator_data) {
  Credential out = new_credential();
  if (out && fido_cred_set_type(out.get(), algorithm) == FIDO_OK && fido_cred_set_authdata_raw(out.get(), bytes(authenticator_data), authenticator_data.size()) == FIDO_OK)
    return out;
  return {nullptr, [](fido_cred_t*) {}};
}

Status check_place(const std::string& rp_id, std::string_view authenticator_data) {
  if (authenticator_data.size() < 37) return refuse("authenticator data too short");
  if (!equal(authenticator_data.substr(0, 32), as_view(sha256(rp_id)))) return refuse("made for another host");
  const auto flags = static_cast<unsigned char>(authenticator_data[32]);
  if ((flags & kUserPresent) == 0) return refuse("nobody touched the key");
  if ((flags & kUserVerified) == 0) return refuse("the key did not verify its user");
  return ok();
}

Status check_statement(const std::string& rp_id, std::string_view client_data, const AttestationParts& parts, fido_cred_t* credential) {
  if (parts.format == "none") return parts.statement == "\xa0" ? ok() : Status(refuse("a statement where none is due"));
  if (parts.format != "packed") return refuse("attestation " + std::string(parts.format.substr(0, 32)));
  const Hash hash = sha256(client_data);
  if (fido_cred_set_fmt(credential, "packed") != FIDO_OK || fido_cred_set_rp(credential, rp_id.c_str(), nullptr) != FIDO_OK ||
      fido_cred_set_uv(credential, FIDO_OPT_TRUE) != FIDO_OK || fido_cred_set_clientdata_hash(credential, hash.data(), hash.size()) != FIDO_OK ||
      fido_cred_set_attstmt(credential, bytes(parts.statement), parts.statement.size()) != FIDO_OK || fido_cred_verify_self(credential) != FIDO_OK)
    return refuse("packed statement not signed by the key itself");
  return ok();
}

}  // namespace

Result<AttestationParts> split_attestation(std::string_view object) {
  if (object.size() > kMaxWebauthnBytes) return refuse("attestation object too long");
  Cbor reader(object);
  SK_TRY(const auto map, reader.head());
  if (map.major != 5 || map.value != 3) return refuse("not a map of three");
  AttestationParts out;
  for (int i = 0; i < 3; ++i) {
    SK_TRY(const auto name, reader.string(3));
    if (name == "fmt" && out.format.empty()) {
      SK_TRY(out.format, reader.string(3));
    } else if (name == "attStmt" && out.statement.empty()) {
      SK_TRY(out.statement, reader.item());
    } else if (name == "authData" && out.authenticator_data.empty()) {
      SK_TRY(out.authenticator_data, reader.string(2));
    } else {
      return refuse("a member that does not belong");
    }
  }
  if (!reader.rest().empty() || out.format.empty() || out.authenticator_data.empty()) return refuse("attestation object incomplete");
  return out;
}

Result<SecurityKey> verify_registration(const std::string& rp_id, std::string_view client_data, std::string_view attestation_object) {
  init_once();
  SK_TRY(const AttestationParts parts, split_attestation(attestation_object));
  SK_CHECK(check_place(rp_id, parts.authenticator_data));
  for (const int algorithm : {kEs256, kEdDsa, kRs256}) {
    const Credential credential = read_credential(algorithm, parts.authenticator_data);
    if (!credential) continue;
    SK_CHECK(check_statement(rp_id, client_data, parts, credential.get()));
    SecurityKey out{text(fido_cred_id_ptr(credential.get()), fido_cred_id_len(credential.get())), algorithm,
                    text(fido_cred_pubkey_ptr(credential.get()), fido_cred_pubkey_len(credential.get())), fido_cred_sigcount(credential.get())};
    if (out.credential_id.empty() || out.credential_id.size() > kMaxCredentialBytes || out.public_key.empty()) return refuse("no usable key inside");
    return out;
  }
  return refuse("no key of a kind that was offered");
}

Result<std::uint32_t> verify_assertion(const std::string& rp_id, int algorithm, std::string_view public_key, const Assertion& a) {
  init_once();
  if (a.authenticator_data.size() > kMaxWebauthnBytes || a.signature.size() > kMaxWebauthnBytes) return refuse("assertion too long");
  SK_CHECK(check_place(rp_id, a.authenticator_data));
  const std::unique_ptr<fido_assert_t, void (*)(fido_assert_t*)> assertion(fido_assert_new(), [](fido_assert_t* p) { fido_assert_free(&p); });
  const Hash hash = sha256(a.client_data);
  fido_assert_t* const raw = assertion.get();
  if (raw == nullptr || fido_assert_set_rp(raw, rp_id.c_str()) != FIDO_OK || fido_assert_set_clientdata_hash(raw, hash.data(), hash.size()) != FIDO_OK ||
      fido_assert_set_count(raw, 1) != FIDO_OK || fido_assert_set_up(raw, FIDO_OPT_TRUE) != FIDO_OK || fido_assert_set_uv(raw, FIDO_OPT_TRUE) != FIDO_OK ||
      fido_assert_set_authdata_raw(raw, 0, bytes(a.authenticator_data), a.authenticator_data.size()) != FIDO_OK ||
      fido_assert_set_sig(raw, 0, bytes(a.signature), a.signature.size()) != FIDO_OK)
    return refuse("assertion malformed");
  const auto verified = [&](auto* key, auto from, auto release) {
    const bool good = key != nullptr && from(key, public_key.data(), public_key.size()) == FIDO_OK && fido_assert_verify(raw, 0, algorithm, key) == FIDO_OK;
    release(&key);
    return good;
  };
  const bool good = algorithm == kEs256   ? verified(es256_pk_new(), es256_pk_from_ptr, es256_pk_free)
                    : algorithm == kEdDsa ? verified(eddsa_pk_new(), eddsa_pk_from_ptr, eddsa_pk_free)
                    : algorithm == kRs256 ? verified(rs256_pk_new(), rs256_pk_from_ptr, rs256_pk_free)
                                          : false;
  if (!good) return refuse("the signature is not this key's");
  return fido_assert_sigcount(raw, 0);
}

}  // namespace sekisho::crypto
