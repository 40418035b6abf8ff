// Pure helpers: outline, grid, numbering, spreadsheet formats.
#include <gtest/gtest.h>

#include "files/grid.h"
#include "files/numbering.h"
#include "files/outline.h"
#include "files/xlsx_format.h"

namespace sekisho::files {
namespace {

TEST(Outline, RecognisesTheMarksOfRegulations) {
  const auto mark = [](std::string_view line) { return classify_line(line).mark; };
  EXPECT_EQ(mark("第２章　服務"), Mark::division);
  EXPECT_EQ(mark("第１５条の２　職員は"), Mark::article);
  EXPECT_EQ(classify_line("第１５条の２　職員は").number, "第15条の2");
  EXPECT_EQ(mark("第十条　職員は"), Mark::article);
  EXPECT_EQ(mark("第１５条第２項の規定により"), Mark::none);
  EXPECT_EQ(mark("（目的）"), Mark::article_title);
  EXPECT_EQ(mark("２　前項の"), Mark::number);
  EXPECT_EQ(mark("1.2 概要"), Mark::number);
  EXPECT_EQ(mark("2026年度の予算"), Mark::none);
  EXPECT_EQ(mark("10 000"), Mark::none);
  EXPECT_EQ(mark("(12)　その他"), Mark::item);
  EXPECT_EQ(mark("三　その他"), Mark::item);
  EXPECT_EQ(mark("ア　職員"), Mark::kana);
  EXPECT_EQ(mark("(ア)　職員"), Mark::kana_item);
  EXPECT_EQ(mark("アクセス制御を行う"), Mark::none);
  EXPECT_EQ(mark("附　則（令和８年条例第１号）"), Mark::division);
  EXPECT_EQ(mark("別表第１（第３条関係）"), Mark::division);
  EXPECT_EQ(mark("様式第２号（第５条関係）"), Mark::division);
  EXPECT_EQ(mark("別表のとおりとする。"), Mark::none);
  EXPECT_EQ(mark("【注意事項】"), Mark::symbol);
  EXPECT_EQ(mark("■ 手続の流れ"), Mark::symbol);
  EXPECT_EQ(mark("問３　届出の期限はいつですか。"), Mark::symbol);
  EXPECT_EQ(mark("・項目"), Mark::bullet);
  EXPECT_EQ(mark("- (3) 責任者"), Mark::item);
  EXPECT_FALSE(looks_like_title("業務委託.....34"));
  EXPECT_EQ(mark("本文です。"), Mark::none);
  EXPECT_EQ(mark(""), Mark::none);
}

TEST(Outline, ComposesLabelsAsTheyAreSpoken) {
  Labels labels;
  const auto at = [&](std::string_view line) { return labels.enter(classify_line(line)); };
  EXPECT_EQ(at("第５条　甲"), "第5条");
  EXPECT_EQ(at("(1)　乙"), "第5条第1号");
  EXPECT_EQ(at("２　丙"), "第5条第2項");
  EXPECT_EQ(at("(3)　丁"), "第5条第2項第3号");
  EXPECT_EQ(at("ア　戊"), "第5条第2項第3号ア");
  EXPECT_EQ(at("(イ)　己"), "第5条第2項第3号ア(イ)");
  EXPECT_EQ(at("続きの文"), "第5条第2項第3号ア(イ)");
  EXPECT_EQ(at("第３章　雑則"), "");
  EXPECT_EQ(at("附　則"), "附則");
  EXPECT_EQ(at("２　経過措置"), "附則第2項");
  labels.reset();
  EXPECT_EQ(at("2　対象"), "2");
  EXPECT_EQ(at("(1)　範囲"), "2(1)");
  EXPECT_EQ(at("ア　職員"), "2(1)ア");
}

TEST(Grid, RepeatsSpansIntoEveryPlaceTheyCover) {
  Grid grid;
  grid.begin_row();
  grid.add_cell("A", 2, 2);
  grid.add_cell("B", 1, 1);
  grid.begin_row();
  grid.add_cell("C", 1, 1);
  EXPECT_EQ(grid.take(), (std::vector<Row>{{"A", "A", "B"}, {"A", "A", "C"}}));
  Grid huge;
  for (int i = 0; i < 100; ++i) {
    huge.begin_row();
    for (int j = 0; j < 100; ++j) huge.add_cell("x", 1'000'000'000, 1'000'000'000);
  }
  EXPECT_LE(huge.take()[0].size(), kMaxColumns);
}

TEST(Numbering, PrintsJapaneseCounters) {
  EXPECT_EQ(format_number(12, "japaneseCounting"), "十二");
  EXPECT_EQ(format_number(231, "japaneseCounting"), "二百三十一");
  EXPECT_EQ(format_number(3, "aiueoFullWidth"), "ウ");
  EXPECT_EQ(format_number(2, "irohaFullWidth"), "ロ");
  EXPECT_EQ(format_number(15, "decimalFullWidth"), "１５");
  EXPECT_EQ(format_number(20, "decimalEnclosedCircle"), "⑳");
  EXPECT_EQ(format_number(4, "upperRoman"), "IV");
  EXPECT_EQ(format_number(-2147483647, "lowerLetter"), "-2147483647");
}

TEST(SpreadsheetFormats, ShowDatesInEitherCalendar) {
  EXPECT_EQ(format_date(46111, "yyyy/m/d", false), "2026/3/30");
  EXPECT_EQ(format_date(46111, "[$-411]ggge\"年\"m\"月\"d\"日\";@", false), "令和8年3月30日");
  EXPECT_EQ(format_date(43586, "[$-411]ggge\"年\"m\"月\"d\"日\"", false), "令和元年5月1日");
  EXPECT_EQ(format_date(43585, "ge.m.d", false), "H31.4.30");
  EXPECT_EQ(format_date(46111.5 + 1.0 / 1440, "yyyy/mm/dd hh:mm", false), "2026/03/30 12:01");
  EXPECT_EQ(format_date(0.5, "h:mm AM/PM", false), "12:00 PM");
  EXPECT_EQ(format_date(1.25, "[h]:mm", false), "30:00");
  EXPECT_EQ(format_date(46111, "m\"月\"d\"日\"(aaa)", false), "3月30日(月)");
  EXPECT_EQ(format_date(59, "yyyy/m/d", false), "1900/2/28");
  EXPECT_EQ(format_date(46111 - 1462, "yyyy/m/d", true), "2026/3/30");
  EXPECT_EQ(format_date(-5, "yyyy/m/d", false), "-5");
  EXPECT_EQ(format_date(1e300, "yyyy/m/d", false), "1e+300");
}

TEST(SpreadsheetFormats, TellDatesFromNumbers) {
  EXPECT_TRUE(is_date_format("yyyy/m/d"));
  EXPECT_TRUE(is_date_format("[h]:mm:ss"));
  EXPECT_TRUE(is_date_format("[$-411]ge.m.d"));
  EXPECT_FALSE(is_date_format("#,##0"));
  EXPECT_FALSE(is_date_format("0.00E+00"));
  EXPECT_FALSE(is_date_format("General"));
  EXPECT_FALSE(is_date_format("0\"日\""));
  EXPECT_FALSE(is_date_format("[Red]#,##0;[Blue]-#,##0"));
  EXPECT_EQ(format_plain_number(1234567.891, "#,##0.00"), "1,234,567.89");
  EXPECT_EQ(format_plain_number(-1234, "#,##0"), "-1,234");
  EXPECT_EQ(format_plain_number(0.1 + 0.2, ""), "0.3");
  EXPECT_EQ(format_plain_number(42, "00000"), "00042");
  EXPECT_EQ(format_plain_number(0.125, "0.0%"), "12.5%");
}

}  // namespace
}  // namespace sekisho::files
