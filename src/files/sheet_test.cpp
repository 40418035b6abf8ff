#include "files/sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sekisho::files {

const Sheet kSheet = {{"ID", "本文"}, {"=1+1", "'=1"}, {"''+1", "'x"}, {"a\nb", "\"引用\", 点"}, {"&#x41;", "&#x26;"}, {"髙 𠮷 〜", "－1"}, {"", "ﾊﾝｶｸ"}};

TEST(Sheet, CsvComesBackCellByCell) {
  EXPECT_EQ(read_csv(csv_of(kSheet), "", 64)->sheet, kSheet);
  EXPECT_THAT(csv_of(kSheet), testing::StartsWith("\xEF\xBB\xBF\"ID\",\"本文\"\r\n\"'=1+1\",\"''=1\"\r\n"));
}

TEST(Sheet, Cp932NamesWhatItLacksAndComesBack) {
  const Cp932 written = csv_cp932_of(kSheet).value();
  EXPECT_THAT(written.missing, testing::UnorderedElementsAre(testing::Pair("𠮷", std::set<std::size_t>{5}), testing::Pair("〜", std::set<std::size_t>{5})));
  EXPECT_THAT(written.bytes, testing::HasSubstr("&#x20BB7;"));
  EXPECT_EQ(read_csv(written.bytes, "", 64)->sheet, kSheet);
}

TEST(Sheet, NoFormulaIsEverWritten) {
  for (const char* text : {"=1", "+1", "-1", "@x", "\t=1", "＝1", " =1", "'=1"}) {
    const std::string written = csv_of({{text}});
    EXPECT_EQ(written.substr(3, 2), "\"'") << text;
    EXPECT_EQ(read_csv(written, "", 64)->sheet, Sheet{{text}});
  }
}

TEST(Sheet, TooManyColumnsAreRefused) { EXPECT_EQ(read_csv(std::string(70, ',') + "x", "", 64).error().key, "files.table_size"); }

TEST(Sheet, AWorkbookHasNothingThatXmlForbids) {
  const std::string book = xlsx_of({{"a\x01\x0B<b>"}}, "表").value();
  EXPECT_FALSE(book.empty());
  EXPECT_THAT(book, testing::StartsWith("PK"));
}

TEST(Sheet, RowsAreThoseOfTheFile) {
  const CsvRead read = read_csv("a,b\n\n,\n1,2\n", "", 64).value();
  EXPECT_EQ(read.rows, (std::vector<int>{1, 4}));
  EXPECT_EQ(read.encoding, Encoding::utf8);
  EXPECT_EQ(read_csv("\x83\x65,\x83\x58\n", "", 64)->encoding, Encoding::cp932);
  EXPECT_EQ(read_csv("a", "no-such", 64).error().key, "files.unknown_encoding");
}

}  // namespace sekisho::files
