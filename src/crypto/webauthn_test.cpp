// A security key made of OpenSSL signs what a browser would bring; every change of a byte or a place must be refused.
#include "crypto/webauthn.h"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

#include "core/bytes.h"
#include "crypto/hash.h"

namespace sekisho::crypto {
namespace {

const std::string kHost = "sekisho.example.lg.jp";
const std::string kClientData = R"({"type":"webauthn.create","challenge":"AAAA","origin":"https://sekisho.example.lg.jp"})";

std::string cbor_head(int major, std::size_t n) {
  if (n < 24) return {static_cast<char>(major << 5 | static_cast<int>(n))};
  if (n < 256) return {static_cast<char>(major << 5 | 24), static_cast<char>(n)};
  return {static_cast<char>(major << 5 | 25), static_cast<char>(n >> 8), static_cast<char>(n & 255)};
}
std::string cbor_int(int v) { return v < 0 ? cbor_head(1, static_cast<std::size_t>(-1 - v)) : cbor_head(0, static_cast<std::size_t>(v)); }
std::string cbor_bytes(std::string_view b) { return cbor_head(2, b.size()) + std::string(b); }
std::string cbor_text(std::string_view t) { return cbor_head(3, t.size()) + std::string(t); }

class SoftKey {
 public:
  explicit SoftKey(int algorithm) : algorithm_(algorithm), key_(nullptr, EVP_PKEY_free) {
    if (algorithm == kEs256) key_.reset(EVP_EC_gen("P-256"));
    else if (algorithm == kRs256) key_.reset(EVP_RSA_gen(2048));
    else key_.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }
  std::string cose() const {
    std::string out;
    if (algorithm_ == kEs256) {
      const std::string point = octets(OSSL_PKEY_PARAM_PUB_KEY);
      // EVP gives 04 ‖ x ‖ y
      out = cbor_head(5, 5) + cbor_int(1) + cbor_int(2) + cbor_int(3) + cbor_int(kEs256) + cbor_int(-1) + cbor_int(1) + cbor_int(-2) + cbor_bytes(point.substr(1, 32)) +
            cbor_int(-3) + cbor_bytes(point.substr(33, 32));
    } else if (algorithm_ == kEdDsa) {
      out = cbor_head(5, 4) + cbor_int(1) + cbor_int(1) + cbor_int(3) + cbor_int(kEdDsa) + cbor_int(-1) + cbor_int(6) + cbor_int(-2) + cbor_bytes(octets(OSSL_PKEY_PARAM_PUB_KEY));
    } else {
      BIGNUM* n = nullptr;
      EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_N, &n);
      std::string modulus(256, '\0');
      BN_bn2binpad(n, reinterpret_cast<unsigned char*>(modulus.data()), 256);
      BN_free(n);
      out = cbor_head(5, 4) + cbor_int(1) + cbor_int(3) + cbor_int(3) + cbor_int(kRs256) + cbor_int(-1) + cbor_bytes(modulus) + cbor_int(-2) + cbor_bytes(std::string("\x01\x00\x01", 3));
    }
    return out;
  }
  std::string sign(std::string_view message) const {
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, algorithm_ == kEdDsa ? nullptr : EVP_sha256(), nullptr, key_.get());
    std::string out(512, '\0');
    std::size_t size = out.size();
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, reinterpret_cast<const unsigned char*>(message.data()), message.size());
    EVP_MD_CTX_free(context);
    out.resize(size);
    return out;
  }

 private:
  std::string octets(const char* name) const {
    std::string out(256, '\0');
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(key_.get(), name, reinterpret_cast<unsigned char*>(out.data()), out.size(), &size);
    out.resize(size);
    return out;
  }
  int algorithm_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

constexpr int kPresentAndVerified = 0x05;
constexpr int kWithCredential = 0x40;

std::string authenticator_data(const std::string& host, int flags, std::uint32_t counter, const std::string& rest = {}) {
  std::string out(as_view(sha256(host)));
  out += static_cast<char>(flags);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(counter >> shift & 255);
  return out + rest;
}
std::string with_credential(const std::string& host, int flags, const SoftKey& key) {
  return authenticator_data(host, flags | kWithCredential, 7, std::string(16, '\0') + std::string("\x00\x10", 2) + "sixteen-byte-id!" + key.cose());
}
std::string attestation(const std::string& authenticator, const std::string& format = "none", const std::string& statement = "\xa0") {
  return cbor_head(5, 3) + cbor_text("fmt") + cbor_text(format) + cbor_text("attStmt") + statement + cbor_text("authData") + cbor_bytes(authenticator);
}

class EveryAlgorithm : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Webauthn, EveryAlgorithm, ::testing::Values(kEs256, kEdDsa, kRs256));

TEST_P(EveryAlgorithm, RegistersAndThenVerifiesItsSignatures) {
  const SoftKey key(GetParam());
  const auto registered = verify_registration(kHost, kClientData, attestation(with_credential(kHost, kPresentAndVerified, key)));
  ASSERT_TRUE(registered) << registered.error().detail;
  EXPECT_EQ(registered->credential_id, "sixteen-byte-id!");
  EXPECT_EQ(registered->algorithm, GetParam());
  EXPECT_EQ(registered->counter, 7u);
  const std::string data = authenticator_data(kHost, kPresentAndVerified, 8);
  const std::string signature = key.sign(data + std::string(as_view(sha256(kClientData))));
  const auto counter = verify_assertion(kHost, registered->algorithm, registered->public_key, {kClientData, data, signature});
  ASSERT_TRUE(counter) << counter.error().detail;
  EXPECT_EQ(*counter, 8u);
  // Other client data, another counter, another key's signature, a signature of nothing.
  EXPECT_FALSE(verify_assertion(kHost, registered->algorithm, registered->public_key, {kClientData + " ", data, signature}));
  EXPECT_FALSE(verify_assertion(kHost, registered->algorithm, registered->public_key, {kClientData, authenticator_data(kHost, kPresentAndVerified, 9), signature}));
  EXPECT_FALSE(verify_assertion(kHost, registered->algorithm, registered->public_key, {kClientData, data, SoftKey(GetParam()).sign(data + std::string(as_view(sha256(kClientData))))}));
  EXPECT_FALSE(verify_assertion(kHost, registered->algorithm, registered->public_key, {kClientData, data, ""}));
}

TEST_P(EveryAlgorithm, TakesAStatementThatTheNewKeySigned) {
  const SoftKey key(GetParam());
  const std::string data = with_credential(kHost, kPresentAndVerified, key);
  const auto statement = [&](const std::string& signature) { return cbor_head(5, 2) + cbor_text("alg") + cbor_int(GetParam()) + cbor_text("sig") + cbor_bytes(signature); };
  const std::string signature = key.sign(data + std::string(as_view(sha256(kClientData))));
  EXPECT_TRUE(verify_registration(kHost, kClientData, attestation(data, "packed", statement(signature))));
  EXPECT_FALSE(verify_registration(kHost, kClientData, attestation(data, "packed", statement(key.sign("something else")))));
}

TEST(Webauthn, AsksForPresenceVerificationAndTheRightHost) {
  const SoftKey key(kEs256);
  const auto registered = verify_registration(kHost, kClientData, attestation(with_credential(kHost, kPresentAndVerified, key)));
  ASSERT_TRUE(registered);
  EXPECT_FALSE(verify_registration("evil.example", kClientData, attestation(with_credential(kHost, kPresentAndVerified, key))));
  EXPECT_FALSE(verify_registration(kHost, kClientData, attestation(with_credential(kHost, 0x01, key))));
  EXPECT_FALSE(verify_registration(kHost, kClientData, attestation(with_credential(kHost, 0x04, key))));
  const auto asserted = [&](const std::string& host, int flags) {
    const std::string data = authenticator_data(host, flags, 9);
    return verify_assertion(kHost, kEs256, registered->public_key, {kClientData, data, key.sign(data + std::string(as_view(sha256(kClientData))))}).has_value();
  };
  EXPECT_TRUE(asserted(kHost, kPresentAndVerified));
  EXPECT_FALSE(asserted("evil.example", kPresentAndVerified));
  EXPECT_FALSE(asserted(kHost, 0x01));
  EXPECT_FALSE(asserted(kHost, 0x04));
}

TEST(Webauthn, RefusesBrokenAttestationObjects) {
  const SoftKey key(kEs256);
  const std::string data = with_credential(kHost, kPresentAndVerified, key);
  const std::string good = attestation(data);
  ASSERT_TRUE(verify_registration(kHost, kClientData, good));
  for (std::size_t cut = 0; cut < good.size(); ++cut) EXPECT_FALSE(verify_registration(kHost, kClientData, good.substr(0, cut))) << cut;
  EXPECT_FALSE(verify_registration(kHost, kClientData, good + "x"));
  EXPECT_FALSE(verify_registration(kHost, kClientData, attestation(data, "fido-u2f", cbor_head(5, 0))));
  EXPECT_FALSE(verify_registration(kHost, kClientData, attestation(data, "none", cbor_head(5, 1) + cbor_text("x") + cbor_int(1))));
  EXPECT_FALSE(verify_registration(kHost, kClientData, attestation(authenticator_data(kHost, kPresentAndVerified, 1))));
  EXPECT_FALSE(split_attestation(cbor_head(5, 3) + std::string(3, '\xbf')));
  EXPECT_FALSE(split_attestation(std::string(kMaxWebauthnBytes + 1, '\xa3')));
  EXPECT_FALSE(split_attestation(cbor_head(5, 3) + cbor_text("attStmt") + std::string(40, '\x81')));
}

}  // namespace
}  // namespace sekisho::crypto
