#include "text/csv.h"

#include <gtest/gtest.h>

namespace sekisho::text {
namespace {

std::string row(std::string_view cell) {
  CsvWriter csv;
  csv.cell(cell).end_row();
  return std::move(csv).take().substr(3);
}

TEST(Csv, BeginsWithTheByteOrderMarkAndEndsRowsWithCrLf) {
  CsvWriter csv;
  csv.cell("課").cell(std::int64_t{-12}).end_row();
  EXPECT_EQ(std::move(csv).take(), "\xEF\xBB\xBF\"課\",-12\r\n");
}

TEST(Csv, QuotesAndLineBreaksStayInsideTheCell) {
  EXPECT_EQ(row("a\"b,c"), "\"a\"\"b,c\"\r\n");
  EXPECT_EQ(row("一\r\n二\r三\n四"), "\"一\n二\n三\n四\"\r\n");
  EXPECT_EQ(row(std::string_view("a\0b", 3)), "\"ab\"\r\n");
}

TEST(Csv, WhatLooksLikeAFormulaIsText) {
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "　＝1", "＋1", "\n=1", "－1", "＠x"}) EXPECT_EQ(row(text).substr(0, 2), "\"'") << text;
  for (const char* text : {"1-1", "a=b", "税=1", ""}) EXPECT_NE(row(text).substr(1, 1), "'") << text;
}

}  // namespace
}  // namespace sekisho::text
