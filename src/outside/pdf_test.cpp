#include "outside/pdf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/bytes.h"
#include "outside/certificate.h"
#include "outside/pages.h"

namespace sekisho::outside {
namespace {

constexpr const char* kFont = "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf";

std::string run(const std::string& command) {
  FILE* const pipe = ::popen(command.c_str(), "r");
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  return ::pclose(pipe) == 0 ? out : "failed: " + out;
}

CertificatePage page_of(std::size_t rows) {
  CertificatePage page;
  page.title = "情報の廃棄の証明書";
  page.lead = {"下の情報を消去したことを証明します。"};
  page.sections.push_back({"対象の一覧", {}});
  for (std::size_t i = 0; i < rows; ++i) page.sections.back().rows.emplace_back("資料", "第" + std::to_string(i) + "号 ABC-def 〔髙﨑〕");
  page.signature = "c2lnbmF0dXJl";
  page.checkpoint = "sekisho/t\n7\nAAAA\n\n— sekisho/t AAAA\n";
  return page;
}

TEST(CertificatePdf, CanBeReadAndItsFontIsEmbedded) {
  const auto pdf = certificate_pdf(page_of(3));
  ASSERT_TRUE(pdf.has_value()) << pdf.error().detail;
  EXPECT_LT(pdf->size(), 400'000u) << "only the glyphs that are used";
  char name[] = "/tmp/sekisho-pdf-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  ASSERT_TRUE(write_file(folder + "/a.pdf", *pdf).has_value());
  const std::string text = run("pdftotext -layout " + folder + "/a.pdf - 2>&1");
  for (const char* words : {"情報の廃棄の証明書", "第2号 ABC-def 〔髙﨑〕", "c2lnbmF0dXJl", "sekisho/t"}) EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  EXPECT_EQ(text.find("rror"), std::string::npos) << text;
  EXPECT_NE(run("pdffonts " + folder + "/a.pdf").find("yes yes yes"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(CertificatePdf, LongListsTurnThePage) {
  const std::string pdf = certificate_pdf(page_of(400)).value();
  EXPECT_NE(pdf.find("/Count 9"), std::string::npos) << pdf.substr(0, 300);
  EXPECT_EQ(pdf, certificate_pdf(page_of(400)).value()) << "the same page, the same bytes";
}

std::string count_of(const std::string& text, const std::string& word) {
  int n = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return std::to_string(n);
}

TEST(PdfLines, KeepWordsWholeAndMarksWhereTheyBelong) {
  const TrueType font = japanese_font().value();
  const Pdf pdf(font);
  EXPECT_EQ(pdf.lines_of("あいうえお。かき", 10, 50), (std::vector<std::string>{"あいうえ", "お。かき"})) << "no 。 at the beginning of a line";
  EXPECT_EQ(pdf.lines_of("あいうえ（お）", 10, 50), (std::vector<std::string>{"あいうえ", "（お）"})) << "no （ at the end of one";
  EXPECT_EQ(pdf.lines_of("令和 2026-04-01 の日", 10, 75).at(1).substr(0, 10), "2026-04-01");
  EXPECT_EQ(pdf.lines_of("", 10, 50), (std::vector<std::string>{""}));
  EXPECT_EQ(pdf.lines_of("あ\n\nい", 10, 50), (std::vector<std::string>{"あ", "", "い"}));
  std::string hash;
  for (const std::string& line : pdf.lines_of(std::string(64, 'd'), 10, 50)) {
    EXPECT_LE(pdf.width_of(line, 10), 50);
    hash += line;
  }
  EXPECT_EQ(hash, std::string(64, 'd'));
  for (const std::string& line : pdf.lines_of("。。。。。。。。。。", 10, 30)) EXPECT_LE(pdf.width_of(line, 10), 30);
}

TEST(Pages, RepeatTheHeadOfATableAndCarryFiles) {
  const TrueType font = japanese_font().value();
  const auto made = [&] {
    Pages pages(font, kLying, "一式");
    pages.heading(1, "一式");
    pages.heading(2, "証拠");
    std::vector<std::vector<std::string>> rows;
    for (int i = 0; i < 120; ++i) rows.push_back({"統制" + std::to_string(i), "理由\n二行目"});
    std::string longer = "始まり";
    for (int i = 0; i < 4000; ++i) longer += "長い";
    rows.push_back({"一頁より長い", longer + "終わり"});
    pages.table({{"統制の名前", 1}, {"理由", 4}}, rows);
    pages.attach("proof.txt", "text/plain", "c2sp.org/tlog-proof@v1\n");
    return pages.finish();
  };
  const std::string pdf = made();
  EXPECT_EQ(pdf, made()) << "the same calls, the same bytes";
  char name[] = "/tmp/sekisho-pdf-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  ASSERT_TRUE(write_file(folder + "/a.pdf", pdf).has_value());
  const std::string text = run("pdftotext -layout " + folder + "/a.pdf - 2>&1");
  const std::string info = run("pdfinfo " + folder + "/a.pdf 2>&1");
  EXPECT_EQ(text.find("rror"), std::string::npos) << text.substr(0, 2000);
  EXPECT_EQ(info.find("rror"), std::string::npos) << info;
  const std::string sheets = info.substr(info.find("Pages:") + 6, 20);
  EXPECT_EQ(std::stoi(count_of(text, "統制の名前")), std::stoi(sheets)) << "on each page";
  for (const char* words : {"統制0", "統制119", "始まり", "終わり", "1 / "}) EXPECT_NE(text.find(words), std::string::npos) << words;
  EXPECT_NE(info.find("Tagged:          yes"), std::string::npos) << info;
  EXPECT_EQ(count_of(run("pdfinfo -struct " + folder + "/a.pdf 2>&1"), "  TR"), "122");
  EXPECT_EQ(run("pdfdetach -save 1 -o " + folder + "/p.txt " + folder + "/a.pdf && cat " + folder + "/p.txt"), "c2sp.org/tlog-proof@v1\n");
  std::filesystem::remove_all(folder);
}

TEST(TrueTypeFont, NonsenseIsRefusedAndCutFilesAreSurvived) {
  EXPECT_FALSE(TrueType::from_bytes("").has_value());
  EXPECT_FALSE(TrueType::from_bytes(std::string(100, 'x')).has_value());
  const std::string whole = read_file(kFont, 32u << 20).value();
  for (std::size_t size = 0; size < 400; ++size) static_cast<void>(TrueType::from_bytes(whole.substr(0, size)));
  const TrueType font = TrueType::from_bytes(whole).value();
  EXPECT_NE(font.glyph(U'廃'), 0);
  EXPECT_EQ(font.glyph(0x10FFFF), 0);
  EXPECT_EQ(font.advance(font.glyph(U'廃')), 1000);
  EXPECT_TRUE(TrueType::from_bytes(font.subset({font.glyph(U'廃')})).error().key == "font.unreadable") << "without characters: it is only embedded";
}

}  // namespace
}  // namespace sekisho::outside
