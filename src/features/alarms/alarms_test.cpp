#include "features/alarms/alarms.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "crypto/random.h"
#include "policy/test_support.h"
#include "sql/test_migrations.h"

namespace sekisho::alarms {
namespace {

namespace fs = std::filesystem;

// No file of this process grows beyond so much: a full disk.
class FullDisk {
 public:
  FullDisk() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

class AlarmsOfABody : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-alarms-XXXXXX";
    folder_ = ::mkdtemp(name);
    const auto rule = [](const char* power) { return policy::ActionRule{power, "12(1)ア", "統括", false}; };
    gate_ = std::make_unique<gate::Gate>(
        policy::test_matrix({{"alarms.list", rule("alarms.read")}, {"alarms.confirm", rule("alarms.confirm")}, {"alarms.open", rule("program")}}),
        [this](sql::Tx&, const gate::Caller& caller, Timestamp) -> Result<std::optional<policy::Person>> {
          policy::Person person;
          person.user_id = std::holds_alternative<gate::Program>(caller.credential) ? "program" : "tokatsu";
          person.powers = person.user_id == "program" ? std::set<std::string>{"program"} : powers_;
          return std::optional(person);
        },
        board_, clock_);
    start();
  }
  void TearDown() override {
    stop();
    fs::remove_all(folder_);
  }
  void start() {
    alarms_ = std::make_unique<Alarms>(clock_);
    registry_ = {};
    alarms_->register_operations(registry_);
    gate::BodyOptions options;
    options.writer.on_outcome = [this](const Status& outcome) {
      if (!outcome) alarms_->raise("t", "log_unwritable", outcome.error().key);
    };
    auto body = gate::open_body(folder_, "t", sql::all_migrations(), clock_, options);
    ASSERT_TRUE(body.has_value()) << body.error().detail;
    body_ = std::move(*body);
    ASSERT_TRUE(alarms_->attach(*body_));
  }
  void stop() {
    body_.reset();
    alarms_.reset();
  }
  gate::Caller caller() { return {body_.get(), gate::LocalUser{"tokatsu"}, 1, "req", "local", ""}; }
  Result<AlarmList> list() {
    SK_TRY(const json::Value out, gate_->run(*registry_.find("alarms.list"), caller(), json::Object{}));
    return json::read<AlarmList>(out);
  }
  Result<json::Value> confirm(const std::string& id, const std::string& finding) {
    return gate_->run(*registry_.find("alarms.confirm"), caller(), json::Object{{"id", id}, {"finding", finding}});
  }
  std::vector<Alarm> files() const { return waiting_in(folder_).value(); }
  std::size_t recorded() {
    auto tx = body_->db->begin_read().value();
    return Table::standing(*tx, 100).value().size();
  }

  ManualClock clock_{{1'800'000'000'000'000}};
  gate::StopBoard board_{"C"};
  std::set<std::string> powers_ = {"alarms.read", "alarms.confirm"};
  std::string folder_;
  gate::Registry registry_;
  std::unique_ptr<Alarms> alarms_;
  std::unique_ptr<gate::Body> body_;
  std::unique_ptr<gate::Gate> gate_;
};

TEST_F(AlarmsOfABody, IsShownAtOnceAndRecordedWhenItCanBe) {
  alarms_->raise("", "program_changed", "packs/policy/actions.json changed");
  EXPECT_TRUE(alarms_->waits());
  EXPECT_EQ(files().size(), 1u);
  const AlarmList before = list().value();
  ASSERT_EQ(before.items.size(), 1u);
  EXPECT_FALSE(before.items[0].recorded_at);
  EXPECT_EQ(before.items[0].clause, "11(5)ア(ウ)");
  alarms_->settle(*gate_);
  EXPECT_FALSE(alarms_->waits());
  EXPECT_TRUE(files().empty());
  const AlarmList after = list().value();
  ASSERT_EQ(after.items.size(), 1u);
  EXPECT_TRUE(after.items[0].recorded_at);
  EXPECT_EQ(after.items[0].id, before.items[0].id);
}

TEST_F(AlarmsOfABody, TheSameMatterIsOneNotice) {
  for (int i = 0; i < 3; ++i) alarms_->raise("t", "clock_stepped", "+3600.000 s");
  alarms_->settle(*gate_);
  alarms_->raise("t", "clock_stepped", "+3600.000 s");
  EXPECT_FALSE(alarms_->waits());
  const AlarmList shown = list().value();
  ASSERT_EQ(shown.items.size(), 1u);
  EXPECT_EQ(shown.items[0].times, 3);
  ASSERT_TRUE(confirm(shown.items[0].id, "時刻の合わせ直しだった"));
  alarms_->raise("t", "clock_stepped", "+3600.000 s");
  EXPECT_TRUE(alarms_->waits()) << "after it was confirmed it is a new one";
}

TEST_F(AlarmsOfABody, AnotherBodysNoticeIsNotOurs) {
  alarms_->raise("other", "clock_stepped", "x");
  EXPECT_FALSE(alarms_->waits());
}

TEST_F(AlarmsOfABody, OutlivesTheProgramBeforeItIsRecorded) {
  alarms_->raise("t", "log_rolled_back", "witness saw 10 leaves");
  stop();
  start();
  ASSERT_EQ(list().value().items.size(), 1u);
  alarms_->settle(*gate_);
  EXPECT_EQ(recorded(), 1u);
  stop();
  start();
  alarms_->raise("t", "log_rolled_back", "witness saw 10 leaves");
  EXPECT_FALSE(alarms_->waits()) << "it stands already";
}

TEST_F(AlarmsOfABody, AFullDiskOpensOneAndItIsRecordedWhenThereIsRoom) {
  {
    const FullDisk full;
    EXPECT_EQ(list().error().key, "log.unavailable");
    EXPECT_EQ(list().error().key, "log.unavailable");
    alarms_->settle(*gate_);
    EXPECT_TRUE(alarms_->waits());
    const auto kept = files();
    ASSERT_EQ(kept.size(), 1u) << "its name alone needs no room";
    EXPECT_EQ(kept[0].kind, "log_unwritable");
  }
  alarms_->settle(*gate_);
  EXPECT_FALSE(alarms_->waits());
  const AlarmList shown = list().value();
  ASSERT_EQ(shown.items.size(), 1u);
  EXPECT_EQ(shown.items[0].kind, "log_unwritable");
  EXPECT_GE(shown.items[0].times, 2);
}

TEST_F(AlarmsOfABody, ConfirmingNeedsThePowerAndAFinding) {
  alarms_->raise("t", "clock_stepped", "-2.000 s");
  alarms_->settle(*gate_);
  const std::string id = list().value().items[0].id;
  EXPECT_EQ(confirm(id, "").error().key, "alarms.finding");
  EXPECT_EQ(confirm(id, std::string(2001, 'x')).error().key, "alarms.finding");
  EXPECT_EQ(confirm("01ARZ3NDEKTSV4RRFFQ69G5FAV", "見た").error().key, "alarms.not_found");
  powers_ = {"alarms.read"};
  EXPECT_EQ(confirm(id, "見た").error().code, Code::denied);
  powers_ = {};
  EXPECT_EQ(list().error().code, Code::denied);
  powers_ = {"alarms.read", "alarms.confirm"};
  ASSERT_TRUE(confirm(id, "時刻の合わせ直しだった"));
  EXPECT_EQ(confirm(id, "もう一度").error().key, "alarms.confirmed");
  const AlarmList after = list().value();
  EXPECT_TRUE(after.items.empty());
  ASSERT_EQ(after.confirmed.size(), 1u);
  EXPECT_EQ(after.confirmed[0].finding, "時刻の合わせ直しだった");
}

TEST_F(AlarmsOfABody, StrangeFilesAreNotNotices) {
  fs::create_directories(folder_ + "/alarms");
  for (const char* name : {"x", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV.moon", "short.clock_stepped"}) std::ofstream(folder_ + "/alarms/" + name) << "{}";
  EXPECT_TRUE(files().empty());
  std::ofstream(folder_ + "/alarms/01ARZ3NDEKTSV4RRFFQ69G5FAV.clock_stepped") << "{\"broken";
  ASSERT_EQ(files().size(), 1u) << "the name says enough";
  EXPECT_EQ(files()[0].kind, "clock_stepped");
}

TEST_F(AlarmsOfABody, TheRegisterThatTakesOverSeesEachOnceInItsTransaction) {
  std::vector<std::string> taken;
  alarms_->on_recorded([&](gate::Context& context, const Alarm& a) -> Status {
    EXPECT_TRUE(context.tx.writes());
    taken.push_back(a.kind);
    return ok();
  });
  alarms_->raise("t", "clock_stepped", "x");
  alarms_->settle(*gate_);
  alarms_->settle(*gate_);
  EXPECT_EQ(taken, std::vector<std::string>{"clock_stepped"});
}

}  // namespace
}  // namespace sekisho::alarms
