#include <gtest/gtest.h>

#include "features/contentlog/operations.h"
#include "json/json.h"

namespace sekisho::contentlog {
namespace {

QuestionView question(std::string asked, std::string answered) {
  QuestionView q;
  q.seq = 7;
  q.person.name = "=cmd|' /C calc'!A0";
  q.content = "shown";
  q.question = std::move(asked);
  q.answer = std::move(answered);
  return q;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

TEST(ContentLogExport, CsvNeverExecutesAndKeepsLineBreaksInTheCell) {
  const std::string csv = as_csv({question("=1+1\r\n@x", "+2")});
  EXPECT_NE(csv.find("\"'=1+1\n@x\""), std::string::npos);
  EXPECT_NE(csv.find("\"'+2\""), std::string::npos);
  EXPECT_NE(csv.find("\"'=cmd|' /C calc'!A0\""), std::string::npos);
  EXPECT_EQ(count(csv, "\r\n"), 2u) << "one head, one row";
}

TEST(ContentLogExport, WhatIsLongerThanACellGoesOnInFurtherRows) {
  std::string asked;
  for (int i = 0; i < 45'000; ++i) asked += "𠮷";  // two UTF-16 units each: three cells
  const std::string csv = as_csv({question(asked, "税")});
  EXPECT_EQ(count(csv, "\r\n"), 4u);
  EXPECT_EQ(count(csv, "𠮷"), 45'000u);
  for (const char* part : {"7,1,", "7,2,", "7,3,"}) EXPECT_NE(csv.find(part), std::string::npos) << part;
  EXPECT_EQ(csv.find("7,4,"), std::string::npos);
}

TEST(ContentLogExport, ABrokenLastCharacterEndsTheText) { EXPECT_EQ(count(as_csv({question("a\xE7", "")}), "\r\n"), 2u); }

TEST(ContentLogExport, EveryJsonLineIsOneQuestionWhole) {
  const std::string lines = as_json_lines({question("一\n二", "\"三\""), question("", "")});
  EXPECT_EQ(count(lines, "\n"), 2u);
  const auto first = json::parse(lines.substr(0, lines.find('\n'))).value();
  EXPECT_EQ(first.at("question").as_string(), "一\n二");
  EXPECT_EQ(first.at("answer").as_string(), "\"三\"");
}

}  // namespace
}  // namespace sekisho::contentlog
