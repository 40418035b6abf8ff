#include <gtest/gtest.h>

#include "features/factors/rules.h"

namespace sekisho::factors {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

TEST(SecondFactor, IsDueWhereTheSegmentThePowersOrThePersonAskForIt) {
  EXPECT_FALSE(demanded(1, {}, {"chat.use"}));
  EXPECT_TRUE(demanded(2, {}, {}));
  EXPECT_FALSE(demanded(1, {"users.manage"}, {"chat.use"}));
  EXPECT_TRUE(demanded(1, {"log.read", "users.manage"}, {"chat.use", "users.manage"}));
  //        enrolled must_enrol given
  EXPECT_EQ(due({false, false, false}, false), Due::not_needed);
  EXPECT_EQ(due({false, false, false}, true), Due::needed);
  EXPECT_EQ(due({true, false, false}, false), Due::needed);
  EXPECT_EQ(due({true, false, true}, false), Due::given);
  EXPECT_EQ(due({true, false, true}, true), Due::given);
  EXPECT_EQ(due({false, true, false}, false), Due::needed);
  EXPECT_EQ(due({true, true, true}, false), Due::needed);
}

TEST(SecondFactor, WrongAttemptsMakeTheWaitGrowUpToAnHour) {
  const Timestamp now{1'000 * kSecond};
  Attempts a;
  for (int i = 0; i < 4; ++i) {
    a = failed_again(a, now);
    EXPECT_EQ(a.locked_until.micros, 0);
  }
  std::int64_t wait = 30 * kSecond;
  for (int i = 0; i < 40; ++i) {
    a = failed_again(a, now);
    EXPECT_EQ(a.locked_until.micros - now.micros, std::min(wait, 3600 * kSecond)) << i;
    wait = std::min(wait * 2, 3600 * kSecond);
  }
}

TEST(SecondFactor, CodesAreReadAsPeopleTypeThem) {
  EXPECT_EQ(plain_code("123 456"), "123456");
  EXPECT_EQ(plain_code("１２３　４５６"), "123456");
  EXPECT_EQ(plain_code("12-34\xef"), "1234\xef");
  EXPECT_EQ(plain_recovery("7kmw-p3qd 2222-zzzz"), "7KMWP3QD2222ZZZZ");
}

TEST(SecondFactor, RecoveryCodesHoldEightyBitsWithoutLookAlikes) {
  std::string entropy;
  for (int i = 0; i < 16; ++i) entropy += static_cast<char>(i * 17);
  const std::string code = recovery_code(entropy);
  EXPECT_EQ(code.size(), 19u);
  EXPECT_EQ(code.find_first_of("01IO"), std::string::npos);
  for (int i = 0; i < 16; ++i) {
    std::string other = entropy;
    other[static_cast<std::size_t>(i)] = static_cast<char>(other[static_cast<std::size_t>(i)] ^ 1);
    EXPECT_NE(recovery_code(other), code) << i;
  }
}

TEST(SecondFactor, UriIsWhatAuthenticatorAppsRead) {
  EXPECT_EQ(otpauth_uri("Sekisho 試", "hanako", "MZXW6"),
            "otpauth://totp/Sekisho%20%E8%A9%A6:hanako?secret=MZXW6&issuer=Sekisho%20%E8%A9%A6&algorithm=SHA1&digits=6&period=30");
}

TEST(SecurityKey, ClientDataMustNameTheCeremonyTheChallengeAndTheSite) {
  const std::string good = R"({"type":"webauthn.get","challenge":"q83v","origin":"https://a.example:8443","crossOrigin":false,"other":"member"})";
  const std::string origin = "https://a.example:8443";
  EXPECT_TRUE(check_client_data(good, "webauthn.get", "q83v", origin));
  const auto key = [&](const std::string& data, const char* type, const char* challenge, const std::string& at) {
    const auto checked = check_client_data(data, type, challenge, at);
    return checked ? "" : checked.error().key;
  };
  EXPECT_EQ(key(good, "webauthn.create", "q83v", origin), "factors.client_data");
  EXPECT_EQ(key(good, "webauthn.get", "q83w", origin), "factors.challenge");
  EXPECT_EQ(key(good, "webauthn.get", "", origin), "factors.challenge");
  for (const char* other : {"https://a.example", "http://a.example:8443", "https://b.example:8443", "https://a.example:8443/", ""})
    EXPECT_EQ(key(good, "webauthn.get", "q83v", other), "factors.origin") << other;
  EXPECT_EQ(key(R"({"type":"webauthn.get","challenge":"q83v","origin":"https://a.example:8443","crossOrigin":true})", "webauthn.get", "q83v", origin), "factors.origin");
  for (const char* broken : {"", "[]", "{", "null", R"({"type":1})", R"({"type":"webauthn.get","type":"webauthn.get"})"})
    EXPECT_EQ(key(broken, "webauthn.get", "q83v", origin), "factors.client_data") << broken;
}

TEST(SecurityKey, IsBoundToAHostNameNotToAnAddress) {
  EXPECT_EQ(host_of("https://sekisho.example.lg.jp:8443").value(), "sekisho.example.lg.jp");
  EXPECT_EQ(host_of("http://localhost:8080").value(), "localhost");
  for (const char* none : {"", "https://", "http://127.0.0.1:8080", "https://[::1]:8443", "https://a/b", "null"}) EXPECT_FALSE(host_of(none)) << none;
}

TEST(SecurityKey, CounterMustGrowUnlessTheKeyDoesNotCount) {
  EXPECT_TRUE(counter_may_follow(0, 0));
  EXPECT_TRUE(counter_may_follow(0, 1));
  EXPECT_TRUE(counter_may_follow(4'000'000'000, 4'000'000'001u));
  EXPECT_FALSE(counter_may_follow(5, 5));
  EXPECT_FALSE(counter_may_follow(5, 4));
  EXPECT_FALSE(counter_may_follow(5, 0));
}

TEST(SecurityKey, Base64urlIsReadStrictly) {
  EXPECT_EQ(from_base64url("").value(), "");
  EXPECT_EQ(from_base64url("-_8").value(), "\xfb\xff");
  EXPECT_EQ(from_base64url(to_base64url(std::string("\0\1\2\xff", 4))).value(), std::string("\0\1\2\xff", 4));
  for (const char* wrong : {"A", "+/8", "-_8=", "a b", "あ"}) EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

}  // namespace
}  // namespace sekisho::factors
