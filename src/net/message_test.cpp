// Targets, cookies and headers: the parts of HTTP that need no socket.
#include <gtest/gtest.h>

#include "net/cookies.h"
#include "net/http_message.h"
#include "net/uri.h"

namespace sekisho::net {
namespace {

TEST(Target, IsDecodedAndSplit) {
  const auto target = parse_target("/api/v1/%E6%96%87%E6%9B%B8?q=%E7%A8%8E+%2B&limit=&flag&&a=b=c");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/v1/文書");
  const Query expected = {{"q", "税 +"}, {"limit", ""}, {"flag", ""}, {"a", "b=c"}};
  EXPECT_EQ(target->query, expected);
  EXPECT_EQ(parse_target("http://host:80/x?y=1")->path, "/x");
  EXPECT_EQ(parse_target("http://host")->path, "/");
  EXPECT_EQ(parse_target("/a+b")->path, "/a+b");
}

TEST(Target, RefusesWhatCouldMeanTwoThings) {
  for (const char* const bad : {"", "a", "/a/../b", "/..", "/./a", "/%2e%2e/a", "/a%2Fb", "/a%2fb", "/%", "/%4", "/%4g", "/%00", "/%0a",
                                "/%80", "/%C0%AF", "/%ED%A0%80", "/?q=%FF", "/?q=%00", "/a%7F"})
    EXPECT_FALSE(parse_target(bad)) << bad;
  std::string many = "/?";
  for (int i = 0; i < 300; ++i) many += "a&";
  EXPECT_FALSE(parse_target(many));
}

TEST(Cookie, IsFoundByItsExactNameAndOnlyOnce) {
  EXPECT_EQ(find_cookie("a=1; __Host-sekisho=abc; b=2", "__Host-sekisho"), "abc");
  EXPECT_EQ(find_cookie("x__Host-sekisho=1;__Host-sekisho=\"q\"", "__Host-sekisho"), "q");
  EXPECT_FALSE(find_cookie("__Host-sekisho=1; __Host-sekisho=2", "__Host-sekisho"));
  EXPECT_FALSE(find_cookie("__Host-sekisho=a b", "__Host-sekisho"));
  EXPECT_FALSE(find_cookie("", "a"));
}

TEST(Cookie, IsWrittenWithItsGuardsOrNotAtAll) {
  EXPECT_EQ(*make_set_cookie("__Host-s", "v", {}), "__Host-s=v; Path=/; SameSite=Strict; Secure; HttpOnly");
  EXPECT_NE(make_set_cookie("s", "", {0, true, true})->find("Max-Age=0"), std::string::npos);
  EXPECT_FALSE(make_set_cookie("s", "a; Domain=evil", {}));
  EXPECT_FALSE(make_set_cookie("s\r\n", "a", {}));
}

TEST(HeaderField, CannotCarryASecondLine) {
  EXPECT_TRUE(valid_field("X-Name", "値"));
  EXPECT_FALSE(valid_field("X-Name", "a\r\nSet-Cookie: x"));
  EXPECT_FALSE(valid_field("X Name", "a"));
  EXPECT_FALSE(valid_field("", "a"));
}

}  // namespace
}  // namespace sekisho::net
