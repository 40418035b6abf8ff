#include "tlog/checkpoint.h"

#include <gtest/gtest.h>

#include "tlog/merkle.h"

namespace sekisho::tlog {
namespace {

// The published example of the format's first implementation (golang.org/x/mod/sumdb/note); Ed25519 is deterministic, so our
// signature must be the same bytes.
constexpr char kExampleKey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kExampleSeed[] = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";  // type byte and seed
constexpr char kExampleText[] = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
constexpr char kExampleLine[] =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(SignedNote, ReproducesThePublishedExample) {
  const VerifierKey verifier = VerifierKey::parse(kExampleKey).value();
  EXPECT_EQ(verifier.name(), "PeterNeumann");
  EXPECT_EQ(verifier.id(), 0xc74f20a3u);
  EXPECT_EQ(verifier.text(), kExampleKey);
  const auto key = crypto::SigningKey::from_seed(from_base64(kExampleSeed)->substr(1)).value();
  Note note{kExampleText, {sign_note(kExampleText, verifier, key).value()}};
  const std::string expected = std::string(kExampleText) + "\n" + kExampleLine;
  EXPECT_EQ(encode_note(note).value(), expected);
  EXPECT_EQ(verify_note(parse_note(expected).value(), {verifier})->size(), 1u);
}

TEST(SignedNote, RefusesEveryChangedByte) {
  const VerifierKey verifier = VerifierKey::parse(kExampleKey).value();
  const std::string good = std::string(kExampleText) + "\n" + kExampleLine;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const int flip : {1, 2, 32, 128}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      const auto note = parse_note(bad);
      EXPECT_FALSE(note.has_value() && verify_note(*note, {verifier}).has_value()) << i;
    }
    const auto cut = parse_note(good.substr(0, i));
    EXPECT_FALSE(cut.has_value() && verify_note(*cut, {verifier}).has_value()) << i;
  }
}

TEST(SignedNote, VerifierKeyTextIsRefusedWhenAnythingChanges) {
  const std::string good = kExampleKey;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    ++bad[i];
    EXPECT_FALSE(VerifierKey::parse(bad).has_value()) << bad;
    EXPECT_FALSE(VerifierKey::parse(good.substr(0, i)).has_value());
    EXPECT_FALSE(VerifierKey::parse(good.substr(i + 1)).has_value());
  }
  const auto key = crypto::SigningKey::generate().public_key();
  for (const char* name : {"", "a b", "a+b", "a\nb", "a\xe3\x80\x80" "b", "a\xc2\xa0", "\xff"})
    EXPECT_FALSE(VerifierKey::create(name, KeyType::ed25519, key).has_value()) << name;
}

TEST(SignedNote, RefusesMalformedNotes) {
  const std::string text = "text\n";
  const std::string line = kExampleLine;
  EXPECT_TRUE(parse_note(text + "\n" + line).has_value());
  EXPECT_EQ(parse_note("a\n\nb\n\n" + line)->text, "a\n\nb\n");
  for (const std::string& bad :
       {std::string(), text, text + "\n", text + line, "\n" + line,
        text + "\n" + line.substr(0, line.size() - 1), text + "\n" + line + "\n",
        text + "\n" + line + "x\n", "te\x01xt\n\n" + line, "te\rxt\n\n" + line, "\xff\n\n" + line, text + "\n- PeterNeumann x08gowAA\n",
        text + "\n— PeterNeumann\n", text + "\n—  x08gowAA\n", text + "\n— PeterNeumann x08go!AA\n", text + "\n— PeterNeumann x08gow==\n",
        text + "\n— Peter Neumann x08gowAA\n"})
    EXPECT_FALSE(parse_note(bad).has_value()) << bad;
  std::string many = text + "\n";
  for (std::size_t i = 0; i < kMaxSignatures; ++i) many += line;
  EXPECT_TRUE(parse_note(many).has_value());
  EXPECT_FALSE(parse_note(many + line).has_value());
}

class Checkpoints : public ::testing::Test {
 protected:
  crypto::SigningKey log_ = crypto::SigningKey::generate();
  crypto::SigningKey witness_ = crypto::SigningKey::generate();
  Checkpoint head_{"log.example.lg.jp/body", 20852163, leaf_hash("x"), {}};
  VerifierKey log_key_ = VerifierKey::create(head_.origin, KeyType::ed25519, log_.public_key()).value();
  VerifierKey witness_key_ = VerifierKey::create("witness.example.lg.jp", KeyType::cosignature, witness_.public_key()).value();
};

TEST_F(Checkpoints, TextIsTheSpecificationsExample) {
  const std::string text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const Checkpoint head = parse_checkpoint_text(text).value();
  EXPECT_EQ(head.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(head.size, 20852163u);
  EXPECT_EQ(to_hex(head.root).substr(0, 8), "0ac5186a");
  EXPECT_EQ(checkpoint_text(head).value(), text);
  EXPECT_EQ(parse_checkpoint_text(text + "ext a\next b\n")->extensions.size(), 2u);
}

TEST_F(Checkpoints, RefusesMalformedText) {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  EXPECT_TRUE(parse_checkpoint_text("o\n0\n" + root).has_value());
  for (const std::string& bad : {std::string(), std::string("o\n"), std::string("o\n1\n"), "\n1\n" + root, "o\n\n" + root, "o\n01\n" + root,
                                 "o\n+1\n" + root, "o\n-1\n" + root, "o\n1 \n" + root, "o\n18446744073709551616\n" + root,
                                 "o\n1\n" + root.substr(4), "o\n1\n" + root.substr(0, root.size() - 1), "o\n1\n" + root + "\n",
                                 "o\n1\n" + root + "ext", "o\n1\n" + root + "ext\n\n"})
    EXPECT_FALSE(parse_checkpoint_text(bad).has_value()) << bad;
}

TEST_F(Checkpoints, SignedOnesOpenWithTheLogsKeyOnly) {
  const std::string bytes = sign_checkpoint(head_, log_).value();
  EXPECT_EQ(open_checkpoint(bytes, log_key_)->checkpoint, head_);
  const auto other = crypto::SigningKey::generate();
  const auto other_key = VerifierKey::create(head_.origin, KeyType::ed25519, other.public_key()).value();
  EXPECT_EQ(open_checkpoint(bytes, other_key).error().code, Code::corrupt);
  // the right key, but of a log with another name: another key id
  const auto renamed = VerifierKey::create("other", KeyType::ed25519, log_.public_key()).value();
  EXPECT_EQ(open_checkpoint(bytes, renamed).error().code, Code::corrupt);
  EXPECT_FALSE(open_checkpoint(bytes, witness_key_).has_value());
}

TEST_F(Checkpoints, SignedTextOfAnotherOriginIsRefused) {
  Checkpoint foreign = head_;
  foreign.origin = "other";
  Note note{checkpoint_text(foreign).value(), {}};
  note.signatures.push_back(sign_note(note.text, log_key_, log_).value());
  EXPECT_EQ(open_checkpoint(encode_note(note).value(), log_key_).error().code, Code::corrupt);
}

TEST_F(Checkpoints, CosignaturesVerifyWithTheirTime) {
  const std::string bytes = sign_checkpoint(head_, log_).value();
  const auto line = cosign_note(checkpoint_text(head_).value(), witness_key_, witness_, 1679315147).value();
  const std::string both = add_signature(bytes, line).value();
  EXPECT_TRUE(open_checkpoint(both, log_key_)->witnesses.empty()) << "unknown witnesses are ignored";
  const auto opened = open_checkpoint(both, log_key_, {witness_key_}).value();
  ASSERT_EQ(opened.witnesses.size(), 1u);
  EXPECT_EQ(opened.witnesses[0].name, "witness.example.lg.jp");
  EXPECT_EQ(opened.witnesses[0].unix_seconds, 1679315147u);
  EXPECT_TRUE(open_checkpoint(bytes, log_key_, {witness_key_})->witnesses.empty());
}

TEST_F(Checkpoints, AWrongCosignatureFailsTheWholeNote) {
  const std::string bytes = sign_checkpoint(head_, log_).value();
  Checkpoint older = head_;
  older.size -= 1;
  const auto stale = cosign_note(checkpoint_text(older).value(), witness_key_, witness_, 1679315147).value();
  EXPECT_EQ(open_checkpoint(add_signature(bytes, stale).value(), log_key_, {witness_key_}).error().code, Code::corrupt);
  auto line = cosign_note(checkpoint_text(head_).value(), witness_key_, witness_, 1679315147).value();
  for (std::size_t i = 0; i < line.bytes.size(); ++i) {
    auto bad = line;
    bad.bytes[i] = static_cast<char>(bad.bytes[i] ^ 1);
    EXPECT_FALSE(open_checkpoint(add_signature(bytes, bad).value(), log_key_, {witness_key_}).has_value()) << i;
  }
  line.bytes.pop_back();
  EXPECT_FALSE(open_checkpoint(add_signature(bytes, line).value(), log_key_, {witness_key_}).has_value());
}

TEST_F(Checkpoints, APlainSignatureIsNoCosignatureAndNoKeySignsForAnother) {
  const std::string text = checkpoint_text(head_).value();
  EXPECT_FALSE(sign_note(text, witness_key_, witness_).has_value());
  EXPECT_FALSE(cosign_note(text, log_key_, log_, 1).has_value());
  EXPECT_FALSE(sign_note(text, log_key_, witness_).has_value());
  EXPECT_FALSE(cosign_note(text, witness_key_, witness_, ~0ull).has_value());
  EXPECT_FALSE(sign_checkpoint({"", 1, {}, {}}, log_).has_value());
  EXPECT_FALSE(sign_checkpoint({"a\nb", 1, {}, {}}, log_).has_value());
  EXPECT_FALSE(sign_checkpoint({"a b", 1, {}, {}}, log_).has_value()) << "the origin is the key's name";
}

}  // namespace
}  // namespace sekisho::tlog
