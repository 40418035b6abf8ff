#include "core/network.h"

#include <gtest/gtest.h>

namespace sekisho {
namespace {

Address at(std::string_view text) { return Address::parse(text).value(); }

TEST(Network, HoldsWhatItsPrefixSays) {
  const Network ten = Network::parse("10.1.0.0/16").value();
  EXPECT_TRUE(ten.contains(at("10.1.255.1")));
  EXPECT_FALSE(ten.contains(at("10.2.0.1")));
  EXPECT_FALSE(ten.contains(at("::a01:ff01")));
  const Network six = Network::parse("2001:db8::/33").value();
  EXPECT_TRUE(six.contains(at("2001:db8:7fff::1")));
  EXPECT_FALSE(six.contains(at("2001:db8:8000::1")));
  EXPECT_TRUE(Network::parse("0.0.0.0/0").value().contains(at("203.0.113.9")));
  EXPECT_FALSE(Network::parse("0.0.0.0/0").value().contains(at("2001:db8::1")));
  EXPECT_TRUE(Network::parse("::/0").value().contains(at("2001:db8::1")));
  EXPECT_TRUE(Network::parse("192.0.2.7").value().contains(at("192.0.2.7")));
}

TEST(Network, MappedAddressIsTheSameAddress) {
  EXPECT_EQ(at("::ffff:192.0.2.1"), at("192.0.2.1"));
  EXPECT_TRUE(Network::parse("192.0.2.0/24").value().contains(at("::ffff:192.0.2.1")));
  EXPECT_EQ(at("::ffff:192.0.2.1").text(), "192.0.2.1");
}

TEST(Network, RefusesWhatIsNoNetwork) {
  for (const char* text : {"", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "2001:db8::1/32", "::/129", "fe80::1%eth0", "a.b.c.d", "10.0.0.0/8/8", "10.0.0.0 /8"})
    EXPECT_FALSE(Network::parse(text).has_value()) << text;
}

TEST(Network, ListsAreSeparatedByCommas) {
  EXPECT_EQ(parse_networks(" 10.0.0.0/8 ,2001:db8::/32,, ").value().size(), 2u);
  EXPECT_TRUE(parse_networks("").value().empty());
  EXPECT_FALSE(parse_networks("10.0.0.0/8, moon").has_value());
}

TEST(Address, ReadsWhatProxiesWrite) {
  EXPECT_EQ(Address::parse_with_port("192.0.2.1:443"), at("192.0.2.1"));
  EXPECT_EQ(Address::parse_with_port("[2001:db8::1]:443"), at("2001:db8::1"));
  EXPECT_EQ(Address::parse_with_port("[2001:db8::1]"), at("2001:db8::1"));
  EXPECT_EQ(Address::parse_with_port("2001:db8::1"), at("2001:db8::1"));
  for (const char* text : {"", "unknown", "_hidden", "192.0.2.1:", "192.0.2.1:x", "[2001:db8::1", "[2001:db8::1]x", "192.0.2.256", "192.0.2.1 "})
    EXPECT_FALSE(Address::parse_with_port(text).has_value()) << text;
}

TEST(Address, KnowsLoopback) {
  for (const char* text : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) EXPECT_TRUE(at(text).loopback()) << text;
  for (const char* text : {"128.0.0.1", "::2", "10.0.0.1"}) EXPECT_FALSE(at(text).loopback()) << text;
}

}  // namespace
}  // namespace sekisho
