#include "clauses/amend.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "clauses/amending_text.h"
#include "clauses/parse.h"
#include "clauses/rewording.h"

namespace sekisho::clauses {
namespace {

const char* const kArticles =
    "倉庫の規程\n\n第1章 総則\n\n（目的）\n第1条 この規程は、倉庫の扱いを定める。\n（用語）\n第2条 倉庫とは、物を置く所をいう。\n２ 物とは、紙と器具をいう。\n\n第2章 鍵\n\n（預かり）\n第3条 鍵は係長が預かる。\n"
    "（写し）\n第4条 写しは作らない。\n（貸出し）\n第5条 鍵は台帳に書いて貸し出す。\n";
const char* const kNumbers = "倉庫の方針\n\n1 人\n\n(1) 鍵は係長が預かる。\n(2) 写しは作らない。\n(3) 台帳は三年のあいだ保存する。\n\n2 物\n\n(1) 次のものを置く。\nア 紙\nイ 器具\nウ 薬品\n";

std::size_t at(const Document& d, const std::string& ref) {
  const auto it = std::find_if(d.clauses.begin(), d.clauses.end(), [&](const Clause& c) { return c.ref == ref; });
  if (it == d.clauses.end()) throw std::runtime_error("no clause " + ref);
  return static_cast<std::size_t>(it - d.clauses.begin());
}
Place after(const Document& d, const std::string& ref) { return {at(d, ref), std::nullopt}; }
Place under(const Document& d, const std::string& ref) { return {std::nullopt, at(d, ref)}; }
std::vector<std::string> refs(const Document& d) {
  std::vector<std::string> out;
  for (const Clause& c : d.clauses)
    if (c.kind == Kind::clause || c.kind == Kind::structure) out.push_back(c.ref);
  return out;
}
using Refs = std::vector<std::string>;

// Every clause of before stands in `from` once, at its own words, unless it is gone.
void expect_mapped(const Document& before, const Edit& edit) {
  ASSERT_EQ(edit.from.size(), edit.document.clauses.size());
  std::set<int> seen;
  for (std::size_t i = 0; i < edit.from.size(); ++i) {
    const Clause& c = edit.document.clauses[i];
    EXPECT_LT(c.parent, static_cast<int>(i));
    if (edit.from[i] == kNewClause) continue;
    EXPECT_TRUE(seen.insert(edit.from[i]).second);
    EXPECT_EQ(c.text, before.clauses[static_cast<std::size_t>(edit.from[i])].text);
    EXPECT_EQ(c.title, before.clauses[static_cast<std::size_t>(edit.from[i])].title);
  }
}

TEST(Amend, ArticlesRunThroughTheChapters) {
  const Document d = parse(kArticles).value();
  const Edit edit = insert(d, after(d, "第2条"), "場所", "倉庫は庁舎に置く。", Numbering::shift).value();
  EXPECT_EQ(refs(edit.document), Refs({"第1章", "第1条", "第2条", "第2条第2項", "第3条", "第2章", "第4条", "第5条", "第6条"}));
  EXPECT_EQ(edit.document.clauses[edit.clause].title, "場所");
  expect_mapped(d, edit);
  EXPECT_EQ(refs(remove(d, at(d, "第1条"), Numbering::shift).value().document), Refs({"第1章", "第1条", "第1条第2項", "第2章", "第2条", "第3条", "第4条"}));
  EXPECT_EQ(refs(remove(d, at(d, "第1条"), Numbering::keep).value().document).back(), "第5条");
}

TEST(Amend, BranchNumbersMoveNothingElse) {
  const Document d = parse(kArticles).value();
  const Edit once = insert(d, after(d, "第3条"), "", "鍵は二つとする。", Numbering::branch).value();
  EXPECT_EQ(refs(once.document), Refs({"第1章", "第1条", "第2条", "第2条第2項", "第2章", "第3条", "第3条の2", "第4条", "第5条"}));
  const Edit twice = insert(once.document, after(once.document, "第3条"), "", "鍵は三つとする。", Numbering::shift).value();
  EXPECT_EQ(refs(twice.document)[6] + refs(twice.document)[7], "第3条の2第3条の3");
  EXPECT_EQ(twice.document.clauses[at(twice.document, "第3条の3")].text, "鍵は二つとする。");
  const Edit gone = remove(twice.document, at(twice.document, "第3条の2"), Numbering::shift).value();
  EXPECT_EQ(refs(gone.document), refs(once.document));
  const Document n = parse(kNumbers).value();
  EXPECT_EQ(insert(n, after(n, "1(1)"), "", "x", Numbering::branch).error().key, "clauses.no_branch");
}

TEST(Amend, ListsKeepTheirStyle) {
  const Document d = parse(kNumbers).value();
  EXPECT_EQ(refs(insert(d, after(d, "2(1)ア"), "", "布", Numbering::shift).value().document),
            Refs({"1", "1(1)", "1(2)", "1(3)", "2", "2(1)", "2(1)ア", "2(1)イ", "2(1)ウ", "2(1)エ"}));
  const Edit first = insert(d, under(d, "2(1)"), "", "布", Numbering::shift).value();
  EXPECT_EQ(first.document.clauses[at(first.document, "2(1)ア")].text, "布");
  EXPECT_EQ(first.document.clauses[at(first.document, "2(1)イ")].text, "紙");
  const Edit below = insert(d, under(d, "1(2)"), "", "例外は次のとおり。", Numbering::shift).value();
  EXPECT_EQ(below.document.clauses[below.clause].ref, "1(2)ア") << "as below 2(1)";
  expect_mapped(d, below);
  EXPECT_EQ(refs(insert(d, after(d, "1"), "場所", "", Numbering::shift).value().document), Refs({"1", "1(1)", "1(2)", "1(3)", "2", "3", "3(1)", "3(1)ア", "3(1)イ", "3(1)ウ"}));
  const Document dotted = parse("方針\n\n1 人\n\n1.1 鍵\n係長が預かる。\n1.2 写し\n作らない。\n1.2.1 例外\nある。\n1.2.2 記録\n残す。\n\n2 物\n棚に置く。\n").value();
  EXPECT_EQ(refs(insert(dotted, after(dotted, "1.1"), "札", "付ける。", Numbering::shift).value().document), Refs({"1", "1.1", "1.2", "1.3", "1.3.1", "1.3.2", "2"}));
}

TEST(Amend, AMoveClosesTheGapAndMakesRoom) {
  const Document d = parse(kNumbers).value();
  const Edit up = move(d, at(d, "1(3)"), after(d, "1(1)"), Numbering::shift).value();
  EXPECT_EQ(up.document.clauses[at(up.document, "1(2)")].text, "台帳は三年のあいだ保存する。");
  EXPECT_EQ(up.document.clauses[at(up.document, "1(3)")].text, "写しは作らない。");
  expect_mapped(d, up);
  const Edit over = move(d, at(d, "1(1)"), after(d, "2(1)"), Numbering::shift).value();
  EXPECT_EQ(refs(over.document), Refs({"1", "1(1)", "1(2)", "2", "2(1)", "2(1)ア", "2(1)イ", "2(1)ウ", "2(2)"}));
  EXPECT_EQ(over.document.clauses[at(over.document, "2(2)")].text, "鍵は係長が預かる。");
  expect_mapped(d, over);
  const Edit whole = move(d, at(d, "2"), Place{std::nullopt, at(d, "1")}, Numbering::shift).value();
  EXPECT_EQ(whole.document.clauses[whole.clause].ref, "1(1)");
  expect_mapped(d, whole);
  EXPECT_EQ(move(d, at(d, "2"), after(d, "2(1)ア"), Numbering::shift).error().key, "clauses.place");
  EXPECT_EQ(insert(d, Place{}, "", "x", Numbering::shift).error().key, "clauses.place");
}

std::vector<std::string> rules(const Document& a, const Document& b) {
  std::vector<std::string> out;
  for (const Provision& p : amending_text(a, b, align(comparables(a), comparables(b)))) {
    out.push_back(p.rule);
    for (const std::string& words : p.words) out.push_back("  " + words);
  }
  return out;
}
std::string phrase(const std::string& a, const std::string& b) {
  const auto list = rewordings(a, b);
  return list ? phrase_of(*list) : "anew";
}

TEST(AmendingText, SaysWhatBecameOfTheWords) {
  EXPECT_EQ(phrase("対象は、内部部局、議会とする。", "対象は、市長部局、議会とする。"), "「内部部局」を「市長部局」に改める");
  EXPECT_EQ(phrase("鍵は係長が預かり、台帳は三年保存する。", "鍵は課長が預かり、台帳は五年保存する。"), "「係長」を「課長」に、「三年保存」を「五年保存」に改める");
  EXPECT_EQ(phrase("パソコンを机の上で使う。", "パソコンとタブレットを机の上で使う。"), "「パソコン」の次に「とタブレット」を加える");
  EXPECT_EQ(phrase("紙の台帳及びその写しを保存する。", "紙の台帳を保存する。"), "「及びその写し」を削る");
  EXPECT_EQ(phrase("課の長は課の鍵を課の棚に置く。", "課の長は課の鍵を部の棚に置く。"), "「を課」を「を部」に改める") << "one of three: the words before tell which";
  EXPECT_EQ(phrase("市の鍵は市が預かる。", "町の鍵は町が預かる。"), "「市」を「町」に改める") << "everywhere: said once";
  EXPECT_EQ(phrase("情報委員会は、情報の点検を行う。", "情報の点検を行う。"), "「情報委員会は、」を削る") << "not from the middle of one word to the middle of the next";
  EXPECT_EQ(phrase("業務に当たって守る。", "業務に当たつて守る。"), "「当たって」を「当たつて」に改める") << "a letter alone is no word";
  EXPECT_EQ(phrase("変化の場合に評価を行う。", "変化の場合にも評価を行う。"), "「場合に」の次に「も」を加える");
  EXPECT_EQ(phrase("必要に応じて監査を行う。", "必要に応じて、監査を行う。"), "「応じて」の次に「、」を加える");
  EXPECT_EQ(phrase("棚に置く。", "鍵を掛け、日付を書き、写しを取り、二人で封をする。"), "anew");
}

TEST(AmendingText, MovesNumbersAsDraftersDo) {
  const Document d = parse(kArticles).value();
  const Document added = insert(d, after(d, "第2条"), "場所", "倉庫は庁舎の一階に置く。", Numbering::shift).value().document;
  EXPECT_EQ(rules(d, added), Refs({"第5条を第6条とし、第3条及び第4条を1条ずつ繰り下げ、第2条の次に次の1条を加える。", "  （場所）", "  第3条　倉庫は庁舎の一階に置く。"}));
  const Document gone = remove(d, at(d, "第2条"), Numbering::shift).value().document;
  EXPECT_EQ(rules(d, gone), Refs({"第2条を削り、第3条を第2条とし、第4条及び第5条を1条ずつ繰り上げる。"}));
  const Document branch = insert(d, after(d, "第3条"), "", "鍵には番号の札を付ける。", Numbering::branch).value().document;
  EXPECT_EQ(rules(d, branch), Refs({"第3条の次に次の1条を加える。", "  第3条の2　鍵には番号の札を付ける。"}));
  const Document paragraph = insert(d, after(d, "第2条第2項"), "", "札とは、鍵に付ける番号をいう。", Numbering::shift).value().document;
  EXPECT_EQ(rules(d, paragraph), Refs({"第2条第2項の次に次の1項を加える。", "  3　札とは、鍵に付ける番号をいう。"}));
}

TEST(AmendingText, WhatOnlyMovedIsNotBroughtInAgain) {
  const Document before = parse("方針\n\n1 人\n\n鍵は係長が預かる。\n\n2 物\n\n倉庫には次のものを置く。\n\n(1) 紙の台帳\n(2) 器具の箱\n").value();
  const Document after = parse("方針\n\n1 人\n\n鍵は係長が預かる。\n\n2 対策\n\n対策は、次のとおりとする。\n\n(1) 物\n\n倉庫には次のものを置く。\n\nア 紙の台帳\nイ 器具の箱\n(2) 場所\n\n庁舎の一階に置く。\n").value();
  const auto made = rules(before, after);
  for (const std::string words : {"紙の台帳", "器具の箱", "次のものを置く"})
    EXPECT_TRUE(std::none_of(made.begin(), made.end(), [&](const std::string& line) { return line.starts_with("  ") && line.find(words) != std::string::npos; })) << words;
  EXPECT_TRUE(std::any_of(made.begin(), made.end(), [](const std::string& line) { return line.find("庁舎の一階") != std::string::npos; }));
}

TEST(AmendingText, WhatIsAllDifferentIsSaidAnewAsAWhole) {
  const Document before = parse(kArticles).value();
  const Document after = parse("車の規程\n\n第1条 車は、公務に使う。\n第2条 車庫は、駅の前に設ける。\n第3条 運転は、免許のある者が行う。\n").value();
  const auto made = rules(before, after);
  ASSERT_FALSE(made.empty());
  EXPECT_EQ(made[0], "倉庫の規程の全部を次のように改正する。");
  EXPECT_EQ(made[1], "  車の規程");
  EXPECT_EQ(made.back(), "  第3条　運転は、免許のある者が行う。");
}

TEST(AmendingText, ARangeIsOfNumbersOfOneKind) {
  const Document before = parse("方針\n\n1 人\n\n鍵は係長が預かる。\n\n2 物\n\n(1) 紙の台帳を置く。\n(2) 器具の箱を置く。\n(3) 薬品の棚を置く。\n(4) 布の袋を置く。\n").value();
  const Document after = parse("方針\n\n1 人\n\n鍵は係長が預かる。\n\n2 物\n\n(1) 布の袋を置く。\n").value();
  EXPECT_EQ(rules(before, after), Refs({"2(1)から2(3)までを削り、2(4)を2(1)とする。"}));
}

TEST(AmendingText, NumberedDocumentsAreCitedTheirOwnWay) {
  const Document d = parse(kNumbers).value();
  Document worded = insert(d, after(d, "2(1)ア"), "", "布", Numbering::shift).value().document;
  worded.clauses[at(worded, "1(1)")].text = "鍵は課長が預かる。";
  EXPECT_EQ(rules(d, worded), Refs({"1(1)中「係長」を「課長」に改める。", "2(1)ウを2(1)エとし、2(1)イを2(1)ウとし、2(1)アの次に次の1項目を加える。", "  イ　布"}));
  const Document gone = remove(d, at(d, "1(2)"), Numbering::shift).value().document;
  EXPECT_EQ(rules(d, gone), Refs({"1(2)を削り、1(3)を1(2)とする。"}));
  EXPECT_EQ(rules(d, d), Refs());
  Document titled = parse("方針\n\n1 人の務めについて\n\n(1) 鍵は係長が預かる。\n\n2 物の務めについて\n\n(1) 次のものを置く。\n").value();
  Document same = titled;
  for (Clause& c : same.clauses)
    if (c.title.ends_with("務めについて")) c.title = c.title.substr(0, 6) + "役割について";
  EXPECT_EQ(rules(titled, same), Refs({"1及び2中「務め」を「役割」に改める。"})) << "the same words in several places: said once";
}

}  // namespace
}  // namespace sekisho::clauses
