#include "search/retrieval_bench.h"

#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <unordered_map>

#include "core/bytes.h"
#include "search/index.h"

namespace sekisho::search {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxTsvBytes = 2u << 30;
constexpr std::size_t kDepth = 10;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == text.npos) return out;
    text.remove_prefix(at + 1);
  }
}

Result<std::vector<std::vector<std::string_view>>> rows_of(std::string_view tsv, const std::string& path) {
  std::vector<std::vector<std::string_view>> rows;
  for (const std::string_view line : split(tsv, '\n')) {
    if (line.empty()) continue;
    rows.push_back(split(line, '\t'));
    if (rows.back().size() < 3) return fail(Code::invalid_argument, "bench.form", path + ": a line with fewer than three columns");
  }
  if (rows.empty()) return fail(Code::invalid_argument, "bench.form", path + " is empty");
  return rows;
}

class TemporaryFolder {
 public:
  static Result<std::unique_ptr<TemporaryFolder>> create() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "sekisho-bench-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) return fail(Code::unavailable, "search.io", "no temporary folder");
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(std::move(name)));
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

struct Quality {
  std::size_t at1 = 0, at5 = 0, at10 = 0;
  double reciprocal = 0;
  std::vector<double> ms;

  void count(std::size_t rank) {
    at1 += rank <= 1 ? 1 : 0;
    at5 += rank <= 5 ? 1 : 0;
    at10 += rank <= kDepth ? 1 : 0;
    reciprocal += rank <= kDepth ? 1.0 / static_cast<double>(rank) : 0;
  }
  double quantile(double q) const { return ms[std::min(ms.size() - 1, static_cast<std::size_t>(q * static_cast<double>(ms.size())))]; }
};

Result<Quality> ask(const Index& index, const std::vector<std::vector<std::string_view>>& questions, const std::unordered_map<std::string_view, std::uint32_t>& chunks) {
  Bitmap permitted;
  permitted.set_range(1, static_cast<std::uint32_t>(chunks.size()));
  for (std::size_t i = 0; i < std::min<std::size_t>(questions.size(), 50); ++i) SK_CHECK(index.search(questions[i][1], permitted, kDepth));  // warm
  Quality out;
  for (const auto& row : questions) {
    const auto start = Clock::now();
    SK_TRY(const auto hits, index.search(row[1], permitted, kDepth));
    out.ms.push_back(seconds_since(start) * 1000);
    std::size_t rank = kDepth + 1;
    for (const std::string_view gold : split(row[2], ',')) {
      const auto chunk = chunks.find(gold);
      if (chunk == chunks.end()) continue;
      const auto hit = std::find_if(hits.begin(), hits.end(), [&](const Hit& h) { return h.chunk == chunk->second; });
      rank = std::min(rank, hit == hits.end() ? kDepth + 1 : static_cast<std::size_t>(hit - hits.begin()) + 1);
    }
    out.count(rank);
  }
  std::sort(out.ms.begin(), out.ms.end());
  return out;
}

std::string number(const char* form, double value) {
  std::array<char, 64> out;
  std::snprintf(out.data(), out.size(), form, value);
  return out.data();
}

std::string print(const Quality& q, double index_s, std::uint64_t index_bytes, std::uint64_t text_bytes) {
  const auto n = static_cast<double>(q.ms.size());
  const auto share = [&](std::size_t found) { return number("%.4f", static_cast<double>(found) / n); };
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return "{\"queries\":" + std::to_string(q.ms.size()) + ",\"recall@1\":" + share(q.at1) + ",\"recall@5\":" + share(q.at5) + ",\"recall@10\":" + share(q.at10) +
         ",\"mrr@10\":" + number("%.4f", q.reciprocal / n) + ",\"p50_ms\":" + number("%.3f", q.quantile(0.5)) + ",\"p95_ms\":" + number("%.3f", q.quantile(0.95)) +
         ",\"index_s\":" + number("%.3f", index_s) + ",\"index_bytes\":" + std::to_string(index_bytes) + ",\"text_bytes\":" + std::to_string(text_bytes) +
         ",\"rss_mb\":" + number("%.1f", static_cast<double>(usage.ru_maxrss) / 1024) + "}";
}

}  // namespace

Result<std::string> retrieval_bench(const std::string& corpus, const std::string& queries, const text::Analyzer& analyzer, unsigned threads) {
  SK_TRY(const std::string corpus_tsv, read_file(corpus, kMaxTsvBytes));
  SK_TRY(const std::string queries_tsv, read_file(queries, kMaxTsvBytes));
  SK_TRY(const auto documents, rows_of(corpus_tsv, corpus));
  SK_TRY(const auto questions, rows_of(queries_tsv, queries));
  std::vector<Passage> passages;
  std::unordered_map<std::string_view, std::uint32_t> chunks;
  std::uint64_t text_bytes = 0;
  for (const auto& row : documents) {
    passages.push_back({static_cast<std::uint32_t>(passages.size() + 1), row[1], {}, row[2]});
    if (!chunks.emplace(row[0], passages.back().chunk).second) return fail(Code::invalid_argument, "bench.form", corpus + ": an id stands twice");
    text_bytes += row[2].size();
  }

  SK_TRY(const auto folder, TemporaryFolder::create());
  Index::Options options;
  options.threads = threads;
  SK_TRY(const auto index, Index::open(folder->path(), analyzer, options));
  const auto start = Clock::now();
  SK_CHECK(index->add(passages));
  SK_CHECK(index->flush());
  const double index_s = seconds_since(start);
  SK_TRY(const Quality quality, ask(*index, questions, chunks));
  return print(quality, index_s, index->stats().disk_bytes, text_bytes);
}

}  // namespace sekisho::search
