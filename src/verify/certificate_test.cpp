#include "verify/certificate.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "json/json.h"
#include "tlog/checkpoint.h"
#include "tlog/disposal.h"

namespace sekisho::verify {
namespace {

class CertificateTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::init().has_value()); }
  crypto::SigningKey key_ = crypto::SigningKey::from_seed(std::string(32, 'a')).value();
  tlog::TrustPolicy trust_ = tlog::TrustPolicy::parse("log " + tlog::VerifierKey::create("sekisho/t", tlog::KeyType::ed25519, key_.public_key())->text() + "\nquorum none\n").value();

  json::Value certificate(std::uint64_t signed_size = 7) {
    Hash root{};
    root[0] = 9;
    const std::string note = tlog::sign_checkpoint({"sekisho/t", signed_size, root, {}}, key_).value();
    return json::Object{{"body", json::Object{{"name", "試験町"}}}, {"id", "D"}, {"log", json::Object{{"checkpoint", note}, {"origin", "sekisho/t"}, {"root", to_hex(root)}, {"size", 7}}},
                        {"number", 1}, {"remaining", json::Array{}}, {"scope", "person"}, {"verification", json::Object{{"found", 0}}}};
  }
  std::string file(const json::Value& c, const json::Value& shown) {
    const std::string signature = to_base64(key_.sign(std::string(tlog::kCertificateContext) + json::canonical(c)).view());
    return json::serialise(json::Object{{"certificate", shown}, {"signature", signature}});
  }
  std::string refusal(const std::string& text) {
    const auto checked = check_certificate(text, trust_);
    return checked ? "" : checked.error().key;
  }
};

TEST_F(CertificateTest, SignedByTheLogIsAccepted) {
  const auto checked = check_certificate(file(certificate(), certificate()), trust_);
  ASSERT_TRUE(checked.has_value()) << checked.error().detail;
  EXPECT_EQ(checked->id, "D");
  EXPECT_EQ(checked->head.size, 7u);
  EXPECT_EQ(checked->body, "試験町");
}

TEST_F(CertificateTest, AnyChangeIsRefused) {
  json::Value changed = certificate();
  changed.as_object()["scope"] = "chat";
  EXPECT_EQ(refusal(file(certificate(), changed)), "certificate.unverified");
  changed = certificate();
  changed.as_object()["verification"].as_object()["found"] = 1;
  EXPECT_EQ(refusal(file(certificate(), changed)), "certificate.unverified");
}

TEST_F(CertificateTest, TheHeadMustBeTheOneThatItNames) { EXPECT_EQ(refusal(file(certificate(8), certificate(8))), "certificate.head"); }

TEST_F(CertificateTest, AnotherLogOrNonsenseIsRefused) {
  json::Value other = certificate();
  other.as_object()["log"].as_object()["origin"] = "sekisho/u";
  EXPECT_EQ(refusal(file(other, other)), "certificate.unknown_log");
  for (const char* text : {"", "{}", "[]", "{\"certificate\":{},\"signature\":\"\"}", "{\"certificate\":1,\"signature\":\"AAAA\"}"}) EXPECT_EQ(refusal(text), "certificate.malformed") << text;
}

}  // namespace
}  // namespace sekisho::verify
