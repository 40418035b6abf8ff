// The flow of logins, sessions and ends on a real body with a clock that moves when told.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "crypto/random.h"
#include "features/accounts/operations.h"
#include "features/bodies/small_profile.h"
#include "policy/test_support.h"
#include "sql/test_migrations.h"

namespace sekisho::accounts {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr const char* kPassword = "shiomino-no-kaze-7";

Settings settings() {
  Settings out;
  out.ordinary = {30 * kMinute, 12 * 60 * kMinute};
  out.privileged = {15 * kMinute, 8 * 60 * kMinute};
  out.lock.privileged = {3, kMinute, 7'200 * kSecond, kDay, 0};
  out.lock.source = {1000, 10 * kSecond, 900 * kSecond, kDay, kMinute};
  out.provisional_micros = 3 * kDay;
  out.unused_days = 90;
  out.privileged_powers = {"users.manage"};
  return out;
}

policy::Matrix matrix() {
  std::map<std::string, policy::ActionRule> rules;
  for (const char* action : {"session.describe", "session.close", "session.lock", "sessions.own", "session.change_password"}) rules[action] = {"", "11(2)ウ", "J", false};
  rules["session.open"] = {"", "9(4)イ", "J", true};
  rules["bodies.set_up"] = {"bodies.set_up", "6(2)イ", "T", false};
  for (const char* action : {"users.create", "users.list", "users.update", "users.reset_password", "users.unlock", "users.review"})
    rules[action] = {"users.manage", "11(2)イ(ア)", "T", false};
  for (const char* action : {"keys.list", "keys.create", "keys.revoke"}) rules[action] = {"", "11(2)エ(ア)", "J", false};
  rules["users.end_due"] = {"program", "11(2)ア(イ)a", "J", false};
  return policy::test_matrix(std::move(rules));
}

class LoginTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init());
    char name[] = "/tmp/sekisho-accounts-XXXXXX";
    folder_ = ::mkdtemp(name);
    accounts_ = std::make_unique<Accounts>(settings(), Passwords::of({"password"}, {}), nullptr);
    accounts_->register_operations(registry_);
    gate_ = std::make_unique<gate::Gate>(
        matrix(), [this](sql::Tx& tx, const gate::Caller& caller, Timestamp now) { return accounts_->authenticate(tx, caller, now); }, board_, clock_);
    body_ = gate::open_body(folder_, "t", sql::all_migrations(), clock_, {}).value();
    const bodies::Vocabulary vocabulary{{"chat.use", "users.manage"}, {}};
    auto in = bodies::small_profile("試験市", {{"staff", "職員", "whole", std::nullopt, {"chat.use"}}, {"chief", "担当", "whole", std::nullopt, {"users.manage"}}}, "", vocabulary);
    ASSERT_TRUE(gate_->run(bodies::set_up(vocabulary), as(gate::Operator{}), std::move(in)));
    staff_ = make("staff", "staff");
    chief_ = make("chief", "chief");
  }
  void TearDown() override {
    gate_.reset();
    accounts_.reset();
    body_.reset();
    fs::remove_all(folder_);
  }

  gate::Caller as(gate::Credential credential) { return {body_.get(), std::move(credential), 0, "req", "10.0.0.1"}; }
  AccountId make(const std::string& login, const std::string& role) {
    UserCreateIn in;
    in.login = login;
    in.name = "名前";
    in.department = "d";
    in.roles = {role};
    in.password = Secret(std::string(kPassword));
    return gate_->run(accounts_->create_user(), as(gate::Operator{}), std::move(in)).value().user.id;
  }
  Result<LoginOut> log_in(const std::string& login, const std::string& password = kPassword) {
    LoginIn in;
    in.login = login;
    in.password = Secret(password);
    return gate_->run(accounts_->open_session(), as(gate::Nobody{}), std::move(in));
  }
  Result<json::Value> call(const char* operation, const gate::Credential& who, json::Object in = {}) {
    return gate_->run(*registry_.find(operation), as(who), json::Value(std::move(in)));
  }
  bool open(const std::string& token) { return call("session.describe", gate::SessionToken{token}).has_value(); }
  std::string key_of(const Result<LoginOut>& answer) { return answer ? "" : answer.error().key; }

  ManualClock clock_{Timestamp{1'790'000'000 * kSecond}};
  std::string folder_;
  gate::Registry registry_;
  std::unique_ptr<Accounts> accounts_;
  gate::StopBoard board_{"C"};
  std::unique_ptr<gate::Gate> gate_;
  std::unique_ptr<gate::Body> body_;
  AccountId staff_;
  AccountId chief_;
};

TEST_F(LoginTest, SessionsEndByIdleTimeAndByAge) {
  const std::string token = log_in("staff").value().token;
  clock_.advance_micros(29 * kMinute);
  EXPECT_TRUE(open(token));
  clock_.advance_micros(31 * kMinute);
  EXPECT_FALSE(open(token));
  const std::string busy = log_in("staff").value().token;
  for (int i = 0; i < 36; ++i) {
    clock_.advance_micros(20 * kMinute);
    EXPECT_TRUE(open(busy)) << i;
  }
  clock_.advance_micros(kMinute);
  EXPECT_FALSE(open(busy)) << "twelve hours are over";
}

TEST_F(LoginTest, PrivilegedSessionsEndEarlier) {
  const std::string token = log_in("chief").value().token;
  clock_.advance_micros(16 * kMinute);
  EXPECT_FALSE(open(token));
}

TEST_F(LoginTest, PrivilegedWaitIsHiddenAndEnds) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(key_of(log_in("chief", "wrong")), "accounts.wrong_password");
  EXPECT_EQ(key_of(log_in("chief")), "accounts.wrong_password") << "the right one, too early: answered like a wrong one";
  clock_.advance_micros(3 * kMinute);
  EXPECT_EQ(key_of(log_in("chief")), "");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(key_of(log_in("staff", "wrong")), "accounts.wrong_password");
  EXPECT_EQ(key_of(log_in("staff")), "") << "an ordinary person has five tries";
}

TEST_F(LoginTest, LockIsToldAfterFiveAndAPersonWithThePowerEndsIt) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(key_of(log_in("staff", "wrong")), "accounts.wrong_password");
  EXPECT_EQ(key_of(log_in("staff")), "accounts.locked");
  const std::string chief = log_in("chief").value().token;
  ASSERT_TRUE(call("users.unlock", gate::SessionToken{chief}, {{"id", staff_.str()}, {"identity_check", "名札"}}));
  EXPECT_EQ(key_of(log_in("staff")), "");
}

TEST_F(LoginTest, ProvisionalPasswordExpiresUnused) {
  const auto issued = call("users.reset_password", gate::Operator{}, {{"id", staff_.str()}}).value();
  const std::string password(std::string_view(issued.at("password").as_string()));
  clock_.advance_micros(3 * kDay + kSecond);
  EXPECT_EQ(key_of(log_in("staff", "wrong")), "accounts.wrong_password") << "only who knows it learns that it is over";
  EXPECT_EQ(key_of(log_in("staff", password)), "accounts.provisional_over");
}

TEST_F(LoginTest, LastDayEndsSessionsAndKeysAndTellsTheRest) {
  std::vector<std::string> told;
  accounts_->on_end([&](const std::string& body, const std::string& person) { told.push_back(body + ":" + person); });
  const std::string token = log_in("staff").value().token;
  const auto key = call("keys.create", gate::SessionToken{token}, {{"name", "k"}}).value();
  const gate::ApiKey machine{std::string(std::string_view(key.at("secret").as_string()))};
  ASSERT_TRUE(accounts_->end_due(*gate_, *body_));
  ASSERT_TRUE(call("users.update", gate::Operator{}, {{"id", staff_.str()}, {"valid_to", to_rfc3339({clock_.now().micros + 10 * kSecond})}}));
  ASSERT_TRUE(accounts_->end_due(*gate_, *body_));
  EXPECT_TRUE(open(token));
  EXPECT_TRUE(call("keys.list", machine));
  EXPECT_TRUE(told.empty());
  clock_.advance_micros(10 * kSecond);
  EXPECT_FALSE(open(token)) << "at the next request, whether or not the end was noticed";
  EXPECT_FALSE(call("keys.list", machine));
  ASSERT_TRUE(accounts_->end_due(*gate_, *body_));
  EXPECT_EQ(told, std::vector<std::string>{"t:" + staff_.str()});
  ASSERT_TRUE(accounts_->end_due(*gate_, *body_));
  EXPECT_EQ(told.size(), 1u);
  ASSERT_TRUE(call("users.update", gate::Operator{}, {{"id", staff_.str()}, {"valid_to", ""}}));
  EXPECT_FALSE(call("keys.list", machine)) << "a key does not come back";
  EXPECT_EQ(key_of(log_in("staff")), "");
}

TEST_F(LoginTest, UnusedIdsComeUpForReviewAndAgainLater) {
  static_cast<void>(log_in("staff").value());
  clock_.advance_micros(91 * kDay);
  const std::string chief = log_in("chief").value().token;
  const auto listed = [&] { return call("users.unused", gate::Operator{}).value().at("items").as_array().size(); };
  EXPECT_EQ(listed(), 1u);
  ASSERT_TRUE(call("users.review", gate::SessionToken{chief}, {{"id", staff_.str()}, {"decision", "keep"}, {"reason", "休業中"}}));
  EXPECT_EQ(listed(), 0u);
  clock_.advance_micros(91 * kDay);
  EXPECT_EQ(listed(), 2u) << "the chief as well by now";
}

TEST_F(LoginTest, ShowsFailuresSinceTheLastLogin) {
  static_cast<void>(log_in("staff").value());
  clock_.advance_micros(kMinute);
  EXPECT_FALSE(log_in("staff", "wrong"));
  clock_.advance_micros(kMinute);
  const auto session = log_in("staff").value().session;
  ASSERT_EQ(session.failures.size(), 1u);
  EXPECT_EQ(session.failures[0].source, "10.0.0.1");
  EXPECT_EQ(session.failures[0].at.micros, clock_.now().micros - kMinute);
  EXPECT_TRUE(log_in("staff").value().session.failures.empty());
}

}  // namespace
}  // namespace sekisho::accounts
