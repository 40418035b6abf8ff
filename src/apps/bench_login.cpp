// Rushes of logins over real HTTP, beside open streams, against the floor of the hashing alone.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <fstream>
#include <mutex>
#include <thread>

#include "apps/bench.h"
#include "apps/bench_folder.h"
#include "apps/bench_people.h"
#include "apps/serving.h"
#include "crypto/password.h"

namespace sekisho::apps {
namespace {

using namespace std::chrono_literals;

constexpr auto kChunkPause = 50ms;
constexpr auto kQuiet = 6s;

std::int64_t rss_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  in >> total >> resident;
  return resident * 4096;
}

struct Delay {
  Steady::time_point at;
  double ms;
};

// A model that writes the time into every piece of its answer, until told to stop.
class Clocked {
 public:
  std::uint16_t port() const { return model_.port(); }
  void finish() { stop_.store(true); }
  void again() { stop_.store(false); }

 private:
  void answer(const BenchModel::Say& say) {
    do std::this_thread::sleep_for(kChunkPause);
    while (!stop_.load() && say("at" + std::to_string(Steady::now().time_since_epoch().count()) + "."));
  }
  std::atomic<bool> stop_{false};
  BenchModel model_{[this](const BenchModel::Say& say) { answer(say); }};
};

// Streams that are read for as long as they run, one thread each.
class Readers {
 public:
  Readers(const std::string& endpoint, const std::vector<Person>& people) : delays_(people.size()) {
    for (std::size_t i = 0; i < people.size(); ++i) threads_.emplace_back([this, endpoint, &person = people[i], i] { read(person, endpoint, delays_[i]); });
  }
  void join() {
    for (auto& thread : threads_) thread.join();
  }
  void collect(Steady::time_point from, Steady::time_point to, std::vector<double>& out) const {
    for (const auto& one : delays_)
      for (const Delay& d : one)
        if (d.at >= from && d.at < to) out.push_back(d.ms);
  }

 private:
  static void read(const Person& person, const std::string& endpoint, std::vector<Delay>& out) {
    out.reserve(4096);
    const std::string chat = person.new_chat(endpoint);
    if (chat.empty()) return;
    person.question(chat, nullptr, [&](const std::string& line) {
      const std::size_t at = line.find("\"at");
      if (at != std::string::npos) {
        std::int64_t sent = 0;
        std::from_chars(line.data() + at + 3, line.data() + line.size(), sent);
        const auto now = Steady::now();
        out.push_back({now, std::chrono::duration<double, std::milli>(now.time_since_epoch() - Steady::duration(sent)).count()});
      }
      return !line.starts_with("event: done") && !line.starts_with("event: error");
    });
  }
  std::vector<std::vector<Delay>> delays_;
  std::vector<std::thread> threads_;
};

// The hashing alone, on as many threads as the product uses.
double floor_seconds(std::size_t workers, int logins) {
  const auto stored = crypto::password_hash(Secret(std::string(kBenchPassword)));
  std::atomic<int> next{0};
  const auto begin = Steady::now();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < workers; ++i)
    threads.emplace_back([&] {
      while (next++ < logins)
        if (!crypto::password_verify(*stored, Secret(std::string(kBenchPassword))).value_or(false)) std::abort();
    });
  for (auto& thread : threads) thread.join();
  return seconds_since(begin);
}

struct Rush {
  std::vector<double> done;  // seconds, sorted
  int failed = 0;
  std::int64_t rss_before = 0;
  std::int64_t rss_peak = 0;
  Steady::time_point begin;
  Steady::time_point end;
};

Rush rush(std::uint16_t port, int logins) {
  Rush out;
  std::mutex mutex;
  std::atomic<bool> over{false};
  out.rss_before = rss_bytes();
  std::thread watch([&] {
    while (!over.load()) {
      out.rss_peak = std::max(out.rss_peak, rss_bytes());
      std::this_thread::sleep_for(2ms);
    }
  });
  out.begin = Steady::now();
  std::vector<std::thread> people;
  for (int i = 0; i < logins; ++i)
    people.emplace_back([&, i] {
      const Answer answer = ask(port, "POST", "/api/v1/session", "", login_of(i));
      const std::lock_guard lock(mutex);
      if (answer.status != 200) ++out.failed;
      out.done.push_back(seconds_since(out.begin));
    });
  for (auto& thread : people) thread.join();
  out.end = Steady::now();
  over.store(true);
  watch.join();
  std::sort(out.done.begin(), out.done.end());
  return out;
}

// All rounds together. The p99 of one round is made of its two dozen slowest pieces: one stall of the machine decides it, so the pieces of all rounds
// are laid together.
struct Rounds {
  std::vector<Rush> rushes;
  std::vector<double> quiet;  // ms per piece
  std::vector<double> busy;
  double floor = 0;  // seconds of hashing alone, of all rounds
};

json::Value report(const Rounds& all, std::size_t workers, int streams) {
  constexpr double kMib = 1024.0 * 1024.0;
  int failed = 0;
  std::int64_t rise = 0;
  double last = 0;
  for (const Rush& one : all.rushes) {
    last += one.done.back();
    failed += one.failed;
    rise = std::max(rise, one.rss_peak - one.rss_before);
  }
  const double quiet = quantile(all.quiet, 0.99);
  const double busy = quantile(all.busy, 0.99);
  return json::Object{{"rounds", all.rushes.size()},
                      {"logins", all.rushes.front().done.size()},
                      {"failed", failed},
                      {"cores", std::thread::hardware_concurrency()},
                      {"workers", workers},
                      {"floor_s", all.floor},
                      {"last_s", last},
                      {"ratio", last / all.floor},
                      {"streams", streams},
                      {"quiet_chunks", all.quiet.size()},
                      {"quiet_p99_ms", quiet},
                      {"rush_chunks", all.busy.size()},
                      {"rush_p99_ms", busy},
                      {"p99_ratio", quiet > 0 ? busy / quiet : 0},
                      {"rss_rise_mib", static_cast<double>(rise) / kMib},
                      {"rss_limit_mib", static_cast<double>(workers) * 64 + 16}};
}

void measure_round(std::uint16_t port, Clocked& model, const std::string& endpoint, const std::vector<Person>& people, int logins, Rounds& all) {
  model.again();
  Readers readers(endpoint, people);
  std::this_thread::sleep_for(2s);
  const auto quiet_from = Steady::now();
  std::this_thread::sleep_for(kQuiet);
  Rush measured = rush(port, logins);
  model.finish();
  readers.join();
  readers.collect(quiet_from, measured.begin, all.quiet);
  readers.collect(measured.begin, measured.end, all.busy);
  all.rushes.push_back(std::move(measured));
}

}  // namespace

Result<json::Value> bench_login(Config config, int logins, int streams, int rounds) {
  SK_TRY(const BenchFolder folder, BenchFolder::make());
  config.data_dir = folder.path();
  config.listen_address = "127.0.0.1";
  config.listen_port = 0;
  SK_TRY(auto engine, Engine::open(config, Engine::Reading::no));
  SK_TRY(gate::Body* const body, make_bench_body(*engine, std::max(logins, streams)));
  Clocked model;
  SK_TRY(const std::string endpoint, make_bench_endpoint(*engine, *body, model.port()));
  SK_TRY(auto serving, Serving::start(*engine));
  const std::uint16_t port = serving->port();
  std::vector<Person> people;
  for (int i = 0; i < streams; ++i) people.emplace_back(port, i);
  Rounds all;
  const std::size_t workers = engine->accounts().pool().threads();
  for (int i = 0; i < rounds; ++i) {
    measure_round(port, model, endpoint, people, logins, all);
    all.floor += floor_seconds(workers, logins);
  }
  json::Value out = report(all, workers, streams);
  serving.reset();
  return out;
}

}  // namespace sekisho::apps
