#include "verify/export.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "tlog/disposal.h"
#include "tlog/proof_file.h"
#include "verify/test_log.h"

namespace sekisho::verify {
namespace {

class Export : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("verify_test." + std::to_string(::getpid()));
    fs::remove_all(folder_);
    log_.add_many(300);
    log_.sign();
    log_.add_many(300);
    log_.sign();
  }
  void TearDown() override { fs::remove_all(folder_); }

  Report check(std::vector<Head> earlier = {}, std::map<std::uint64_t, Hash> received = {}) {
    trust_ = tlog::TrustPolicy::parse(TestLog().trust()).value();  // the honest key, wherever the folder comes from
    Options options;
    options.trust = &trust_;
    options.earlier = std::move(earlier);
    options.received = std::move(received);
    return verify_folder(folder_.string(), options);
  }
  static std::string keys(const Report& r) {
    std::string out;
    for (const Finding& f : r.findings) out += f.key + "@" + f.place + " ";
    return out;
  }
  static bool found(const Report& r, const std::string& key, const std::string& place = "") {
    return std::any_of(r.findings.begin(), r.findings.end(), [&](const Finding& f) { return f.key == key && (place.empty() || f.place == place); });
  }
  // A leaf with the same number that says something else.
  static std::string forged(const std::string& leaf) {
    auto out = tlog::decode_leaf(leaf).value();
    out.actor = "somebody else";
    return tlog::encode_leaf(out).value();
  }
  Head head_at(const TestLog& log, std::uint64_t size) const {
    tlog::TestTree tree(0);
    for (std::uint64_t i = 0; i < size; ++i) tree.add(log.leaves[i]);
    return {size, tree.edge.root(), "minutes"};
  }

  TestLog log_;
  fs::path folder_;
  tlog::TrustPolicy trust_;
};

TEST_F(Export, AgreesWhenNothingWasTouched) {
  log_.write(folder_);
  const Report r = check({head_at(log_, 300), head_at(log_, 17), head_at(log_, 600)});
  EXPECT_TRUE(r.good()) << keys(r);
  EXPECT_EQ(r.leaves, 600u);
  EXPECT_EQ(r.checkpoints, 2u);
  EXPECT_EQ(r.payloads, 600u);
  EXPECT_EQ(r.earlier, 3u);
  EXPECT_EQ(r.root, log_.tree().edge.root());
}

TEST_F(Export, AgreesForEverySizeAroundATile) {
  for (const int size : {1, 2, 255, 256, 257, 511, 512, 513}) {
    TestLog log;
    log.add_many(size);
    log.sign();
    log.write(folder_);
    EXPECT_TRUE(check().good()) << size << " " << keys(check());
  }
}

TEST_F(Export, FindsAnEditedLeaf) {
  log_.leaves[41] = forged(log_.leaves[41]);
  TestLog honest;
  honest.add_many(600);
  log_.write(folder_);
  Report r = check();
  EXPECT_TRUE(found(r, "checkpoint.root", "600")) << keys(r);
  EXPECT_TRUE(found(r, "history.root", "300")) << keys(r);
  // With the tiles left as they were, the leaf itself is named.
  const auto tile = tlog::tile_path({0, 0, 256});
  put(folder_ / tile, tlog::tile_data({0, 0, 256}, honest.tree().reader()).value());
  r = check();
  EXPECT_TRUE(found(r, "leaf.changed", "41")) << keys(r);
}

TEST_F(Export, FindsADeletedLeaf) {
  log_.leaves.erase(log_.leaves.begin() + 100);
  log_.payloads.erase(log_.payloads.begin() + 100);
  log_.leaves.push_back(log_.leaves.back());
  log_.payloads.push_back(log_.payloads.back());
  log_.write(folder_);
  const Report r = check();
  EXPECT_TRUE(found(r, "leaf.order", "100")) << keys(r);
  EXPECT_TRUE(found(r, "checkpoint.root")) << keys(r);
}

TEST_F(Export, FindsReorderedLeaves) {
  std::swap(log_.leaves[10], log_.leaves[11]);
  std::swap(log_.payloads[10], log_.payloads[11]);
  log_.write(folder_);
  const Report r = check();
  EXPECT_TRUE(found(r, "leaf.order", "10")) << keys(r);
  EXPECT_TRUE(found(r, "leaf.order", "11")) << keys(r);
  EXPECT_TRUE(found(r, "checkpoint.root")) << keys(r);
}

TEST_F(Export, FindsACutTail) {
  log_.write(folder_);
  fs::remove(folder_ / tlog::bundle_path(2, 88));
  EXPECT_TRUE(found(check(), "export.missing", "tile/entries/002.p/88"));
  // Cut back to the earlier head, properly, but with the list of heads left as it was.
  TestLog cut = log_;
  cut.heads.pop_back();
  cut.write(folder_);
  std::string lines;
  for (const auto& head : log_.heads) lines += json::serialise(json::Object{{"at", "2026-04-01T00:00:00.000000Z"}, {"note", head.note}, {"size", head.size}}) + "\n";
  put(folder_ / tlog::kHistoryFile, lines);
  EXPECT_TRUE(found(check(), "history.longer", "600")) << keys(check());
}

TEST_F(Export, FindsASwappedTable) {
  TestLog other('k', "sekisho/tonari");
  other.add_many(600);
  other.leaves[0] = forged(other.leaves[0]);
  other.sign();
  // Entries and tiles of another body's log under this body's head.
  log_.write(folder_);
  const fs::path theirs = folder_.string() + ".other";
  other.write(theirs);
  fs::remove_all(folder_ / "tile");
  fs::copy(theirs / "tile", folder_ / "tile", fs::copy_options::recursive);
  EXPECT_TRUE(found(check(), "checkpoint.root", "600")) << keys(check());
  // The whole folder of another body, signed by another log.
  other.write(folder_);
  EXPECT_TRUE(found(check(), "checkpoint.unknown_log", "sekisho/tonari")) << keys(check());
  // Payloads of another log.
  log_.write(folder_);
  other.payloads[7]->text = "{\"in\":\"another\"}";
  other.write(theirs);
  fs::copy(theirs / tlog::kPayloadsFile, folder_ / tlog::kPayloadsFile, fs::copy_options::overwrite_existing);
  EXPECT_TRUE(found(check(), "payload.changed", "7")) << keys(check());
  fs::remove_all(theirs);
}

TEST_F(Export, FindsARewriteWithANewKey) {
  TestLog forger('f');
  forger.add_many(600);
  forger.leaves[41] = forged(forger.leaves[41]);
  forger.sign();
  forger.write(folder_);
  EXPECT_TRUE(found(check(), "checkpoint.unverified")) << keys(check());
}

TEST_F(Export, FindsARewriteWithTheTrueKeyByAnEarlierHead) {
  const Head before = head_at(log_, 300);
  log_.leaves[41] = forged(log_.leaves[41]);
  log_.heads.clear();
  log_.sign();
  log_.write(folder_);
  EXPECT_TRUE(check().good()) << "who holds folder and key can make both anew: " << keys(check());
  EXPECT_TRUE(found(check({before}), "earlier.rewritten", "minutes (300)")) << keys(check({before}));
}

TEST_F(Export, FindsARollbackToYesterdaysFolder) {
  TestLog yesterday = log_;
  yesterday.heads.pop_back();
  yesterday.write(folder_);
  EXPECT_TRUE(check().good()) << "by itself yesterday's folder is whole";
  const Report r = check({head_at(log_, 600)});
  EXPECT_TRUE(found(r, "earlier.rolled_back")) << keys(r);
}

TEST_F(Export, ErasedPayloadsLeaveEveryProofValid) {
  log_.add("documents.upload");  // another kind: stays
  for (std::uint64_t i = 0; i < 600; ++i) log_.payloads[i].reset();
  log_.add("retention.erase", "2026-03/content");
  log_.sign();
  log_.write(folder_);
  const Report r = check({head_at(log_, 300), head_at(log_, 50)});
  EXPECT_TRUE(r.good()) << keys(r);
  EXPECT_EQ(r.erased, 600u);
  EXPECT_EQ(r.payloads, 2u);
  ASSERT_EQ(r.erasures.size(), 1u);
  EXPECT_EQ(r.erasures[0].by, 601u);
  const auto tree = log_.tree();
  for (const std::uint64_t seq : {0u, 45u, 80u, 600u}) {
    const auto proof = tlog::inclusion_proof(seq, 602, tree.reader()).value();
    const auto proven = verify_proof(tlog::encode_inclusion({log_.leaves[seq], seq, proof, log_.heads.back().note}), trust_);
    ASSERT_TRUE(proven.has_value()) << seq;
    EXPECT_EQ(proven->index, seq);
  }
}

TEST_F(Export, FindsAPayloadRemovedBehindTheLogsBack) {
  log_.payloads[70].reset();
  log_.payloads[71].reset();
  log_.add("documents.upload");
  log_.payloads.back().reset();
  log_.add("retention.erase", "2026-03/acts");
  log_.payloads.back().reset();  // an act does not cover itself
  log_.sign();
  log_.write(folder_);
  EXPECT_EQ(keys(check()), "payload.missing@600-601 payload.missing@70-71 ");
}

TEST_F(Export, ADisposalCoversTheNumbersThatItsLeafProves) {
  for (const std::uint64_t i : {5u, 6u, 7u, 40u}) log_.payloads[i].reset();
  log_.add("disposal.erase", tlog::disposal_object("01D", "5-7,40"));
  log_.sign();
  log_.write(folder_);
  const auto name = [&](const std::string& numbers, const std::string& object) {
    put(folder_ / tlog::kDisposalsFile, json::serialise(json::Object{{"numbers", numbers}, {"object", object}}) + "\n");
  };
  EXPECT_EQ(keys(check()), "payload.missing@5-7 payload.missing@40 ") << "the list is missing";
  name("5-7,40", tlog::disposal_object("01D", "5-7,40"));
  const Report r = check({head_at(log_, 300)});
  EXPECT_TRUE(r.good()) << keys(r);
  EXPECT_EQ(r.erased, 4u);
  ASSERT_EQ(r.erasures.size(), 1u);
  EXPECT_EQ(r.erasures[0].disposal, "01D");
  EXPECT_EQ(r.erasures[0].by, 600u);
  // A longer list is not the one that was recorded, and neither is another disposal.
  name("5-8,40", tlog::disposal_object("01D", "5-7,40"));
  EXPECT_TRUE(found(check(), "disposal.unproven")) << keys(check());
  name("5-7,40", tlog::disposal_object("01E", "5-7,40"));
  EXPECT_TRUE(found(check(), "disposal.unproven")) << keys(check());
  name("7-5", tlog::disposal_object("01D", "7-5"));
  EXPECT_TRUE(found(check(), "disposal.malformed")) << keys(check());
}

TEST_F(Export, ADisposalCoversNothingAfterItself) {
  log_.payloads[5].reset();
  log_.add("disposal.erase", tlog::disposal_object("01D", "5,601"));
  log_.add("documents.upload");
  log_.payloads.back().reset();
  log_.sign();
  log_.write(folder_);
  put(folder_ / tlog::kDisposalsFile, json::serialise(json::Object{{"numbers", "5,601"}, {"object", tlog::disposal_object("01D", "5,601")}}) + "\n");
  EXPECT_EQ(keys(check()), "payload.missing@601 ");
}

TEST_F(Export, FindsAChangedPayloadAndOneTooMany) {
  log_.payloads[5]->text = "{\"in\":\"never said\"}";
  log_.write(folder_);
  EXPECT_EQ(keys(check()), "payload.changed@5 ");
  std::ofstream(folder_ / tlog::kPayloadsFile, std::ios::app) << "{\"payload\":\"{}\",\"salt\":\"\",\"seq\":600}\n";
  EXPECT_TRUE(found(check(), "payload.unexpected", "600")) << keys(check());
}

TEST_F(Export, ComparesWithWhatAnotherHostReceived) {
  log_.write(folder_);
  std::map<std::uint64_t, Hash> received;
  for (const std::uint64_t seq : {3u, 4u, 7u, 8u}) received[seq] = tlog::leaf_hash(log_.leaves[seq]);
  received[8] = tlog::leaf_hash(forged(log_.leaves[8]));
  received[700] = Hash{};
  const Report r = check({}, received);
  EXPECT_EQ(r.received, 3u);
  EXPECT_EQ(keys(r), "received.changed@8 received.gap@5-6 received.ahead@700 ");
}

TEST_F(Export, ReadsReceivedLinesAmongOthers) {
  fs::create_directories(folder_);
  put(folder_ / "received.log", "<109>1 2026-04-01T00:00:00Z host sekisho - log [meta sequenceId=\"4\"] " + log_.leaves[3] + "\nsomething else\n" + log_.leaves[4] + "\r\n");
  const auto lines = read_received((folder_ / "received.log").string());
  ASSERT_TRUE(lines.has_value());
  EXPECT_EQ(lines->size(), 2u);
  EXPECT_EQ(lines->at(3), tlog::leaf_hash(log_.leaves[3]));
  put(folder_ / "received.log", log_.leaves[3] + "\n" + forged(log_.leaves[3]) + "\n");
  EXPECT_EQ(read_received((folder_ / "received.log").string()).error().key, "received.conflict");
}

TEST_F(Export, CountsTheWitnessesThatThePolicyAsksFor) {
  const auto key = crypto::SigningKey::from_seed(std::string(32, 'w')).value();
  const auto witness = tlog::VerifierKey::create("kansa.example", tlog::KeyType::cosignature, key.public_key()).value();
  const auto policy = tlog::TrustPolicy::parse(log_.trust("witness kansa " + witness.text() + "\nquorum kansa\n")).value();
  Options options;
  options.trust = &policy;
  log_.write(folder_);
  EXPECT_EQ(keys(verify_folder(folder_.string(), options)), "witness.too_few@600 ");
  auto note = tlog::parse_note(log_.heads.back().note).value();
  note.signatures.push_back(tlog::cosign_note(note.text, witness, key, 1'800'000'000).value());
  put(folder_ / tlog::kCheckpointFile, tlog::encode_note(note).value());
  const Report r = verify_folder(folder_.string(), options);
  EXPECT_TRUE(r.good()) << keys(r);
  ASSERT_EQ(r.witnesses.size(), 1u);
  EXPECT_EQ(r.witnesses[0].unix_seconds, 1'800'000'000u);
}

TEST_F(Export, NamesWhatIsMissing) {
  EXPECT_EQ(keys(check()), "export.missing@checkpoint ");
  log_.write(folder_);
  fs::remove(folder_ / tlog::kHistoryFile);
  fs::remove(folder_ / tlog::kPayloadsFile);
  const Report r = check();
  EXPECT_EQ(keys(r), "export.missing@checkpoints.jsonl ");
  EXPECT_FALSE(r.with_payloads);
}

TEST_F(Export, RefusesAProofOfAnotherLeafOrTree) {
  log_.write(folder_);
  check();
  const auto tree = log_.tree();
  const auto proof = tlog::inclusion_proof(9, 600, tree.reader()).value();
  const std::string& note = log_.heads.back().note;
  EXPECT_TRUE(verify_proof(tlog::encode_inclusion({log_.leaves[9], 9, proof, note}), trust_).has_value());
  EXPECT_FALSE(verify_proof(tlog::encode_inclusion({forged(log_.leaves[9]), 9, proof, note}), trust_).has_value());
  EXPECT_FALSE(verify_proof(tlog::encode_inclusion({log_.leaves[9], 10, proof, note}), trust_).has_value());
  EXPECT_FALSE(verify_proof(tlog::encode_inclusion({log_.leaves[9], 9, proof, log_.heads.front().note}), trust_).has_value());
  EXPECT_FALSE(verify_proof(tlog::encode_inclusion({"", 9, proof, note}), trust_).has_value());
}

TEST(PrintedHead, IsReadStrictly) {
  const std::string hex(64, 'a');
  EXPECT_EQ(parse_head("139:" + hex)->size, 139u);
  for (const std::string& bad : {":" + hex, "139" + hex, "13 9:" + hex, "139:" + hex + "a", "139:" + std::string(64, 'g'), std::string()}) EXPECT_FALSE(parse_head(bad).has_value()) << bad;
}

}  // namespace
}  // namespace sekisho::verify
