#include "tlog/disposal.h"

#include <gtest/gtest.h>

#include <random>

namespace sekisho::tlog {
namespace {

TEST(DisposalNumbers, AreWrittenAsRangesAndReadBack) {
  const auto ranges = ranges_of({3, 7, 8, 9, 12});
  EXPECT_EQ(print_numbers(ranges), "3,7-9,12");
  EXPECT_EQ(parse_numbers("3,7-9,12").value(), ranges);
  EXPECT_EQ(count_of(ranges), 5u);
  EXPECT_EQ(print_numbers({}), "");
  EXPECT_TRUE(parse_numbers("").value().empty());
}

TEST(DisposalNumbers, CoverExactlyWhatTheyName) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> numbers;
    std::vector<bool> in(100);
    for (std::uint64_t n = 0; n < 100; ++n)
      if ((in[n] = random() % 3 == 0)) numbers.push_back(n);
    const auto ranges = parse_numbers(print_numbers(ranges_of(numbers))).value();
    for (std::uint64_t n = 0; n < 100; ++n) EXPECT_EQ(covers(ranges, n), in[n]) << n;
    EXPECT_EQ(count_of(ranges), numbers.size());
  }
}

TEST(DisposalNumbers, RefuseWhatIsNotTheirOwnForm) {
  for (const char* wrong : {",", "1,", ",1", "01", "1-1", "3-2", "2,1", "1,2", "1-3,4", "1--2", "a", "1 ", "-1", "1-", "9007199254740992", "99999999999999999999"})
    EXPECT_FALSE(parse_numbers(wrong).has_value()) << wrong;
}

TEST(DisposalNumbers, AreBoundToTheLeafByTheirHash) {
  const std::string object = disposal_object("01ARZ3NDEKTSV4RRFFQ69G5FAV", "3,7-9");
  EXPECT_EQ(disposal_id(object), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  EXPECT_NE(object, disposal_object("01ARZ3NDEKTSV4RRFFQ69G5FAV", "3,7-8"));
  EXPECT_EQ(disposal_id("2026-11/content"), "");
}

}  // namespace
}  // namespace sekisho::tlog
