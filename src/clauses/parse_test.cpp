#include "clauses/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "clauses/check.h"
#include "clauses/label.h"
#include "clauses/prose.h"
#include "core/bytes.h"

namespace sekisho::clauses {
namespace {

Document read(const std::string& name) { return parse(read_file(std::string(SK_SOURCE_DIR) + "/tests/corpus/policies/" + name, kMaxSourceBytes).value()).value(); }

std::vector<std::string> refs(const Document& document) {
  std::vector<std::string> out;
  for (const Clause& clause : document.clauses) out.push_back(clause.ref);
  return out;
}

const Clause& at(const Document& document, const std::string& ref) {
  const auto it = std::find_if(document.clauses.begin(), document.clauses.end(), [&](const Clause& c) { return c.ref == ref; });
  if (it == document.clauses.end()) throw std::runtime_error("no clause " + ref);
  return *it;
}

std::vector<std::string> repairs(const Document& document, const std::string& kind) {
  std::vector<std::string> out;
  for (const Repair& repair : document.repairs)
    if (repair.kind == kind) out.push_back(repair.from + "->" + repair.to);
  return out;
}

std::vector<std::string> labels(const std::string& line) {
  std::vector<std::string> out;
  for (const Label& label : read_labels(decode(line))) out.push_back(label.text);
  return out;
}

TEST(ClauseLabels, ReadsHalfAndFullWidthFormsAlike) {
  EXPECT_EQ(labels("１．目的"), labels("1 目的"));
  EXPECT_EQ(labels("（１）体制"), std::vector<std::string>({"(1)"}));
  EXPECT_EQ(labels("( ｱ ) 件名").front(), "(ア)");
  EXPECT_EQ(labels("ｱ 件名").front(), "ア");
  EXPECT_EQ(labels("⑶ 体制"), std::vector<std::string>({"(3)"}));
  EXPECT_EQ(labels("第三条の二（目的）"), std::vector<std::string>({"第3条の2"}));
  EXPECT_EQ(labels("第１０章　雑則"), std::vector<std::string>({"第10章"}));
  EXPECT_EQ(labels("㉑ 印"), std::vector<std::string>({"㉑"}));
  EXPECT_EQ(labels("1.2.3 範囲"), std::vector<std::string>({"1.2.3"}));
  EXPECT_EQ(labels("二十三 印"), std::vector<std::string>({"二十三"}));
  EXPECT_EQ(labels("ロ 印"), std::vector<std::string>({"ロ", "ロ"}));  // of アイウ and of イロハ
}

TEST(ClauseLabels, LeavesWordsAlone) {
  for (const char* line : {"2以上の情報", "アクセス制御", "第3条の規定により", "API連携", "一般の職員", "2026年4月1日", "（これらを印刷した文書を含む。）", "3.5 MB"})
    EXPECT_TRUE(line == std::string("3.5 MB") || labels(line).empty()) << line;
}

TEST(Clauses, FindEveryLevelOfANumberedPolicyOnce) {
  EXPECT_EQ(refs(read("houshin.txt")),
            std::vector<std::string>({"表紙", "目次", "前文", "1", "2", "2(1)", "2(2)", "3", "3(1)", "3(1)ア", "3(1)イ", "3(1)イ(ア)", "3(1)イ(イ)", "3(1)イ(ウ)", "3(1)イ(エ)",
                                      "3(1)ウ", "3(2)", "3(2)ア", "3(2)ア/区分2", "3(2)ア/扱い1", "3(2)ア/扱い2", "3(2)ア/区分1", "3(2)イ", "3(2)イ(ア)", "3(2)イ(ア)a", "3(2)イ(ア)b",
                                      "3(2)イ(ア)b①", "3(2)イ(ア)b②", "3(2)イ(イ)", "4", "署名"}));
}

TEST(Clauses, ListWhatTheyRepaired) {
  const Document document = read("houshin.txt");
  EXPECT_EQ(repairs(document, "label"), std::vector<std::string>({"(ア)->(ウ)"}));
  EXPECT_EQ(repairs(document, "character"), std::vector<std::string>({"CR0->CRO"}));
  EXPECT_EQ(repairs(document, "spacing"), std::vector<std::string>({"C RO->CRO"}));
  EXPECT_EQ(repairs(document, "page-number"), std::vector<std::string>({"- 2 -->"}));
  EXPECT_EQ(repairs(document, "html").size(), 2u);
  EXPECT_EQ(repairs(document, "page-break").size(), 2u);
  const Clause& corrected = at(document, "3(1)イ(ウ)");
  EXPECT_EQ(corrected.printed, "(ア)");
  EXPECT_EQ(corrected.label, "(ウ)");
  EXPECT_EQ(corrected.text, "廃棄に立ち会う者");
  EXPECT_EQ(at(document, "2(2)").text, "記録に触れる全ての者をいう。");
  EXPECT_EQ(at(document, "2(2)").title, "係の者");
  EXPECT_EQ(at(document, "3(2)イ(ア)b").text, "書き換えたときは、線で消して、係の者の印を押す。");
  EXPECT_EQ(at(document, "3(2)ア/扱い2").text, "写しを作らない");
  EXPECT_EQ(document.attributed, 1.0);
}

TEST(Clauses, CiteArticlesParagraphsAndItems) {
  const Document document = read("kitei.txt");
  EXPECT_EQ(refs(document),
            std::vector<std::string>({"表紙", "改版履歴", "改版履歴/1.0", "改版履歴/1.1", "第1章", "第1条", "第2条", "第2条第1号", "第2条第2号", "第2条第2項", "第2条第3項", "第2条第3項第1号",
                                      "第2条第3項第2号", "第2条第3項第2号ア", "第2条第3項第2号イ", "第2条第3項第2号イ(ア)", "第2条第3項第2号イ(イ)", "第2章", "第3条", "第3条の2", "第2章第1節",
                                      "第4条", "第4条第1号", "第4条第2号", "附則", "附則/1", "附則/2", "附則[2]", "別表第1", "別表第1/裁断", "別表第1/溶解", "以上"}));
  EXPECT_EQ(at(document, "第1条").title, "目的");
  EXPECT_EQ(at(document, "第1条").text, "この規程は、みさき港湾事務組合が扱う文書を、住民のみなさんに安心していただけるように守るための決まりを定めます。");
  EXPECT_EQ(at(document, "第3条").text, "文書は鍵のかかる棚に置きます。棚の鍵は、係長が預かり、退庁のときに係長が確かめます。");
  EXPECT_EQ(at(document, "第3条").page, 2u);
  EXPECT_EQ(at(document, "第1章").title, "総則");
  EXPECT_EQ(at(document, "附則[2]").text, "附 則（令和7年9月1日）\nこの規程は、令和7年10月1日から施行します。");
  EXPECT_EQ(repairs(document, "page-number").size(), 3u);
  EXPECT_EQ(repairs(document, "running-head").size(), 4u);
  EXPECT_EQ(document.attributed, 1.0);
}

TEST(Clauses, CiteChaptersOnlyWhereTwoClausesWouldBeCitedAlike) {
  EXPECT_EQ(refs(read("yakusoku.txt")),
            std::vector<std::string>({"表紙", "第1章", "第1章/1", "第1章/1.1", "第1章/1.2", "第1章/1.2(a)", "第1章/1.2(b)", "第1章/2", "第1章/2Ⅰ", "第1章/2Ⅱ", "第2章", "第2章/1", "第2章/2", "第2章/2A", "第2章/2B"}));
  const std::string one = "村の方針\n\n第1章 守る\n\n1 ねらい\n村のものを守ります。\n\n2 範囲\n\n(1) 窓口\n";
  EXPECT_EQ(refs(parse(one).value()), std::vector<std::string>({"表紙", "第1章", "1", "2", "2(1)"}));
}

TEST(Clauses, KeepASecondListApartFromAMisprint) {
  const Document second = parse("1 表\n\n(1) 甲\n(2) 乙\n\n次のものも同じとする。\n\n(1) 丙\n(2) 丁\n").value();
  EXPECT_EQ(refs(second), std::vector<std::string>({"1", "1(1)", "1(2)", "1(1)[2]", "1(2)[2]"}));
  EXPECT_TRUE(repairs(second, "label").empty());
  const Document one = parse("1 表\n\n（一類）\n(1) 甲\n(2) 乙\n（二類）東の町の仕事\n(1) 丙\n").value();
  EXPECT_EQ(refs(one), std::vector<std::string>({"1", "1(1)", "1(2)", "1(1)[2]"}));
  EXPECT_TRUE(repairs(one, "label").empty());
  const Document gap = parse("1 表\n\n(1) 甲\n(2) 乙\n(4) 丁\n").value();
  EXPECT_EQ(refs(gap), std::vector<std::string>({"1", "1(1)", "1(2)", "1(4)"}));
}

TEST(Clauses, ReadTextAsAPageIsLaidOut) {
  const Document document = parse(
      "        みさき組合の方針\n\n１　はじめに\n　みさき組合は、次の事務を行うために設けられた\n組合です。\n２　言葉\n　(1) 情報システム\n　　　コンピュータ、ネットワーク及び記録媒体\n"
      "　　でつくられた仕組みをいいます。\n\n                              1\n３　守る\n　守ります。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "1", "2", "2(1)", "3"}));
  EXPECT_EQ(at(document, "1").title, "はじめに");
  EXPECT_EQ(at(document, "1").text, "みさき組合は、次の事務を行うために設けられた組合です。");
  EXPECT_EQ(at(document, "2(1)").text, "コンピュータ、ネットワーク及び記録媒体でつくられた仕組みをいいます。");
  EXPECT_EQ(at(document, "3").title, "守る");
  EXPECT_EQ(repairs(document, "page-number").size(), 1u);
}

TEST(Clauses, NameQuestionsAsQuestions) {
  const Document document = parse("質疑応答集\n\n1 提出\n\n【質問】\n\nいつまでですか。\n\n【回答】\n\n月末までです。\n\n2 様式\n\n【質問】\n\n自由ですか。\n\n【回答】\n\nはい。\n\n以上\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "Q1", "Q2", "以上"}));
}

TEST(Clauses, CiteOrdinalsWithoutAUnit) {
  const Document document = parse("○みさき組合文書要綱\n\n（趣旨）\n第1 この要綱は、文書の扱いを定める。\n（言葉）\n第2 言葉の意味は、次のとおりとする。\n1 文書\n仕事で作ったものをいう。\n2 職員\n"
                                  "(1) 常勤の者\n(2) 第1 回の研修を終えた者\n第3 保管\n(1) 鍵\n鍵を掛ける。\n").value();
  EXPECT_EQ(document.title, "みさき組合文書要綱");
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "第1", "第2", "第2の1", "第2の2", "第2の2(1)", "第2の2(2)", "第3", "第3(1)"}));
  EXPECT_EQ(at(document, "第1").title, "趣旨");
  EXPECT_EQ(at(document, "第1").text, "この要綱は、文書の扱いを定める。");
  EXPECT_EQ(at(document, "第3").title, "保管");
  EXPECT_TRUE(labels("第1 回の研修").empty());
  EXPECT_TRUE(labels("第1号様式").empty());
  EXPECT_EQ(labels("２（範囲）"), std::vector<std::string>({"2"}));
  EXPECT_TRUE(labels("2（3）").empty() && labels("2（注）の棚").empty());
}

TEST(Clauses, EndAPlainTableOfContentsWhereItsFirstEntryStandsAgain) {
  const Document rule = parse("みさき市記録規程\n\n目次\n\n第1章 総則(第1条―第2条)\n\n第2章 雑則(第3条)\n\n附則\n\n第1章 総則\n\n(目的)\n\n第1条 この規程は、記録を守る。\n\n(範囲)\n\n第2条 全ての課に及ぶ。\n\n"
                              "第2章 雑則\n\n(委任)\n\n第3条 市長が定める。\n\n附 則\n\nこの規程は、令和7年4月1日から施行する。\n").value();
  EXPECT_EQ(refs(rule), std::vector<std::string>({"表紙", "目次", "第1章", "第1条", "第2条", "第2章", "第3条", "附則"}));
  EXPECT_EQ(at(rule, "目次").text, "第1章 総則(第1条―第2条)\n第2章 雑則(第3条)\n附則");
  EXPECT_TRUE(check(rule).empty());
  const Document titled = parse("目次\n1 目的\n2 範囲\n\n港の記録の方針\n\n1 目的\n記録を守る。\n2 範囲\n全ての課とする。\n").value();
  EXPECT_EQ(refs(titled), std::vector<std::string>({"目次", "表紙", "1", "2"}));
}

TEST(Clauses, ReadNumbersWrittenAgainstTheirHeadings) {
  const Document document = parse("港の村の方針\n\n1目的\nこの方針は、記録を守る。\n2定義\n(1)記録\n仕事で作ったものをいう。\n3年を過ぎた記録は、捨てる。\n3見直し\n毎年度見直す。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "1", "2", "2(1)", "3"}));
  EXPECT_EQ(at(document, "3").title, "見直し");
  EXPECT_EQ(at(document, "2(1)").text, "仕事で作ったものをいう。\n3年を過ぎた記録は、捨てる。");
  EXPECT_EQ(refs(parse("方針\n\n1 目的\n守る。\n2以上の課にわたるもの\n2 範囲\n").value()), std::vector<std::string>({"表紙", "1", "2"}));
}

TEST(Clauses, ReadBulletsAndAPreambleWithAHeading) {
  const Document document = parse("港の組合の方針\n\n序文\n\n 組合の記録は、預かりものである。\n\n  • ⑴ 体制を作る。\n  • ⑵ 手順を定める。\n  ・(3) 見直す。\n\n1 言葉\n- 記録\n仕事で作ったものをいう。\n- 職員\n組合で働く者をいう。\n2 体制\n(1) 責任者\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "前文", "(1)", "(2)", "(3)", "1", "2", "2(1)"}));
  EXPECT_EQ(at(document, "前文").title, "序文");
  EXPECT_EQ(at(document, "(2)").text, "手順を定める。");
  EXPECT_EQ(at(document, "1").text, "記録\n仕事で作ったものをいう。\n職員\n組合で働く者をいう。");
  EXPECT_EQ(document.attributed, 1.0);
}

TEST(Clauses, GoOnWithASentenceThatAMachineMadeABulletOf) {
  const Document document = parse("1 使い方\n\n係は、役目でないのに、持ち出し、\n\n- 網への出入りを行ってはならない。\n- (1) 鍵\n").value();
  EXPECT_EQ(at(document, "1").text, "係は、役目でないのに、持ち出し、網への出入りを行ってはならない。");
  EXPECT_EQ(repairs(document, "page-break").size(), 1u);
}

TEST(Clauses, KeepTheEntriesOfAListApart) {
  const Document document = parse("第1条 (表し方)\n次のいずれにも当たらないものとする。\n- 見る人の思いに反して動いたり、迷わせたりするおそれのあるもの\n    - (例)「閉じる」等の釦のように見える表し方\n- 村の知らせと取り違えるおそれのあるもの\n").value();
  EXPECT_EQ(at(document, "第1条").text, "次のいずれにも当たらないものとする。\n見る人の思いに反して動いたり、迷わせたりするおそれのあるもの\n(例)「閉じる」等の釦のように見える表し方\n村の知らせと取り違えるおそれのあるもの");
  EXPECT_TRUE(document.repairs.empty());
}

TEST(Clauses, LeaveOutALetterPrintedTwiceAtABreak) {
  const Document document = parse("1 設計\n\n出るものが正しいように記録シ\n\nシステムを作る。\n\n2 記録システムの点検\n\n毎年度行う。\n").value();
  EXPECT_EQ(at(document, "1").text, "出るものが正しいように記録システムを作る。");
  EXPECT_EQ(repairs(document, "repeated-tail"), std::vector<std::string>({"シ->"}));
}

TEST(Clauses, ReadMarkdownWithoutWhatItDraws) {
  const Document document = parse("# 港の組合の文書要項\n\n|||\n|---|---|\n|令和6年4月1日|制定|\n\n---\n\n## 第1条 (趣旨) {#purpose}\n文書の扱いを定める。\n\n## 第2条 (年数)\n年数は、次の表による。\n\n"
                                  "| 文書 | 年数 |\n|:--|--:|\n| 台帳 | 5年 |\n| 控え/写し | 1年 |\n\n## 別表 棚の一覧(第2条関係)\n\n|棚|鍵|\n|-|-|\n|東|係長|\n").value();
  EXPECT_EQ(document.title, "港の組合の文書要項");
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "第1条", "第2条", "第2条/台帳", "第2条/控え/写し", "別表", "別表/東"}));
  EXPECT_EQ(at(document, "第1条").title, "趣旨");
  EXPECT_EQ(at(document, "第2条/台帳").text, "年数: 5年");
  EXPECT_EQ(at(document, "別表").text, "別表 棚の一覧(第2条関係)\n棚 | 鍵");
  EXPECT_TRUE(document.repairs.empty());
  EXPECT_EQ(document.attributed, 1.0);
}

TEST(Clauses, FreeACaptionThatWasPrintedBehindTheLineAboveItsArticle) {
  const Document document = parse("第1章 総則（目的）\n第1条 記録を守る。\n2 写しも守る。（見直し）\n\n第2条 毎年見直す（休みの年を除く。）。\n第3条（雑則） ほかは別に定める。\n").value();
  EXPECT_EQ(at(document, "第1章").title, "総則（目的）");  // no blank before the bracket: it may belong to the chapter
  EXPECT_EQ(at(document, "第1条第2項").text, "写しも守る。");
  EXPECT_EQ(at(document, "第2条").title, "見直し");
  EXPECT_EQ(at(document, "第3条").title, "雑則");
  EXPECT_EQ(repairs(document, "line-break"), std::vector<std::string>({"。（見直し）->。\n（見直し）"}));
  EXPECT_EQ(document.attributed, 1.0);
  const Document chapter = parse("第1条 記録を守る。\n第2章 棚 (鍵)\n\n第2条 鍵を掛ける。\n").value();
  EXPECT_EQ(at(chapter, "第2章").title, "棚");
  EXPECT_EQ(at(chapter, "第2条").title, "鍵");
}

TEST(Clauses, PutAListThatBeginsAnewBelowTheNumberItStandsUnder) {
  const Document document = parse("港の村の方針\n\n1. 目的\n\n記録を守る。\n\n2. 範囲\n\n全ての課とする。\n\n3. 言葉\n\n言葉は、次のとおりとする。\n\n1. 記録は、仕事で作ったものをいう。\n2. 係は、働く者をいう。\n\n4. 体制\n\n長を置く。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "1", "2", "3", "3の1", "3の2", "4"}));
  EXPECT_TRUE(check(document).empty());
}

TEST(Clauses, CiteWhatStandsBelowTheSecondOfSeveralEnds) {
  const Document document = parse("第1条 記録を守る。\n附則\n1 この規程は、四月から施行する。\n附則（令和7年規程第2号）抄\n1 この規程は、五月から施行する。\n2 前の様式も使える。\n\n別記様式（第1条関係）\n\n第2号様式（第1条関係）\n\n様式第3号の2\n\n別表第1に掲げる棚\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"第1条", "附則", "附則/1", "附則[2]", "附則[2]/1", "附則[2]/2", "別記様式", "第2号様式", "様式第3号の2"}));
  EXPECT_EQ(at(document, "附則[2]").text, "附則（令和7年規程第2号）抄");
  EXPECT_EQ(at(document, "附則[2]/1").text, "この規程は、五月から施行する。");
}

TEST(Clauses, CiteNumbersThatAnArticleListsAsItsItems) {
  const Document document = parse("第1条（役目） 係は、次の役目を負う。\n1 鍵を預かること\n2 台帳を書くこと\n第2条（長）\n1 長は、一人とする。\n2 長は、係を決める。\n第3条 長は、見直す。\n2 前項の見直しは、毎年とする。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"第1条", "第1条第1号", "第1条第2号", "第2条", "第2条第1項", "第2条第2項", "第3条", "第3条第2項"}));
  EXPECT_EQ(at(document, "第1条第1号").text, "鍵を預かること");
  EXPECT_TRUE(check(document).empty());
}

TEST(Clauses, TellATermFromItsDefinition) {
  const Document document = parse("1 言葉\n(1)　記録　係が仕事で作り、又は受け取ったものをいう。\n(2) 生成AI Webで文を作る仕組みをいう。\n(3) CISO 最も上の責任者をいいます。\n(4) 平成 30 年の規則をいう。\n(5)　ただし　この限りでない。\n"
                                  "(6) 棚 耐火のものとする。\n(7)　長は、　係を決める。\n(8) Web Pageの写しをいう。\n(9)　部長（以下「長」という。）　部の責任者とする。\n2（範囲）\n全ての課とする。\n3 責任者（以下「長」という。）\n(1) 鍵を預かる。\n").value();
  const auto shown = [&](const char* ref) { return at(document, ref).title + "|" + at(document, ref).text; };
  EXPECT_EQ(shown("1(1)"), "記録|係が仕事で作り、又は受け取ったものをいう。");
  EXPECT_EQ(shown("1(2)"), "|生成AI Webで文を作る仕組みをいう。") << "two Latin words may be one name";
  EXPECT_EQ(shown("1(3)"), "CISO|最も上の責任者をいいます。");
  EXPECT_EQ(shown("1(4)"), "|平成 30 年の規則をいう。");
  EXPECT_EQ(shown("1(5)"), "|ただし　この限りでない。");
  EXPECT_EQ(shown("1(6)"), "|棚 耐火のものとする。") << "a plain blank alone is no sign";
  EXPECT_EQ(shown("1(7)"), "|長は、　係を決める。");
  EXPECT_EQ(shown("1(8)"), "|Web Pageの写しをいう。");
  EXPECT_EQ(shown("1(9)"), "部長（以下「長」という。）|部の責任者とする。");
  EXPECT_EQ(at(document, "2").title, "範囲");
  EXPECT_EQ(at(document, "3").title, "責任者（以下「長」という。）");
}

TEST(Clauses, KeepAShortHeadingApartFromTheLineBelowIt) {
  // 係員名簿 stands elsewhere: no sign that 係員 | 名簿 is one word here.
  const Document document = parse("1 係員\n名簿に載る者をいう。\n2 台帳\n係員名簿を置く。\n").value();
  EXPECT_EQ(at(document, "1").title, "係員");
  EXPECT_EQ(at(document, "1").text, "名簿に載る者をいう。");
}

TEST(Clauses, NameTheDocumentByTheLineOfItsCoverThatIsAName) {
  const Document document = parse("ホーム > 港の方針\n\n本文へ\n\n港の村の方針\n\n令和6年4月1日\n\n1 目的\n守る。\n").value();
  EXPECT_EQ(document.title, "港の村の方針");
  const Document changed = parse("○港の村公開条例\n\n令和6年4月1日\n\n港の村文書公開条例の全部を改正する。\n\n目次\n\n第1章 総則(第1条)\n\n第1章 総則\n\n第1条 文書を公開する。\n").value();
  EXPECT_EQ(refs(changed), std::vector<std::string>({"表紙", "前文", "目次", "第1章", "第1条"}));
  for (const Clause& c : changed.clauses) EXPECT_EQ(c.part, 1u) << "a sentence before a table of contents begins no other document";
}

TEST(ClauseLabels, KnowHalfBracketsRomanLettersAndDashes) {
  EXPECT_EQ(labels("1) 目的"), std::vector<std::string>({"1)"}));
  EXPECT_EQ(labels("２）目的"), std::vector<std::string>({"2)"}));
  EXPECT_EQ(labels("ア） 課"), std::vector<std::string>({"ア)"}));
  EXPECT_EQ(labels("ｂ)係"), std::vector<std::string>({"b)"}));
  EXPECT_EQ(labels("Ⅱ．各論"), std::vector<std::string>({"Ⅱ"}));
  EXPECT_EQ(labels("III. 各論"), std::vector<std::string>({"Ⅲ"}));
  EXPECT_EQ(labels("(ⅳ) 係"), std::vector<std::string>({"(iv)"}));
  EXPECT_EQ(labels("2―4―1 棚"), std::vector<std::string>({"2.4.1"}));
  EXPECT_EQ(labels("１‐２　棚"), std::vector<std::string>({"1.2"}));
  EXPECT_EQ(labels("第１部　総論"), std::vector<std::string>({"第1部"}));
  EXPECT_EQ(labels("第一　目的"), std::vector<std::string>({"第1"}));
  EXPECT_EQ(labels("第3条【鍵】"), std::vector<std::string>({"第3条"}));
  EXPECT_EQ(labels("一、記録を守る。"), std::vector<std::string>({"一"}));
  EXPECT_EQ(labels("第 4 条の 2 鍵"), std::vector<std::string>({"第4条の2"}));
  EXPECT_EQ(labels("2 人的な守り"), std::vector<std::string>({"2"}));
  EXPECT_TRUE(labels("1 週間の長さが、棚ごとに異なる").empty() && labels("3 人で運ぶ。").empty());
  EXPECT_TRUE(labels("一、二の例").empty() && labels("IX線の写し").empty() && labels("2―4人").empty());
}

TEST(Clauses, PutDottedNumbersBelowWhatTheyBeginWith) {
  const Document document = parse("港の村の対策基準\n\n1 体制\n1―1 長\n(1) 役目\n① 長は、係を決める。\n1―2 係\n(1) 係は、鍵を預かる。\n2 物\n2―1 棚\n2―1―1 鍵\n(1) 鍵を掛ける。\n2―1―2 台帳\n台帳を置く。\n2―2 机\n机を片付ける。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "1", "1.1", "1.1(1)", "1.1(1)①", "1.2", "1.2(1)", "2", "2.1", "2.1.1", "2.1.1(1)", "2.1.2", "2.2"}));
  EXPECT_EQ(document.clauses[static_cast<std::size_t>(at(document, "2.1.2").parent)].ref, "2.1");
  EXPECT_EQ(document.clauses[static_cast<std::size_t>(at(document, "2.2").parent)].ref, "2");
  EXPECT_TRUE(check(document).empty());
  const Document headless = parse("1.ねらい\n記録を守る。\n2.1適用範囲\n全ての課とする。\n2.2適用期間\n一年とする。\n2.3例外\n次の\n3.1に示す場合とする。\n3.見直し\n毎年見直す。\n").value();
  EXPECT_EQ(refs(headless), std::vector<std::string>({"1", "2.1", "2.2", "2.3", "3"}));
  EXPECT_EQ(at(headless, "2.3").text, "次の3.1に示す場合とする。");
}

TEST(Clauses, NestHalfBracketsBelowRomanNumbersAndParts) {
  const Document document = parse("第１部　総論\n\nⅠ．守ること\n1) 鍵\n鍵を掛ける。\n2) 台帳\nア) 名前を書く。\nイ) 日付（第1項及び第\n3) のものを除く。）を書く。\nⅡ．直すこと\n毎年直す。\n第２部　各論\n第一　棚\nイ　東\nロ　西\nハ　南\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"第1部", "Ⅰ", "Ⅰ1)", "Ⅰ2)", "Ⅰ2)ア)", "Ⅰ2)イ)", "Ⅱ", "第2部", "第1", "第1イ", "第1ロ", "第1ハ"}));
  EXPECT_EQ(at(document, "Ⅰ2)イ)").text, "日付（第1項及び第3) のものを除く。）を書く。");
  EXPECT_TRUE(check(document).empty()) << "イロハ is a list of its own";
}

TEST(Clauses, TakeLoneNumbersForPagesOnlyWhereAPageLiesBetween) {
  const Document numbered = parse("港の村の方針\n\n1\n\n目的\n\n記録を守る。\n\n2\n\n定義\n\n(1)\n\n記録\n\n仕事で作ったものをいう。\n\n3\n\n見直し\n\n毎年見直す。\n").value();
  EXPECT_EQ(refs(numbered), std::vector<std::string>({"表紙", "1", "2", "2(1)", "3"}));
  EXPECT_TRUE(repairs(numbered, "page-number").empty());
  std::string page;
  for (int i = 0; i < 12; ++i) page += "係は、記録を棚に置き、鍵を掛け、台帳に名前を書く。\n";
  EXPECT_EQ(refs(parse("第1条 " + page + "\n2\n\n係は、見直す。\n").value()), std::vector<std::string>({"第1条", "第1条第2項"}));
  const Document paged = parse("1 鍵\n\n" + page + "\n1\n\n" + page + "\n2\n\n2 台帳\n\n" + page).value();
  EXPECT_EQ(refs(paged), std::vector<std::string>({"1", "2"}));
  EXPECT_EQ(repairs(paged, "page-number").size(), 2u);
}

TEST(Clauses, ReadADocumentBoundBelowItsLetter) {
  const Document document = parse("○港の村記録要綱の制定について\n\nこのたび、要綱を定めたので、別添のとおり知らせる。\n別添\n港の村記録要綱\n目\n次\n第 1 章 総則(第 1 条)\n附\n則\n第 1 章 総則\n(目的)\n(令和6規則2)\n第 1 条 記録を守る。\n附\n則\nこの要綱は、四月から施行する。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"表紙", "前文", "表紙", "目次", "第1章", "第1条", "附則"}));
  EXPECT_EQ(at(document, "第1条").part, 2u);
  EXPECT_EQ(at(document, "第1条").title, "目的");
  EXPECT_EQ(document.title, "港の村記録要綱");
  EXPECT_EQ(repairs(document, "line-break").size(), 3u);
  EXPECT_EQ(document.attributed, 1.0);
}

TEST(Clauses, TakeRowsForRowsWhateverTheyBeginWith) {
  const Document document = parse("1 預け先\n①　係は、次の者に預ける。\n①\t名前\t東の倉\n②\t場所\t港\n③\t期間\t一年\n②　預けた日を書く。\n1.2\t見直し\n毎年とする。\n").value();
  EXPECT_EQ(refs(document), std::vector<std::string>({"1", "1①", "1①/①", "1①/②", "1①/③", "1②", "1.2"}));
  EXPECT_EQ(at(document, "1①/①").text, "名前\n東の倉");
  EXPECT_EQ(document.attributed, 1.0);
}

TEST(Clauses, RefuseWhatIsNoText) {
  EXPECT_EQ(parse("").error().key, "clauses.empty");
  EXPECT_EQ(parse(" \n\f\n").error().key, "clauses.empty");
  EXPECT_EQ(parse("\xFF\xFE").error().key, "clauses.encoding");
  EXPECT_EQ(parse(std::string(kMaxSourceBytes + 1, 'a')).error().key, "clauses.too_large");
}

TEST(Clauses, ReadAThousandClausesWithinASecond) {
  std::string source;
  for (int chapter = 1; chapter <= 10; ++chapter) {
    source += std::to_string(chapter) + " 見出し\n\n";
    for (int n = 1; n <= 100; ++n) source += "(" + std::to_string(n) + ") 職員は、記録を扱うときは、次の者の許しを得て、台帳に日付と名前を書かなければならない。\n";
  }
  const auto begin = std::chrono::steady_clock::now();
  const Document document = parse(source).value();
  EXPECT_EQ(document.clauses.size(), 1010u);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

}  // namespace
}  // namespace sekisho::clauses
