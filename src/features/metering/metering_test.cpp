// The ledger on a database with the real migrations, and a body whose acts go through the real gate.
#include "features/metering/metering.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "crypto/random.h"
#include "features/metering/operations.h"
#include "policy/test_support.h"
#include "sql/test_migrations.h"

namespace sekisho::metering {
namespace {

constexpr const char* kUnit = "01ARZ3NDEKTSV4RRFFQ69G5FA1";
constexpr const char* kOther = "01ARZ3NDEKTSV4RRFFQ69G5FA2";

struct Id {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(Id, (), (id))

class Metering : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-metering-XXXXXX";
    folder_ = ::mkdtemp(name);
    reopen();
    const auto rule = [](const char* power) { return policy::ActionRule{power, "13(2)エ", "統括", false}; };
    gate_ = std::make_unique<gate::Gate>(
        policy::test_matrix({{"ask", rule("")}, {"usage.manage", rule("m")}, {"usage.settle", rule("program")}}),
        [](sql::Tx&, const gate::Caller& caller, Timestamp) -> Result<std::optional<policy::Person>> {
          policy::Person person;
          if (const auto* user = std::get_if<gate::LocalUser>(&caller.credential)) person.user_id = user->login;
          else person = {{true, {}, 0, 0}, "program", "", {"program"}};
          return std::optional(person);
        },
        board_, clock_);
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
    if (!people_made_) make_people();
    people_made_ = true;
  }
  void make_people() {
    const Status made = body_->writer->run([this](sql::Tx& tx, gate::LogTable&) -> Status {
      SK_CHECK(bodies::Table::put_unit(tx, {bodies::UnitId::trusted(kUnit), "zei", "税務課", std::nullopt}));
      SK_CHECK(bodies::Table::put_unit(tx, {bodies::UnitId::trusted(kOther), "kikaku", "企画課", std::nullopt}));
      for (const auto& [id, unit] : {std::pair{"hanako", kUnit}, std::pair{"jiro", kUnit}, std::pair{"kei", kOther}})
        SK_CHECK(tx.query("INSERT INTO account (id, login, name, unit_id, clearance, enabled, password, must_change, created_at) VALUES "
                          "(:id, :login, :name, :unit, 2, 1, '', 0, 0)")
                     .bind("id", id).bind("login", id).bind("name", id).bind("unit", unit).run());
      return ok();
    });
    ASSERT_TRUE(made.has_value()) << made.error().detail;
  }
  Status act(const std::string& who, std::function<Status(gate::Context&)> what) {
    const gate::Operation<Id, bodies::Nothing> operation{"ask", "尋ねる", "ask", gate::Access::write, 0, gate::no_preparation<Id>(),
                                                         [&](gate::Context& context, Id&) -> Result<bodies::Nothing> {
                                                           SK_CHECK(what(context));
                                                           return bodies::Nothing{};
                                                         }};
    SK_CHECK(gate_->run(operation, gate::Caller{body_.get(), gate::LocalUser{who}, 1, "req", "local", ""}, Id{"x"}));
    return ok();
  }
  Status reserve(const std::string& who, const std::string& id, std::int64_t in, const std::string& endpoint = "e1") {
    return act(who, [&](gate::Context& context) { return metering::reserve(context, settings_, {id, purpose::kChat, endpoint, endpoint.empty() ? "" : "模型", in}); });
  }
  Status settle(const std::string& id, std::int64_t in, std::int64_t out, const std::string& outcome = "complete", bool built_in = false) {
    return act("hanako", [&](gate::Context& context) { return metering::settle(context, {id, outcome, built_in, in, out, 7}); });
  }
  void budget(const std::string& scope, const std::string& target, std::int64_t monthly) {
    ASSERT_TRUE(act("hanako", [&](gate::Context& c) { return Table::put_budget(c.tx, {scope, target, monthly, "統括", c.now}); }).has_value());
  }
  Totals totals(const std::string& unit = kUnit, const std::string& person = "hanako") {
    auto tx = body_->db->begin_read().value();
    return Table::totals(*tx, month_of(clock_.now()).text, unit, person).value();
  }
  Sums sums() {
    auto tx = body_->db->begin_read().value();
    return Table::sums(*tx, month_of(clock_.now()).text).value();
  }
  std::size_t open_uses() {
    auto tx = body_->db->begin_read().value();
    return Table::open_uses(*tx).value().size();
  }

  ManualClock clock_{Timestamp{1'795'000'000'000'000}};  // 2026-11-18
  gate::StopBoard board_{"C"};
  Settings settings_{10'000, 500, 1'000'000};
  std::string folder_;
  bool people_made_ = false;
  std::unique_ptr<gate::Body> body_;
  std::unique_ptr<gate::Gate> gate_;
};

TEST_F(Metering, ReservesThenCountsWhatItReallyWas) {
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  EXPECT_EQ(totals().body, 600) << "typed, and room for the answer";
  ASSERT_TRUE(settle("a", 100, 40).has_value());
  EXPECT_EQ(totals().body, 140);
  EXPECT_EQ(totals().unit, 140);
  EXPECT_EQ(totals().person, 140);
  EXPECT_EQ(totals(kOther, "kei").unit, 0);
  EXPECT_EQ(sums().characters_context, 7) << "told apart";
  EXPECT_EQ(sums().counted, 140);
}

TEST_F(Metering, AnAnswerIsNeverCutButCountedWhole) {
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  ASSERT_TRUE(settle("a", 100, 50'000).has_value());
  EXPECT_EQ(totals().body, 50'100);
  EXPECT_EQ(reserve("hanako", "b", 1).error().key, "usage.over_budget");
}

TEST_F(Metering, IsSettledOnceHoweverOftenItIsTold) {
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(settle("a", 100, 40 + i).has_value());
  ASSERT_TRUE(settle("never-reserved", 1, 1).has_value());
  EXPECT_EQ(sums().uses, 1);
  EXPECT_EQ(totals().body, 140);
}

TEST_F(Metering, OverABudgetIsOneClearRefusalThatNamesWhoCanPermit) {
  budget("person", "hanako", 700);
  budget("department", kUnit, 1'500);
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  const Status own = reserve("hanako", "b", 101);
  EXPECT_EQ(own.error().key, "usage.over_person_budget");
  EXPECT_EQ(own.error().code, Code::denied);
  EXPECT_EQ(own.error().who_can_permit, "統括");
  EXPECT_EQ(own.error().clause, "13(2)エ");
  ASSERT_TRUE(reserve("jiro", "c", 100).has_value());
  EXPECT_EQ(reserve("jiro", "d", 100).error().key, "usage.over_department_budget");
  ASSERT_TRUE(reserve("kei", "e", 100).has_value()) << "another department";
  budget("body", "", 1'800);
  EXPECT_EQ(reserve("kei", "f", 1).error().key, "usage.over_budget");
  EXPECT_EQ(totals().body, 1'800);
}

TEST_F(Metering, TheBuiltInEngineCountsNothingAndGoesOnWhenTheBudgetIsUsedUp) {
  budget("body", "", 0);
  EXPECT_FALSE(reserve("hanako", "a", 1).has_value());
  ASSERT_TRUE(reserve("hanako", "b", 100, "").has_value());
  ASSERT_TRUE(settle("b", 100, 300, "complete", true).has_value());
  EXPECT_EQ(totals().body, 0);
  EXPECT_EQ(sums().characters_out, 300);
  EXPECT_EQ(sums().counted, 0);
}

TEST_F(Metering, WhatFailedWithoutACharacterCountsNothing) {
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  ASSERT_TRUE(settle("a", 100, 0, "failed").has_value());
  EXPECT_EQ(totals().body, 0);
  ASSERT_TRUE(reserve("hanako", "b", 100).has_value());
  ASSERT_TRUE(settle("b", 100, 3, "failed").has_value());
  EXPECT_EQ(totals().body, 103);
}

TEST_F(Metering, ARefusedActReservesNothing) {
  const Status refused = act("hanako", [&](gate::Context& context) -> Status {
    SK_CHECK(metering::reserve(context, settings_, {"a", purpose::kChat, "e1", "模型", 10}));
    return fail(Code::conflict, "x");
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_EQ(totals().body, 0);
  EXPECT_EQ(open_uses(), 0u);
}

TEST_F(Metering, WhatTheProgramLeftOpenIsSettledOnceAtTheNextStart) {
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  ASSERT_TRUE(reserve("hanako", "b", 50, "").has_value());
  ASSERT_TRUE(reserve("jiro", "c", 10).has_value());
  ASSERT_TRUE(settle("c", 10, 5).has_value());
  reopen();
  EXPECT_EQ(settle_open(*gate_, *body_).value(), 2);
  EXPECT_EQ(settle_open(*gate_, *body_).value(), 0);
  EXPECT_EQ(totals().body, 115) << "what was typed may have been sent; its answer is not known";
  ASSERT_TRUE(settle("a", 100, 900).has_value()) << "a late close is left alone";
  EXPECT_EQ(totals().body, 115);
}

TEST_F(Metering, AUseBelongsToTheMonthThatItBeganIn) {
  clock_.advance_micros(month_of(clock_.now()).end.micros - clock_.now().micros - 1);
  const std::string november = month_of(clock_.now()).text;
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  clock_.advance_micros(1);
  ASSERT_TRUE(reserve("hanako", "b", 10).has_value());
  ASSERT_TRUE(settle("a", 100, 40).has_value());
  ASSERT_TRUE(settle("b", 10, 1).has_value());
  auto tx = body_->db->begin_read().value();
  EXPECT_EQ(Table::totals(*tx, november, kUnit, "hanako")->body, 140);
  EXPECT_EQ(totals().body, 11);
}

TEST_F(Metering, TenThousandReservationsAtOnceNeverOverspend) {
  budget("body", "", 2'000'000);
  settings_.answer_reserve = 400;
  std::atomic<int> made = 0, refused = 0, other = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 50; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string who = t % 3 == 0 ? "hanako" : t % 3 == 1 ? "jiro" : "kei";
        const Status done = reserve(who, "u" + std::to_string(t) + "-" + std::to_string(i), 100);
        ++(done ? made : done.error().key == "usage.over_budget" ? refused : other);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made, 4'000);
  EXPECT_EQ(refused, 6'000);
  EXPECT_EQ(other, 0);
  EXPECT_EQ(totals().body, 2'000'000);
  EXPECT_EQ(totals(kUnit, "hanako").unit + totals(kOther, "kei").unit, 2'000'000);
}

// The running totals are what a recount of the rows says, whatever happened in whatever order.
TEST_F(Metering, TotalsEqualARecount) {
  std::mt19937 random(20261118);
  std::map<std::string, std::int64_t> body, unit, person;
  std::vector<std::pair<std::string, std::string>> open;
  budget("department", kUnit, 60'000);
  settings_.monthly_characters = 100'000;
  for (int i = 0; i < 600; ++i) {
    if (open.empty() || random() % 2 == 0) {
      const std::string who = std::vector<std::string>{"hanako", "jiro", "kei"}[random() % 3];
      const std::string id = "u" + std::to_string(i);
      if (reserve(who, id, 1 + random() % 400, random() % 5 == 0 ? "" : "e1")) open.emplace_back(id, who);
    } else {
      const std::size_t n = random() % open.size();
      const bool failed = random() % 4 == 0;
      ASSERT_TRUE(settle(open[n].first, random() % 400, random() % 3 == 0 ? 0 : random() % 900, failed ? "failed" : "complete", random() % 6 == 0).has_value());
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(n));
    }
  }
  auto tx = body_->db->begin_read().value();
  const auto recounted = [&](const std::string& where) {
    return std::get<0>(tx->query("SELECT COALESCE(SUM(e.counted), 0) FROM usage_event e WHERE (e.step = 1 OR NOT EXISTS (SELECT 1 FROM usage_event s WHERE s.id = e.id "
                                 "AND s.step = 1)) AND (:unit = '' OR e.unit_id = :unit2) AND (:person = '' OR e.person_id = :person2)")
                           .bind("unit", where.size() == 26 ? where : "").bind("unit2", where).bind("person", where.size() == 26 ? "" : where).bind("person2", where)
                           .one<std::int64_t>().value());
  };
  const Totals hanako = totals(kUnit, "hanako"), kei = totals(kOther, "kei");
  EXPECT_EQ(hanako.body, recounted(""));
  EXPECT_EQ(hanako.unit, recounted(kUnit));
  EXPECT_EQ(kei.unit, recounted(kOther));
  EXPECT_EQ(hanako.person, recounted("hanako"));
  EXPECT_EQ(kei.person, recounted("kei"));
  EXPECT_GT(hanako.body, 0);
}

TEST_F(Metering, RowsOfTheLedgerAreNeverChangedOrDeleted) {
  ASSERT_TRUE(reserve("hanako", "a", 100).has_value());
  EXPECT_FALSE(act("hanako", [](gate::Context& c) -> Status { SK_CHECK(c.tx.query("UPDATE usage_event SET counted = 0").run()); return ok(); }).has_value());
  EXPECT_FALSE(act("hanako", [](gate::Context& c) -> Status { SK_CHECK(c.tx.query("DELETE FROM usage_event").run()); return ok(); }).has_value());
  EXPECT_EQ(totals().body, 600);
}

TEST_F(Metering, CsvNamesDepartmentsAndNeverExecutes) {
  Names names;
  names.units.emplace(kUnit, bodies::Unit{bodies::UnitId::trusted(kUnit), "zei", "=税務課", std::nullopt});
  const std::string csv = groups_csv("2026-11", By::department, {{kUnit, "", "", {3, 10, 20, 5, 30}}, {"", "", "", {1, 1, 1, 0, 0}}}, names);
  EXPECT_EQ(csv, "\xEF\xBB\xBF\"年月\",\"部署コード\",\"部署\",\"回数\",\"入力した文字数\",\"回答の文字数\",\"計上した文字数\",\"資料の文字数（計上しない）\"\r\n"
                 "\"2026-11\",\"zei\",\"'=税務課\",3,10,20,30,5\r\n\"2026-11\",\"\",\"（所属なし）\",1,1,1,0,0\r\n");
}

}  // namespace
}  // namespace sekisho::metering
