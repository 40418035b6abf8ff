// detect_bench [FILE…]: how fast the detectors read: MB/s over long text, microseconds for a short question. Prints one JSON object.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "text/detect.h"

namespace {

double seconds(const sekisho::text::Detector& detector, const std::string& text, int rounds) {
  const auto begin = std::chrono::steady_clock::now();
  std::size_t found = 0;
  for (int n = 0; n < rounds; ++n) found += detector.find(text).size();
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return found == static_cast<std::size_t>(-1) ? 0 : took / rounds;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sekisho::text;
  const auto analyzer = Analyzer::create({});
  if (!analyzer) return 1;
  std::vector<std::string> words;
  for (int n = 0; n < 5'000; ++n) words.push_back("禁止語" + std::to_string(n * 7919 % 100'000) + "号案件");
  const Detector detector(**analyzer, words);
  std::string document;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    document.append(std::istreambuf_iterator<char>(file), {});
  }
  if (document.empty())
    for (int n = 0; n < 2'000; ++n) document += "転入届は、引っ越した日から14日以内に市民課へ出してください。受付は8時30分から17時15分まで。\n";
  const std::string plain = "転入届はいつまでに出しますか。必要な書類も教えてください。";
  const std::string personal = "山田太郎様（090-1234-5678、兵庫県西脇市郷瀬町605番地）への案内文を作ってください。";
  seconds(detector, plain, 10);
  std::printf("{\"document_bytes\":%zu,\"document_mb_s\":%.1f,\"plain_us\":%.1f,\"personal_us\":%.1f,\"words\":%zu}\n", document.size(),
              static_cast<double>(document.size()) / 1e6 / seconds(detector, document, 3), seconds(detector, plain, 2'000) * 1e6,
              seconds(detector, personal, 2'000) * 1e6, words.size());
  return 0;
}
