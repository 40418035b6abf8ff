#include "features/interchange/sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sekisho::interchange {

const Sheet kSheet = {{"ID", "本文"}, {"=1+1", "'=1"}, {"''+1", "'x"}, {"a\nb", "\"引用\", 点"}, {"&#x41;", "&#x26;"}, {"髙 𠮷 〜", "－1"}, {"", "ﾊﾝｶｸ"}};

TEST(PolicySheet, CsvComesBackCellByCell) {
  EXPECT_EQ(read_csv(csv_of(kSheet)).value(), kSheet);
  EXPECT_THAT(csv_of(kSheet), testing::StartsWith("\xEF\xBB\xBF\"ID\",\"本文\"\r\n\"'=1+1\",\"''=1\"\r\n"));
}

TEST(PolicySheet, Cp932NamesWhatItLacksAndComesBack) {
  const Cp932 written = csv_cp932_of(kSheet).value();
  EXPECT_THAT(written.missing, testing::UnorderedElementsAre(testing::Pair("𠮷", std::set<std::size_t>{5}), testing::Pair("〜", std::set<std::size_t>{5})));
  EXPECT_THAT(written.bytes, testing::HasSubstr("&#x20BB7;"));
  EXPECT_EQ(read_csv(written.bytes).value(), kSheet);
}

TEST(PolicySheet, NoFormulaIsEverWritten) {
  for (const char* text : {"=1", "+1", "-1", "@x", "\t=1", "＝1", " =1", "'=1"}) {
    const std::string written = csv_of({{text}});
    EXPECT_EQ(written.substr(3, 2), "\"'") << text;
    EXPECT_EQ(read_csv(written).value(), Sheet{{text}});
  }
}

TEST(PolicySheet, TooManyColumnsAreRefused) { EXPECT_EQ(read_csv(std::string(70, ',') + "x").error().key, "policies.table_size"); }

}  // namespace sekisho::interchange
