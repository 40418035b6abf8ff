#include "tlog/leaf.h"

#include <gtest/gtest.h>

#include <random>

#include "crypto/hash.h"

namespace sekisho::tlog {
namespace {

Leaf example() {
  Leaf leaf;
  leaf.seq = 7;
  leaf.ts = Timestamp{1774832523000004};
  leaf.actor = "01J0";
  leaf.act = "chat.ask";
  leaf.clause = "10(1)ア";
  leaf.object = "";
  leaf.label = "c2";
  leaf.decision = "allow";
  leaf.policy_version = "2026-04-01";
  leaf.commit = crypto::sha256("abc");
  return leaf;
}

TEST(Leaf, EncodesAsCanonicalJson) {
  EXPECT_EQ(encode_leaf(example()).value(),
            "{\"act\":\"chat.ask\",\"actor\":\"01J0\",\"clause\":\"10(1)ア\","
            "\"commit\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\",\"decision\":\"allow\",\"label\":\"c2\","
            "\"object\":\"\",\"policy_version\":\"2026-04-01\",\"seq\":7,\"ts\":\"2026-03-30T01:02:03.000004Z\",\"v\":1}");
}

TEST(Leaf, EscapesAsRfc8785AndComesBack) {
  Leaf leaf = example();
  leaf.object = std::string("\x00\x01\b\t\n\f\r\x1f\"\\/\x7f€😀", 19);
  const std::string bytes = encode_leaf(leaf).value();
  EXPECT_NE(bytes.find("\"object\":\"\\u0000\\u0001\\b\\t\\n\\f\\r\\u001f\\\"\\\\/\x7f€😀\""), std::string::npos) << bytes;
  EXPECT_EQ(decode_leaf(bytes).value(), leaf);
}

TEST(Leaf, RandomLeavesRoundTrip) {
  std::mt19937_64 random(20260330);
  for (int round = 0; round < 2000; ++round) {
    Leaf leaf = example();
    leaf.seq = random() & kMaxSeq;
    leaf.ts.micros = static_cast<std::int64_t>(random() % (253402300800ull * 1000000));
    for (auto field : {&Leaf::actor, &Leaf::act, &Leaf::clause, &Leaf::object, &Leaf::label, &Leaf::decision, &Leaf::policy_version}) {
      (leaf.*field).clear();
      for (auto n = random() % 12; n > 0; --n) leaf.*field += static_cast<char>(random() % 128);
      if (random() % 2 == 0) leaf.*field += "情報";
    }
    for (auto& b : leaf.commit) b = static_cast<std::uint8_t>(random());
    const std::string bytes = encode_leaf(leaf).value();
    EXPECT_EQ(decode_leaf(bytes).value(), leaf);
  }
}

TEST(Leaf, RefusesEverythingThatIsNotCanonical) {
  const std::string good = encode_leaf(example()).value();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  for (const std::string& bad :
       {std::string(), std::string("{}"), good + " ", " " + good, good + good, with("\"v\":1", "\"v\":2"), with("\"v\":1", "\"v\":01"),
        with("\"seq\":7", "\"seq\":07"), with("\"seq\":7", "\"seq\":7.0"), with("\"seq\":7", "\"seq\":-7"),
        with("\"seq\":7", "\"seq\":9007199254740992"), with("chat.ask", "chat\\u002eask"), with("chat.ask", "chat\\/ask"),
        with("chat.ask", "chat\\u0009"), with("chat.ask", "chat\\u001F"), with("chat.ask", "chat\nask"), with("ア", "\xff"),
        with("ア", "\xed\xa0\x80"), with("ba78", "BA78"), with("ba78", "b78"), with("2026-03-30T", "2026-02-30T"),
        with("T01:02:03", "T24:02:03"), with("T01:02:03", " 01:02:03"), with("000004Z", "000004z"), with("000004Z", "4Z"),
        with(",\"label\":\"c2\"", ""), with("\"act\":", "\"ACT\":"), with("\"v\":1", "\"v\":1,\"w\":1")})
    EXPECT_EQ(decode_leaf(bad).error().code, Code::corrupt) << bad;
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(decode_leaf(good.substr(0, n)).has_value());
}

TEST(Leaf, RefusesToEncodeWhatCannotBeRead) {
  Leaf leaf = example();
  leaf.seq = kMaxSeq + 1;
  EXPECT_EQ(encode_leaf(leaf).error().code, Code::invalid_argument);
  leaf = example();
  leaf.ts.micros = -1;
  EXPECT_EQ(encode_leaf(leaf).error().code, Code::invalid_argument);
  leaf = example();
  leaf.label = "\xc0\x80";
  EXPECT_EQ(encode_leaf(leaf).error().code, Code::invalid_argument);
  leaf = example();
  leaf.object = std::string(65536, 'x');
  EXPECT_EQ(encode_leaf(leaf).error().code, Code::too_large);
}

TEST(Leaf, CommitmentBindsSaltAndPayload) {
  const std::string salt(32, 's');
  EXPECT_EQ(commitment(salt, "payload").value(), crypto::sha256(salt + "payload"));
  EXPECT_NE(commitment(salt, "payload").value(), commitment(std::string(32, 't'), "payload").value());
  EXPECT_FALSE(commitment("short", "payload").has_value());
}

}  // namespace
}  // namespace sekisho::tlog
