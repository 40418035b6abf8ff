#include "crypto/totp.h"

#include <gtest/gtest.h>

namespace sekisho::crypto {
namespace {

const Secret& rfc_secret() {
  static const Secret secret("12345678901234567890");
  return secret;
}
Timestamp at_second(std::int64_t s) { return {s * 1'000'000}; }

// RFC 4226, appendix D.
TEST(Hotp, GivesTheValuesOfTheStandard) {
  const char* expected[] = {"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t counter = 0; counter < 10; ++counter) EXPECT_EQ(hotp(rfc_secret(), counter, 6), expected[counter]);
}

// RFC 6238, appendix B, SHA-1.
TEST(Totp, GivesTheValuesOfTheStandard) {
  const std::pair<std::int64_t, const char*> expected[] = {{59, "94287082"},         {1111111109, "07081804"},  {1111111111, "14050471"},
                                                           {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [second, code] : expected) EXPECT_EQ(hotp(rfc_secret(), static_cast<std::uint64_t>(totp_step(at_second(second))), 8), code);
}

TEST(Totp, AcceptsOneStepEitherWayAndNoMore) {
  const Timestamp now = at_second(1'111'111'111);
  const std::int64_t step = totp_step(now);
  for (int away = -3; away <= 3; ++away) {
    const auto found = totp_match(rfc_secret(), hotp(rfc_secret(), static_cast<std::uint64_t>(step + away), 6), now, 0);
    EXPECT_EQ(found.has_value(), away >= -1 && away <= 1) << away;
    if (found) {
      EXPECT_EQ(*found, step + away);
    }
  }
}

TEST(Totp, TakesNoCodeTwiceNorOneFromBeforeTheLast) {
  ManualClock clock(at_second(1'234'567'890));
  const std::int64_t step = totp_step(clock.now());
  const auto code = [&](std::int64_t s) { return hotp(rfc_secret(), static_cast<std::uint64_t>(s), 6); };
  const auto used = totp_match(rfc_secret(), code(step), clock.now(), 0);
  ASSERT_TRUE(used);
  EXPECT_FALSE(totp_match(rfc_secret(), code(step), clock.now(), *used));
  EXPECT_FALSE(totp_match(rfc_secret(), code(step - 1), clock.now(), *used));
  clock.advance_micros(30'000'000);
  EXPECT_FALSE(totp_match(rfc_secret(), code(step), clock.now(), *used));
  EXPECT_TRUE(totp_match(rfc_secret(), code(step + 1), clock.now(), *used));
}

TEST(Totp, RefusesWhatIsNoCode) {
  for (const char* text : {"", "1", "00000", "0000000", "abcdef", "１２３４５６"}) EXPECT_FALSE(totp_match(rfc_secret(), text, at_second(59), 0)) << text;
}

// RFC 4648, section 10.
TEST(Base32, GivesTheValuesOfTheStandard) {
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("fo"), "MZXQ");
  EXPECT_EQ(to_base32("foo"), "MZXW6");
  EXPECT_EQ(to_base32("foob"), "MZXW6YQ");
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

}  // namespace
}  // namespace sekisho::crypto
