#include "text/detect.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <set>

#include "text/digits.h"
#include "text/normalise.h"
#include "text/utf8.h"
#include "text/word_set.h"

namespace sekisho::text {
namespace {

const Analyzer& analyzer() {
  static const auto made = Analyzer::create({}).value();
  return *made;
}

std::u32string points(std::string_view utf8) {
  Normalised n;
  normalise(utf8, n);
  return n.text;
}

// The rule as the ministry's ordinance writes it, told apart from the code under test.
std::string my_number(std::mt19937& random) {
  std::string d;
  for (int i = 0; i < 11; ++i) d.push_back(static_cast<char>('0' + random() % 10));
  int sum = 0;
  for (std::size_t n = 1; n <= 11; ++n) sum += (d[11 - n] - '0') * static_cast<int>(n <= 6 ? n + 1 : n - 5);
  const int check = 11 - sum % 11;
  return d + static_cast<char>('0' + (check >= 10 ? 0 : check));
}

bool has(const std::vector<Finding>& found, FindingKind kind) {
  return std::any_of(found.begin(), found.end(), [&](const Finding& f) { return f.kind == kind && f.confidence >= 50; });
}

TEST(Digits, KnowsPublishedCheckDigits) {
  EXPECT_TRUE(valid_my_number("123456789018"));
  EXPECT_FALSE(valid_my_number("123456789012"));
  EXPECT_TRUE(valid_corporate_number("7000012050002"));  // 国税庁
  EXPECT_FALSE(valid_corporate_number("7000012050003"));
  EXPECT_TRUE(valid_luhn("4111111111111111"));
  EXPECT_FALSE(valid_luhn("4111111111111112"));
}

TEST(Digits, NumbersSideBySideInAListAreTwo) {
  const Detector detector(analyzer(), {});
  for (const char* text : {"山田,090-1234-5678,123456789018", "090-1234-5678、123456789018", "3,123456789018,2026", "12,345,123456789018"})
    EXPECT_TRUE(has(detector.find(text), FindingKind::my_number)) << text;
  EXPECT_FALSE(has(detector.find("総額は123,456,789,018円"), FindingKind::my_number));
}

class MyNumbers : public ::testing::TestWithParam<unsigned> {};
TEST_P(MyNumbers, AreFoundInEveryFormAndNotInsideLongerNumbers) {
  std::mt19937 random(GetParam());
  const Detector detector(analyzer(), {});
  const std::string separators[] = {"", "-", " ", "　", "－", "・"};
  for (int round = 0; round < 100; ++round) {
    const std::string number = my_number(random);
    if (number.find_first_not_of(number[0]) == std::string::npos) continue;
    const std::string& separator = separators[random() % std::size(separators)];
    const bool wide = random() % 2 == 0;
    std::string written;
    for (std::size_t i = 0; i < number.size(); ++i) {
      if (i > 0 && i % 4 == 0) written += separator;
      if (wide) append_utf8(written, U'０' + static_cast<char32_t>(number[i] - '0'));
      else written += number[i];
    }
    const std::string text = "マイナンバーは" + written + "です";
    const auto found = detector.find(text);
    ASSERT_EQ(found.size(), 1u) << text;
    EXPECT_EQ(found[0].kind, FindingKind::my_number) << text;
    EXPECT_EQ(slice_code_points(text, found[0].begin, found[0].end), written);
    EXPECT_EQ(found[0].masked.find_first_of("0123456789"), std::string::npos);
    EXPECT_FALSE(has(detector.find("番号 " + number + std::to_string(random() % 10)), FindingKind::my_number)) << number;
    EXPECT_FALSE(has(detector.find("番号 1" + std::to_string(random() % 10) + number), FindingKind::my_number)) << number;
    EXPECT_FALSE(has(detector.find("事業番号" + number), FindingKind::my_number)) << number;
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, MyNumbers, ::testing::Range(1u, 5u));

TEST(WordSet, FindsWhatAPlainSearchFinds) {
  std::mt19937 random(7);
  const std::u32string letters = U"あいうア漢";
  const auto word = [&](std::size_t most) {
    std::u32string out;
    for (std::size_t n = 1 + random() % most; n > 0; --n) out.push_back(letters[random() % letters.size()]);
    return out;
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::u32string> words;
    for (int n = 0; n < 12; ++n) words.push_back(word(4));
    const std::u32string text = word(60);
    std::vector<WordHit> hits;
    WordSet(words).find(text, hits);
    std::set<std::pair<std::size_t, std::size_t>> got, expected;
    for (const WordHit& h : hits) got.emplace(h.begin, h.end);
    for (const std::u32string& w : words)
      for (std::size_t at = text.find(w); at != std::u32string::npos; at = text.find(w, at + 1)) expected.emplace(at, at + w.size());
    ASSERT_EQ(got, expected) << round;
  }
}

TEST(WordSet, LatinWordsStandAlone) {
  std::vector<WordHit> hits;
  const WordSet set({U"cat", U"a1"});
  for (const auto& [text, count] : std::vector<std::pair<std::string, std::size_t>>{{"concatenate", 0}, {"CAT。", 1}, {"猫catです", 1}, {"a12", 0}, {"cat cat", 2}}) {
    hits.clear();
    set.find(points(text), hits);
    EXPECT_EQ(hits.size(), count) << text;
  }
}

TEST(Detection, SpansAreCodePointsOfTheOriginalText) {
  const Detector detector(analyzer(), {"極秘"});
  const std::string text = "㍿😀 TEL０９０－１２３４－５６７８ と極秘";
  const auto found = detector.find(text);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(slice_code_points(text, found[0].begin, found[0].end), "０９０－１２３４－５６７８");
  EXPECT_EQ(slice_code_points(text, found[1].begin, found[1].end), "極秘");
  EXPECT_EQ(found[0].masked, "●●●-●●●●-●●●●");
}

// Ten times the text takes about ten times as long, also for text made to be hard.
TEST(Detection, TimeIsLinearInHostileText) {
  const Detector detector(analyzer(), {"ああああああああ", "あああああああい"});
  for (const std::string piece : {"1 ", "1", "様", "a@a.", "〔", "一番", "昭和1年1月", "山田様", "兵庫県市町1", "氏名：", "あ", "1-1|", "普通1234567"}) {
    const auto time = [&](std::size_t bytes) {
      std::string text;
      while (text.size() < bytes) text += piece;
      double best = 1e9;
      for (int n = 0; n < 3; ++n) {
        const std::clock_t begin = std::clock();  // the processor's time: other programs do not count
        static_cast<void>(detector.find(text));
        best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
      }
      return best;
    };
    const double small = time(20'000), large = time(200'000);
    EXPECT_LT(large, small * 40 + 0.05) << piece;
  }
}

}  // namespace
}  // namespace sekisho::text
