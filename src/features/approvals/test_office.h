// A small office for the tests: people, deputies and powers that a test changes at will, on a database with the real migrations.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/random.h"
#include "features/approvals/approvals.h"
#include "gate/run.h"
#include "policy/test_support.h"

namespace sekisho::approvals {

inline std::vector<sql::Migration> office_migrations() {
  static const auto text = [](const char* name) {
    std::ifstream in(std::string(SK_SOURCE_DIR) + "/migrations/" + name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  static const std::string bodies = text("0002_bodies.sql");
  static const std::string accounts = text("0003_accounts.sql"), profiles = text("0019_profiles.sql"), approvals = text("0016_approvals.sql");
  // The column of a request's segments comes with those of other tables.
  static const std::string endpoints = text("0005_endpoints.sql"), segments = text("0018_segments_and_stops.sql"), second = text("0027_second_person.sql");
  return {{2, "bodies", bodies}, {3, "accounts", accounts}, {5, "endpoints", endpoints}, {11, "profiles", profiles}, {16, "approvals", approvals},
          {18, "segments", segments}, {27, "second", second}};
}

class Office : public ::testing::Test {
 protected:
  static constexpr std::int64_t kHour = 3'600'000'000;
  static constexpr std::int64_t kDay = 24 * kHour;
  static constexpr const char* kUnit = "01ARZ3NDEKTSV4RRFFQ69G5FA1";

  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-approvals-XXXXXX";
    folder_ = ::mkdtemp(name);
    body_.code = "t";
    body_.db = sql::Db::open_sqlite(folder_ + "/t.db", {1}).value();
    ASSERT_TRUE(body_.db->migrate(office_migrations()).has_value());
    tx_ = body_.db->begin_write().value();
    ASSERT_TRUE(bodies::Table::put_unit(*tx_, {{bodies::UnitId::trusted(kUnit), "soumu", "総務課", std::nullopt, "ka"}}).has_value());
    ASSERT_TRUE(bodies::Table::put_role(*tx_, {"c", "最高責任者", "whole", std::nullopt, {"decide.top"}}).has_value());
    for (const char* who : {"r", "r2", "k", "t", "j", "c", "d", "a"}) add(who, {});
    people_["r2"].person = "r";  // two accounts of one person
    people_["k"].powers = {"decide.section"};
    people_["t"].powers = {"decide.central"};
    people_["j"].powers = {"decide.system"};
    people_["c"].powers = {"decide.top"};
    people_["a"].powers = {"approvals.audit"};
    approvals_ = std::make_unique<Approvals>(Kinds::load(std::string(SK_SOURCE_DIR) + "/src/features/approvals/test_kinds.json").value(), directory());
  }
  void TearDown() override {
    tx_.reset();
    approvals_.reset();
    body_.db.reset();
    std::filesystem::remove_all(folder_);
  }

  void add(const std::string& who, std::set<std::string> powers) { people_[who] = {who, who, who, who + "さん", std::move(powers), {}, {}, {kUnit}}; }
  // `who` stands for `principal` and holds the powers of him that he has not himself.
  void deputise(const std::string& who, const std::string& principal) {
    Standing& deputy = people_[who];
    deputy.stands_for.insert(people_[principal].person);
    for (const std::string& power : people_[principal].powers)
      if (deputy.powers.insert(power).second) deputy.borrowed[power] = {people_[principal].person};
  }
  Directory directory() {
    return {[this](sql::Tx&, const std::string& account, Timestamp) -> Result<std::optional<Standing>> {
              const auto it = people_.find(account);
              return it == people_.end() ? std::optional<Standing>() : std::optional(it->second);
            },
            [this](sql::Tx&, const std::string& power, Timestamp) -> Result<std::vector<std::string>> {
              std::vector<std::string> out;
              for (const auto& [account, who] : people_)
                if (who.powers.contains(power)) out.push_back(account);
              return out;
            },
            [this](sql::Tx&, const std::string& login) -> Result<std::optional<std::string>> {
              return people_.contains(login) ? std::optional(login) : std::nullopt;
            }};
  }

  // One step as this person, undone when it is refused.
  template <class Run>
  auto as(const std::string& who, Run run, gate::Credential credential = gate::SessionToken{"s"}) {
    policy::Person person;
    person.user_id = who;
    person.name = who;
    const gate::Caller caller{&body_, std::move(credential), 0, "req", "test"};
    const std::optional<policy::Permit> permit = gate::PermitMaker::make(matrix_, std::move(person), "test", "6(8)ア");
    gate::Context context(body_, *tx_, caller, permit, now_, board_);
    EXPECT_TRUE(tx_->savepoint().has_value());
    auto out = run(context);
    EXPECT_TRUE((out ? tx_->release() : tx_->undo()).has_value());
    return out;
  }
  NewRequest carry_out(std::int64_t days = 7) {
    NewRequest in;
    in.kind = "carry_out";
    in.fields = {{"object", "端末1台"}, {"class", "機密性2"}, {"place", "支所"}, {"protection", "暗号化"}};
    in.reason = "支所での会議に使うため";
    in.ends_at = Timestamp{now_.micros + days * kDay};
    return in;
  }
  NewRequest software() {
    NewRequest in = carry_out(30);
    in.kind = "software";
    in.fields = {{"software", "表計算 3.1"}, {"device", "端末12"}, {"licence", "台帳で管理"}};
    return in;
  }
  Result<Request> ask(const std::string& who, NewRequest in) {
    return as(who, [&](gate::Context& c) { return approvals_->open(c, std::move(in)); });
  }
  Result<Request> grant(const std::string& who, const Request& r, const std::string& note = "", gate::Credential credential = gate::SessionToken{"s"}) {
    return as(who, [&](gate::Context& c) { return approvals_->rule(c, r.id, Verdict::grant, r.hash, note); }, std::move(credential));
  }
  Result<Request> rule(const std::string& who, const Request& r, Verdict verdict, const std::string& note = "理由") {
    return as(who, [&](gate::Context& c) { return approvals_->rule(c, r.id, verdict, r.hash, note); });
  }
  bool holds(const Request& r) { return approvals_->in_force(*tx_, r.content.kind, r.content.subject, "", now_).value().has_value(); }

  std::string folder_;
  const policy::Matrix matrix_ = policy::test_matrix();
  const gate::StopBoard board_{"C"};
  gate::Body body_;
  std::unique_ptr<sql::Tx> tx_;
  std::map<std::string, Standing> people_;
  std::unique_ptr<Approvals> approvals_;
  Timestamp now_{1'800'000'000'000'000};
};

}  // namespace sekisho::approvals
