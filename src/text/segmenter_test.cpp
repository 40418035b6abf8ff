// Words are held against those of libmecab with the same dictionary.
#include <gtest/gtest.h>
#include <mecab.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "text/analyse.h"
#include "text/normalise.h"
#include "text/segmenter.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

namespace fs = std::filesystem;

const std::string kFolder(kDefaultDictionary);

class MeCabsWords {
 public:
  MeCabsWords() {
    std::vector<std::string> words = {"test", "-r", "/dev/null", "-d", kFolder};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    model_.reset(MeCab::createModel(static_cast<int>(arguments.size()), arguments.data()));
    tagger_.reset(model_->createTagger());
    lattice_.reset(model_->createLattice());
  }
  std::vector<std::string> of(const std::string& sentence) {
    std::vector<std::string> out;
    lattice_->set_sentence(sentence.data(), sentence.size());
    if (!tagger_->parse(lattice_.get())) return {"not cut"};
    for (const MeCab::Node* node = lattice_->bos_node(); node; node = node->next) {
      if (node->stat != MECAB_NOR_NODE && node->stat != MECAB_UNK_NODE) continue;
      const auto at = std::to_string(node->surface - sentence.data());
      out.push_back(at + " " + std::string(node->surface, node->length) + " " + std::to_string(node->posid) + (node->stat == MECAB_NOR_NODE ? " " : " ? ") +
                    node->feature);
    }
    return out;
  }

 private:
  std::unique_ptr<MeCab::Model> model_;
  std::unique_ptr<MeCab::Tagger> tagger_;
  std::unique_ptr<MeCab::Lattice> lattice_;
};

std::string encoded(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

std::vector<std::string> words_of(Segmenter& segmenter, std::u32string_view text) {
  std::vector<std::string> out;
  for (const Morpheme& word : segmenter.cut(text)) {
    const auto at = std::to_string(encoded(text.substr(0, word.begin)).size());
    out.push_back(at + " " + encoded(text.substr(word.begin, word.end - word.begin)) + " " + std::to_string(word.part_of_speech) + (word.known ? " " : " ? ") +
                  word.feature);
  }
  return out;
}

const Dictionary& dictionary() {
  static const std::unique_ptr<const Dictionary> made = Dictionary::open(kFolder).value();
  return *made;
}

TEST(Segmenter, CutsEveryLineOfTheDemoCityAsMeCabDoes) {
  MeCabsWords mecab;
  Segmenter segmenter(dictionary());
  std::size_t lines = 0, words = 0;
  for (const auto& entry : fs::directory_iterator(std::string(SK_SOURCE_DIR) + "/packs/demo/documents")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line); ++lines) {
      Normalised normal;
      normalise(line, normal);
      const auto ours = words_of(segmenter, normal.text);
      ASSERT_EQ(ours, mecab.of(encoded(normal.text))) << line;
      words += ours.size();
    }
  }
  EXPECT_GT(lines, 1'000u);
  EXPECT_GT(words, 50'000u);
}

// Kinds of characters side by side that no real sentence has; runs as long as the longest unknown word and longer; white space everywhere.
TEST(Segmenter, CutsAnyMixtureOfCharactersAsMeCabDoes) {
  const std::vector<std::u32string> pieces = {U"市",  U"役所", U"東京都", U"の",     U"はやく", U"する", U"カ", U"ヴァンヌ", U"ー", U"・",
                                              U"a",   U"Xyz",  U"0",      U"123",    U"、",     U"。",   U" ",  U"\t",       U"　", U"①",
                                              U"髙",  U"﨑",   U"𠮷",     U"😀",      U"é",      U"Ω",    U"ж",  U"々",       U"〇", U"一二三",
                                              U"ｱｲｳ", U"\x01", U"\xFFFD", U"\xFFFE", U"(",      U"％",   U"한", U"ゝ"};
  MeCabsWords mecab;
  Segmenter segmenter(dictionary());
  std::mt19937 random(20'261'128);
  for (int round = 0; round < 20'000; ++round) {
    std::u32string text;
    for (int n = static_cast<int>(random() % 12); n >= 0; --n) {
      const std::u32string& piece = pieces[random() % pieces.size()];
      for (int times = random() % 8 == 0 ? static_cast<int>(random() % 30) : 1; times > 0; --times) text += piece;
    }
    ASSERT_EQ(words_of(segmenter, text), mecab.of(encoded(text))) << encoded(text);
  }
}

TEST(Segmenter, UnknownWordsEndWhereMeCabEndsThem) {
  MeCabsWords mecab;
  Segmenter segmenter(dictionary());
  for (const char32_t c : {U'ヴ', U'q', U'7', U'髙', U'Ω', U' '}) {
    for (std::size_t length = 1; length < 60; ++length) {
      const std::u32string text(length, c);
      ASSERT_EQ(words_of(segmenter, text), mecab.of(encoded(text))) << encoded(text);
    }
  }
}

TEST(Segmenter, NothingAndWhiteSpaceHaveNoWords) {
  Segmenter segmenter(dictionary());
  EXPECT_TRUE(segmenter.cut(U"").empty());
  EXPECT_TRUE(segmenter.cut(U"  \t ").empty());
  const auto& words = segmenter.cut(U"  市  ");
  ASSERT_EQ(words.size(), 1u);
  EXPECT_EQ(words[0].begin, 2u);
  EXPECT_EQ(words[0].end, 3u);
}

// A folder with the real dictionary, of which one file is changed by `change`.
class DamagedDictionary : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("dictionary_" + std::to_string(::getpid()));
    fs::create_directory(folder_);
    for (const char* name : {"sys.dic", "unk.dic", "matrix.bin", "char.bin"}) fs::create_symlink(kFolder + "/" + name, folder_ / name);
  }
  void TearDown() override { fs::remove_all(folder_); }

  template <class Change>
  std::string error_after(const std::string& name, Change change) {
    std::ifstream in(kFolder + "/" + name, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    change(bytes);
    fs::remove(folder_ / name);
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    const auto made = Dictionary::open(folder_.string());
    return made ? "" : made.error().key;
  }
  fs::path folder_;
};

TEST_F(DamagedDictionary, IsRefused) {
  EXPECT_EQ(error_after("unk.dic", [](std::string&) {}), "");
  EXPECT_EQ(error_after("unk.dic", [](std::string& bytes) { bytes.pop_back(); }), "text.dictionary");
  EXPECT_EQ(error_after("unk.dic", [](std::string& bytes) { bytes.clear(); }), "text.dictionary");
  EXPECT_EQ(error_after("unk.dic", [](std::string& bytes) { ++bytes[24]; }), "text.dictionary");
  EXPECT_EQ(error_after("unk.dic", [](std::string& bytes) { bytes.replace(40, 6, "EUC-JP"); }), "text.dictionary_missing");
  // Its categories are not found any more.
  EXPECT_EQ(error_after("unk.dic", [](std::string& bytes) { bytes.replace(72, 8, std::string(8, '\x7F')); }), "text.dictionary");
}

TEST_F(DamagedDictionary, AWordThatPointsOutsideIsRefused) {
  const auto units = [](const std::string& bytes) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[24])) | static_cast<std::size_t>(static_cast<unsigned char>(bytes[25])) << 8;
  };
  EXPECT_EQ(error_after("unk.dic", [&](std::string& bytes) { bytes.replace(72 + units(bytes), 2, "\xFF\xFF"); }), "text.dictionary");  // its context
  EXPECT_EQ(error_after("unk.dic", [&](std::string& bytes) { bytes.replace(72 + units(bytes) + 8, 4, "\xFF\xFF\xFF\x7F"); }),
            "text.dictionary");  // its feature
}

TEST_F(DamagedDictionary, CostsAndCharactersThatAreCutShortAreRefused) {
  EXPECT_EQ(error_after("char.bin", [](std::string& bytes) { bytes.pop_back(); }), "text.dictionary");
  fs::remove(folder_ / "char.bin");
  fs::create_symlink(kFolder + "/char.bin", folder_ / "char.bin");
  EXPECT_EQ(error_after("matrix.bin", [](std::string& bytes) { bytes.resize(bytes.size() / 2); }), "text.dictionary");
  fs::remove(folder_ / "matrix.bin");
  EXPECT_EQ(Dictionary::open(folder_.string()).error().key, "text.dictionary_missing");
}

}  // namespace
}  // namespace sekisho::text
