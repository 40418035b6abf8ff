#include "features/retention/retention.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/random.h"
#include "features/retention/plan.h"
#include "gate/payload_table.h"
#include "policy/test_support.h"
#include "sql/test_migrations.h"

namespace sekisho::retention {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;

TEST(RetentionRules, AMonthGoesWhenAllOfItIsOlder) {
  const Rule rule{"content", 1, "統括", {0}};
  EXPECT_EQ(to_jst_minutes(due_at(rule, "2026-11").value()), "2027-01-01 00:00");
  EXPECT_EQ(to_jst_minutes(due_at({"content", 12, "", {0}}, "2026-12").value()), "2028-01-01 00:00");
}

// The floor: whenever it is looked, what is one calendar month old is still there.
TEST(RetentionRules, OneMonthLeavesAWholeMonthAtAnyMoment) {
  const Rule rule{"content", kLeastMonths, "統括", {0}};
  const Timestamp begin = month_begin("2026-01").value();
  for (int day = 0; day < 800; ++day) {
    const Timestamp written{begin.micros + day * kDay + kDay / 2};
    EXPECT_GE(due_at(rule, month_of(written)).value().micros - written.micros, 28 * kDay) << to_jst_minutes(written);
  }
}

TEST(RetentionRules, ANewRuleBindsAfterItsNotice) {
  const Timestamp set = month_begin("2030-01").value();
  EXPECT_EQ(due_at({"content", 1, "統括", set}, "2026-11").value().micros, set.micros + kNoticeMicros);
  EXPECT_EQ(idle_before({"chats", 1, "統括", set}, {set.micros + 1}), std::nullopt);
  EXPECT_EQ(to_jst_minutes(*idle_before({"chats", 3, "統括", set}, {set.micros + 20 * kDay})), "2029-10-01 00:00");
}

TEST(RetentionRules, AHoldCoversItsKindAndMonths) {
  Hold hold;
  EXPECT_TRUE(holds(hold, "content", "2026-11")) << "without limits: everything";
  hold = {"", "content", "2026-10", "2026-11", "", "", "", {}, {}, {}, {}};
  for (const char* month : {"2026-10", "2026-11"}) EXPECT_TRUE(holds(hold, "content", month));
  for (const char* month : {"2026-09", "2026-12"}) EXPECT_FALSE(holds(hold, "content", month));
  EXPECT_FALSE(holds(hold, "access", "2026-10"));
  hold.released_at = Timestamp{1};
  EXPECT_FALSE(holds(hold, "content", "2026-10"));
}

struct TextIn {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(TextIn, (), (text))

class Retention : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-retention-XXXXXX";
    folder_ = ::mkdtemp(name);
    reopen();
    const auto rule = [](const char* power) { return policy::ActionRule{power, "11(1)カ(ア)", "統括", false}; };
    gate_ = std::make_unique<gate::Gate>(
        policy::test_matrix({{"chats.ask", rule("")}, {"session.open", rule("")}, {"retention.read", rule("")}, {"retention.hold", rule("")}, {"retention.manage", rule("")},
                             {"retention.erase", rule("program")}}),
        [](sql::Tx&, const gate::Caller& caller, Timestamp) -> Result<std::optional<policy::Person>> {
          policy::Person person;
          person.user_id = std::holds_alternative<gate::Program>(caller.credential) ? "program" : "tokatsu";
          if (person.user_id == "program") person.powers = {"program"};
          return std::optional(person);
        },
        board_, clock_);
    register_operations(registry_, chats_);
  }
  void TearDown() override {
    gate_.reset();
    body_.reset();
    std::filesystem::remove_all(folder_);
  }
  void reopen() {
    body_.reset();
    auto body = gate::open_body(folder_, "t", sql::all_migrations(), clock_, {});
    ASSERT_TRUE(body.has_value()) << body.error().detail;
    body_ = std::move(*body);
  }
  gate::Caller caller() { return {body_.get(), gate::LocalUser{"tokatsu"}, 1, "req", "local", ""}; }
  void say(const char* act, const std::string& text) {
    const gate::Operation<TextIn, bodies::Nothing> operation{act, "尋ねる", act, gate::Access::write, 0, gate::no_preparation<TextIn>(),
                                                             [](gate::Context&, TextIn&) -> Result<bodies::Nothing> { return bodies::Nothing{}; }};
    ASSERT_TRUE(gate_->run(operation, caller(), TextIn{text}).has_value());
  }
  Result<RetentionOut> op(const char* name, const json::Object& in = {}) {
    SK_TRY(const json::Value out, gate_->run(*registry_.find(name), caller(), json::Value(in)));
    return json::read<RetentionOut>(out);
  }
  Done run_now() { return run(*gate_, *body_, chats_).value(); }
  void to_month(const char* month) { clock_.advance_micros(month_begin(month).value().micros + kDay - clock_.now().micros); }
  Result<gate::Verification> verified() {
    auto tx = body_->db->begin_read().value();
    return gate::verify_log(*tx, *body_->log_keys);
  }
  std::optional<std::string> payload(std::uint64_t seq) {
    auto tx = body_->db->begin_read().value();
    return gate::PayloadTable::open(*tx, body_->log_keys->payload, seq).value();
  }

  ManualClock clock_{month_begin("2026-11").value()};
  gate::StopBoard board_{"C"};
  std::string folder_;
  std::map<std::string, Timestamp> conversations_;
  Chats chats_{[this](sql::Tx&, Timestamp before, int limit) -> Result<std::vector<std::string>> {
                 std::vector<std::string> out;
                 for (const auto& [id, at] : conversations_)
                   if (at < before && static_cast<int>(out.size()) < limit) out.push_back(id);
                 return out;
               },
               [this](sql::Tx&, const std::string& id) -> Status {
                 conversations_.erase(id);
                 return ok();
               }};
  gate::Registry registry_;
  std::unique_ptr<gate::Body> body_;
  std::unique_ptr<gate::Gate> gate_;
};

TEST_F(Retention, ShorterThanAMonthIsRefused) {
  for (const int months : {0, -1, 1201}) EXPECT_EQ(op("retention.set_rule", {{"kind", "content"}, {"months", months}}).error().key, "retention.months");
  EXPECT_EQ(op("retention.set_rule", {{"kind", "nonsense"}, {"months", 1}}).error().key, "retention.kind");
  EXPECT_TRUE(op("retention.set_rule", {{"kind", "content"}, {"months", 1200}}).has_value());
}

TEST_F(Retention, WithoutARuleNothingGoes) {
  say("chats.ask", "一");
  to_month("2040-01");
  EXPECT_EQ(run_now().periods, 0);
  EXPECT_TRUE(payload(0).has_value());
}

TEST_F(Retention, WhatGoesIsShownBeforeItGoesAndProofsStay) {
  say("chats.ask", "canary-november");
  say("session.open", "canary-login");
  ASSERT_TRUE(op("retention.set_rule", {{"kind", "content"}, {"months", 1}}).has_value());
  to_month("2026-12");
  say("chats.ask", "canary-december");
  EXPECT_EQ(run_now().periods, 0);
  const RetentionOut before = op("retention.read").value();
  ASSERT_EQ(before.plan.size(), 2u);
  EXPECT_EQ(before.plan[0].month, "2026-11");
  EXPECT_EQ(before.plan[0].state, "waits");
  EXPECT_EQ(before.plan[0].count, 1);
  EXPECT_EQ(to_jst_minutes(before.plan[0].due_at), "2027-01-01 00:00");
  const std::string root = verified().value().root_hex;
  EXPECT_FALSE(root.empty());

  to_month("2027-01");
  EXPECT_EQ(op("retention.read")->plan[0].state, "due");
  EXPECT_EQ(run_now().periods, 1);
  EXPECT_EQ(payload(0), std::nullopt);
  EXPECT_NE(payload(1)->find("canary-login"), std::string::npos) << "another kind";
  const auto after = verified();
  ASSERT_TRUE(after.has_value()) << after.error().detail;
  EXPECT_EQ(after->erased, 1u);
  const RetentionOut told = op("retention.read").value();
  ASSERT_EQ(told.erased.size(), 1u);
  EXPECT_EQ(told.erased[0].payloads, 1);
  EXPECT_TRUE(told.erased[0].swept);
  EXPECT_EQ(told.rules[0].earliest, "2026-12");
  EXPECT_EQ(run_now().periods, 0) << "once";
}

TEST_F(Retention, AHoldKeepsItsMonthUntilItIsReleased) {
  say("chats.ask", "一");
  ASSERT_TRUE(op("retention.set_rule", {{"kind", "content"}, {"months", 1}}).has_value());
  const RetentionOut held = op("retention.hold", {{"kind", "content"}, {"from_month", "2026-11"}, {"to_month", "2026-11"}, {"incident", "事案3号"}, {"reason", "調査中"}}).value();
  to_month("2027-06");
  EXPECT_EQ(run_now().periods, 0);
  EXPECT_EQ(op("retention.read")->plan[0].state, "held");
  EXPECT_EQ(op("retention.read")->plan[0].held_by, "事案3号");
  ASSERT_TRUE(op("retention.release", {{"id", held.holds[0].id}, {"reason", "調査が終わった"}}).has_value());
  EXPECT_EQ(op("retention.release", {{"id", held.holds[0].id}, {"reason", "もう一度"}}).error().key, "retention.released");
  EXPECT_EQ(run_now().periods, 1);
}

TEST_F(Retention, AShorterRuleGivesNoticeFirst) {
  say("chats.ask", "一");
  to_month("2030-01");
  ASSERT_TRUE(op("retention.set_rule", {{"kind", "content"}, {"months", 1}}).has_value());
  EXPECT_EQ(run_now().periods, 0);
  clock_.advance_micros(kNoticeMicros);
  EXPECT_EQ(run_now().periods, 1);
}

// The key is gone, the program dies, the rows are still there: unreadable, lawful, and swept by the next run.
TEST_F(Retention, ARunThatDiedInTheMiddleIsFinishedByTheNext) {
  for (int i = 0; i < 50; ++i) say("chats.ask", "一");
  ASSERT_TRUE(op("retention.set_rule", {{"kind", "content"}, {"months", 1}}).has_value());
  to_month("2027-02");
  EXPECT_EQ(run_now().periods, 1);
  say("chats.ask", "二");
  ASSERT_TRUE(body_->writer->run([](sql::Tx& tx, gate::LogTable&) -> Status {
    SK_CHECK(tx.query("UPDATE log_erasure SET swept_to = first_seq").run());
    SK_CHECK(tx.query("INSERT INTO log_payload (seq, period, sealed) SELECT 7, '2026-11/content', sealed FROM log_payload WHERE seq = 50").run());
    return ok();
  }).has_value());
  EXPECT_EQ(payload(7), std::nullopt);
  EXPECT_TRUE(verified().has_value());
  reopen();
  EXPECT_EQ(run_now().periods, 0);
  EXPECT_TRUE(op("retention.read")->erased[0].swept);
  auto tx = body_->db->begin_read().value();
  EXPECT_EQ(tx->query("SELECT seq FROM log_payload WHERE period = '2026-11/content'").all<std::int64_t>()->size(), 0u);
  EXPECT_TRUE(verified().has_value());
}

TEST_F(Retention, AnErasureThatTheLogDoesNotTellIsSeen) {
  say("chats.ask", "一");
  ASSERT_TRUE(body_->writer->run([this](sql::Tx& tx, gate::LogTable&) -> Status {
    SK_CHECK(gate::PayloadTable::erase(tx, "2026-11/content", 1, clock_.now()));
    SK_CHECK(gate::PayloadTable::sweep(tx, "2026-11/content", 100));
    return ok();
  }).has_value());
  EXPECT_FALSE(verified().has_value());
}

TEST_F(Retention, ErasedBytesAreNotInTheDatabase) {
  say("chats.ask", "canary");
  std::string sealed;
  {
    auto tx = body_->db->begin_read().value();
    sealed = std::get<0>(tx->query("SELECT sealed FROM log_payload WHERE seq = 0").one<sql::Blob>().value()).bytes.substr(0, 32);
  }
  ASSERT_TRUE(op("retention.set_rule", {{"kind", "content"}, {"months", 1}}).has_value());
  to_month("2027-02");
  EXPECT_EQ(run_now().periods, 1);
  body_.reset();
  auto db = sql::Db::open_sqlite(folder_ + "/body.db", {}).value();
  ASSERT_TRUE(db->checkpoint().has_value());
  db.reset();
  std::ifstream in(folder_ + "/body.db", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  EXPECT_EQ(bytes.find(sealed), std::string::npos);
}

TEST_F(Retention, ConversationsGoWhenNobodyTouchedThem) {
  conversations_ = {{"old", month_begin("2026-09").value()}, {"new", month_begin("2026-11").value()}};
  ASSERT_TRUE(op("retention.set_rule", {{"kind", "chats"}, {"months", 1}}).has_value());
  EXPECT_EQ(op("retention.read")->plan[0].count, 1);
  EXPECT_EQ(run_now().chats, 0) << "notice";
  clock_.advance_micros(kNoticeMicros);
  EXPECT_EQ(run_now().chats, 1);
  EXPECT_TRUE(conversations_.contains("new") && conversations_.size() == 1);
}

}  // namespace
}  // namespace sekisho::retention
