// search_bench gold CORPUS.tsv QUERIES.tsv [variants.tsv [threads]]   quality and latency on a gold set, one JSON object
// search_bench speed CORPUS.tsv [threads [rounds]]                    MB/s of UTF-8 text: analysis alone on one thread, then Index::add and flush;
//                                                                     "per CPU second" does not depend on what else the machine does
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/bytes.h"
#include "search/index.h"
#include "search/retrieval_bench.h"

namespace {

using namespace sekisho;
using Clock = std::chrono::steady_clock;

int refuse(const Error& error) {
  std::fprintf(stderr, "%s\n", to_string(error).c_str());
  return 1;
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

int gold(int argc, char** argv) {
  const auto analyzer = text::Analyzer::create({std::string(text::kDefaultDictionary), argc > 4 ? argv[4] : ""});
  if (!analyzer) return refuse(analyzer.error());
  const auto json = search::retrieval_bench(argv[2], argv[3], **analyzer, argc > 5 ? static_cast<unsigned>(std::atoi(argv[5])) : 2);
  if (!json) return refuse(json.error());
  std::printf("%s\n", json->c_str());
  return 0;
}

int speed(int argc, char** argv) {
  const auto analyzer = text::Analyzer::create({});
  const auto tsv = read_file(argv[2], 1u << 30);
  if (!analyzer) return refuse(analyzer.error());
  if (!tsv) return refuse(tsv.error());
  const int rounds = argc > 4 ? std::atoi(argv[4]) : 1;
  std::vector<search::Passage> passages;
  std::size_t bytes = 0;
  for (std::size_t begin = 0; begin < tsv->size();) {
    const std::size_t end = std::min(tsv->find('\n', begin), tsv->size());
    const std::string_view line = std::string_view(*tsv).substr(begin, end - begin);
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    begin = end + 1;
    if (second == line.npos) continue;
    passages.push_back({static_cast<std::uint32_t>(passages.size() + 1), line.substr(first + 1, second - first - 1), {}, line.substr(second + 1)});
    bytes += passages.back().text.size();
  }
  const double mb = static_cast<double>(bytes) / 1e6;
  {
    text::Analyzer::Session session(**analyzer);
    const auto start = Clock::now();
    const double cpu = cpu_seconds();
    std::size_t tokens = 0;
    for (const auto& p : passages) tokens += session.analyse(p.text).size();
    const double s = seconds_since(start);
    std::printf("analyse: %.2f MB, %zu tokens, %.2f MB/s on one thread, %.2f MB per CPU second\n", mb, tokens, mb / s, mb / (cpu_seconds() - cpu));
  }
  const std::string folder = (std::filesystem::temp_directory_path() / "sekisho-speed").string();
  std::filesystem::remove_all(folder);
  search::Index::Options options;
  options.threads = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 2;
  const auto index = search::Index::open(folder, **analyzer, options);
  if (!index) return refuse(index.error());
  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  for (int round = 0; round < rounds; ++round) {
    if (const Status added = (*index)->add(passages); !added) return refuse(added.error());
    for (auto& p : passages) p.chunk += static_cast<std::uint32_t>(passages.size());
  }
  const double added_s = seconds_since(start);
  if (const Status flushed = (*index)->flush(); !flushed) return refuse(flushed.error());
  const double flushed_s = seconds_since(start);
  std::printf("add: %.2f MB/s with %u threads; with flush %.2f MB/s, %.2f MB per CPU second; peak %.0f MB; %llu segments, %.2f x the text\n", mb * rounds / added_s, options.threads,
              mb * rounds / flushed_s, mb * rounds / (cpu_seconds() - cpu), peak_mb(),
              static_cast<unsigned long long>((*index)->stats().segments), static_cast<double>((*index)->stats().disk_bytes) / static_cast<double>(bytes) / rounds);
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "gold" && argc > 3) return gold(argc, argv);
  if (command == "speed" && argc > 2) return speed(argc, argv);
  std::fprintf(stderr, "usage: search_bench gold CORPUS QUERIES [VARIANTS [THREADS]] | speed CORPUS [THREADS [ROUNDS]]\n");
  return 2;
}
