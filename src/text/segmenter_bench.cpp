// segmenter_bench FILE [ROUNDS]: how fast the lines of a text are cut into words, by the product and by libmecab in turns. Prints one JSON object:
// the medians in MB of UTF-8 a second, and their ratio.
#include <mecab.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "text/analyse.h"
#include "text/segmenter.h"
#include "text/utf8.h"

namespace {

template <class Work>
double seconds(Work work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sekisho::text;
  if (argc < 2) return 2;
  std::vector<std::string> lines;
  std::vector<std::u32string> decoded;
  std::size_t bytes = 0;
  std::ifstream file(argv[1]);
  for (std::string line; std::getline(file, line); lines.push_back(line)) {
    bytes += line.size();
    decoded.emplace_back();
    for (std::size_t at = 0; at < line.size();) decoded.back().push_back(decode_utf8(line, at));
  }
  std::vector<std::string> words = {"bench", "-r", "/dev/null", "-d", std::string(kDefaultDictionary)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  const std::unique_ptr<MeCab::Model> model(MeCab::createModel(static_cast<int>(arguments.size()), arguments.data()));
  const auto dictionary = Dictionary::open(std::string(kDefaultDictionary));
  if (!model || !dictionary) return 1;
  const std::unique_ptr<MeCab::Tagger> tagger(model->createTagger());
  const std::unique_ptr<MeCab::Lattice> lattice(model->createLattice());
  Segmenter segmenter(**dictionary);
  std::vector<double> ours, theirs;
  for (int round = argc > 2 ? std::atoi(argv[2]) : 9; round > 0; --round) {
    ours.push_back(seconds([&] {
      for (const std::u32string& line : decoded) segmenter.cut(line);
    }));
    theirs.push_back(seconds([&] {
      for (const std::string& line : lines) {
        lattice->set_sentence(line.data(), line.size());
        tagger->parse(lattice.get());
      }
    }));
  }
  const double mb = static_cast<double>(bytes) / 1e6;
  std::printf("{\"bytes\":%zu,\"mb_s\":%.1f,\"mecab_mb_s\":%.1f,\"ratio\":%.2f}\n", bytes, mb / median(ours), mb / median(theirs),
              median(theirs) / median(ours));
  return 0;
}
