#include "outside/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/bytes.h"

namespace sekisho::outside {
namespace {

std::string run(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  return ::pclose(pipe) == 0 ? out : "failed: " + out;
}

// What `command` says of the PDF, whose name stands for @.
std::string of_pdf(const Report& report, std::string command) {
  const auto pdf = report_pdf(report);
  EXPECT_TRUE(pdf.has_value());
  char name[] = "/tmp/sekisho-report-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  EXPECT_TRUE(write_file(folder + "/r.pdf", *pdf).has_value());
  for (std::size_t at = command.find('@'); at != std::string::npos; at = command.find('@')) command.replace(at, 1, folder + "/r.pdf");
  const std::string out = run(command + " 2>&1");
  std::filesystem::remove_all(folder);
  return out;
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t n = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

std::vector<std::string> pages_of(const Report& report) {
  const std::string all = of_pdf(report, "pdftotext -layout @ -");
  std::vector<std::string> out;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\f', at), all.size());
    out.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Report report_of(std::size_t rows, const std::string& cell) {
  Report out{"試験の資料", "機密性3・完全性2", "試験の資料　令和8年11月18日作成", {}, Sheet::upright};
  out.parts = {heading(1, "表題"), boxes({{"最高責任者", {"大庭 美佐子", "令和8年11月18日"}}, {"統括", {}}}), text("初めの段落。\n次の行。")};
  Grid grid{"表", {30, 70}, {"名前", "内容"}, {}, true};
  for (std::size_t n = 0; n < rows; ++n) grid.rows.push_back({{{"項目" + std::to_string(n), false}}, {{cell, false}, {"改正部分", true}}});
  out.parts.push_back(table(std::move(grid)));
  return out;
}

TEST(Report, StandsWithItsLabelAndNumberOnEveryPage) {
  const auto pages = pages_of(report_of(200, "内容です。"));
  ASSERT_GE(pages.size(), 4u);
  for (std::size_t n = 0; n < pages.size(); ++n) {
    EXPECT_NE(pages[n].find("機密性3・完全性2"), std::string::npos) << n;
    std::string tight = pages[n];  // pdftotext sees no space beside the stroke
    std::erase(tight, ' ');
    EXPECT_NE(tight.find(std::to_string(n + 1) + "/" + std::to_string(pages.size())), std::string::npos) << n;
    EXPECT_NE(pages[n].find("名前"), std::string::npos) << "the head of the table is repeated";
  }
  std::string all;
  for (const std::string& page : pages) all += page;
  for (int n = 0; n < 200; ++n) EXPECT_NE(all.find("項目" + std::to_string(n)), std::string::npos) << n;
}

TEST(Report, PartsARowThatIsLongerThanAPageAndLosesNothing) {
  std::string longest;
  for (int n = 0; n < 400; ++n) longest += "第" + std::to_string(n) + "行\n";
  const auto pages = pages_of(report_of(1, longest));
  ASSERT_GE(pages.size(), 5u);
  std::string all;
  for (const std::string& page : pages) all += page;
  for (int n = 0; n < 400; ++n) EXPECT_NE(all.find("第" + std::to_string(n) + "行"), std::string::npos) << n;
}

TEST(Report, HasNoEmptyPage) {
  Report report = report_of(1, "x");
  report.parts.insert(report.parts.begin(), new_page());
  report.parts.push_back(new_page());
  report.parts.push_back(new_page());
  EXPECT_EQ(pages_of(report).size(), 1u);
  report.parts.push_back(text("次の頁"));
  EXPECT_EQ(pages_of(report).size(), 2u);
}

TEST(Report, IsTaggedAndReadInItsOrder) {
  Report report = report_of(120, "内容");
  report.parts.insert(report.parts.begin() + 1, heading(2, "第一章"));
  report.parts.push_back(heading(3, "節"));
  report.parts.push_back(text("終わりの段落", 24));
  const std::string info = of_pdf(report, "pdfinfo @");
  EXPECT_NE(info.find("Tagged:          yes"), std::string::npos) << info;
  EXPECT_NE(info.find("試験の資料"), std::string::npos) << "the title";
  EXPECT_NE(report_pdf(report)->find("/Lang(ja-JP)"), std::string::npos);
  const std::string structure = of_pdf(report, "pdfinfo -struct-text @");
  EXPECT_EQ(structure.find("rror"), std::string::npos) << structure.substr(0, 2000);
  std::size_t last = 0;
  for (const char* words : {"H1", "\"表題\"", "H2", "\"第一章\"", "\"最高責任者\"", "\"統括\"", "\"大庭 美佐子\"", "\"初めの段落。\"", "\"名前\"", "\"項目0\"", "\"項目119\"", "H3", "\"節\"", "\"終わりの段落\""}) {
    const std::size_t at = structure.find(words, last);
    EXPECT_NE(at, std::string::npos) << words << " is not where it is read";
    if (at != std::string::npos) last = at;
  }
  EXPECT_EQ(count_of(structure, "\"名前\""), 1u) << "the head of a table is read once, however often it is printed";
  EXPECT_EQ(count_of(structure, "機密性3"), 0u) << "running heads are artifacts";
  EXPECT_EQ(count_of(structure, " TR"), 2u + 1u + 120u);
  EXPECT_EQ(count_of(structure, " Span"), 120u) << "what is underlined";
}

TEST(Report, BeginsBookmarksAtHeadingsOfTheSecondLevelOnly) {
  Report report = report_of(1, "x");
  for (const int level : {2, 3, 2}) report.parts.push_back(heading(level, "見出し"));
  const std::string pdf = report_pdf(report).value();
  EXPECT_NE(pdf.find("/Type/Outlines"), std::string::npos);
  EXPECT_EQ(count_of(pdf, "/XYZ"), 2u);
  EXPECT_EQ(pdf, report_pdf(report).value()) << "the same report, the same bytes";
}

TEST(Report, CarriesFilesAsTheyWere) {
  Report report = report_of(1, "x");
  const std::string proof = "c2sp.org/tlog-proof@v1\n" + std::string(300, 'A') + "\n";
  report.parts.push_back(file("proof.txt", proof));
  EXPECT_NE(of_pdf(report, "pdfdetach -list @").find("1: proof.txt"), std::string::npos);
  EXPECT_EQ(of_pdf(report, "pdfdetach -save 1 -o @.txt @ && cat @.txt"), proof);
  EXPECT_NE(report_html(report).find("<pre>" + proof + "</pre>"), std::string::npos);
}

TEST(Report, LeavesNoHeadingAloneAtTheFootOfAPage) {
  for (int before = 20; before < 50; ++before) {
    Report report{"題", "", "", {}, Sheet::upright};
    for (int n = 0; n < before; ++n) report.parts.push_back(text("行"));
    report.parts.push_back(heading(2, "上の見出し"));
    report.parts.push_back(heading(3, "下の見出し"));
    report.parts.push_back(boxes({{"最高責任者", {}}}));
    const auto pages = pages_of(report);
    for (const std::string& page : pages) EXPECT_EQ(page.find("上の見出し") == std::string::npos, page.find("最高責任者") == std::string::npos) << before;
  }
}

TEST(Report, BreaksMarkedTextByTheSameRulesAsOther) {
  Report report{"題", "", "", {}, Sheet::lying};
  Grid grid{"表", {6, 94}, {}, {}, false};
  grid.rows.push_back({{{"あいうえ", false}, {"。かき", true}}, cell("x")});  // 37.7 points: room for four letters
  report.parts.push_back(table(std::move(grid)));
  const std::string page = pages_of(report).front();
  EXPECT_NE(page.find("え。かき"), std::string::npos) << page;
  EXPECT_NE(of_pdf(report, "pdfinfo @").find("841.89 x 595.28"), std::string::npos);
}

TEST(Report, AsAPageEscapesEverythingAndHasNoScript) {
  Report report = report_of(1, "<script>alert(1)</script>");
  report.label = "機密\"性}\\<\n";
  report.foot = "</style><script>";
  const std::string html = report_html(report);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("</style>"), html.rfind("</style>")) << "the foot does not end it";
  EXPECT_NE(html.find("&lt;script&gt;alert(1)"), std::string::npos);
  EXPECT_NE(html.find("<u>改正部分</u>"), std::string::npos);
  EXPECT_NE(html.find("\\22 "), std::string::npos) << "the quotation mark of the label";
  EXPECT_NE(html.find("lang=\"ja\""), std::string::npos);
  EXPECT_NE(html.find("counter(pages)"), std::string::npos);
}

}  // namespace
}  // namespace sekisho::outside
