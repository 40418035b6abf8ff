// The log's appends beside the disk's own pace, in one run: a record appended and synced by itself, records of many callers synced together,
// and the same through the writer with tree, salt, sealing and database. Then how fast an export of what was written verifies.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "apps/bench.h"
#include "apps/bench_folder.h"
#include "apps/migrations.h"
#include "core/bytes.h"
#include "core/descriptor.h"
#include "crypto/hash.h"
#include "gate/log_export.h"
#include "gate/run.h"
#include "tlog/export_names.h"
#include "verify/export.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kRecordBytes = 2048;
constexpr double kStallMs = 20;

double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

struct Pace {
  double per_s = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  double longest_ms = 0;
};

Pace pace_of(std::vector<double> ms, double seconds) {
  std::sort(ms.begin(), ms.end());
  if (ms.empty()) return {};
  return {static_cast<double>(ms.size()) / seconds, ms[ms.size() / 2], ms[ms.size() * 99 / 100], ms.back()};
}

// `callers` threads that each wait for one append after another; `one` is that append.
Pace pace(int callers, double seconds, const std::function<bool(int)>& one) {
  std::vector<double> all;
  std::mutex mutex;
  std::vector<std::thread> threads;
  const auto begin = Steady::now();
  for (int i = 0; i < callers; ++i)
    threads.emplace_back([&, i] {
      std::vector<double> mine;
      while (seconds_since(begin) < seconds) {
        const auto at = Steady::now();
        if (!one(i)) break;
        mine.push_back(seconds_since(at) * 1000);
      }
      const std::lock_guard lock(mutex);
      all.insert(all.end(), mine.begin(), mine.end());
    });
  for (auto& thread : threads) thread.join();
  return pace_of(std::move(all), seconds_since(begin));
}

// A file that records are appended to, each chained to the one before by a hash, as the least that such a log could do.
class Floor {
 public:
  explicit Floor(const fs::path& path) : file_(::open(path.c_str(), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600)), record_(kRecordBytes, 'x'), writer_([this] { loop(); }) {}
  ~Floor() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_one();
    writer_.join();
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  // One record, one sync.
  bool alone() {
    std::string bytes;
    chain(record_, bytes);
    return write(bytes);
  }
  // One thread writes; whoever comes while it syncs is synced with those who came as well.
  bool together() {
    std::unique_lock lock(mutex_);
    queue_.push_back(record_);
    const std::uint64_t mine = ++queued_;
    work_.notify_one();
    done_.wait(lock, [&] { return durable_ >= mine || broken_; });
    return !broken_;
  }

 private:
  void loop() {
    std::vector<std::string> records;
    std::string bytes;
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      records.swap(queue_);
      lock.unlock();
      bytes.clear();
      for (const std::string& record : records) chain(record, bytes);
      const bool good = write(bytes);
      lock.lock();
      durable_ += records.size();
      broken_ = !good;
      lock.unlock();
      records.clear();
      done_.notify_all();
      lock.lock();
    }
  }
  void chain(const std::string& record, std::string& bytes) {
    const std::size_t begin = bytes.size();
    bytes.append(as_view(last_)).append(record);
    last_ = crypto::sha256(std::string_view(bytes).substr(begin));
  }
  bool write(std::string_view bytes) { return ::write(file_.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fdatasync(file_.get()) == 0; }
  Descriptor file_;
  const std::string record_;
  Hash last_{};
  std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable done_;
  std::vector<std::string> queue_;
  std::uint64_t queued_ = 0;
  std::uint64_t durable_ = 0;
  bool broken_ = false;
  bool stopping_ = false;
  std::thread writer_;
};

gate::Record example() {
  return {"01J0QZ8R9V5T7W3X1Y2Z3A4B5C", "chats.ask", "7(2)エ(イ)", "01J0QZ8R9V5T7W3X1Y2Z3A4B5D", "v1;c=2;i=1;a=1;r=01J0QZ8R9V5T7W3X1Y2Z3A4B5E;s=2;o=;t=1;k=0", "allow",
          "2026-04-01", "{\"in\":\"" + std::string(kRecordBytes - 9, 'x') + "\"}"};
}

// When the log was being synced: what of a wait was the disk's.
class Syncs {
 public:
  int sync(int fd) {
    const auto begin = Steady::now();
    const int result = ::fdatasync(fd);
    const std::lock_guard lock(mutex_);
    spans_.emplace_back(begin, Steady::now());
    return result;
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    spans_.clear();
  }
  double ms_within(Steady::time_point begin, Steady::time_point end) const {
    const std::lock_guard lock(mutex_);
    Steady::duration sum{};
    for (const auto& [from, to] : spans_)
      if (from < end && to > begin) sum += std::min(to, end) - std::max(from, begin);
    return std::chrono::duration<double, std::milli>(sum).count();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<Steady::time_point, Steady::time_point>> spans_;
};

struct Bench {
  fs::path folder;
  Syncs syncs;
  SystemClock clock;
  std::unique_ptr<gate::Body> body;
  const gate::Record record = example();

  bool append() {
    const auto prepared = gate::prepare(record);
    return prepared && body->writer->run([&](sql::Tx& tx, gate::LogTable& log) { return log.append(tx, clock.now(), *prepared); });
  }
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

// Floor and log in turns, so that both meet the same disk.
json::Value compare(Bench& bench, int callers, double seconds, int rounds) {
  std::vector<double> floor_rate, floor_p99, rate, p50, p99, longest;
  for (int round = 0; round < rounds; ++round) {
    const fs::path path = bench.folder / "floor.dat";
    {
      Floor floor(path);
      const Pace f = pace(callers, seconds, [&](int) { return callers == 1 ? floor.alone() : floor.together(); });
      floor_rate.push_back(f.per_s);
      floor_p99.push_back(f.p99_ms);
    }
    fs::remove(path);
    const Pace p = pace(callers, seconds, [&](int) { return bench.append(); });
    rate.push_back(p.per_s);
    p50.push_back(p.p50_ms);
    p99.push_back(p.p99_ms);
    longest.push_back(p.longest_ms);
  }
  return json::Object{{"callers", callers}, {"per_s", median(rate)}, {"floor_per_s", median(floor_rate)}, {"ratio", median(rate) / median(floor_rate)}, {"p50_ms", median(p50)},
                      {"p99_ms", median(p99)}, {"floor_p99_ms", median(floor_p99)}, {"p99_ratio", median(p99) / median(floor_p99)}, {"longest_ms", *std::max_element(longest.begin(), longest.end())}};
}

// Second about with the bare file: a disk that stalls by itself shows on both sides, and of the log's own waits that are long it is told whether they would
// have been without the time in which the log was being synced.
json::Value stalls(Bench& bench, int seconds) {
  constexpr int kCallers = 16;
  struct Side {
    int seconds_over = 0;
    double longest_ms = 0;
  };
  Side ours, beyond, bare;
  std::mutex mutex;
  double rest_ms = 0;  // the longest of the second
  const auto append = [&](int) {
    const auto begin = Steady::now();
    const bool good = bench.append();
    const auto end = Steady::now();
    const double ms = std::chrono::duration<double, std::milli>(end - begin).count();
    if (ms <= kStallMs) return good;
    const double rest = ms - bench.syncs.ms_within(begin, end);
    const std::lock_guard lock(mutex);
    rest_ms = std::max(rest_ms, rest);
    return good;
  };
  const auto add = [](Side& side, double longest_ms) {
    side.seconds_over += longest_ms > kStallMs;
    side.longest_ms = std::max(side.longest_ms, longest_ms);
  };
  Floor floor(bench.folder / "floor.dat");
  for (int second = 0; second < seconds; ++second) {
    rest_ms = 0;
    bench.syncs.forget();
    add(ours, pace(kCallers, 1, append).longest_ms);
    add(beyond, rest_ms);
    add(bare, pace(kCallers, 1, [&](int) { return floor.together(); }).longest_ms);
  }
  fs::remove(bench.folder / "floor.dat");
  return json::Object{{"callers", kCallers},
                      {"seconds", seconds},
                      {"seconds_with_stall_over_20ms", ours.seconds_over},
                      {"longest_ms", ours.longest_ms},
                      {"without_syncs_seconds_with_stall_over_20ms", beyond.seconds_over},
                      {"without_syncs_longest_of_these_ms", beyond.longest_ms},
                      {"floor_seconds_with_stall_over_20ms", bare.seconds_over},
                      {"floor_longest_ms", bare.longest_ms}};
}

Result<json::Value> verifying(Bench& bench) {
  const std::string folder = (bench.folder / "export").string();
  SK_CHECK(bench.body->writer->run([&](sql::Tx& tx, gate::LogTable& log) { return log.checkpoint(tx, bench.clock.now(), true); }));
  auto begin = Steady::now();
  SK_TRY(const gate::Exported out, gate::export_log(*bench.body->db, *bench.body->log_keys, {folder, false, {}}));
  const double exporting = seconds_since(begin);
  SK_TRY(const std::string trust, read_file(folder + "/" + tlog::kTrustFile, 64 * 1024));
  SK_TRY(const auto policy, tlog::TrustPolicy::parse(trust));
  verify::Options options;
  options.trust = &policy;
  begin = Steady::now();
  const verify::Report report = verify::verify_folder(folder, options);
  const double seconds = seconds_since(begin);
  if (!report.good()) return fail(Code::corrupt, "log.broken", report.findings.front().key);
  const auto leaves = static_cast<double>(out.size);
  return json::Value(json::Object{{"leaves", out.size}, {"verify_leaves_per_s_per_core", leaves / seconds}, {"export_leaves_per_s", leaves / exporting}});
}

}  // namespace

Result<json::Value> bench_ledger(const std::string& folder, const std::vector<int>& callers, double seconds, int rounds, int stall_seconds) {
  SK_TRY(const BenchFolder made, BenchFolder::make(folder));
  Bench bench;  // closed before its folder goes
  bench.folder = made.path();
  SK_TRY(bench.body, gate::open_body((bench.folder / "body").string(), "bench", migrations(), bench.clock, {{}, 64 << 20, [&bench](int fd) { return bench.syncs.sync(fd); }}));
  json::Array appends;
  for (const int n : callers) appends.push_back(compare(bench, n, seconds, rounds));
  json::Object out{{"record_bytes", kRecordBytes}, {"appends", std::move(appends)}};
  if (stall_seconds > 0) out["stalls"] = stalls(bench, stall_seconds);
  SK_TRY(out["export"], verifying(bench));
  return json::Value(std::move(out));
}

}  // namespace sekisho::apps
