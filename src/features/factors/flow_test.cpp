// The operations through the real gate, on a real database, with a clock that moves when told.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "crypto/random.h"
#include "crypto/totp.h"
#include "features/factors/operations.h"
#include "gate/run.h"
#include "policy/test_support.h"

namespace sekisho::factors {
namespace {

constexpr const char* kHanako = "01ARZ3NDEKTSV4RRFFQ69G5FA1";
constexpr const char* kKanri = "01ARZ3NDEKTSV4RRFFQ69G5FA2";
constexpr std::int64_t kSecond = 1'000'000;

class MovedClock final : public Clock {
 public:
  Timestamp now() const override { return {at_.load()}; }
  void advance_seconds(std::int64_t s) { at_ += s * kSecond; }

 private:
  std::atomic<std::int64_t> at_{1'900'000'000 * kSecond};
};

std::vector<sql::Migration> migrations() {
  static const auto text = [](const char* name) { return read_file(std::string(SK_SOURCE_DIR) + "/migrations/" + name, 1 << 20).value(); };
  static const std::string log = text("0001_log.sql"), bodies = text("0002_bodies.sql"), accounts = text("0003_accounts.sql"), factors = text("0014_factors.sql"), content = text("0024_content_log.sql");
  return {{1, "log", log}, {2, "bodies", bodies}, {3, "accounts", accounts}, {4, "factors", factors}, {24, "content_log", content}};
}

policy::Matrix matrix() {
  std::map<std::string, policy::ActionRule> rules;
  const auto rule = [&](const char* action, const char* power, int factors, bool before) {
    policy::ActionRule r{power, "9(4)ウ", "K", false};
    r.factors = factors;
    r.before_second_factor = before;
    rules[action] = r;
  };
  for (const char* action : {"factors.list", "factors.enrol", "factors.stop", "session.second_factor"}) rule(action, "", 1, true);
  rule("factors.change", "", 2, false);
  for (const char* action : {"users.factors", "users.stop_factor", "users.reset_factors"}) rule(action, "users.manage", 1, false);
  return policy::test_matrix(std::move(rules));
}

class FactorFlow : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init());
    char name[] = "/tmp/sekisho-factors-XXXXXX";
    folder_ = ::mkdtemp(name);
    auto body = gate::open_body(folder_, "t", migrations(), clock_, {});
    ASSERT_TRUE(body) << body.error().detail;
    body_ = std::move(*body);
    ASSERT_TRUE(body_->writer->run([](sql::Tx& tx, gate::LogTable&) -> Status {
      bodies::Profile profile;
      profile.segments = {{"closed", "閉域", {}, false, 2, {}, {}}, {"open", "開域", {}, false, 1, {}, {}}};
      SK_CHECK(bodies::Table::put_profile(tx, "試験市", profile));
      SK_CHECK(tx.query("INSERT INTO unit (id, code, name) VALUES ('u', 'u', 'u')").run());
      for (const char* id : {kHanako, kKanri})
        SK_CHECK(tx.query("INSERT INTO account (id, login, name, unit_id, clearance, enabled, password, must_change, failures, locked_until, created_at) "
                          "VALUES (:id, :login, 'x', 'u', 1, 1, '', 0, 0, 0, 0)").bind("id", id).bind("login", id).run());
      return ok();
    }));
    gate_ = std::make_unique<gate::Gate>(
        matrix(),
        [](sql::Tx& tx, const gate::Caller& caller, Timestamp) -> Result<std::optional<policy::Person>> {
          const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
          if (session == nullptr) return std::optional<policy::Person>();
          policy::Person person;
          person.user_id = session->token.substr(0, 26);
          person.session_segment = caller.segment;
          if (person.user_id == kKanri) person.powers = {"users.manage"};
          SK_CHECK(Factors::apply(tx, caller, person));
          return std::optional(person);
        },
        board_, clock_);
    factors_.register_operations(registry_, {[](gate::Preparation&, const Secret& password) -> Result<bool> { return password.reveal() == "right"; },
                                             [this](sql::Tx&, const PersonId& id) {
                                               ended_.push_back(id.str());
                                               return ok();
                                             },
                                             [](sql::Tx&, const PersonId& id) -> Result<std::string> {
                                               if (id.str() != kHanako && id.str() != kKanri) return fail(Code::not_found, "accounts.not_found");
                                               return std::string("login");
                                             }});
  }
  void TearDown() override {
    gate_.reset();
    body_.reset();
    std::filesystem::remove_all(folder_);
  }

  // "01…A1#1": the person and which of her sessions.
  Result<json::Value> run(const std::string& session, const char* operation, json::Object in, policy::SegmentSet segment = 2) {
    gate::Caller caller{body_.get(), gate::SessionToken{session}, segment, "req", "local", "https://sekisho.example"};
    return gate_->run(*registry_.find(operation), caller, json::Value(std::move(in)));
  }
  std::string key(const Result<json::Value>& result) { return result ? "" : result.error().key; }
  std::string code(const Secret& secret, int away = 0) { return crypto::hotp(secret, static_cast<std::uint64_t>(crypto::totp_step(clock_.now()) + away), 6); }
  std::string give(const std::string& session, const std::string& value, const char* kind = "totp") {
    return key(run(session, "session.second_factor", {{"kind", kind}, {"code", value}}));
  }
  // Enrols an app; its secret.
  Secret enrol(const std::string& session) {
    const auto begun = run(session, "factors.begin_totp", {{"password", "right"}, {"name", "電話"}}).value();
    Secret secret(from_base32(std::string(std::string_view(begun.at("secret").as_string()))));
    const auto done = run(session, "factors.confirm_totp", {{"id", begun.at("id")}, {"code", code(secret)}});
    EXPECT_TRUE(done) << done.error().key;
    if (done) last_ = *done;
    return secret;
  }
  std::string recovery(std::size_t n) { return std::string(std::string_view(last_.at("recovery_codes").at(n).as_string())); }
  static std::string from_base32(const std::string& text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
      bits = bits << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
      if ((count += 5) >= 8) out += static_cast<char>(bits >> (count -= 8) & 255);
    }
    return out;
  }

  const std::string one_ = std::string(kHanako) + "#1", two_ = std::string(kHanako) + "#2", kanri_ = std::string(kKanri) + "#1";
  MovedClock clock_;
  gate::StopBoard board_{"C"};
  std::string folder_;
  std::unique_ptr<gate::Body> body_;
  std::unique_ptr<gate::Gate> gate_;
  gate::Registry registry_;
  Factors factors_;
  std::vector<std::string> ended_;
  json::Value last_;
};

TEST_F(FactorFlow, EnrolsWithPasswordAndFirstCodeAndAsksFromThenOn) {
  EXPECT_EQ(key(run(one_, "factors.begin_totp", {{"password", "wrong"}, {"name", "x"}})), "factors.wrong_password");
  const Secret secret = enrol(one_);
  EXPECT_EQ(last_.at("recovery_codes").as_array().size(), kRecoveryCodes);
  EXPECT_EQ(key(run(one_, "factors.recovery_codes", {{"password", "right"}})), "");
  EXPECT_EQ(key(run(two_, "factors.recovery_codes", {{"password", "right"}})), "policy.second_factor");
  EXPECT_EQ(key(run(two_, "factors.begin_totp", {{"password", "right"}, {"name", "x"}})), "policy.second_factor");
  EXPECT_EQ(give(two_, code(secret)), "factors.wrong_code") << "the code of the enrolment is spent";
  clock_.advance_seconds(30);
  EXPECT_EQ(give(two_, code(secret)), "");
  EXPECT_EQ(key(run(two_, "factors.recovery_codes", {{"password", "right"}})), "");
}

TEST_F(FactorFlow, WaitsLongerAfterEveryFailureAndForgetsThemAfterARightCodeOnly) {
  const Secret secret = enrol(one_);
  clock_.advance_seconds(30);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(give(two_, "x"), "factors.wrong_code");
    EXPECT_EQ(key(run(one_, "factors.list", {})), "");
  }
  EXPECT_EQ(give(two_, code(secret)), "factors.locked");
  EXPECT_EQ(key(run(two_, "factors.begin_totp", {{"password", "right"}, {"name", "x"}})), "factors.locked");
  clock_.advance_seconds(31);
  EXPECT_EQ(give(two_, "x"), "factors.wrong_code");
  clock_.advance_seconds(31);
  EXPECT_EQ(give(two_, code(secret)), "factors.locked") << "the second wait is a minute";
  clock_.advance_seconds(30);
  EXPECT_EQ(give(two_, code(secret)), "");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(give(two_, "x"), "factors.wrong_code");
  clock_.advance_seconds(30);
  EXPECT_EQ(give(two_, code(secret)), "");
}

TEST_F(FactorFlow, RecoveryCodesWorkOnceEach) {
  enrol(one_);
  const std::string first = recovery(0);
  EXPECT_EQ(give(two_, first, "recovery"), "");
  EXPECT_EQ(give(two_, first, "recovery"), "factors.wrong_code");
  EXPECT_EQ(give(two_, recovery(1), "recovery"), "");
}

TEST_F(FactorFlow, ResetIsByAnotherWithAReasonAndLeavesOnlyTheDutyToEnrol) {
  const Secret secret = enrol(one_);
  EXPECT_EQ(key(run(one_, "users.reset_factors", {{"id", kHanako}, {"identity_check", "x"}})), "policy.power");
  EXPECT_EQ(key(run(kanri_, "users.reset_factors", {{"id", kKanri}, {"identity_check", "x"}})), "factors.self");
  EXPECT_EQ(key(run(kanri_, "users.reset_factors", {{"id", kHanako}, {"identity_check", ""}})), "factors.identity_check");
  EXPECT_EQ(key(run(kanri_, "users.reset_factors", {{"id", "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, {"identity_check", "x"}})), "accounts.not_found");
  EXPECT_EQ(key(run(kanri_, "users.reset_factors", {{"id", kHanako}, {"identity_check", "職員証を見た"}})), "");
  EXPECT_EQ(ended_, std::vector<std::string>{kHanako});
  clock_.advance_seconds(30);
  EXPECT_EQ(give(two_, code(secret)), "factors.wrong_code");
  EXPECT_EQ(give(two_, recovery(0), "recovery"), "factors.wrong_code");
  EXPECT_EQ(run(two_, "factors.list", {}).value().at("must_enrol").as_bool(), true);
  EXPECT_EQ(key(run(two_, "factors.recovery_codes", {{"password", "right"}})), "policy.second_factor");
  enrol(two_);
  EXPECT_EQ(key(run(two_, "factors.recovery_codes", {{"password", "right"}})), "");
}

TEST_F(FactorFlow, StoppedFactorProvesNothingAndStillForbidsEnrollingByPassword) {
  const Secret secret = enrol(one_);
  const json::Value id = last_.at("factor").at("id");
  EXPECT_EQ(key(run(two_, "factors.stop", {{"id", id}, {"password", "wrong"}})), "factors.wrong_password");
  EXPECT_EQ(key(run(two_, "factors.stop", {{"id", id}, {"password", "right"}})), "");
  clock_.advance_seconds(30);
  EXPECT_EQ(give(two_, code(secret)), "factors.wrong_code");
  for (const std::string& session : {one_, two_}) EXPECT_EQ(key(run(session, "factors.begin_totp", {{"password", "right"}, {"name", "x"}})), "policy.second_factor");
}

TEST_F(FactorFlow, SegmentOfTwoFactorsOpensNothingBeforeAndChallengesExpire) {
  EXPECT_EQ(key(run(kanri_, "users.factors", {{"id", kHanako}}, 2)), "");
  EXPECT_EQ(key(run(kanri_, "users.factors", {{"id", kHanako}}, 1)), "policy.second_factor");
  ASSERT_TRUE(run(one_, "factors.begin_key", {{"password", "right"}, {"name", "鍵"}}));
  clock_.advance_seconds(kChallengeMicros / kSecond + 1);
  EXPECT_EQ(key(run(one_, "factors.confirm_key", {{"client_data", ""}, {"attestation_object", ""}})), "factors.challenge");
}

}  // namespace
}  // namespace sekisho::factors
