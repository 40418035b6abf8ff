#include "features/disposal/marks.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/bytes.h"

namespace sekisho::disposal {
namespace {

const std::string kText = "翡翠の標識を付けた文は、廃棄のあとには、どのファイルにも残っていないことを確かめる。第12号 abc-DEF。";

std::string utf16(const std::string& utf8, bool little) {
  std::string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xe0 ? 3 : 2;
    unsigned c = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length; ++k) c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3fu);
    const char high = static_cast<char>(c >> 8), low = static_cast<char>(c & 0xff);
    out += little ? low : high;
    out += little ? high : low;
    i += length;
  }
  return out;
}

std::set<std::size_t> found_in(const Marks& marks, std::string_view bytes) {
  std::set<std::size_t> out;
  Scanner scanner(marks);
  scanner.feed(bytes, [&](std::size_t place) { out.insert(place); });
  return out;
}

TEST(DisposalMarks, AreFoundInEachFormAndNowhereElse) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Marks marks = Marks::with_key(seed * 0x9e3779b97f4a7c15u);
    marks.add_text(kText, 10);
    ASSERT_GE(marks.places(), 3u);
    EXPECT_EQ(found_in(marks, "前" + kText + "後").size(), marks.places());
    for (const bool little : {true, false}) EXPECT_GE(found_in(marks, "x" + utf16(kText, little)).size(), marks.places() - 3);
    EXPECT_TRUE(found_in(marks, std::string(100'000, '\0')).empty());
    std::mt19937_64 random(seed);
    std::string noise(200'000, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    EXPECT_TRUE(found_in(marks, noise).empty());
  }
}

TEST(DisposalMarks, AreFoundAcrossPiecesOfAFile) {
  Marks marks = Marks::with_key(7);
  marks.add_text(kText, 4);
  std::set<std::size_t> found;
  Scanner scanner(marks);
  for (const char c : std::string("xyz") + kText) scanner.feed({&c, 1}, [&](std::size_t place) { found.insert(place); });
  EXPECT_EQ(found.size(), marks.places());
  found.clear();
  scanner.begin();
  scanner.feed(kText.substr(kText.size() / 2), [&](std::size_t place) { found.insert(place); });
  EXPECT_LT(found.size(), marks.places()) << "half a text is not the whole";
}

TEST(DisposalMarks, PassOverWhatSaysNothing) {
  Marks marks = Marks::with_key(7);
  marks.add_text(std::string(500, ' '), 10);
  marks.add_text("短い", 10);
  marks.add_text("――――――――――――――――――――", 10);
  EXPECT_EQ(marks.places(), 0u);
}

// What stands in what stays is left out wherever it came from.
TEST(DisposalMarks, TheSameTextIsOnePlace) {
  std::string repeated;
  for (int i = 0; i < 30; ++i) repeated += kText;
  Marks marks = Marks::with_key(7);
  marks.add_text(repeated, 60);
  marks.add_text(repeated, 60);
  marks.drop(found_in(marks, kText + kText + utf16(kText + kText, true)));
  EXPECT_TRUE(found_in(marks, repeated + utf16(repeated, true) + utf16(repeated, false)).empty());
}

TEST(DisposalMarks, DropLeavesTheOthers) {
  Marks marks = Marks::with_key(7);
  marks.add_text(kText, 4);
  const std::size_t places = marks.places();
  marks.drop({0});
  EXPECT_EQ(marks.places(), places - 1);
  EXPECT_EQ(marks.shared, 1);
  EXPECT_EQ(found_in(marks, kText).size(), places - 1);
}

TEST(DisposalMarks, SurviveBeingWrittenDown) {
  Marks marks = Marks::with_key(0xffffffffffffffffu);
  marks.add_text(kText, 4);
  marks.chunks = {{3, 9}};
  marks.terms = {(std::int64_t{1} << 48) - 1};
  const Marks back = json::read_text<Marks>(json::write(marks)).value();
  EXPECT_EQ(back.key, marks.key);
  EXPECT_EQ(back.windows, marks.windows);
  EXPECT_EQ(found_in(back, kText).size(), marks.places());
}

TEST(DisposalMarks, FoldersAreSearchedWhole) {
  char name[] = "/tmp/sekisho-marks-XXXXXX";
  const std::string folder = ::mkdtemp(name);
  Marks marks = Marks::with_key(9);
  marks.add_text(kText, 4);
  std::filesystem::create_directories(folder + "/a/b");
  ASSERT_TRUE(write_file(folder + "/a/empty", "").has_value());
  ASSERT_TRUE(write_file(folder + "/a/b/other", std::string(3'000'000, 'x')).has_value());
  EXPECT_TRUE(scan_folder(folder, marks)->places.empty());
  ASSERT_TRUE(write_file(folder + "/a/b/kept", std::string((1 << 20) - 10, 'x') + kText).has_value());
  const Scanned scanned = scan_folder(folder, marks).value();
  EXPECT_EQ(scanned.places.size(), marks.places());
  EXPECT_EQ(scanned.paths, std::vector<std::string>{"a/b/kept"});
  EXPECT_EQ(scanned.files, 3);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sekisho::disposal
