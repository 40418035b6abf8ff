// The steps of a disposal over a real body and log, where time can be moved. Asking and permitting over HTTP is in tests/functional/test_disposal.py.
#include "features/disposal/disposal.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/random.h"
#include "features/disposal/contract.h"
#include "features/disposal/erasing.h"
#include "policy/test_support.h"

namespace sekisho::disposal {
namespace {

constexpr const char* kPerson = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
constexpr const char* kOther = "01ARZ3NDEKTSV4RRFFQ69G5FAW";
constexpr const char* kChat = "01ARZ3NDEKTSV4RRFFQ69G5FB0";
constexpr const char* kOtherChat = "01ARZ3NDEKTSV4RRFFQ69G5FB1";
constexpr const char* kMessage = "01ARZ3NDEKTSV4RRFFQ69G5FC0";
constexpr std::int64_t kDay = 86'400'000'000;
const std::string kSecret = "翡翠の標識を付けた会話の文は、廃棄のあとにはどこにも残らない。";

struct TextIn {
  std::string object;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(TextIn, (), (object, text))

class DisposalRun : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::init().has_value());
    char name[] = "/tmp/sekisho-disposal-XXXXXX";
    folder_ = ::mkdtemp(name);
    analyzer_ = text::Analyzer::create({std::string(text::kDefaultDictionary), std::string(SK_SOURCE_DIR) + "/packs/analysis/variants.tsv"}).value();
    const auto rule = [](const char* power) { return policy::ActionRule{power, "7(2)ケ(イ)", "統括", false}; };
    gate_ = std::make_unique<gate::Gate>(
        policy::test_matrix({{"chats.ask", rule("")}, {"chats.close", rule("")}, {"disposal.run", rule("program")}}),
        [this](sql::Tx&, const gate::Caller& caller, Timestamp) -> Result<std::optional<policy::Person>> {
          policy::Person person;
          person.user_id = std::holds_alternative<gate::Program>(caller.credential) ? "program" : actor_;
          if (person.user_id == "program") person.powers = {"program"};
          return std::optional(person);
        },
        board_, clock_);
    clock_.advance_micros(retention::month_begin("2026-11").value().micros + 10 * kDay - clock_.now().micros);
    open();
    people();
  }
  void TearDown() override {
    library_.reset();
    body_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    library_.reset();
    body_.reset();
    body_ = gate::open_body(folder_ + "/bodies/t", "t", migrations(), clock_, {}).value();
    library_ = std::make_unique<library::Library>(*analyzer_, nullptr, *gate_, library::Settings{});
    ASSERT_TRUE(library_->attach(*body_).has_value());
  }
  static std::vector<sql::Migration> migrations() {
    static const std::vector<std::pair<std::string, std::string>> files = [] {
      std::vector<std::pair<std::string, std::string>> out;
      for (const auto& entry : std::filesystem::directory_iterator(std::string(SK_SOURCE_DIR) + "/migrations")) {
        std::ifstream in(entry.path());
        out.emplace_back(entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {}));
      }
      std::sort(out.begin(), out.end());
      return out;
    }();
    std::vector<sql::Migration> out;
    for (const auto& [name, text] : files) out.push_back({std::stoi(name.substr(0, 4)), name, text});
    return out;
  }
  void write(const std::function<Status(sql::Tx&)>& what) {
    const Status done = body_->writer->run([&](sql::Tx& tx, gate::LogTable&) { return what(tx); });
    ASSERT_TRUE(done.has_value()) << done.error().detail;
  }
  void people() {
    write([](sql::Tx& tx) -> Status {
      SK_CHECK(tx.query("INSERT INTO unit (id, code, name) VALUES ('01ARZ3NDEKTSV4RRFFQ69G5FA0', 'u', '課')").run());
      for (const char* id : {kPerson, kOther})
        SK_CHECK(tx.query("INSERT INTO account (id, login, name, unit_id, clearance, enabled, password, must_change, created_at) VALUES "
                          "(:id, :login, '花子', '01ARZ3NDEKTSV4RRFFQ69G5FA0', 2, 1, 'x', 0, 0)").bind("id", id).bind("login", std::string("l") + id).run());
      for (const auto& [chat, owner] : {std::pair(kChat, kPerson), std::pair(kOtherChat, kOther)})
        SK_CHECK(tx.query("INSERT INTO chat (id, owner_id, title, collections, label, created_at, updated_at) VALUES (:id, :owner, '題', '[]', 'l', 0, 0)")
                     .bind("id", chat).bind("owner", owner).run());
      SK_CHECK(tx.query("INSERT INTO message (id, chat_id, role, text, state, engine, citations, sentences, label, characters_in, characters_out, characters_context, created_at) "
                        "VALUES (:id, :chat, 'user', :text, 'complete', '', '[]', '[]', 'l', 0, 0, 0, 0)").bind("id", kMessage).bind("chat", kChat).bind("text", kSecret).run());
      return ok();
    });
    say(kPerson, kMessage);
    say(kOther, "01ARZ3NDEKTSV4RRFFQ69G5FC9");
  }
  void say(const char* actor, const char* object) {
    actor_ = actor;
    const gate::Operation<TextIn, bodies::Nothing> operation{"chats.ask", "尋ねる", "chats.ask", gate::Access::write, 0, gate::no_preparation<TextIn>(),
                                                             [](gate::Context& context, TextIn& in) -> Result<bodies::Nothing> {
                                                               context.about(in.object);
                                                               return bodies::Nothing{};
                                                             }};
    const gate::Caller caller{body_.get(), gate::LocalUser{"x"}, 1, "req", "local", ""};
    ASSERT_TRUE(gate_->run(operation, caller, TextIn{object, kSecret}).has_value());
  }
  DisposalId permitted(const char* scope, const char* kind, const char* target) {
    Disposal d;
    d.id = DisposalId::trusted("01ARZ3NDEKTSV4RRFFQ69G5FD0");
    d.scope = scope;
    d.target = target;
    d.what = "試験";
    d.items = {{kind, target, "", ""}};
    d.items_hash = hash_of(d.items);
    d.approval_id = "01ARZ3NDEKTSV4RRFFQ69G5FE0";
    d.state = "permitted";
    d.requested_by = kOther;
    d.permitted_at = clock_.now();
    write([&](sql::Tx& tx) { return Table::insert(tx, d); });
    return d.id;
  }
  Disposal found(const DisposalId& id) {
    auto tx = body_->db->begin_read().value();
    return Table::find(*tx, id).value().value();
  }
  Parts parts() { return {*library_, folder_, {}}; }
  Done go() { return run(*gate_, *body_, parts()).value(); }
  std::int64_t count(const std::string& text) {
    auto tx = body_->db->begin_read().value();
    return std::get<0>(tx->query(text).one<std::int64_t>().value());
  }
  bool payload(std::int64_t seq) { return count("SELECT COUNT(*) FROM log_payload WHERE seq = " + std::to_string(seq)) == 1; }
  gate::Verification verified() {
    auto tx = body_->db->begin_read().value();
    const auto out = gate::verify_log(*tx, *body_->log_keys);
    EXPECT_TRUE(out.has_value()) << out.error().detail;
    return out.value_or(gate::Verification{});
  }
  bool raw(const std::string& text) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      if (std::string(std::istreambuf_iterator<char>(in), {}).find(text) != std::string::npos) return true;
    }
    return false;
  }

  std::string folder_, actor_ = kPerson;
  ManualClock clock_{Timestamp{1'700'000'000'000'000}};
  gate::StopBoard board_{"統括"};
  std::unique_ptr<const text::Analyzer> analyzer_;
  std::unique_ptr<gate::Gate> gate_;
  std::unique_ptr<gate::Body> body_;
  std::unique_ptr<library::Library> library_;
};

TEST_F(DisposalRun, ErasesAtOnceAndTheLogWhenItsTimeHasCome) {
  const DisposalId id = permitted("chat", "chat", kChat);
  EXPECT_TRUE(raw(kSecret));
  EXPECT_EQ(go().certified, 1);
  Disposal d = found(id);
  EXPECT_EQ(d.state, "certified") << d.trouble;
  EXPECT_EQ(d.counts["message"], 1);
  EXPECT_EQ(d.verification.found, 0);
  EXPECT_GT(d.verification.samples, 0);
  EXPECT_FALSE(raw(kSecret));
  ASSERT_EQ(d.remaining.size(), 1u);
  EXPECT_EQ(d.remaining[0].ground, "retention");
  EXPECT_EQ(d.remaining[0].count, 1);
  EXPECT_EQ(d.rest_at, retention::month_begin("2027-01").value());
  EXPECT_TRUE(payload(0));
  EXPECT_EQ(count("SELECT COUNT(*) FROM disposal_certificate"), 1);
  EXPECT_EQ(go().certified, 0) << "nothing to do before the day";

  clock_.advance_micros(retention::month_begin("2027-01").value().micros + kDay - clock_.now().micros);
  EXPECT_EQ(go().certified, 1);
  d = found(id);
  EXPECT_TRUE(d.remaining.empty());
  EXPECT_FALSE(d.rest_at.has_value());
  EXPECT_EQ(d.counts["log_payload"], 1);
  EXPECT_FALSE(payload(0));
  EXPECT_TRUE(payload(1)) << "another person's stays";
  EXPECT_EQ(count("SELECT COUNT(*) FROM disposal_certificate"), 2);
  EXPECT_EQ(count("SELECT COUNT(*) FROM disposal_work"), 0);
  EXPECT_EQ(verified().erased, 1u);
  open();
  EXPECT_EQ(verified().erased, 1u);
}

TEST_F(DisposalRun, AHoldKeepsTheLogUntilItIsReleased) {
  write([&](sql::Tx& tx) {
    return retention::Table::insert_hold(tx, {"01ARZ3NDEKTSV4RRFFQ69G5FF0", "content", "", "", "事案", "調査", "統括", clock_.now(), {}, {}, {}});
  });
  const DisposalId id = permitted("person", "person", kPerson);
  clock_.advance_micros(100 * kDay);
  EXPECT_EQ(go().certified, 1);
  Disposal d = found(id);
  ASSERT_EQ(d.remaining.size(), 1u);
  EXPECT_EQ(d.remaining[0].ground, "hold");
  EXPECT_TRUE(payload(0));
  EXPECT_EQ(count("SELECT COUNT(*) FROM account WHERE name = '花子'"), 1);
  write([&](sql::Tx& tx) -> Status {
    SK_CHECK(retention::Table::release_hold(tx, "01ARZ3NDEKTSV4RRFFQ69G5FF0", "統括", "終わり", clock_.now()));
    return ok();
  });
  clock_.advance_micros(2 * kDay);
  EXPECT_EQ(go().certified, 1);
  EXPECT_FALSE(payload(0));
  EXPECT_TRUE(found(id).remaining.empty());
  verified();
}

// Whatever step it was cut after, the next start ends it. Each step is entered twice as well.
TEST_F(DisposalRun, GoesOnFromEveryStep) {
  const DisposalId id = permitted("chat", "chat", kChat);
  const Parts with = parts();
  const Site site{*gate_, *body_, with};
  ASSERT_TRUE(begin(site, found(id)).has_value());
  for (int step = 1; step < static_cast<int>(Step::finished); ++step) {
    ASSERT_EQ(found(id).step, step);
    const Disposal d = found(id);
    const auto again = [&](auto&& one) {
      for (int twice = 0; twice < 2; ++twice) ASSERT_TRUE(one(site, d).has_value()) << step << " " << twice;
    };
    switch (static_cast<Step>(step)) {
      case Step::mark: again(mark); break;
      case Step::rows: again(remove_rows); break;
      case Step::blobs: again(remove_blobs); break;
      case Step::index: again(rewrite_index); break;
      case Step::find: again(find_leaves); break;
      case Step::log: again(erase_payloads); break;
      default: again(rewrite_database); break;
    }
  }
  EXPECT_EQ(found(id).state, "done");
  EXPECT_EQ(go().certified, 1);
  EXPECT_EQ(found(id).counts["message"], 1);
  EXPECT_EQ(found(id).counts["chat"], 1);
  EXPECT_FALSE(raw(kSecret));
  verified();
}

TEST_F(DisposalRun, WaitsForAnAnswerThatIsBeingWritten) {
  write([](sql::Tx& tx) -> Status {
    SK_CHECK(tx.query("UPDATE message SET state = 'streaming' WHERE id = :id").bind("id", kMessage).run());
    return ok();
  });
  const DisposalId id = permitted("chat", "chat", kChat);
  EXPECT_EQ(go().waiting, 1);
  EXPECT_EQ(found(id).state, "running");
  EXPECT_TRUE(raw(kSecret));
  write([](sql::Tx& tx) -> Status {
    SK_CHECK(tx.query("UPDATE message SET state = 'complete' WHERE id = :id").bind("id", kMessage).run());
    return ok();
  });
  EXPECT_EQ(go().certified, 1);
}

// The end of a contract, cut at each place where it can be: the next program ends it, and nothing of the body is left but the certificate.
TEST_F(DisposalRun, TheEndOfAContractGoesOnFromWhereItWasCut) {
  namespace fs = std::filesystem;
  for (int cut = 0; cut < 4; ++cut) {
    if (cut > 0) {
      TearDown();
      SetUp();
    }
    const DisposalId id = permitted("contract", "contract", "t");
    EXPECT_EQ(go().certified, 0) << "a contract is not ended by the service";
    const Disposal d = begin_contract(*gate_, *body_, parts(), id).value();
    const json::Object head = signed_head(*body_, clock_.now()).value();
    ASSERT_TRUE(end_contract(*gate_, *body_, parts(), d, head).has_value());
    library_.reset();
    body_.reset();
    const fs::path ending = fs::path(folder_) / "ending" / id.str();
    if (cut >= 1) fs::rename(folder_ + "/bodies/t", ending / "body");
    if (cut >= 2) fs::remove(ending / "body/body.key");
    if (cut >= 3) fs::remove(ending / "body/body.db");
    const auto ended = finish_contracts(folder_, folder_ + "/heads", "");
    ASSERT_TRUE(ended.has_value()) << ended.error().key << ended.error().detail;
    ASSERT_EQ(ended->size(), 1u);
    std::vector<std::string> left;
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      if (entry.is_regular_file()) left.push_back(entry.path().filename().string());
    std::sort(left.begin(), left.end());
    EXPECT_EQ(left, (std::vector<std::string>{"haiki-" + id.str() + "-1.json", "haiki-" + id.str() + "-1.pdf"}));
    EXPECT_TRUE(finish_contracts(folder_, folder_ + "/heads", "")->empty());
  }
}

TEST_F(DisposalRun, AContractIsNotEndedWhileSomethingIsHeld) {
  const DisposalId id = permitted("contract", "contract", "t");
  write([&](sql::Tx& tx) {
    return retention::Table::insert_hold(tx, {"01ARZ3NDEKTSV4RRFFQ69G5FF0", "content", "", "", "事案", "調査", "統括", clock_.now(), {}, {}, {}});
  });
  EXPECT_EQ(begin_contract(*gate_, *body_, parts(), id).error().key, "disposal.held");
  EXPECT_EQ(found(id).state, "permitted");
}

// What the search is for: something was left behind.
TEST_F(DisposalRun, DoesNotCertifyWhatIsStillThere) {
  const DisposalId id = permitted("chat", "chat", kChat);
  std::ofstream(folder_ + "/forgotten.tmp") << "…" << kSecret;
  EXPECT_EQ(go().waiting, 1);
  Disposal d = found(id);
  EXPECT_EQ(d.state, "running");
  EXPECT_GT(d.verification.found, 0);
  EXPECT_EQ(d.verification.places, std::vector<std::string>{"forgotten.tmp"});
  EXPECT_EQ(count("SELECT COUNT(*) FROM disposal_certificate"), 0);
  EXPECT_EQ(go().waiting, 0) << "tried again after an hour";
  std::filesystem::remove(folder_ + "/forgotten.tmp");
  clock_.advance_micros(2LL * 3600 * 1'000'000);
  EXPECT_EQ(go().certified, 1);
  EXPECT_EQ(found(id).state, "certified");
}

}  // namespace
}  // namespace sekisho::disposal
