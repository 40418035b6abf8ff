#include "llm/sse_parser.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sekisho::llm {
namespace {

std::vector<std::string> read(std::string_view bytes, const std::vector<std::size_t>& cuts = {}) {
  SseParser parser(1000);
  std::vector<std::string> out;
  const auto keep = [&](const SseEvent& event) {
    out.push_back(std::string(event.name) + "|" + std::string(event.data));
    return ok();
  };
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    EXPECT_TRUE(parser.feed(bytes.substr(at, cut - at), keep));
    at = cut;
  }
  EXPECT_TRUE(parser.feed(bytes.substr(at), keep));
  return out;
}
using Lines = std::vector<std::string>;

TEST(SseParser, JoinsDataLinesAndTakesEveryLineEnd) {
  EXPECT_EQ(read("data: a\ndata: b\n\n"), (Lines{"|a\nb"}));
  EXPECT_EQ(read("data: a\r\n\r\ndata: b\r\rdata: c\n\n"), (Lines{"|a", "|b", "|c"}));
  EXPECT_EQ(read("event: x\ndata:no space\n\n"), (Lines{"x|no space"}));
  EXPECT_EQ(read("data:  two\n\n"), (Lines{"| two"}));
  EXPECT_EQ(read("data\n\n"), (Lines{"|"}));
}

TEST(SseParser, SkipsCommentsUnknownFieldsAndEventsWithoutData) {
  EXPECT_EQ(read(": hello\n\nid: 3\nretry: 10\nfoo: bar\n\ndata: x\n\n"), (Lines{"|x"}));
  EXPECT_EQ(read("event: lost\n\ndata: x\n\n"), (Lines{"|x"}));
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "data: x\n\n"),
            (Lines{"|x"}));
}

TEST(SseParser, NeverReportsAnUnfinishedEvent) {
  SseParser parser(1000);
  EXPECT_TRUE(parser.feed("data: x\n", [](const SseEvent&) { return Status(fail(Code::internal, "called")); }));
  EXPECT_TRUE(parser.in_event());
}

TEST(SseParser, RefusesAnEventOverTheLimit) {
  SseParser parser(100);
  Status status = ok();
  for (int i = 0; i < 50 && status; ++i) status = parser.feed("data: 12345\n", [](const SseEvent&) { return ok(); });
  EXPECT_FALSE(status);
  SseParser line(100);
  EXPECT_FALSE(line.feed(std::string(200, 'x'), [](const SseEvent&) { return ok(); }));
}

TEST(SseParser, GivesTheSameEventsWhereverTheBytesAreCut) {
  const std::string bytes = "\xEF\xBB\xBF: c\r\nevent: e\r\ndata: 一\r\ndata: 二\r\n\r\ndata: x\r\rdata\n\ndata:y\nid: 1\n\n";
  const Lines whole = read(bytes);
  ASSERT_EQ(whole.size(), 4u);
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::size_t> cuts;
    for (std::size_t at = 1; at < bytes.size(); at += 1 + random() % 9) cuts.push_back(at);
    EXPECT_EQ(read(bytes, cuts), whole) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sekisho::llm
