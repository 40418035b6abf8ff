#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/random.h"
#include "gate/payload_table.h"
#include "gate/run.h"
#include "policy/test_support.h"

namespace sekisho::gate {
namespace {

struct NoteIn {
  std::string text;
  bool refuse = false;
};
BOOST_DESCRIBE_STRUCT(NoteIn, (), (text, refuse))
struct NoteOut {
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(NoteOut, (), (count))

std::vector<sql::Migration> migrations() {
  static const auto text = [](const char* name) {
    std::ifstream in(std::string(SK_SOURCE_DIR) + "/migrations/" + name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  static const std::string log = text("0001_log.sql"), content = text("0024_content_log.sql");
  return {{1, "log", log}, {24, "content_log", content}, {25, "note", "CREATE TABLE note (id {serial}, text {text} NOT NULL) {strict};\n"}};
}

Operation<NoteIn, NoteOut> add_note() {
  return {"note.add", "覚え書きを加える", "note.add", Access::write, 1024, no_preparation<NoteIn>(), [](Context& context, NoteIn& in) -> Result<NoteOut> {
            SK_CHECK(context.tx.query("INSERT INTO note (text) VALUES (:text)").bind("text", in.text).run());
            context.about("n");
            if (in.refuse) {
              context.when_refused([](sql::Tx& tx) -> Status {
                SK_CHECK(tx.query("INSERT INTO note (text) VALUES ('kept')").run());
                return ok();
              });
              return fail(Code::conflict, "note.refused");
            }
            SK_TRY(const auto row, context.tx.query("SELECT COUNT(*) FROM note").one<std::int64_t>());
            return NoteOut{std::get<0>(row)};
          }};
}
Operation<NoteIn, NoteOut> read_notes() {
  return {"note.read", "覚え書きを読む", "note.read", Access::read, 1024, no_preparation<NoteIn>(), [](Context& context, NoteIn&) -> Result<NoteOut> {
            SK_TRY(const auto row, context.tx.query("SELECT COUNT(*) FROM note").one<std::int64_t>());
            return NoteOut{std::get<0>(row)};
          }};
}

class GateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto_ready());
    char name[] = "/tmp/sekisho-gate-XXXXXX";
    folder_ = ::mkdtemp(name);
    reopen();
    const auto rule = [](const char* power) { return policy::ActionRule{power, "7(2)エ", "K", false}; };
    gate_ = std::make_unique<Gate>(policy::test_matrix({{"note.add", rule("w")}, {"note.read", rule("r")}}),
                                   [](sql::Tx&, const Caller& caller, Timestamp) -> Result<std::optional<policy::Person>> {
                                     const auto* user = std::get_if<LocalUser>(&caller.credential);
                                     if (user == nullptr) return std::optional<policy::Person>();
                                     policy::Person person;
                                     person.user_id = user->login;
                                     person.powers = user->login == "writer" ? std::set<std::string>{"w", "r"} : std::set<std::string>{"r"};
                                     if (user->login == "deputy") {
                                       person.elevation = "elevation-1";
                                       person.stands_for = {"holder-1"};
                                     }
                                     return std::optional(person);
                                   },
                                   board_, clock_);
  }
  void TearDown() override {
    gate_.reset();
    body_.reset();
    std::filesystem::remove_all(folder_);
  }
  static bool crypto_ready();
  void reopen() {
    body_.reset();
    auto body = open_body(folder_, "t", migrations(), clock_, {});
    ASSERT_TRUE(body.has_value()) << body.error().detail;
    body_ = std::move(*body);
  }
  Caller as(const std::string& login) { return {body_.get(), LocalUser{login}, 1, "req", "local"}; }
  Result<NoteOut> add(const std::string& login, const std::string& text, bool refuse = false) { return gate_->run(add_note(), as(login), NoteIn{text, refuse}); }
  Result<Verification> verified() {
    auto tx = body_->db->begin_read().value();
    return verify_log(*tx, *body_->log_keys);
  }
  std::int64_t notes() { return gate_->run(read_notes(), as("reader"), NoteIn{}).value().count; }

  SystemClock clock_;
  StopBoard board_{"C"};
  std::string folder_;
  std::unique_ptr<Body> body_;
  std::unique_ptr<Gate> gate_;
};

bool GateTest::crypto_ready() { return crypto::init().has_value(); }

TEST_F(GateTest, EveryActLeavesALeaf) {
  EXPECT_EQ(add("writer", "一").value().count, 1);
  EXPECT_EQ(notes(), 1);
  EXPECT_EQ(verified().value().leaves, 2u);
  EXPECT_EQ(verified().value().payloads, 2u);
}

TEST_F(GateTest, DenialIsRecordedAndChangesNothing) {
  const auto denied = add("reader", "x");
  EXPECT_EQ(denied.error().code, Code::denied);
  EXPECT_EQ(denied.error().clause, "7(2)エ");
  EXPECT_EQ(denied.error().who_can_permit, "K");
  EXPECT_EQ(verified().value().leaves, 1u);
  EXPECT_EQ(notes(), 0);
}

TEST_F(GateTest, NobodyIsRefusedWithoutARecord) {
  const Caller nobody{body_.get(), Nobody{}, 1, "req", "x"};
  EXPECT_EQ(gate_->run(add_note(), nobody, NoteIn{}).error().code, Code::unauthenticated);
  EXPECT_EQ(verified().value().leaves, 0u);
}

TEST_F(GateTest, RefusedOperationIsUndoneButKeepsWhatItMust) {
  EXPECT_EQ(add("writer", "gone", true).error().key, "note.refused");
  EXPECT_EQ(notes(), 1);  // "kept"
  EXPECT_EQ(verified().value().leaves, 2u);
}

TEST_F(GateTest, NothingCommitsWhenTheLogCannotAppend) {
  {
    auto tx = body_->db->begin_write().value();
    ASSERT_TRUE(tx->query("DROP TABLE log_payload").run().has_value());
    ASSERT_TRUE(tx->commit().has_value());
  }
  EXPECT_EQ(add("writer", "x").error().code, Code::unavailable);
  auto tx = body_->db->begin_read().value();
  EXPECT_EQ(std::get<0>(tx->query("SELECT COUNT(*) FROM note").one<std::int64_t>().value()), 0);
  tx.reset();
  EXPECT_EQ(gate_->run(read_notes(), as("reader"), NoteIn{}).error().code, Code::unavailable);
}

TEST_F(GateTest, ManyCallersShareCommitsAndTheTreeVerifies) {
  std::vector<std::thread> threads;
  std::atomic<int> done = 0;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) done += add("writer", std::to_string(i)).has_value() ? 1 : 0;
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(done, 800);
  EXPECT_EQ(notes(), 800);
  const auto before = verified();
  ASSERT_TRUE(before.has_value()) << before.error().detail;
  EXPECT_EQ(before->leaves, 801u);
  EXPECT_GE(before->checkpoints, 3u);
  reopen();
  EXPECT_TRUE(add("writer", "after").has_value());
  const auto after = verified();
  ASSERT_TRUE(after.has_value()) << after.error().detail;
  EXPECT_EQ(after->leaves, 802u);
}

TEST_F(GateTest, VerificationSeesEveryKindOfTampering) {
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(add("writer", "x").has_value());
  ASSERT_TRUE(verified().has_value());
  for (const char* change : {"DROP TRIGGER log_leaf_no_update;UPDATE log_leaf SET leaf = replace(leaf, '\"allow\"', '\"deny\"') WHERE seq = 7",
                             "DROP TRIGGER log_payload_no_update;UPDATE log_payload SET sealed = (SELECT sealed FROM log_payload WHERE seq = 3) WHERE seq = 4",
                             "DROP TRIGGER log_payload_no_update;DELETE FROM log_payload WHERE seq = 5",
                             "DROP TRIGGER log_payload_no_update;DELETE FROM log_key",
                             "DROP TRIGGER log_tile_no_update;UPDATE log_tile SET hashes = zeroblob(8192)",
                             "DROP TRIGGER log_leaf_no_delete;DELETE FROM log_leaf WHERE seq = 299"}) {
    const std::string text(change);
    auto tx = body_->db->begin_write().value();
    ASSERT_TRUE(tx->query(text.substr(0, text.find(';'))).run().has_value());
    ASSERT_TRUE(tx->query(text.substr(text.find(';') + 1)).run().has_value());
    EXPECT_FALSE(verify_log(*tx, *body_->log_keys).has_value()) << change;
  }
}

// Allowed, refused and failed acts alike name the elevation under which they were tried, and the holder for whom a deputy acts.
TEST_F(GateTest, ElevationAndDeputyshipStandInEveryRecord) {
  EXPECT_FALSE(add("deputy", "x").has_value());
  EXPECT_TRUE(gate_->run(read_notes(), as("deputy"), NoteIn{}).has_value());
  ASSERT_TRUE(add("writer", "x").has_value());
  auto tx = body_->db->begin_read().value();
  const auto rows = tx->query("SELECT seq FROM log_payload ORDER BY seq").all<std::int64_t>().value();
  ASSERT_EQ(rows.size(), 3u);
  for (std::size_t n = 0; n < rows.size(); ++n) {
    const auto payload = PayloadTable::open(*tx, body_->log_keys->payload, static_cast<std::uint64_t>(std::get<0>(rows[n]))).value();
    ASSERT_TRUE(payload.has_value());
    EXPECT_EQ(payload->find("\"elevation\":\"elevation-1\"") != std::string::npos, n < 2) << *payload;
    EXPECT_EQ(payload->find("\"deputy_for\":[\"holder-1\"]") != std::string::npos, n < 2) << *payload;
  }
}

TEST_F(GateTest, StoredPayloadIsNotReadableInTheFile) {
  ASSERT_TRUE(add("writer", "canary-7f3a").has_value());
  auto tx = body_->db->begin_read().value();
  const auto rows = tx->query("SELECT sealed FROM log_payload").all<sql::Blob>().value();
  EXPECT_EQ(std::get<0>(rows[0]).bytes.find("canary"), std::string::npos);
}

}  // namespace
}  // namespace sekisho::gate
