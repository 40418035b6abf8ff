#include "outside/pdf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/bytes.h"
#include "outside/certificate.h"

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
  const std::string structure = run("pdfinfo -struct " + folder + "/a.pdf 2>&1");
  for (const char* element : {"Document", "H1", "H2", "Table", "TH", "TD", "Figure"}) EXPECT_NE(structure.find(element), std::string::npos) << element << "\n" << structure;
  EXPECT_EQ(run("pdfdetach -save 1 -o " + folder + "/c.txt " + folder + "/a.pdf && cat " + folder + "/c.txt"), page_of(3).checkpoint) << "as it was signed";
  std::filesystem::remove_all(folder);
}

TEST(CertificatePdf, LongListsTurnThePage) {
  const std::string pdf = certificate_pdf(page_of(400)).value();
  EXPECT_NE(pdf.find("/Count 12>>"), std::string::npos) << pdf.substr(pdf.find("/Type/Pages"), 200);
  EXPECT_EQ(pdf, certificate_pdf(page_of(400)).value()) << "the same page, the same bytes";
}

TEST(PdfLines, KeepWordsWholeAndMarksWhereTheyBelong) {
  const TrueType font = japanese_font().value();
  const Pdf pdf(font);
  EXPECT_EQ(pdf.lines_of("あいうえお。かき", 10, 50), (std::vector<std::string>{"あいうえ", "お。かき"})) << "no 。 at the beginning of a line";
  EXPECT_EQ(pdf.lines_of("あいうえ（お）", 10, 50), (std::vector<std::string>{"あいうえ", "（お）"})) << "no （ at the end of one";
  EXPECT_EQ(pdf.lines_of("令和 2026-04-01 の日", 10, 75).at(1).substr(0, 10), "2026-04-01");
  EXPECT_EQ(pdf.lines_of("あいう10(3)ア", 10, 45), (std::vector<std::string>{"あいう", "10(3)ア"})) << "the number of a clause stays whole";
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
