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

std::vector<std::string> pages_of(const Report& report) {
  const auto pdf = report_pdf(report);
  EXPECT_TRUE(pdf.has_value());
  char name[] = "/tmp/sekisho-report-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  EXPECT_TRUE(write_file(folder + "/r.pdf", *pdf).has_value());
  const std::string all = run("pdftotext -layout " + folder + "/r.pdf -");
  std::filesystem::remove_all(folder);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\f', at), all.size());
    out.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Report report_of(std::size_t rows, const std::string& cell) {
  Report out{"試験の資料", "機密性3・完全性2", "試験の資料　令和8年11月18日作成", {}};
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
