#include "clauses/compare.h"

#include <gtest/gtest.h>

#include <chrono>

#include "clauses/check.h"
#include "clauses/parse.h"

namespace sekisho::clauses {
namespace {

std::vector<Comparable> read(std::string_view source) { return comparables(parse(source).value()); }

std::string show(const std::vector<Piece>& pieces) {
  std::string out;
  for (const Piece& piece : pieces) out += piece.changed ? "[" + piece.text + "]" : piece.text;
  return out;
}

std::vector<std::string> lines_of(const std::vector<ComparedRow>& rows) {
  std::vector<std::string> out;
  for (const ComparedRow& row : rows)
    out.push_back(show(row.before.title) + show(row.before.text) + "|" + show(row.after.title) + show(row.after.text) + (row.renumbered ? " renumbered" : "") + (row.moved ? " moved" : ""));
  return out;
}

std::vector<ComparedRow> rows_of(std::string_view before, std::string_view after) {
  const auto a = read(before);
  const auto b = read(after);
  return compare(a, b, align(a, b));
}

TEST(Comparison, MarksTheWordsThatChanged) {
  std::vector<Piece> a, b;
  mark_changes("対象は、内部部局、議会とする。", "対象は、市長部局、議会とする。", a, b);
  EXPECT_EQ(show(a), "対象は、[内部]部局、議会とする。");
  EXPECT_EQ(show(b), "対象は、[市長]部局、議会とする。");
  mark_changes("本対策基準が対象とする。", "本基本方針が対象とする。", a, b);
  EXPECT_EQ(show(a) + "|" + show(b), "本[対策基準]が対象とする。|本[基本方針]が対象とする。");
  mark_changes("パソコンを使う。", "パソコンとタブレットを使う。", a, b);
  EXPECT_EQ(show(a), "パソコンを使う。");
  EXPECT_EQ(show(b), "パソコン[とタブレット]を使う。");
  mark_changes("", "新しい。", a, b);
  EXPECT_EQ(show(b), "[新しい。]");
  mark_changes("機密性 2 以上", "機密性２以上", a, b);
  EXPECT_EQ(show(a) + show(b), "機密性 2 以上機密性２以上");
}

TEST(Comparison, FollowsClausesThroughRenumbering) {
  const auto rows = rows_of("1 棚\n\n(1) 鍵は係長が預かる。\n(2) 写しは作らない。\n(3) 台帳は三年のあいだ保存する。\n", "1 棚\n\n(1) 棚は耐火のものとする。\n(2) 鍵は係長が預かる。\n(3) 台帳は五年のあいだ保存する。\n");
  EXPECT_EQ(lines_of(rows), std::vector<std::string>({"棚|棚", "|[棚は耐火のものとする。]", "鍵は係長が預かる。|鍵は係長が預かる。 renumbered", "[写しは作らない。]|",
                                                      "台帳は[三]年のあいだ保存する。|台帳は[五]年のあいだ保存する。"}));
}

TEST(Comparison, PairsTheLikestCoverAndNoPreambleOfOtherWords) {
  const std::string bound = "質疑の応答集\n\n令和7年4月1日\n\n1 提出\n\n月末まで。\n\n以上\n\n港の村の記録の基準\n\n令和7年5月1日\n\nうみべの倉庫には、むかしからの帳面が眠っている。\n\n1 人\n\n鍵を預かる。\n";
  const auto rows = rows_of(bound, "港の市の記録の基準\n\n令和8年3月1日\n\nこの基準は、紙を守る者の手引である。\n\n1 人\n\n鍵を預かる。\n");
  std::vector<std::string> pairs;
  for (const std::string& line : lines_of(rows))
    if (!line.starts_with("|") && !line.ends_with("|")) pairs.push_back(line);
  EXPECT_EQ(pairs, std::vector<std::string>({"港の[村]の記録の基準\n令和[7年5]月1日|港の[市]の記録の基準\n令和[8年3]月1日", "人鍵を預かる。|人鍵を預かる。"}));
}

TEST(Comparison, FollowsAHeadingThatBecameTheBeginningOfAText) {
  const auto rows = rows_of("1 網の強さ\n\n(1) 番号を扱う系\n\nア 二つの鍵を使う。\n\n(2) 庁内の系\n\nア 道を分ける。\n\n2 番号を扱う系の台帳\n\n毎年度直す。\n",
                            "1 網の強さ\n\n次のとおりとする。\n\nア 番号を扱う系においては、他の系と話さないようにする。\n\nイ 庁内の系においては、通る道を別にする。\n");
  EXPECT_EQ(lines_of(rows), std::vector<std::string>({"網の強さ|網の強さ[次のとおりとする。]", "[番号を扱う系]|[番号を扱う系においては、他の系と話さないようにする。] renumbered", "[二つの鍵を使う。]|",
                                                      "[庁内の系]|[庁内の系においては、通る道を別にする。] renumbered", "[道を分ける。]|", "[番号を扱う系の台帳][毎年度直す。]|"}));
}

TEST(Comparison, TellsAMoveFromADropAndAnAddition) {
  const auto rows = rows_of("1 人\n\n(1) 新しい職員には鍵の扱いを教える。\n\n2 物\n\n(1) 倉庫の温度を毎朝書き留める。\n", "1 人\n\n2 物\n\n(1) 倉庫の温度を毎朝書き留める。\n(2) 新しい職員には鍵の扱いを教える。\n");
  EXPECT_EQ(lines_of(rows), std::vector<std::string>({"人|人", "物|物", "倉庫の温度を毎朝書き留める。|倉庫の温度を毎朝書き留める。",
                                                      "新しい職員には鍵の扱いを教える。|新しい職員には鍵の扱いを教える。 renumbered moved"}));
}

TEST(Comparison, FollowsHeadingsThatBecameTheItemsOfOneClause) {
  const char* const chapters = "1 目的\n\n棚を守る。\n\n2 鍵の預かり\n\n(1) 係長が預かる。\n\n3 委託と外の倉庫の利用\n\n(1) 倉庫を選ぶ。\n\n4 台帳の点検\n\n(1) 毎年行う。\n";
  const char* const items = "1 目的\n\n棚を守る。\n\n2 対策\n\n次の対策を講じる。\n\n(1) 鍵の預かり\n\n鍵は決まった者が預かる。\n\n(2) 委託と外の倉庫（棚）の利用\n\n契約を結び確かめる。\n\n(3) 台帳の点検\n\n点検を定期に行う。\n";
  std::vector<std::string> pairs;
  const auto before = read(chapters);
  const auto after = read(items);
  const Alignment alignment = align(before, after);
  for (std::size_t i = 0; i < before.size(); ++i)
    if (alignment.to_new[i] != kNoPartner) pairs.push_back(before[i].title + "|" + after[static_cast<std::size_t>(alignment.to_new[i])].title);
  EXPECT_EQ(pairs, std::vector<std::string>({"目的|目的", "鍵の預かり|鍵の預かり", "委託と外の倉庫の利用|委託と外の倉庫（棚）の利用", "台帳の点検|台帳の点検"}));
}

TEST(Comparison, PairsRepeatedSentencesByWhereTheyStand) {
  const std::string text = "1 甲\n\n(1) 常に新しく保つ。\n(2) 甲だけの決まりを守る。\n\n2 乙\n\n(1) 常に新しく保つ。\n(2) 乙には別の扱いがある。\n";
  const auto a = read(text);
  const auto alignment = align(a, a);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(alignment.to_new[i], static_cast<int>(i));
}

TEST(Comparison, LeavesUnlikeClausesApart) {
  const auto rows = rows_of("1 監査\n年に一度、外の目で確かめる。\n", "1 給食\n献立は栄養士が決める。\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows[0].dropped() != rows[1].dropped());
}

TEST(Comparison, AlignsAThousandClausesWithinASecond) {
  std::string before;
  std::string after;
  for (int chapter = 1; chapter <= 10; ++chapter) {
    before += std::to_string(chapter) + " 見出し" + std::to_string(chapter) + "\n\n";
    after += std::to_string(chapter) + " 見出し" + std::to_string(chapter) + "\n\n";
    for (int n = 1; n <= 100; ++n) {
      const std::string text = "職員は、棚番号" + std::to_string(chapter * 1000 + n) + "の記録を扱うときは、情報管理者の許しを得て、台帳に日付と名前を書かなければならない。\n";
      before += "(" + std::to_string(n) + ") " + text;
      after += "(" + std::to_string(n) + ") " + (n % 7 == 0 ? "また、" : "") + text;
    }
  }
  const auto a = read(before);
  const auto b = read(after);
  const auto begin = std::chrono::steady_clock::now();
  const auto rows = compare(a, b, align(a, b));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
  EXPECT_EQ(rows.size(), 1010u);
}

TEST(ClauseChecks, FindGapsRepeatsAndReferencesToNothing) {
  const auto document = parse(
      "－目次－\n\n1 範囲.....1\n2 体勢.....1\n\n1 範囲\n\n(1) 窓口\n(2) 水道\n(4) 倉庫\n\n2 体制\n\n上記1の範囲と、上記3及び7-(1)の定めによる。上記(2)も同じとする。\n\n3 空の見出し\n").value();
  std::vector<std::string> found;
  for (const Finding& finding : check(document)) found.push_back(finding.kind + " " + document.clauses[static_cast<std::size_t>(finding.clause)].ref + " " + finding.detail);
  EXPECT_EQ(found, std::vector<std::string>({"contents 目次 2 体勢", "missing 1(4) (3)", "dangling 2 上記7-(1)", "dangling 2 上記(2)", "empty 3 空の見出し"}));
}

TEST(ClauseChecks, KnowArticlesOfTheSameDocumentOnly) {
  const auto document = parse("第1条 この規程は、第3条に定める者と個人情報の保護に関する法律第9条による。\n第2条 第1条の者は、第5条の例による。\n第3条 者とは職員をいう。\n").value();
  std::vector<std::string> found;
  for (const Finding& finding : check(document)) found.push_back(finding.kind + " " + finding.detail);
  EXPECT_EQ(found, std::vector<std::string>({"dangling 第5条"}));
}

}  // namespace
}  // namespace sekisho::clauses
