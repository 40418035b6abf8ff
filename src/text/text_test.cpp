#include <gtest/gtest.h>

#include <algorithm>

#include "text/analyse.h"
#include "text/characters.h"
#include "text/graphemes.h"
#include "text/lines.h"
#include "text/normalise.h"
#include "text/numbers.h"
#include "text/romaji.h"
#include "text/sentences.h"
#include "text/shorten.h"
#include "text/utf8.h"
#include "text/variants.h"

namespace sekisho::text {
namespace {

const Analyzer& analyzer() {
  static const std::unique_ptr<const Analyzer> made = Analyzer::create({}).value();
  return *made;
}

std::vector<std::string> query_terms(std::string_view question, TokenKind kind) {
  Analyzer::Session session(analyzer());
  std::vector<std::string> out;
  for (const QueryTerm& term : session.analyse_query(question)) {
    if (term.kind == kind) out.push_back(term.text);
  }
  return out;
}

bool contains(const std::vector<std::string>& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); }

TEST(Utf8, RepairsEachMalformedSubpartOnce) {
  EXPECT_TRUE(is_valid_utf8("市民課\xF0\xA0\xAE\x9F"));
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));
  EXPECT_EQ(repair_utf8("a\xE3\x81z\xFF"), "a\xEF\xBF\xBDz\xEF\xBF\xBD");
  EXPECT_EQ(slice_code_points("市民課です", 1, 3), "民課");
  EXPECT_EQ(byte_offset("市民", 9), 6u);
  EXPECT_EQ(code_point_offset("市民課", 3), 1u);
}

TEST(Normalise, FoldsWidthAndCaseAndKeepsThePlaceInTheSource) {
  EXPECT_EQ(normalise("ＡＢｃ１２㍻ｶﾞ"), "abc12平成ガ");
  Normalised out;
  normalise("Ａ㍻ｶﾞ", out);
  EXPECT_EQ(out.source, (std::vector<std::uint32_t>{0, 1, 1, 2, 4}));
  EXPECT_EQ(out.source_end(2), 2u);
  EXPECT_EQ(out.source_end(4), 4u);
}

TEST(Graphemes, CountWhatAPersonCounts) {
  EXPECT_EQ(count_graphemes("市民課"), 3u);
  EXPECT_EQ(count_graphemes("が"), 1u);
  EXPECT_EQ(count_graphemes("👨‍👩‍👧"), 1u);
  EXPECT_EQ(count_graphemes("a\r\nb"), 3u);
}

TEST(Sentences, DoNotEndInsideBracketsOfALine) {
  std::vector<std::string> out;
  for (const Sentence& s : split_sentences("市民課で受け付ける。（受付は「9時。厳守」とする。）土日は休み")) out.emplace_back(s.text);
  EXPECT_EQ(out, (std::vector<std::string>{"市民課で受け付ける。", "（受付は「9時。厳守」とする。）", "土日は休み"}));
}

TEST(Numbers, ArticlesFormsYearsAndAmounts) {
  const auto terms = [](std::string_view text) { return query_terms(text, TokenKind::number); };
  EXPECT_TRUE(contains(terms("第十二条の2を見る"), "12条の2"));
  EXPECT_TRUE(contains(terms("第12条"), "12条"));
  EXPECT_TRUE(contains(terms("様式第３号"), "様式3"));
  EXPECT_TRUE(contains(terms("令和8年度"), "y2026"));
  EXPECT_TRUE(contains(terms("令和8年度"), "fy2026"));
  EXPECT_TRUE(contains(terms("2026年"), "y2026"));
  EXPECT_TRUE(contains(terms("令和元年"), "y2019"));
  EXPECT_TRUE(contains(terms("3万5千円"), "35000円"));
  EXPECT_TRUE(contains(terms("1,234人"), "1234人"));
  EXPECT_TRUE(terms("一般の方").empty());
}

TEST(Analyse, WordsComeInBaseFormWithoutStopWords) {
  const auto words = query_terms("文書の保存期間を見直した場合はどうなりますか", TokenKind::word);
  EXPECT_TRUE(contains(words, "文書"));
  EXPECT_TRUE(contains(words, "見直す"));
  EXPECT_FALSE(contains(words, "なる"));
}

TEST(Analyse, RangesAreCodePointsOfTheSource) {
  Analyzer::Session session(analyzer());
  const std::string text = "（ｶﾞｲﾄﾞ）令和８年度の固定資産税。髙橋さん";
  const std::size_t size = count_code_points(text);
  std::uint32_t last = 0;
  bool found = false;
  for (const Token& token : session.analyse(text)) {
    EXPECT_LT(token.begin, token.end);
    EXPECT_LE(token.end, size);
    if (token.kind == TokenKind::word) {
      EXPECT_LE(last, token.begin);
      last = token.begin;
      found = found || slice_code_points(text, token.begin, token.end) == "ｶﾞｲﾄﾞ";
    }
  }
  EXPECT_TRUE(found);
}

TEST(Analyse, OldFormsAndWidthGiveTheSameTerms) {
  EXPECT_EQ(query_terms("國語學", TokenKind::bigram), query_terms("国語学", TokenKind::bigram));
  EXPECT_EQ(query_terms("コンピューター", TokenKind::word), query_terms("ｺﾝﾋﾟｭｰﾀ", TokenKind::word));
}

TEST(Analyse, IndexAndQuestionUseTheSameTerms) {
  Analyzer::Session session(analyzer());
  const std::string text = "通勤手当の支給額は第12条による。";
  std::vector<std::uint64_t> indexed;
  for (const Token& token : session.analyse(text)) indexed.push_back(token.term);
  for (const QueryTerm& term : session.analyse_query(text)) {
    const bool heading = term.text.starts_with("§");
    EXPECT_TRUE(heading || std::find(indexed.begin(), indexed.end(), term.terms.front()) != indexed.end()) << term.text;
    EXPECT_EQ(term.terms.front(), term_hash(term.kind, term.text));
  }
}

TEST(Analyse, LongAndHostileTextEnds) {
  Analyzer::Session session(analyzer());
  std::string piles;
  for (int i = 0; i < 20000; ++i) piles += "\xCC\x81";
  session.analyse(piles);
  session.analyse(std::string(100000, '9'));
  std::string kanji;
  for (int i = 0; i < 30000; ++i) kanji += "資産";
  EXPECT_GT(session.analyse(kanji).size(), 1000u);
  EXPECT_LE(session.analyse_query(kanji).size(), Analyzer::kMaxQueryTerms);
}

TEST(Variants, OptionalKanaExpandAndJoinOneGroup) {
  const VariantTable table = VariantTable::parse("# 例\n取(り)組(み)\n子供\t子ども\tこども\n").value();
  EXPECT_EQ(table.groups(), 2u);
  EXPECT_EQ(table.others("取組").size(), 3u);
  EXPECT_EQ(table.others("子ども"), (std::vector<std::string_view>{"子供", "こども"}));
  EXPECT_TRUE(table.others("大人").empty());
  EXPECT_FALSE(VariantTable::parse("取(り").has_value());
}

TEST(Analyzer, ASpellingThatTheDictionaryCutsInThreeIsOneTermOfAQuestion) {
  const auto made = Analyzer::create({std::string(kDefaultDictionary), std::string(SK_SOURCE_DIR) + "/packs/analysis/variants.tsv"});
  ASSERT_TRUE(made);
  Analyzer::Session session(**made);
  for (const std::string before : {"", "古い", "はい。 古い"}) {
    const auto terms = session.analyse_query(before + "欧羅巴の地図");
    const auto found = std::find_if(terms.begin(), terms.end(), [](const QueryTerm& term) { return term.text == "欧羅巴"; });
    ASSERT_NE(found, terms.end()) << before;
    EXPECT_EQ(found->begin, count_code_points(before));
    EXPECT_EQ(found->end, found->begin + 3);
    EXPECT_NE(std::find(found->terms.begin(), found->terms.end(), term_hash(TokenKind::word, "欧州")), found->terms.end());
  }
}

TEST(Analyzer, MissingDictionaryIsNamed) {
  const auto made = Analyzer::create({"/nonexistent", ""});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().key, "text.dictionary_missing");
}

TEST(Romaji, WritesKanaAsPeopleTypeIt) {
  EXPECT_EQ(romanise("タチバナ"), "tachibana");
  EXPECT_EQ(romanise("ケンイチ"), "kenichi");
  EXPECT_EQ(romanise("ジロウ"), "jirou");
  EXPECT_EQ(romanise("しょうこ"), "shouko");
  EXPECT_EQ(romanise("ヒャクタロー"), "hyakutaro");
  EXPECT_EQ(romanise("ハットリ"), "hattori");
  EXPECT_EQ(romanise("マッチ"), "matchi");
  EXPECT_EQ(short_vowels("jirou"), "jiro");
  EXPECT_EQ(short_vowels("kenji"), "");
  EXPECT_EQ(official_spelling("tachibana"), "tatibana");
  EXPECT_EQ(romanise("abc 漢字"), "");
}

TEST(Text, LongTextsAreCutBetweenCharacters) {
  EXPECT_EQ(beginning("課長", 6), "課長");
  for (const std::size_t most : {3, 4, 5}) EXPECT_EQ(beginning("課長", most), "課");
  EXPECT_EQ(beginning("課長", 2), "");
  EXPECT_EQ(shortened("課長", 6), "課長");
  EXPECT_EQ(shortened("課長", 5), "課…");
}

TEST(Lines, AreOneMoreThanTheirEnds) {
  EXPECT_EQ(lines_of(""), std::vector<std::string_view>({""}));
  EXPECT_EQ(lines_of("甲"), std::vector<std::string_view>({"甲"}));
  EXPECT_EQ(lines_of("甲\n\n乙\n"), std::vector<std::string_view>({"甲", "", "乙", ""}));
}

}  // namespace
}  // namespace sekisho::text
