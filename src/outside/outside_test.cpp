#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "core/bytes.h"
#include "outside/paper.h"
#include "outside/syslog.h"
#include "outside/witness.h"
#include "tlog/test_tree.h"

namespace sekisho::outside {
namespace {

namespace fs = std::filesystem;

class WitnessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::temp_directory_path() / ("witness_test." + std::to_string(::getpid()))).string();
    fs::remove_all(folder_);
    open();
  }
  void TearDown() override { fs::remove_all(folder_); }

  void open() {
    auto policy = tlog::TrustPolicy::parse("log " + verifier(key_).text() + "\nquorum none\n").value();
    auto opened = Witness::open(folder_, "witness.example", std::move(policy), clock_);
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    witness_ = std::move(*opened);
  }
  static tlog::VerifierKey verifier(const crypto::SigningKey& key) { return tlog::VerifierKey::create("log.example", tlog::KeyType::ed25519, key.public_key()).value(); }
  std::string head(const tlog::TestTree& tree, std::uint64_t size) const {
    return tlog::sign_checkpoint({"log.example", size, tlog::root_at(size, tree.reader()).value(), {}}, key_).value();
  }
  WitnessAnswer ask(const tlog::TestTree& tree, std::uint64_t old, std::uint64_t size) {
    tlog::Proof proof;
    if (old > 0 && old < size) proof = tlog::consistency_proof(old, size, tree.reader()).value();
    return witness_->add_checkpoint(tlog::encode_consistency({old, proof, head(tree, size)}));
  }
  std::size_t evidence() const {
    std::size_t n = 0;
    for (const auto& entry : fs::directory_iterator(folder_)) n += entry.path().filename().string().starts_with("refused-");
    return n;
  }

  std::string folder_;
  ManualClock clock_{Timestamp{1'800'000'000'000'000}};
  crypto::SigningKey key_ = crypto::SigningKey::from_seed(std::string(32, 'l')).value();
  tlog::TestTree tree_{40};
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, CosignsWhatContinues) {
  for (const auto& [old, size] : {std::pair{0u, 7u}, {7u, 7u}, {7u, 16u}, {16u, 40u}}) {
    const WitnessAnswer said = ask(tree_, old, size);
    ASSERT_EQ(said.status, 200) << said.body;
    const auto opened = tlog::open_checkpoint(head(tree_, size) + said.body, verifier(key_), {witness_->key()});
    ASSERT_TRUE(opened.has_value()) << opened.error().detail;
    ASSERT_EQ(opened->witnesses.size(), 1u);
    EXPECT_EQ(opened->witnesses[0].unix_seconds, 1'800'000'000u);
  }
}

TEST_F(WitnessTest, RemembersAcrossARestart) {
  ASSERT_EQ(ask(tree_, 0, 16).status, 200);
  open();
  const WitnessAnswer said = ask(tree_, 0, 40);
  EXPECT_EQ(said.status, 409);
  EXPECT_EQ(said.type, "text/x.tlog.size");
  EXPECT_EQ(said.body, "16\n");
  EXPECT_EQ(ask(tree_, 16, 40).status, 200);
}

TEST_F(WitnessTest, SeesARollback) {
  ASSERT_EQ(ask(tree_, 0, 40).status, 200);
  const WitnessAnswer said = ask(tree_, 16, 20);
  EXPECT_EQ(said.status, 409);
  EXPECT_EQ(said.body, "40\n");
  EXPECT_EQ(evidence(), 1u);
}

TEST_F(WitnessTest, SeesAnotherHistory) {
  ASSERT_EQ(ask(tree_, 0, 16).status, 200);
  tlog::TestTree other(10);
  for (int i = 10; i < 40; ++i) other.add("another " + std::to_string(i));
  EXPECT_EQ(ask(other, 16, 40).status, 422);
  EXPECT_EQ(ask(other, 16, 16).status, 409);
  EXPECT_EQ(evidence(), 2u);
  EXPECT_EQ(ask(tree_, 16, 40).status, 200) << "the true log goes on";
}

TEST_F(WitnessTest, AnswersAsTheSpecificationSays) {
  EXPECT_EQ(witness_->add_checkpoint("").status, 400);
  EXPECT_EQ(witness_->add_checkpoint("old 0\n\nnonsense").status, 400);
  EXPECT_EQ(ask(tree_, 20, 16).status, 400);
  const auto stranger = crypto::SigningKey::from_seed(std::string(32, 's')).value();
  const auto sign = [&](const std::string& origin) { return tlog::sign_checkpoint({origin, 16, tlog::root_at(16, tree_.reader()).value(), {}}, stranger).value(); };
  EXPECT_EQ(witness_->add_checkpoint(tlog::encode_consistency({0, {}, sign("log.example")})).status, 403);
  EXPECT_EQ(witness_->add_checkpoint(tlog::encode_consistency({0, {}, sign("other.example")})).status, 404);
  EXPECT_EQ(witness_->add_checkpoint(tlog::encode_consistency({0, {Hash{}}, head(tree_, 16)})).status, 422) << "a proof from nothing is empty";
  EXPECT_EQ(ask(tree_, 0, 16).status, 200);
}

TEST_F(WitnessTest, SignsOneOfManyThatRace) {
  ASSERT_EQ(ask(tree_, 0, 8).status, 200);
  std::atomic<int> won{0};
  std::vector<std::thread> threads;
  for (std::uint64_t size = 9; size <= 24; ++size)
    threads.emplace_back([&, size] {
      const auto proof = tlog::consistency_proof(8, size, tree_.reader()).value();
      won += witness_->add_checkpoint(tlog::encode_consistency({8, proof, head(tree_, size)})).status == 200;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(won.load(), 1);
}

TEST_F(WitnessTest, RefusesStateThatItDidNotSign) {
  ASSERT_EQ(ask(tree_, 0, 40).status, 200);
  std::string state;
  for (const auto& entry : fs::directory_iterator(folder_))
    if (entry.path().extension() == ".checkpoint") state = entry.path().string();
  ASSERT_TRUE(write_file(state, head(tree_, 16)).has_value());
  EXPECT_EQ(ask(tree_, 16, 40).status, 500);
  auto policy = tlog::TrustPolicy::parse("log " + verifier(key_).text() + "\nquorum none\n").value();
  EXPECT_FALSE(Witness::open(folder_, "witness.example", std::move(policy), clock_).has_value());
}

TEST(Syslog, WritesRfc5424) {
  tlog::Leaf leaf{61, {1'774'832'523'000'004}, "actor", "chats.ask", "7(2)", "", "", "deny", "2026-04-01", {}};
  const std::string bytes = tlog::encode_leaf(leaf).value();
  const std::string message = syslog_message(leaf, bytes, "host 1\n");
  EXPECT_EQ(message, "<108>1 2026-03-30T01:02:03.000004Z host1 sekisho - log [meta sequenceId=\"62\"][origin software=\"sekisho\"] \xef\xbb\xbf" + bytes);
  EXPECT_EQ(framed(message), std::to_string(message.size()) + " " + message);
  leaf.seq = 2'147'483'647;
  EXPECT_NE(syslog_message(leaf, bytes, "").find(" - sekisho - log [meta sequenceId=\"1\"]"), std::string::npos);
}

TEST(Paper, ShowsTheHeadAndEscapesWhatItWasGiven) {
  const std::string note = "sekisho/a\n139\nwBkK8AwXZdbDLKpvRVQ/im9CtJmWbRh+LUovddmUFsY=\n\n\xe2\x80\x94 sekisho/a " + std::string(92, 'A') + "\n";
  const auto page = head_page({"<b>市</b>", "sekisho/a", 139, std::string(64, 'c'), {1'774'832'523'000'004}, note}, {1'774'832'523'000'004});
  ASSERT_TRUE(page.has_value());
  EXPECT_NE(page->find("&lt;b&gt;市&lt;/b&gt;"), std::string::npos);
  EXPECT_EQ(page->find("<b>"), std::string::npos);
  EXPECT_NE(page->find("cccc cccc cccc"), std::string::npos);
  EXPECT_NE(page->find("令和8年3月30日"), std::string::npos);
  EXPECT_EQ(page->find("<script"), std::string::npos);
}

TEST(Paper, DrawsACodeWithItsQuietZone) {
  const std::string code = qr_svg(qr_code("139:abc").value());
  // Version 1 has 21 modules; with four on each side the picture has 29. The finder's corner is dark, the zone around it is not.
  EXPECT_NE(code.find("viewBox=\"0 0 29 29\""), std::string::npos);
  EXPECT_NE(code.find("M4 4h1"), std::string::npos);
  EXPECT_EQ(code.find("M3 "), std::string::npos);
  EXPECT_FALSE(qr_code(std::string(4000, 'x')).has_value());
}

}  // namespace
}  // namespace sekisho::outside
