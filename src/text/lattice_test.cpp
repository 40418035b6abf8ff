// MeCab itself is the measure: the same words with the same entries for any text.
#include <gtest/gtest.h>
#include <mecab.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "text/analyse.h"
#include "text/lattice.h"
#include "text/utf8.h"

namespace sekisho::text {
namespace {

class Reference {
 public:
  Reference() {
    std::vector<std::string> words = {"test", "-r", "/dev/null", "-d", std::string(kDefaultDictionary)};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    model_.reset(MeCab::Model::create(static_cast<int>(arguments.size()), arguments.data()));
    tagger_.reset(model_->createTagger());
    lattice_.reset(model_->createLattice());
  }
  // surface|feature|known of each word, and where it begins
  std::string cut(const std::string& text) {
    lattice_->set_sentence(text.data(), text.size());
    EXPECT_TRUE(tagger_->parse(lattice_.get()));
    std::string out;
    for (const MeCab::Node* node = lattice_->bos_node(); node; node = node->next) {
      if (node->stat == MECAB_BOS_NODE || node->stat == MECAB_EOS_NODE) continue;
      out += std::to_string(node->surface - text.data()) + " " + std::string(node->surface, node->length) + "|" + node->feature + "|" + std::to_string(node->posid) +
             (node->stat == MECAB_NOR_NODE ? "|known\n" : "|unknown\n");
    }
    return out;
  }

 private:
  std::unique_ptr<MeCab::Model> model_;
  std::unique_ptr<MeCab::Tagger> tagger_;
  std::unique_ptr<MeCab::Lattice> lattice_;
};

class CutLikeMecab : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Dictionary::open(std::string(kDefaultDictionary));
    ASSERT_TRUE(opened.has_value()) << to_string(opened.error());
    dictionary_ = std::move(*opened);
    lattice_ = std::make_unique<Lattice>(*dictionary_);
  }
  std::string cut(const std::string& text) {
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) points.push_back(decode_utf8(text, at));
    std::string out;
    for (const Morpheme& word : lattice_->cut(points)) {
      const std::size_t begin = byte_offset(text, word.begin), end = byte_offset(text, word.end);
      out += std::to_string(begin) + " " + text.substr(begin, end - begin) + "|" + lattice_->feature(word) + "|" + std::to_string(word.entry->part) +
             (word.known ? "|known\n" : "|unknown\n");
    }
    return out;
  }
  void compare(const std::string& text) { ASSERT_EQ(cut(text), reference_.cut(text)) << text; }

  Reference reference_;
  std::unique_ptr<const Dictionary> dictionary_;
  std::unique_ptr<Lattice> lattice_;
};

TEST_F(CutLikeMecab, Sentences) {
  for (const char* text : {"", " ", "  \t ", "汐見野市文書取扱規程第12条を見直す。", "すもももももももものうち", " 市民課 で  受け付ける。 ", "ｶﾀｶﾅとABC-123とαβγとДа", "ーーーーー", "コンピューターシステムインテグレーション",
                           "𠮟る𩸽の話👨‍👩‍👧", "あああああああああああああああああああああああああああああああああああ", "アアアアアアアアアアアアアアアアアアアアアアアアアアアアアアアアアアア", "!!!???", "東京都に住む", "令和八年四月一日",
                           "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "12345678901234567890123456789012345678901234567890", "\xEF\xBF\xBD\xEF\xBF\xBD市", "々〆ヶ", "a b c", "一二三四五六七八九十百千万億兆"})
    compare(text);
}

TEST_F(CutLikeMecab, DocumentsOfTheDemonstration) {
  std::size_t lines = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SK_SOURCE_DIR) + "/packs/demo/documents")) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line); ++lines) compare(line);
  }
  EXPECT_GT(lines, 100u);
}

// A corpus of one's own: SEKISHO_LATTICE_CORPUS names a text file.
TEST_F(CutLikeMecab, LinesOfAFile) {
  const char* path = std::getenv("SEKISHO_LATTICE_CORPUS");
  if (path == nullptr) GTEST_SKIP() << "SEKISHO_LATTICE_CORPUS is not set";
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) compare(line.substr(0, byte_offset(line, 1000)));
}

TEST_F(CutLikeMecab, CharactersInAnyOrder) {
  const std::string some = "市民課の受付は九時からです東京都庁様式申請書をしたくなければこれでアイウーーンズABCxyz0123 　、。！？「」々〆αД①㈱\t\xF0\xA0\xAE\x9F\xF0\x9F\x91\xA8";
  std::vector<std::string> characters;
  for (std::size_t at = 0; at < some.size();) {
    const std::size_t begin = at;
    decode_utf8(some, at);
    characters.push_back(some.substr(begin, at - begin));
  }
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto n = random() % 60; n > 0; --n) {
      const std::string& c = characters[random() % characters.size()];
      for (auto repeated = random() % 8 == 0 ? random() % 30 : 1; repeated > 0; --repeated) text += c;
    }
    compare(text);
  }
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto n = random() % 40; n > 0; --n) {
      char32_t c = static_cast<char32_t>(1 + random() % (round % 2 == 0 ? 0x3100 : 0xFFFE));
      if (c >= 0xD800 && c < 0xE000) c = U'市';
      append_utf8(text, c);
    }
    compare(text);
  }
}

TEST(Dictionary, FilesThatMakeNoSenseAreRefused) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("sekisho-dictionary-" + std::to_string(::getpid()));
  const auto whole = [](const char* name) {
    std::ifstream file(std::string(kDefaultDictionary) + "/" + name, std::ios::binary);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  };
  const auto write = [&](const char* name, const std::string& bytes) { std::ofstream(folder / name, std::ios::binary) << bytes; };
  const auto prepare = [&] {
    fs::remove_all(folder);
    fs::create_directories(folder);
    for (const char* name : {"sys.dic", "unk.dic", "matrix.bin", "char.bin"}) fs::create_symlink(std::string(kDefaultDictionary) + "/" + name, folder / name);
  };
  for (const char* name : {"sys.dic", "unk.dic", "matrix.bin", "char.bin"}) {
    prepare();
    ASSERT_TRUE(Dictionary::open(folder.string()).has_value());
    fs::remove(folder / name);
    EXPECT_EQ(Dictionary::open(folder.string()).error().key, "text.dictionary_missing") << name;
    const std::string bytes = whole(name);
    write(name, bytes.substr(0, bytes.size() / 2));
    EXPECT_EQ(Dictionary::open(folder.string()).error().key, "text.dictionary") << name;
    fs::remove(folder / name);
    write(name, "");
    EXPECT_FALSE(Dictionary::open(folder.string()).has_value()) << name;
  }
  // Damage of the bytes: refused, or at least never a way out of the files.
  const std::string unknown = whole("unk.dic");
  std::mt19937 random(3);
  for (int round = 0; round < 100; ++round) {
    prepare();
    std::string bytes = unknown;
    for (int i = 0; i < 20; ++i) bytes[72 + random() % (bytes.size() - 73)] = static_cast<char>(random());
    fs::remove(folder / "unk.dic");
    write("unk.dic", bytes);
    if (const auto opened = Dictionary::open(folder.string())) Lattice(**opened).cut(U"市民課とABCとカタカナ、123");
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace sekisho::text
