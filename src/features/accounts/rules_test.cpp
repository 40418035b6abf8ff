#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "features/accounts/guard.h"
#include "features/accounts/hash_pool.h"
#include "features/accounts/passwords.h"

namespace sekisho::accounts {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

LockRules rules() {
  LockRules out;
  out.privileged = {3, 60 * kSecond, 7'200 * kSecond, 86'400 * kSecond, 0};
  out.source = {30, 10 * kSecond, 900 * kSecond, 86'400 * kSecond, 60 * kSecond};
  return out;
}

TEST(LoginGuard, WaitsAfterFiveFailuresAndDoubles) {
  ManualClock clock({1'000 * kSecond});
  const LockRule rule = rules().login;
  Guard guard;
  for (int i = 0; i < 4; ++i) guard = failed(guard, rule, clock.now());
  EXPECT_EQ(locked_until(guard, rule).micros, 0);
  guard = failed(guard, rule, clock.now());
  EXPECT_EQ(locked_until(guard, rule).micros, clock.now().micros + 30 * kSecond);
  clock.advance_micros(30 * kSecond);
  guard = failed(guard, rule, clock.now());
  EXPECT_EQ(locked_until(guard, rule).micros, clock.now().micros + 60 * kSecond);
  for (int i = 0; i < 40; ++i) guard = failed(guard, rule, clock.now());
  EXPECT_EQ(locked_until(guard, rule).micros, clock.now().micros + 3'600 * kSecond) << "never longer than the longest wait";
}

TEST(LoginGuard, ForgetsAfterADayWithoutFailure) {
  ManualClock clock({1'000 * kSecond});
  const LockRule rule = rules().login;
  Guard guard;
  for (int i = 0; i < 9; ++i) guard = failed(guard, rule, clock.now());
  clock.advance_micros(86'401 * kSecond);
  EXPECT_EQ(at(guard, rule, clock.now()).failures, 0);
  EXPECT_EQ(failed(guard, rule, clock.now()).failures, 1);
}

TEST(LoginGuard, PrivilegedIsTighterAtEveryCount) {
  const LockRules r = rules();
  ASSERT_TRUE(check_rules(r));
  Guard guard;
  for (int n = 1; n < 60; ++n) {
    guard = {n, {5 * kSecond}};
    const auto plain = locked_until(guard, r.login);
    const auto strict = locked_until(guard, r.privileged);
    EXPECT_GE(strict.micros, plain.micros) << n;
    EXPECT_TRUE(n < r.privileged.free || strict > plain) << n;
  }
}

TEST(LoginGuard, RefusesARuleForThePrivilegedThatIsNotTighter) {
  for (const auto change : {0, 1, 2}) {
    LockRules r = rules();
    if (change == 0) r.privileged.free = r.login.free;
    if (change == 1) r.privileged.first_wait_micros = r.login.first_wait_micros;
    if (change == 2) r.privileged.longest_wait_micros = r.login.longest_wait_micros;
    const Status checked = check_rules(r);
    ASSERT_FALSE(checked) << change;
    EXPECT_EQ(checked.error().key, "config.value");
  }
}

TEST(LoginGuard, SourceForgetsOneFailureAMinute) {
  ManualClock clock({0});
  const LockRule rule = rules().source;
  Guard guard;
  for (int i = 0; i < 600; ++i) {  // one mistake a minute from a busy address, all day
    clock.advance_micros(60 * kSecond);
    guard = failed(guard, rule, clock.now());
    ASSERT_EQ(locked_until(guard, rule).micros, 0) << i;
  }
  for (int i = 0; i < 30; ++i) guard = failed(guard, rule, clock.now());
  EXPECT_GT(locked_until(guard, rule).micros, clock.now().micros);
}

// --- passwords

Passwords passwords() { return Passwords::load(std::string(SK_SOURCE_DIR) + "/packs/passwords/words.txt", {}).value(); }

std::vector<std::string> around() {
  std::vector<std::string> out;
  for (const char* text : {"h.mizuno", "水野 浩", "mizuno hiroshi", "shiken", "試験市", "関所", "Sekisho", "税務課"}) add_around(out, text);
  return out;
}

class Guessable : public ::testing::TestWithParam<const char*> {};
TEST_P(Guessable, IsRefused) {
  const auto verdict = passwords().judge(GetParam(), 1, around());
  EXPECT_EQ(verdict.key, "accounts.password_guessable") << GetParam();
  EXPECT_FALSE(verdict.found.empty());
}
INSTANTIATE_TEST_SUITE_P(Passwords, Guessable,
                         ::testing::Values("passwordpassword", "Password-2026-Password", "Sekisho-2026-Demo!", "mizuno-hiroshi-1980", "h.mizuno.h.mizuno", "P@ssw0rd-P@ssw0rd",
                                           "qwertyuiopasdfghjkl", "1qaz2wsx3edc4rfv", "123456789012345678", "aaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnop", "19800401-19800401",
                                           "abcabcabcabcabcabc", "shiken-zeimuka-r8", "水野浩水野浩水野浩水野浩水野浩", "summer-2026-Summer", "zyxwvutsrqponmlk", "SakuraSakura2026!"));

class Fine : public ::testing::TestWithParam<const char*> {};
TEST_P(Fine, IsTaken) { EXPECT_EQ(passwords().judge(GetParam(), 1, around()).key, "") << GetParam(); }
INSTANTIATE_TEST_SUITE_P(Passwords, Fine, ::testing::Values("correct horse battery staple", "shiomino-no-kaze-7", "atarashii-kagi-9", "839471029384756", "xkqvbhtwzmrpgdf",
                                                            "雨の日に市場で買った青い傘が三本", "nine lamps over tepid gravy"));

TEST(Passwords, LengthIsCountedInCharactersByTheNumberOfFactors) {
  const auto p = passwords();
  EXPECT_EQ(p.judge("kv8#tqw2zpm4xr", 1, {}).key, "accounts.password_short");  // 14
  EXPECT_EQ(p.judge("kv8#tqw2zpm4xr9", 1, {}).key, "");
  EXPECT_EQ(p.judge("kv8#tqw", 2, {}).key, "accounts.password_short");  // 7
  EXPECT_EQ(p.judge("kv8#tqwz", 2, {}).key, "");
  const auto kanji = p.judge("雨市場買青傘三本春霞遠鳴", 1, {});
  EXPECT_EQ(kanji.characters, 12) << "characters, not bytes";
  EXPECT_EQ(kanji.key, "accounts.password_short");
  EXPECT_EQ(p.judge("password", 2, {}).key, "accounts.password_guessable");
}

TEST(Passwords, KindsOfCharactersAreNotDemanded) {
  EXPECT_EQ(passwords().judge("onlysmalllettersbutodd", 1, {}).key, "");
}

TEST(Passwords, LongOnesAreTakenAndEndlessOnesRefused) {
  std::string long_one;
  for (int i = 0; i < 64; ++i) long_one += static_cast<char>('a' + i * 7 % 26);
  EXPECT_EQ(passwords().judge(long_one, 1, {}).key, "");
  EXPECT_EQ(passwords().judge(std::string(1025, 'x'), 1, {}).key, "accounts.password_long");
  EXPECT_EQ(passwords().judge("\xff\xfe abcdefghijklmnopq", 1, {}).key, "accounts.password_encoding");
}

TEST(Passwords, TheSameKeysOnAnyKeyboardAreTheSamePassword) {
  EXPECT_EQ(prepared(Secret("ｶﾞ-Key")).reveal(), prepared(Secret("ガ-Key")).reveal());
  EXPECT_NE(prepared(Secret("Key")).reveal(), prepared(Secret("key")).reveal());
}

// --- the queue

TEST(HashPool, ServesSourcesInTurnAndTellsThePlace) {
  HashPool pool({1, 100, 0});
  std::promise<void> gate;
  std::promise<void> begun;
  const auto blocked = pool.submit("x", [&] {
    begun.set_value();
    gate.get_future().wait();
  }).value();
  begun.get_future().wait();
  std::string order;
  std::mutex mutex;
  std::vector<std::shared_ptr<HashPool::Turn>> turns;
  const auto add = [&](const char* source, char name) {
    turns.push_back(pool.submit(source, [&, name] {
      const std::lock_guard lock(mutex);
      order += name;
    }).value());
  };
  for (const char c : {'a', 'b', 'c'}) add("one", c);
  add("two", 'z');
  EXPECT_EQ(pool.ahead(blocked), 0u);
  EXPECT_EQ(pool.ahead(turns[0]), 1u);
  EXPECT_EQ(pool.ahead(turns[3]), 2u) << "the second source waits for one of the first, not for all";
  EXPECT_EQ(pool.ahead(turns[2]), 4u);
  turns[1].reset();  // gives up
  gate.set_value();
  ASSERT_TRUE(pool.run("one", [] {}));  // behind the first source's last
  EXPECT_EQ(order, "azc");
}

TEST(HashPool, IsBoundedAndForgetsWhoGaveUp) {
  HashPool pool({1, 2, 0});
  std::promise<void> gate;
  std::promise<void> begun;
  const auto blocked = pool.submit("x", [&] {
    begun.set_value();
    gate.get_future().wait();
  }).value();
  begun.get_future().wait();
  auto one = pool.submit("a", [] {}).value();
  const auto two = pool.submit("a", [] {}).value();
  const auto refused = pool.submit("b", [] {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "accounts.queue_full");
  one.reset();
  EXPECT_TRUE(pool.submit("b", [] {}));
  gate.set_value();
}

TEST(HashPool, RunsInlineOnItsOwnThread) {
  HashPool pool({1, 2, 0});
  bool inner = false;
  ASSERT_TRUE(pool.run("a", [&] { ASSERT_TRUE(pool.run("a", [&] { inner = true; })); }));
  EXPECT_TRUE(inner);
}

TEST(HashPool, NeverRunsMoreThanItHasThreads) {
  HashPool pool({3, 1000, 0});
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::vector<std::shared_ptr<HashPool::Turn>> turns;
  for (int i = 0; i < 60; ++i)
    turns.push_back(pool.submit("s" + std::to_string(i % 7), [&] {
      const int n = ++now;
      int seen = most.load();
      while (n > seen && !most.compare_exchange_weak(seen, n)) {}
      std::this_thread::yield();
      --now;
    }).value());
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(pool.run("s" + std::to_string(i), [] {}));
  EXPECT_LE(most.load(), 3);
}

}  // namespace
}  // namespace sekisho::accounts
