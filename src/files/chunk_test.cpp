#include "files/chunk.h"

#include <gtest/gtest.h>

#include <random>

#include "files/utf8.h"

namespace sekisho::files {
namespace {

// Code points [start, end) of text, the slow way.
std::string slow_slice(const std::string& text, std::uint64_t start, std::uint64_t end) {
  std::string out;
  std::uint64_t i = 0;
  for (std::size_t at = 0; at < text.size(); ++i) {
    const std::size_t from = at;
    next_code_point(text, at);
    if (i >= start && i < end) out.append(text, from, at - from);
  }
  return out;
}

std::string random_text(std::mt19937& random, std::size_t longest) {
  static const std::vector<std::string> kPieces = {"市", "の", "文書", "。",  "、", "」", "「", "（", "）",
                                                   "\n", " ",  "　",   "abc", "𠮷", "？", "é",  "1",  "|"};
  std::string out;
  const std::size_t count = random() % longest;
  for (std::size_t i = 0; i < count; ++i) out += kPieces[random() % kPieces.size()];
  return out;
}

Extracted random_document(std::mt19937& random) {
  Extracted e;
  const std::size_t blocks = random() % 40;
  for (std::size_t i = 0; i < blocks; ++i) {
    Block b;
    b.kind = static_cast<Kind>(random() % 5);
    b.level = static_cast<std::uint8_t>(b.kind == Kind::heading || b.kind == Kind::clause ? 1 + random() % 9 : 0);
    b.page = random() % 4;
    b.text = random_text(random, random() % 8 == 0 ? 4000 : 200);
    b.label = random() % 2 == 0 ? "第1条" : "";
    b.context = random() % 4 == 0 ? "表" : "";
    e.blocks.push_back(std::move(b));
  }
  return e;
}

TEST(Chunker, SpansAreExactWhateverTheDocument) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    const Chunked c = chunk(random_document(random));
    SCOPED_TRACE("seed " + std::to_string(seed));
    ASSERT_EQ(c.characters, count_code_points(c.text));
    std::uint64_t covered = 0;
    for (const Section& section : c.sections) {
      ASSERT_EQ(section.span.start, covered);
      covered = section.span.end;
    }
    ASSERT_EQ(covered, c.characters);
    std::uint64_t last = 0;
    for (const Chunk& piece : c.chunks) {
      ASSERT_GE(piece.span.start, last);
      ASSERT_LT(piece.span.start, piece.span.end);
      ASSERT_LE(piece.span.end - piece.span.start, kMaxRowCharacters);
      ASSERT_LT(piece.section, c.sections.size());
      ASSERT_GE(piece.span.start, c.sections[piece.section].span.start);
      ASSERT_LE(piece.span.end, c.sections[piece.section].span.end);
      ASSERT_EQ(std::string(c.slice(piece.span)), slow_slice(c.text, piece.span.start, piece.span.end));
      ASSERT_EQ(trim(c.slice(piece.span)), c.slice(piece.span));
      last = piece.span.end;
    }
  }
}

TEST(Chunker, LosesNoTextBetweenChunks) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    std::mt19937 random(seed);
    Extracted e = random_document(random);
    for (Block& b : e.blocks)
      if (b.kind == Kind::heading || b.kind == Kind::clause) b.kind = Kind::paragraph;
    const Chunked c = chunk(e);
    std::size_t at = 0;
    for (const Chunk& piece : c.chunks) {
      EXPECT_TRUE(trim(std::string_view(c.text).substr(at, piece.span.start_byte - at)).empty()) << seed;
      at = piece.span.end_byte;
    }
    EXPECT_TRUE(trim(std::string_view(c.text).substr(at)).empty()) << seed;
  }
}

TEST(Chunker, CutsAtSentencesAndNeverAcrossHeadings) {
  Extracted e;
  std::string body;
  for (int i = 0; i < 60; ++i) body += "申請は、窓口で行ってください（郵送でもできます。）。";
  e.blocks = {{Kind::heading, 1, 0, "申請", "", ""},
              {Kind::paragraph, 0, 0, body, "", ""},
              {Kind::heading, 1, 0, "期限", "", ""},
              {Kind::paragraph, 0, 0, "月末です。", "", ""}};
  const Chunked c = chunk(e);
  ASSERT_GE(c.chunks.size(), 4U);
  for (const Chunk& piece : c.chunks) {
    EXPECT_TRUE(c.slice(piece.span).ends_with("。")) << c.slice(piece.span);
    EXPECT_LE(piece.span.end - piece.span.start, kMaxChunkCharacters);
  }
  EXPECT_EQ(c.slice(c.chunks.back().span), "月末です。");
  EXPECT_EQ(path_text(c.sections[1]), "期限");
}

TEST(Chunker, KeepsRowsWhole) {
  Extracted e;
  for (int i = 0; i < 50; ++i)
    e.blocks.push_back({Kind::table_row, 0, 0, "氏名: 山田" + std::to_string(i) + " | 備考: " + std::string(300, 'x'), "", "名簿"});
  const Chunked c = chunk(e);
  EXPECT_GE(c.chunks.size(), 25U);
  for (const Chunk& piece : c.chunks) {
    EXPECT_TRUE(c.slice(piece.span).starts_with("氏名: "));
    EXPECT_EQ(piece.context, "名簿");
  }
}

TEST(Chunker, HeadingWithoutAnythingBelowCanStillBeFound) {
  Extracted e;
  e.blocks = {{Kind::heading, 1, 0, "第1章", "", ""},
              {Kind::heading, 2, 0, "第1節", "", ""},
              {Kind::paragraph, 0, 0, "本文。", "", ""},
              {Kind::heading, 2, 0, "（削除）", "", ""}};
  const Chunked c = chunk(e);
  ASSERT_EQ(c.chunks.size(), 2U);
  EXPECT_EQ(c.slice(c.chunks[0].span), "本文。");
  EXPECT_EQ(c.slice(c.chunks[1].span), "（削除）");
  EXPECT_EQ(c.sections[1].path, (std::vector<std::string>{"第1章", "第1節"}));
}

TEST(Chunker, EmptyDocumentHasNothing) { EXPECT_TRUE(chunk({}).chunks.empty()); }

}  // namespace
}  // namespace sekisho::files
