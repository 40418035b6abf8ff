#include <gtest/gtest.h>

#include <pthread.h>
#include <sched.h>

#include <optional>
#include <thread>
#include <type_traits>

#include "core/bytes.h"
#include "core/id.h"
#include "core/log.h"
#include "core/mapped_file.h"
#include "core/markup.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/thread.h"
#include "core/time.h"

namespace sekisho {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(Code::invalid_argument, "odd");
  return n / 2;
}
Result<int> quarter(int n) {
  SK_TRY(const int h, half(n));
  SK_TRY(const int q, half(h));
  return q;
}

TEST(Result, DefaultStateIsAnError) {
  EXPECT_FALSE(Result<int>().has_value());
  EXPECT_FALSE(Status().has_value());
  EXPECT_TRUE(ok().has_value());
}

TEST(ResultDeathTest, ReadingWhatIsNotThereEndsTheProgram) {
  Result<std::string> value = std::string("x");
  const Result<std::string> error = fail(Code::not_found, "missing");
  EXPECT_DEATH(static_cast<void>(value.error()), "not there: no error");
  EXPECT_DEATH(static_cast<void>(*error), "not there: missing");
  EXPECT_DEATH(static_cast<void>(error->size()), "not there: missing");
  EXPECT_DEATH(static_cast<void>(ok().error()), "not there: no error");
}

TEST(Result, TryReturnsTheFirstError) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().key, "odd");
  EXPECT_EQ(std::move(quarter(6)).context("while testing").error().detail, "while testing: ");
}

TEST(Error, EveryCodeHasStatusAndName) {
  EXPECT_EQ(http_status(Code::denied), 403);
  EXPECT_EQ(exit_status(Code::invalid_argument), 2);
  EXPECT_EQ(exit_status(Code::denied), 1);
  EXPECT_EQ(code_name(Code::upstream), "upstream");
}

TEST(Bytes, HexAndBase64RoundTrip) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i * 7);
    EXPECT_EQ(from_hex(to_hex(bytes)).value(), bytes);
    EXPECT_EQ(from_base64(to_base64(bytes)).value(), bytes);
  }
  EXPECT_EQ(to_base64("fo"), "Zm8=");  // RFC 4648 section 10
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
}

TEST(Bytes, RefusesMalformedText) {
  for (const char* bad : {"Zg=", "Z===", "====", "Zg=a", "Zh==", "Zm9*"}) EXPECT_FALSE(from_base64(bad).has_value()) << bad;
  for (const char* bad : {"a", "zz", "0g"}) EXPECT_FALSE(from_hex(bad).has_value()) << bad;
}

TEST(MappedFile, IsTheFileAndOutlivesAMove) {
  const std::string path = testing::TempDir() + "mapped_file_test";
  EXPECT_EQ(MappedFile::open(path + ".missing").error().code, Code::not_found);
  ASSERT_TRUE(write_file(path, "").has_value());
  EXPECT_EQ(MappedFile::open(path).value().bytes(), "");
  const std::string bytes(100'000, 'x');
  ASSERT_TRUE(write_file(path, bytes).has_value());
  MappedFile first = MappedFile::open(path).value();
  MappedFile second = std::move(first);
  EXPECT_EQ(second.bytes(), bytes);
  second.release_pages();
  EXPECT_EQ(second.bytes(), bytes);
  MappedFile third;
  third = std::move(second);
  EXPECT_EQ(third.bytes(), read_file(path, 1 << 20).value());
  EXPECT_EQ(read_file("/proc/self/stat", 1 << 20).value().empty(), false) << "a file that says it has no bytes";
  EXPECT_EQ(read_file(path, 99'999).error().key, "file.too_large");
}

TEST(Id, SortsByTimeAndRefusesOtherText) {
  const std::string entropy(10, '\xff');
  const auto early = make_ulid({1'000'000}, entropy);
  const auto late = make_ulid({2'000'000}, std::string(10, '\0'));
  EXPECT_LT(early, late);
  EXPECT_TRUE(is_ulid(early));
  EXPECT_EQ(make_ulid({1469918176385 * 1000}, std::string(10, '\0')).substr(0, 10), "01ARYZ6S41");  // the ULID specification's example
  EXPECT_FALSE(is_ulid("01ARZ3NDEKTSV4RRFFQ69G5FA'"));
  EXPECT_FALSE(is_ulid("81ARZ3NDEKTSV4RRFFQ69G5FAV"));
}

TEST(Time, WarekiChangesOnTheDayOfTheEra) {
  EXPECT_EQ(to_wareki({2019, 4, 30}), "平成31年4月30日");
  EXPECT_EQ(to_wareki({2019, 5, 1}), "令和元年5月1日");
  EXPECT_EQ(to_wareki({1989, 1, 7}), "昭和64年1月7日");
  EXPECT_EQ(to_wareki({1600, 1, 1}), "1600年1月1日");
  EXPECT_EQ(western_year("令和", 8).value(), 2026);
  EXPECT_FALSE(western_year("令和", 0).has_value());
  EXPECT_FALSE(western_year("江戸", 1).has_value());
}

TEST(Time, FiscalYearBeginsInApril) {
  EXPECT_EQ(fiscal_year({2026, 3, 31}, 4), 2025);
  EXPECT_EQ(fiscal_year({2026, 4, 1}, 4), 2026);
  EXPECT_EQ(fiscal_year_label(2025), "令和7年度");
  EXPECT_EQ(fiscal_year_label(2019), "令和元年度");
}

TEST(Time, FormatsInUtcAndJst) {
  const Timestamp at{1'700'000'000'000'004};
  EXPECT_EQ(to_rfc3339(at), "2023-11-14T22:13:20.000004Z");
  EXPECT_EQ(to_jst_minutes(at), "2023-11-15 07:13");
  EXPECT_EQ(to_rfc3339({-1}), "1969-12-31T23:59:59.999999Z");
}

TEST(Log, TakesOnlyWhitelistedTypes) {
  static_assert(!std::is_convertible_v<std::string, log::Value>);
  static_assert(!std::is_convertible_v<Secret, log::Value>);
  static_assert(!std::is_copy_constructible_v<Secret>);
  EXPECT_EQ(log::Value(log::Safe("a\"\n")).json(), "\"a\\\"\\u000a\"");
}

TEST(Markup, EscapesWhatWouldBeMarkupAndBreaksLinesAsAsked) {
  EXPECT_EQ(escape_markup("a<b> & \"市\"\n二"), "a&lt;b&gt; &amp; &quot;市&quot;\n二");
  EXPECT_EQ(escape_markup("一\n<二>", "<br>"), "一<br>&lt;二&gt;");
}

TEST(Markup, LeavesOutWhatXmlForbids) {
  EXPECT_EQ(escape_markup(std::string_view("a\0\x01\x1F\tb\rc\x7F", 9)), "a\tb\rc\x7F");
  EXPECT_EQ(escape_markup("\uFFFE一\uFFFF\uFFFD\uFF01"), "一\uFFFD\uFF01");
}

struct Scheduling {
  int policy = SCHED_OTHER;
  int priority = 0;
  bool operator==(const Scheduling&) const = default;
};

Scheduling own_scheduling() {
  Scheduling own;
  sched_param got{};
  ::pthread_getschedparam(::pthread_self(), &own.policy, &got);
  own.priority = got.sched_priority;
  return own;
}

// Of a thread that has `before`, while it takes precedence; nullopt: the system refuses real time. Afterwards all is as before.
std::optional<Scheduling> with_precedence(Scheduling before) {
  std::optional<Scheduling> during;
  std::thread([&] {
    const sched_param asked{before.priority};
    if (::pthread_setschedparam(::pthread_self(), before.policy, &asked) != 0) return;
    {
      const Precedence first;
      during = own_scheduling();
    }
    EXPECT_EQ(own_scheduling(), before);
  }).join();
  return during;
}

TEST(Thread, TakesPrecedenceInRealTimeAlone) {
  EXPECT_EQ(with_precedence({SCHED_OTHER, 0}), (Scheduling{SCHED_OTHER, 0}));
  const auto in_real_time = with_precedence({SCHED_RR, 1});
  if (!in_real_time) GTEST_SKIP() << "the system refuses real time";
  EXPECT_EQ(in_real_time, (Scheduling{SCHED_RR, 2}));
  const int most = ::sched_get_priority_max(SCHED_RR);
  EXPECT_EQ(with_precedence({SCHED_RR, most}), (Scheduling{SCHED_RR, most}));
}

}  // namespace
}  // namespace sekisho
