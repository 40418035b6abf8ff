// Privileged rights, deputies and the times of segments on a real body with a clock that moves when told.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "crypto/random.h"
#include "features/accounts/operations.h"
#include "features/accounts/standing.h"
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
constexpr policy::SegmentSet kInner = 1;

class Privileged : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init());
    char name[] = "/tmp/sekisho-privileged-XXXXXX";
    folder_ = ::mkdtemp(name);
    Settings settings;
    settings.ordinary = {30 * kMinute, 12 * 60 * kMinute};
    settings.privileged = {15 * kMinute, 8 * 60 * kMinute};
    settings.lock.privileged = {3, kMinute, 7'200 * kSecond, kDay, 0};
    settings.lock.source = {1000, 10 * kSecond, 900 * kSecond, kDay, kMinute};
    settings.provisional_micros = 3 * kDay;
    settings.privileged_powers = settings.credential_powers = {"users.manage"};
    engine_ = std::make_unique<approvals::Approvals>(approvals::Kinds::load(std::string(SK_SOURCE_DIR) + "/packs/approvals/kinds.json").value(), directory());
    privileges_ = std::make_unique<privileges::Privileges>(privileges::Settings{30, settings.privileged_powers});
    accounts_ = std::make_unique<Accounts>(std::move(settings), Passwords::of({"password"}, {}), nullptr);
    accounts_->register_operations(registry_);
    privileges_->register_operations(registry_, *engine_, accounts_->privileged_people());
    std::map<std::string, policy::ActionRule> rules;
    for (const char* action : {"session.describe", "privileges.use"}) rules[action] = {"", "11(2)ウ", "J", false};
    rules["session.open"] = {"", "9(4)イ", "J", true};
    rules["bodies.set_up"] = {"bodies.set_up", "6(2)イ", "T", false};
    rules["users.create"] = {"users.manage", "11(2)イ(ア)", "T", false};
    rules["users.list"] = {"users.manage", "11(2)イ(ア)", "T", false};
    rules["users.list"].privileged = rules["users.create"].privileged = true;
    gate_ = std::make_unique<gate::Gate>(
        policy::test_matrix(std::move(rules)), [this](sql::Tx& tx, const gate::Caller& caller, Timestamp now) { return accounts_->authenticate(tx, caller, now); }, board_, clock_);
    body_ = gate::open_body(folder_, "t", sql::all_migrations(), clock_, {}).value();
    const bodies::Vocabulary vocabulary{{"chat.use", "users.manage"}, {}};
    auto in = bodies::small_profile("試験市", {{"staff", "職員", "whole", std::nullopt, {"chat.use"}}, {"chief", "担当", "whole", std::nullopt, {"users.manage"}}}, "inner", vocabulary);
    in.segments[0].idle_minutes = 5;
    in.segments[0].absolute_minutes = 20;
    ASSERT_TRUE(gate_->run(bodies::set_up(vocabulary), as(gate::Operator{}), std::move(in)));
    for (const char* login : {"staff", "chief"}) {
      UserCreateIn user;
      user.login = user.name = login;
      user.department = "d";
      user.roles = {login};
      user.password = Secret(std::string(kPassword));
      ids_[login] = gate_->run(accounts_->create_user(), as(gate::Operator{}), std::move(user)).value().user.id;
    }
  }
  void TearDown() override {
    gate_.reset();
    accounts_.reset();
    body_.reset();
    fs::remove_all(folder_);
  }

  gate::Caller as(gate::Credential credential, policy::SegmentSet segment = 0) { return {body_.get(), std::move(credential), segment, "req", "10.0.0.1"}; }
  std::string log_in(const std::string& login, policy::SegmentSet segment = 0) {
    LoginIn in;
    in.login = login;
    in.password = Secret(std::string(kPassword));
    return gate_->run(accounts_->open_session(), as(gate::Nobody{}, segment), std::move(in)).value().token;
  }
  // "": allowed; else the key of the refusal.
  std::string call(const char* operation, const std::string& token, json::Object in = {}, policy::SegmentSet segment = 0) {
    const auto done = gate_->run(*registry_.find(operation), as(gate::SessionToken{token}, segment), json::Value(std::move(in)));
    return done ? "" : done.error().key;
  }
  std::string begin(const std::string& token, int minutes) {
    return call("privileges.begin", token, {{"minutes", minutes}, {"reason", "試験の作業のため"}, {"password", kPassword}});
  }
  void put_deputy(const std::string& deputy, const std::string& principal, std::int64_t from_minutes, std::int64_t to_minutes) {
    const Timestamp now = clock_.now();
    ASSERT_TRUE(body_->writer->run([&](sql::Tx& tx, gate::LogTable&) {
      return privileges::Table::put_deputy(tx, {"approval" + std::to_string(++approvals_), ids_[deputy].str(), ids_[principal].str(), {now.micros + from_minutes * kMinute},
                                                {now.micros + to_minutes * kMinute}});
    }));
  }

  ManualClock clock_{Timestamp{1'790'000'000 * kSecond}};
  std::string folder_;
  gate::Registry registry_;
  std::unique_ptr<approvals::Approvals> engine_;
  std::unique_ptr<privileges::Privileges> privileges_;
  std::unique_ptr<Accounts> accounts_;
  gate::StopBoard board_{"C"};
  std::unique_ptr<gate::Gate> gate_;
  std::unique_ptr<gate::Body> body_;
  std::map<std::string, AccountId> ids_;
  int approvals_ = 0;
};

TEST_F(Privileged, ClockEndsAnElevationWhateverTheSessionDoes) {
  const std::string token = log_in("chief");
  EXPECT_EQ(call("users.list", token), "policy.not_elevated");
  ASSERT_EQ(begin(token, 5), "");
  for (int n = 0; n < 5; ++n) {
    EXPECT_EQ(call("users.list", token), "") << n;
    clock_.advance_micros(kMinute);
  }
  EXPECT_EQ(call("users.list", token), "policy.not_elevated");
  EXPECT_EQ(call("session.describe", token), "");
}

TEST_F(Privileged, MinutesAreNeverAddedAndEndsHold) {
  const std::string token = log_in("chief");
  ASSERT_EQ(begin(token, 30), "");
  ASSERT_EQ(begin(token, 1), "");
  clock_.advance_micros(kMinute);
  EXPECT_EQ(call("users.list", token), "policy.not_elevated") << "the first one went with the second";
  ASSERT_EQ(begin(token, 30), "");
  ASSERT_EQ(call("privileges.end", token), "");
  EXPECT_EQ(call("users.list", token), "policy.not_elevated");
}

TEST_F(Privileged, DeputyHoldsTheRightsInHisDaysAndWhileTheHolderIsAway) {
  put_deputy("staff", "chief", 10, 100);
  const std::string holder = log_in("chief");
  const std::string deputy = log_in("staff");
  EXPECT_EQ(begin(deputy, 30), "privileges.none") << "before the first day";
  clock_.advance_micros(10 * kMinute);
  EXPECT_EQ(call("session.describe", holder), "");
  EXPECT_EQ(begin(deputy, 30), "privileges.none") << "the holder is here";
  clock_.advance_micros(14 * kMinute);
  EXPECT_EQ(call("session.describe", deputy), "");
  clock_.advance_micros(2 * kMinute);  // the holder's session has been idle for 16 minutes
  ASSERT_EQ(begin(deputy, 30), "");
  EXPECT_EQ(call("users.list", deputy), "");
  const std::string back = log_in("chief");
  EXPECT_EQ(call("users.list", deputy), "policy.power");
  clock_.advance_micros(16 * kMinute);
  const std::string again = log_in("staff");
  ASSERT_EQ(begin(again, 30), "");
  clock_.advance_micros(14 * kMinute);
  EXPECT_EQ(call("users.list", again), "");
  clock_.advance_micros(14 * kMinute);
  EXPECT_EQ(call("session.describe", again), "");
  clock_.advance_micros(10 * kMinute);
  ASSERT_EQ(call("session.describe", again), "");
  EXPECT_EQ(begin(again, 30), "") << "after 80 minutes: still in his days";
  clock_.advance_micros(14 * kMinute);
  EXPECT_EQ(call("users.list", again), "");
  clock_.advance_micros(6 * kMinute);
  EXPECT_EQ(call("users.list", again), "policy.power") << "the days are over";
}

TEST_F(Privileged, DeputyshipIsNotPassedOn) {
  put_deputy("staff", "chief", 0, 100);
  UserCreateIn user;
  user.login = user.name = "third";
  user.department = "d";
  user.roles = {"staff"};
  user.password = Secret(std::string(kPassword));
  ids_["third"] = gate_->run(accounts_->create_user(), as(gate::Operator{}), std::move(user)).value().user.id;
  put_deputy("third", "staff", 0, 100);
  EXPECT_EQ(begin(log_in("third"), 5), "privileges.none");
  EXPECT_EQ(begin(log_in("staff"), 5), "");
}

TEST_F(Privileged, SegmentsTimesEndSessionsBeforeTheProgramsWould) {
  const std::string token = log_in("staff", kInner);
  clock_.advance_micros(4 * kMinute);
  EXPECT_EQ(call("session.describe", token, {}, kInner), "");
  clock_.advance_micros(6 * kMinute);
  EXPECT_EQ(call("session.describe", token, {}, kInner), "policy.not_signed_in") << "five idle minutes";
  const std::string busy = log_in("staff", kInner);
  for (int n = 0; n < 5; ++n) {
    clock_.advance_micros(4 * kMinute);
    EXPECT_EQ(call("session.describe", busy, {}, kInner), "") << n;
  }
  clock_.advance_micros(kMinute);
  EXPECT_EQ(call("session.describe", busy, {}, kInner), "policy.not_signed_in") << "twenty minutes in all";
}

}  // namespace
}  // namespace sekisho::accounts
