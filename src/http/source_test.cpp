#include "http/source.h"

#include <gtest/gtest.h>

namespace sekisho::http {
namespace {

Listener behind_proxy(std::string header = "x-forwarded-for") {
  return {"lgwan", parse_networks("10.1.0.0/16, 2001:db8::/32").value(), parse_networks("192.0.2.10, 192.0.2.11").value(), std::move(header), true};
}

net::Request from(std::string peer, std::initializer_list<net::Headers::Field> headers = {}) {
  net::Request out;
  out.peer = std::move(peer);
  out.headers = net::Headers(headers);
  return out;
}

std::string source(const net::Request& request, const Listener& listener = behind_proxy()) {
  const auto found = source_of(request, listener);
  return found ? found->text() : found.error().key;
}

TEST(Source, OfAnyoneButATrustedProxyIsThePeerWhateverItWrites) {
  for (const char* peer : {"10.1.2.3", "203.0.113.5", "::1", "2001:db8::5"})
    EXPECT_EQ(source(from(peer, {{"X-Forwarded-For", "10.1.0.1"}, {"Forwarded", "for=10.1.0.1"}, {"X-Real-IP", "10.1.0.1"}, {"X-Forwarded-For", "127.0.0.1"}})), peer);
}

TEST(Source, OfATrustedProxyIsItsNearestHopThatIsNoProxy) {
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", "10.1.2.3"}})), "10.1.2.3");
  // What the client wrote itself stands further left and does not count.
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", "10.1.0.1, 203.0.113.5"}})), "203.0.113.5");
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", "192.0.2.11, 203.0.113.5"}})), "203.0.113.5");
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", "10.1.0.1"}, {"x-forwarded-for", "203.0.113.5, 192.0.2.11"}})), "203.0.113.5");
  EXPECT_EQ(source(from("192.0.2.10")), "192.0.2.10");
}

TEST(Source, OnlyTheHeaderThatTheProxyWritesCounts) {
  EXPECT_EQ(source(from("192.0.2.10", {{"Forwarded", "for=10.1.0.1"}, {"X-Real-IP", "10.1.0.1"}, {"X-Forwarded-For", "203.0.113.5"}})), "203.0.113.5");
  EXPECT_EQ(source(from("192.0.2.10", {{"Forwarded", "for=10.1.0.1"}, {"X-Real-IP", "10.1.0.1"}})), "192.0.2.10");
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", "10.1.0.1"}, {"Forwarded", "proto=https;For=\"[2001:db8::7]:4711\""}}), behind_proxy("forwarded")), "2001:db8::7");
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", "10.1.0.1"}, {"X-Real-IP", "203.0.113.5"}}), behind_proxy("x-real-ip")), "203.0.113.5");
}

TEST(Source, WhatCannotBeReadIsRefused) {
  for (const char* text : {"", "unknown", "10.1.0.1,", ",10.1.0.1", "10.1.0.1, x", "10.1.0.1;", "<script>", "10.1.0.1 10.1.0.2"})
    EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", text}})), "http.forwarded") << text;
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Real-IP", "10.1.0.1"}, {"X-Real-IP", "10.1.0.2"}}), behind_proxy("x-real-ip")), "http.forwarded");
  EXPECT_EQ(source(from("192.0.2.10", {{"Forwarded", "for=_hidden"}}), behind_proxy("forwarded")), "http.forwarded");
  std::string many = "10.1.0.1";
  for (int i = 0; i < 100; ++i) many += ", 10.1.0.1";
  EXPECT_EQ(source(from("192.0.2.10", {{"X-Forwarded-For", many}})), "http.forwarded");
}

TEST(Source, IsAdmittedOnlyFromTheListenersNetworks) {
  EXPECT_TRUE(admitted_source(from("10.1.2.3"), behind_proxy()).has_value());
  EXPECT_TRUE(admitted_source(from("::ffff:10.1.2.3"), behind_proxy()).has_value());
  const auto refused = admitted_source(from("203.0.113.5", {{"X-Forwarded-For", "10.1.2.3"}}), behind_proxy());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().key, "http.source");
  EXPECT_EQ(refused.error().clause, "8(1)ア");
  // The proxy itself is nobody's workplace.
  EXPECT_FALSE(admitted_source(from("192.0.2.10"), behind_proxy()).has_value());
}

}  // namespace
}  // namespace sekisho::http
