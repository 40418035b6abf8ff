// Formats end to end, on real files that tests/corpus/files/make.py writes.
#include "files/extract.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "core/bytes.h"
#include "files/chunk.h"
#include "files/encoding.h"

namespace sekisho::files {
namespace {

class Files : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::string(SK_BINARY_DIR) + "/files_fixtures";
    std::filesystem::create_directories(folder_);
    const std::string command = "/usr/bin/python3 " SK_SOURCE_DIR "/tests/corpus/files/make.py " + folder_;
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  static std::string bytes(const std::string& name) {
    auto out = read_file(folder_ + "/" + name, 200U << 20);
    EXPECT_TRUE(out.has_value()) << name;
    return out ? *out : std::string{};
  }
  static Result<Extracted> extract(const std::string& name) { return extract_bytes(name, bytes(name), {}); }
  static std::string key(const std::string& name) {
    const auto out = extract(name);
    return out ? "" : out.error().key;
  }
  static inline std::string folder_;
};

std::string all_text(const Extracted& e) {
  std::string out;
  for (const Block& block : e.blocks) out += block.text + "\n";
  return out;
}

const Block* find(const Extracted& e, std::string_view part) {
  for (const Block& block : e.blocks)
    if (block.text.find(part) != std::string::npos) return &block;
  return nullptr;
}

TEST_F(Files, DocxKeepsHeadingsListsAndMergedTableCells) {
  const auto e = extract("rule.docx");
  ASSERT_TRUE(e.has_value()) << to_string(e.error());
  EXPECT_EQ(e->title, "文書管理要領");
  ASSERT_NE(find(*e, "保存期間"), nullptr);
  EXPECT_EQ(find(*e, "保存期間")->kind, Kind::heading);
  EXPECT_EQ(find(*e, "保存期間")->level, 2);
  EXPECT_EQ(find(*e, "最初の項目")->kind, Kind::list_item);
  EXPECT_EQ(find(*e, "番号の項目")->text, "1.　番号の項目");
  EXPECT_NE(find(*e, "区分: 永年 | 種類: 規則 | 年数: 10年"), nullptr) << all_text(*e);
  EXPECT_NE(find(*e, "区分: その他 | 種類: その他 | 年数: 1年"), nullptr) << all_text(*e);
  EXPECT_EQ(find(*e, "消された文"), nullptr);
  EXPECT_EQ(find(*e, "ヘッダーの文字"), nullptr);
  EXPECT_EQ(find(*e, "（目的）")->kind, Kind::heading);
  EXPECT_EQ(find(*e, "（目的）")->label, "第1条");
  EXPECT_EQ(find(*e, "前項の規定")->label, "第1条第2項");
}

TEST_F(Files, XlsxShowsValuesAsTheScreenDoes) {
  const auto e = extract("budget.xlsx");
  ASSERT_TRUE(e.has_value()) << to_string(e.error());
  EXPECT_NE(find(*e, "款: 総務費 | 項目: 庁舎管理 | 金額: 1,234,567 | 執行日: 令和8年3月30日 | 率: 12.5%"), nullptr) << all_text(*e);
  EXPECT_NE(find(*e, "款: 総務費 | 項目: 広報 | 金額: 89000 | 執行日: R元.5.1 | 率: 0.5"), nullptr) << all_text(*e);
  EXPECT_NE(find(*e, "執行日: 2026/4/1 9:30"), nullptr) << all_text(*e);
  EXPECT_EQ(find(*e, "庁舎管理")->label, "シート「予算」 3行目");
  EXPECT_EQ(find(*e, "甲")->label, "シート「裏」（非表示） 2行目");
}

TEST_F(Files, PptxFollowsSlideOrderWithNotesAndTables) {
  const auto e = extract("briefing.pptx");
  ASSERT_TRUE(e.has_value()) << to_string(e.error());
  EXPECT_EQ(e->pages, 2U);
  ASSERT_GE(e->blocks.size(), 4U);
  EXPECT_EQ(e->blocks[0].text, "防災訓練について");
  EXPECT_EQ(e->blocks[0].page, 1U);
  EXPECT_NE(find(*e, "ノート: 時間を守る。"), nullptr);
  EXPECT_NE(find(*e, "時刻: 9時 | 内容: 説明"), nullptr) << all_text(*e);
  EXPECT_EQ(find(*e, "内容: 説明")->label, "スライド2（非表示）");
  EXPECT_EQ(find(*e, "内容: 説明")->page, 2U);
}

TEST_F(Files, PdfGivesPagesClausesAndNoPageNumbers) {
  const auto e = extract("rule.pdf");
  ASSERT_TRUE(e.has_value()) << to_string(e.error());
  EXPECT_EQ(e->pages, 2U);
  EXPECT_EQ(find(*e, "第１章")->kind, Kind::heading);
  EXPECT_EQ(find(*e, "（目的）")->label, "第1条");
  EXPECT_EQ(find(*e, "第２条")->page, 2U);
  EXPECT_EQ(find(*e, "第２条")->kind, Kind::clause);
  for (const Block& block : e->blocks) EXPECT_NE(block.text, "1");
}

TEST_F(Files, PdfGivesItsLinesToAReaderThatJoinsThemItself) {
  Options options;
  options.lines = true;
  const auto e = extract_bytes("rule.pdf", bytes("rule.pdf"), options);
  ASSERT_TRUE(e.has_value()) << to_string(e.error());
  ASSERT_EQ(e->blocks.size(), 2U);
  EXPECT_EQ(e->blocks[1].page, 2U);
  EXPECT_NE(e->blocks[0].text.find("（目的）\n"), std::string::npos) << e->blocks[0].text;
  EXPECT_NE(("\n" + e->blocks[0].text + "\n").find("\n1\n"), std::string::npos) << "the page number is the reader's to leave out";
}

TEST_F(Files, RefusesBadFilesWithTheirReason) {
  EXPECT_EQ(key("locked.pdf"), "files.encrypted");
  EXPECT_EQ(key("scan.pdf"), "files.no_text");
  EXPECT_EQ(key("broken.pdf"), "files.broken");
  EXPECT_EQ(key("bomb.docx"), "files.too_complex");
  EXPECT_EQ(key("laughs.docx"), "files.unsafe_xml");
  EXPECT_EQ(key("deep.docx"), "files.too_complex");
  EXPECT_EQ(key("truncated.docx"), "files.broken");
  EXPECT_EQ(key("mislabelled.docx"), "files.mislabelled");
  EXPECT_EQ(key("locked.docx"), "files.encrypted");
  EXPECT_EQ(key("old.doc"), "files.legacy_format");
  const auto reason = [](std::string_view name, std::string_view content) {
    const auto out = extract_bytes(name, content, {});
    return out ? std::string{} : out.error().key;
  };
  EXPECT_EQ(reason("a.txt", ""), "files.empty");
  EXPECT_EQ(reason("a.txt", " \n　\n"), "files.no_text");
  EXPECT_EQ(reason("a.txt", "\xFF\xFD\x80\x81\x82"), "files.invalid_encoding");
  EXPECT_EQ(reason("a.txt", "%PDF-1.7 x"), "files.mislabelled");
  EXPECT_EQ(reason("a.zip", "x"), "files.unsupported_type");
  EXPECT_EQ(reason("a.xlsm", "x"), "files.macro");
  EXPECT_EQ(reason("a.docx", "text"), "files.mislabelled");
}

TEST(Csv, RepeatsColumnNamesAndHonoursQuotes) {
  const auto e = extract_bytes("a.csv", "氏名,課,備考\r\n山田,税務課,\"改\r\n行,と\"\"引用\"\"\"\r\n\r\n佐藤,,x\r\n", {});
  ASSERT_TRUE(e.has_value());
  ASSERT_EQ(e->blocks.size(), 3U);
  EXPECT_EQ(e->blocks[1].text, "氏名: 山田 | 課: 税務課 | 備考: 改 行,と\"引用\"");
  EXPECT_EQ(e->blocks[2].text, "氏名: 佐藤 | 備考: x");
  EXPECT_EQ(e->blocks[2].label, "4行目");
}

TEST(Html, KeepsStructureAndDropsScripts) {
  const auto e =
      extract_bytes("a.html",
                    "<!DOCTYPE html><html><head><meta charset=utf-8><title>案内</title><style>p{}</style></head><body><h1>手続</h1>"
                    "<p>本文です。<script>alert(1)</script></p><ul><li>一つ目<li>二つ目</ul><p hidden>見えない</p>"
                    "<table><caption>窓口</caption><tr><th>課</th><th>階</th></tr><tr><td rowspan=2>税務課</td><td>1階</td></tr>"
                    "<tr><td>2階</td></tr></table>&lt;印&gt;</body></html>",
                    {});
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->title, "案内");
  EXPECT_EQ(find(*e, "手続")->kind, Kind::heading);
  EXPECT_EQ(find(*e, "二つ目")->kind, Kind::list_item);
  EXPECT_NE(find(*e, "課: 税務課 | 階: 2階"), nullptr) << all_text(*e);
  EXPECT_EQ(find(*e, "2階")->context, "窓口");
  EXPECT_NE(find(*e, "<印>"), nullptr);
  EXPECT_EQ(find(*e, "alert"), nullptr);
  EXPECT_EQ(find(*e, "見えない"), nullptr);
}

TEST(Html, OrderedListsShowTheirNumbers) {
  const auto e = extract_bytes("a.html",
                               "<html><body><nav><ol><li>入口</li></ol></nav><ol><li>鍵を掛ける。</li><li>台帳を書く。<ol type=a><li>日付</li><li>名前</li></ol></li><li>(3) 見直す。</li></ol>"
                               "<ol start=4><li>写す。</li><li value=9>捨てる。</li></ol><ol type=I><li>東</li></ol><ol style='list-style: none'><li>西</li></ol><ul><li>南</li></ul></body></html>", {});
  ASSERT_TRUE(e);
  std::vector<std::string> texts;
  for (const Block& block : e->blocks) texts.push_back(block.text);
  EXPECT_EQ(texts, std::vector<std::string>({"入口", "1.　鍵を掛ける。", "2.　台帳を書く。", "a.　日付", "b.　名前", "(3) 見直す。", "4.　写す。", "9.　捨てる。", "I.　東", "西", "南"}));
}

TEST(Html, HalfAPageIsNoPage) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<div>";
  EXPECT_EQ(extract_bytes("a.html", deep + "末尾の文", {}).error().key, "files.too_complex");
}

TEST(Html, TitlesWithoutHeadingTagsAreFound) {
  const auto e = extract_bytes("a.html", "<html><body><p>【受付時間】</p><p>午前8時30分からです。</p></body></html>", {});
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->blocks[0].kind, Kind::heading);
}

TEST(Markdown, KnowsHeadingsListsTablesAndFences) {
  const auto e = extract_bytes("a.md",
                               "# 題\n本文の[リンク](http://x)です。\n\n- 甲\n  - 乙\n\n| 課 | 階 |\n|--|--|\n| 税務 | 1 |\n\n```\n# "
                               "見出しではない\n```\n副題\n----\n",
                               {});
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->blocks[0].kind, Kind::heading);
  EXPECT_NE(find(*e, "本文のリンクです。"), nullptr);
  EXPECT_EQ(find(*e, "乙")->level, 2);
  EXPECT_NE(find(*e, "課: 税務 | 階: 1"), nullptr);
  EXPECT_EQ(find(*e, "見出しではない")->kind, Kind::paragraph);
  EXPECT_EQ(find(*e, "副題")->kind, Kind::heading);
}

TEST(PlainText, LabelsClausesAsTheRegulationDoes) {
  const auto e = extract_bytes(
      "r.txt",
      "○潮見野市文書管理規則\n\n第１章　総則\n（目的）\n第１条　この規則は、文書の管理に関し定める。\n"
      "（定義）\n第２条　この規則において、次の各号に掲げる用語の意義は、当該各号に定めるところによる。\n"
      "(1)　文書　職員が作成したもの\n(2)　簿冊　文書を綴ったもの\nア　紙のもの\n２　前項の規定は、準用する。\n第３条の２　削除\n附　則\n"
      "この規則は、公布の日から施行する。\n",
      {});
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->blocks[0].kind, Kind::heading);
  EXPECT_EQ(find(*e, "簿冊")->label, "第2条第2号");
  EXPECT_EQ(find(*e, "紙のもの")->label, "第2条第2号ア");
  EXPECT_EQ(find(*e, "準用する")->label, "第2条第2項");
  EXPECT_EQ(find(*e, "削除")->kind, Kind::clause);
  EXPECT_EQ(find(*e, "削除")->label, "第3条の2");
  EXPECT_EQ(find(*e, "公布の日")->label, "附則");
  const Chunked c = chunk(*e);
  const auto section = std::find_if(c.sections.begin(), c.sections.end(), [](const Section& s) { return s.label == "第2条"; });
  ASSERT_NE(section, c.sections.end());
  EXPECT_EQ(path_text(*section), "潮見野市文書管理規則 > 第１章　総則 > 第2条（定義）");
}

TEST(PlainText, TellsTitlesFromLists) {
  const auto e = extract_bytes("r.txt",
                               "1　目的\nこの基準は、情報資産を守ることを目的とする。\n2　対象\n(1)　職員\n(2)"
                               "　委託先\nア　再委託先を含むものとし、契約で定める。\n",
                               {});
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->blocks[0].kind, Kind::heading);
  EXPECT_EQ(e->blocks[3].kind, Kind::list_item);
  EXPECT_EQ(find(*e, "再委託先")->label, "2(2)ア");
}

TEST(PlainText, LastItemOfAListIsNoTitle) {
  const auto e = extract_bytes("r.txt", "委託の基準\n次のものとする。\n(1)　職員\n(2)　委託先\n次に、費用を定める。\n", {});
  ASSERT_TRUE(e.has_value());
  EXPECT_EQ(e->blocks[0].kind, Kind::heading);
  EXPECT_EQ(e->title, "委託の基準");
  EXPECT_EQ(e->blocks[3].kind, Kind::list_item);
}

TEST(PlainText, HundredMegabytesAreReadInOnePass) {
  std::string text;
  const std::string line = "潮見野市の窓口では、住民票の写しを交付しています。\n";
  while (text.size() + line.size() <= (100U << 20)) text += line;
  const auto e = extract_bytes("big.txt", text, {});
  ASSERT_TRUE(e.has_value()) << to_string(e.error());
  EXPECT_EQ(e->blocks.size(), text.size() / line.size());
  EXPECT_EQ(extract_bytes("big.txt", text + text.substr(0, 2 << 20), {}).error().key, "files.too_large");
}

}  // namespace
}  // namespace sekisho::files
