#include "tlog/policy.h"

#include <gtest/gtest.h>

#include "tlog/proof_file.h"

namespace sekisho::tlog {
namespace {

std::string key_text(char seed, const std::string& name, KeyType type) {
  return VerifierKey::create(name, type, crypto::SigningKey::from_seed(std::string(32, seed)).value().public_key()).value().text();
}
std::string witness(char seed, const std::string& name) { return "witness " + name + " " + key_text(seed, name + ".example", KeyType::cosignature) + "\n"; }
VerifiedSignature by(const std::string& name) { return {name + ".example", KeyType::cosignature, 1}; }

const std::string kLog = "log " + key_text('l', "log.example/a", KeyType::ed25519) + " https://log.example/a\n";

TEST(TrustPolicy, ReadsTheExampleOfTheSpecification) {
  std::string text = "# example\n\n" + kLog;
  for (const char* name : {"X1", "X2", "X3", "Y1", "Y2", "Y3"}) text += witness(name[0] == 'X' ? name[1] : static_cast<char>(name[1] + 10), name);
  text += "group X-witnesses 2 X1 X2 X3\n\tgroup  Y-witnesses any Y1 Y2 Y3 \ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y";
  const auto policy = TrustPolicy::parse(text);
  ASSERT_TRUE(policy.has_value()) << policy.error().detail;
  EXPECT_EQ(policy->witnesses().size(), 6u);
  EXPECT_NE(policy->log("log.example/a"), nullptr);
  EXPECT_EQ(policy->log("log.example/b"), nullptr);
  EXPECT_TRUE(policy->satisfied_by({by("X1"), by("X3"), by("Y2")}));
  EXPECT_FALSE(policy->satisfied_by({by("X1"), by("Y2"), by("Y1")}));
  EXPECT_FALSE(policy->satisfied_by({by("X1"), by("X2"), by("X3")}));
  EXPECT_FALSE(policy->satisfied_by({}));
}

TEST(TrustPolicy, WithoutQuorumAsksForNone) {
  const auto policy = TrustPolicy::parse(kLog + "quorum none\n").value();
  EXPECT_TRUE(policy.satisfied_by({}));
  EXPECT_FALSE(policy.asks_for_witnesses());
}

TEST(TrustPolicy, RefusesWhatTheSpecificationForbids) {
  const std::string w = witness('1', "A");
  for (const std::string& text : {std::string(), kLog, kLog + "quorum none\nquorum none\n", kLog + kLog + "quorum none\n", w + w + "quorum none\n",
                                  w + witness('1', "B") + "quorum none\n", w + "quorum B\n", w + "group G 0 A\nquorum G\n", w + "group G 2 A\nquorum G\n",
                                  w + "group G any B\nquorum G\n", w + "group G any A A\nquorum G\n", w + "group A any A\nquorum A\n", w + "group none any A\nquorum none\n",
                                  w + "group G any A\ngroup H any A\nquorum H\n", std::string("log x\nquorum none\n"), std::string("quorum none\r\n"),
                                  "witness A " + key_text('1', "a", KeyType::ed25519) + "\nquorum A\n", "log " + key_text('1', "a", KeyType::cosignature) + "\nquorum none\n",
                                  std::string("nonsense\nquorum none\n")})
    EXPECT_FALSE(TrustPolicy::parse(text).has_value()) << text;
}

TEST(ProofText, ReadsBackWhatItWrote) {
  const InclusionText inclusion{"{}", 7, {Hash{1}, Hash{2}}, "log\n8\n"};
  EXPECT_EQ(parse_inclusion(encode_inclusion(inclusion)).value(), inclusion);
  EXPECT_TRUE(encode_inclusion(inclusion).starts_with("c2sp.org/tlog-proof@v1\nextra e30=\nindex 7\nAQAA"));
  const InclusionText first{"", 0, {}, "log\n1\n"};
  EXPECT_EQ(encode_inclusion(first), "c2sp.org/tlog-proof@v1\nindex 0\n\nlog\n1\n");
  EXPECT_EQ(parse_inclusion(encode_inclusion(first)).value(), first);
  const ConsistencyText consistency{3, {Hash{9}}, "log\n8\n"};
  EXPECT_EQ(parse_consistency(encode_consistency(consistency)).value(), consistency);
  for (const char* bad : {"", "old 1", "old 01\n\nx", "old -1\n\nx", "old 1\nAAAA\n\nx", "old 1\n\n", "c2sp.org/tlog-proof@v1\nindex 0\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nx"}) {
    EXPECT_FALSE(parse_consistency(bad).has_value()) << bad;
    EXPECT_FALSE(parse_inclusion(bad).has_value()) << bad;
  }
  ConsistencyText many{3, Proof(64), "x\n"};
  EXPECT_FALSE(parse_consistency(encode_consistency(many)).has_value());
}

}  // namespace
}  // namespace sekisho::tlog
