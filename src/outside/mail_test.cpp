#include "outside/mail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace sekisho::outside {
namespace {

const Mail kMail{"taro@city.example.lg.jp", "01HX", "3 件のお知らせ（関所）これは長い件名で、一つの語には入りきりません", "3 件のお知らせがあります。\nhttps://x/office/notices\n", {1'795'000'000'000'000}};

TEST(MailMessage, HasTheHeadersOfRfc5322InAsciiAndLinesThatFit) {
  const std::string message = message_of(kMail, "sekisho@city.example.lg.jp");
  EXPECT_TRUE(std::all_of(message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  EXPECT_NE(message.find("\r\nFrom: <sekisho@city.example.lg.jp>\r\nTo: <taro@city.example.lg.jp>\r\nMessage-ID: <01HX@city.example.lg.jp>\r\n"), std::string::npos);
  EXPECT_NE(message.find("\r\nAuto-Submitted: auto-generated\r\n"), std::string::npos);
  EXPECT_EQ(message.rfind("Date: ", 0), 0U);
  EXPECT_NE(message.find(" +0900\r\n"), std::string::npos);
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) {
    ASSERT_TRUE(line.ends_with('\r')) << line;
    EXPECT_LE(line.size(), 79U) << line;  // 78 of RFC 5322, 2.1.1, and the CR
  }
}

TEST(MailMessage, CutsEncodedWordsBetweenCharacters) {
  const std::string message = message_of(kMail, "a@b");
  std::size_t words = 0;
  for (std::size_t at = message.find("=?UTF-8?B?"); at != std::string::npos; at = message.find("=?UTF-8?B?", at + 1)) {
    const std::size_t end = message.find("?=", at);
    EXPECT_LE(end + 2 - at, 75U);  // RFC 2047, 2
    ++words;
  }
  EXPECT_GE(words, 3U);
}

TEST(MailMessage, RefusesWhatWouldBeAnotherHeaderOrRecipient) {
  MailServer server;
  server.host = "127.0.0.1";
  server.port = 1;
  server.from = "a@b";
  for (const char* to : {"x@y\r\nBcc: z@w", "x@y,z@w", "<x@y>", "", "x y@z"}) {
    Mail mail = kMail;
    mail.to = to;
    const Status sent = send(server, mail, std::chrono::seconds(1));
    ASSERT_FALSE(sent.has_value());
    EXPECT_EQ(sent.error().key, "mail.address") << to;
  }
  server.from = "a@b\r\nX: y";
  EXPECT_EQ(send(server, kMail, std::chrono::seconds(1)).error().key, "mail.address");
}

}  // namespace
}  // namespace sekisho::outside
