// What a backup that is being made costs those who wait for an answer.
#include <algorithm>
#include <cmath>
#include <mutex>
#include <random>
#include <thread>

#include "apps/bench.h"
#include "apps/bench_folder.h"
#include "apps/bench_people.h"
#include "apps/serving.h"
#include "crypto/key_file.h"
#include "crypto/random.h"
#include "features/backup/running.h"
#include "gate/log_table.h"

namespace sekisho::apps {
namespace {

using namespace std::chrono_literals;

constexpr int kReadingMs = 500;        // a person reads before she asks again, on average
constexpr int kQuestions = 20;         // in one conversation
constexpr std::size_t kRow = 60'000;   // bytes of one record that fills the body
constexpr int kTogether = 64;          // records of one transaction

// People that ask again and again, each in conversations of her own. What they wait for is told to whoever measures.
class Asking {
 public:
  Asking(std::uint16_t port, std::string endpoint, int people) : endpoint_(std::move(endpoint)) {
    for (int i = 0; i < people; ++i) people_.emplace_back(port, i);
    for (const Person& person : people_) threads_.emplace_back([this, &person] { ask(person); });
  }
  ~Asking() {
    stop_.store(true);
    for (auto& thread : threads_) thread.join();
  }
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;
  // Milliseconds to the first piece of what was asked since the last call.
  std::vector<double> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waits_, {});
  }
  int unanswered() const { return unanswered_.load(); }

 private:
  void ask(const Person& person) {
    std::minstd_rand random(static_cast<std::uint32_t>(&person - people_.data()) + 1);
    const auto read = [&] { std::this_thread::sleep_for(std::chrono::milliseconds(random() % (2 * kReadingMs))); };  // nobody waits for the others
    read();
    while (!stop_.load()) {
      const std::string chat = person.new_chat(endpoint_);
      json::Value parent;
      for (int i = 0; i < kQuestions && !stop_.load(); ++i) {
        parent = one(person, chat, parent);
        read();
      }
    }
  }
  // The id of the answer.
  json::Value one(const Person& person, const std::string& chat, const json::Value& parent) {
    const auto begun = Steady::now();
    double waited = -1;
    json::Value id;
    bool done = false;
    person.question(chat, parent, [&](const std::string& line) {
      if (line.starts_with("event: delta") && waited < 0) waited = 1000 * seconds_since(begun);
      if (done && line.starts_with("data: ")) {
        const auto told = json::parse(std::string_view(line).substr(6));
        if (told) id = told->at("message").at("id");
        return false;
      }
      done = done || line.starts_with("event: done");
      return !line.starts_with("event: error");
    });
    if (waited < 0 || id.is_null()) ++unanswered_;
    const std::lock_guard lock(mutex_);
    if (waited >= 0) waits_.push_back(waited);
    return id;
  }
  const std::string endpoint_;
  std::vector<Person> people_;
  std::mutex mutex_;
  std::vector<double> waits_;
  std::atomic<int> unanswered_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

// A body as years of questions make it: sealed records, in its own database.
Status fill(gate::Body& body, double gigabytes) {
  const auto rows = static_cast<std::int64_t>(gigabytes * 1e9 / static_cast<double>(kRow));
  const SystemClock clock;
  const gate::Record record{"u0", "bench.fill", "", "", "", "allow", "", json::serialise(json::Value(to_hex(crypto::random_bytes(kRow / 2))))};
  for (std::int64_t written = 0; written < rows; written += kTogether)
    SK_CHECK(body.writer->run([&](sql::Tx& tx, gate::LogTable& log) -> Status {
      for (int i = 0; i < kTogether; ++i) {
        SK_TRY(const auto prepared, gate::prepare(record));
        SK_CHECK(log.append(tx, clock.now(), prepared));
      }
      return ok();
    }));
  return ok();
}

struct Turns {
  std::vector<double> quiet, busy;  // milliseconds to the first piece
  std::vector<double> quiet_p95, busy_p95;  // of each turn
  std::vector<double> seconds;  // of each backup
  std::int64_t bytes = 0;  // written by the last
};

void add(std::vector<double> waits, std::vector<double>& all, std::vector<double>& p95) {
  p95.push_back(quantile(waits, 0.95));
  all.insert(all.end(), waits.begin(), waits.end());
}

// A backup of the whole body, or of as much of it as is read in `within` seconds: how fast people are answered changes on a busy machine from minute to
// minute, and a turn without a backup says little about one that ends ten minutes later.
Status make_backup(backup::Runner& runner, std::int64_t rate, double within, Turns& out) {
  const auto begun = Steady::now();
  std::atomic<bool> stop = false;
  Result<std::vector<backup::Runner::MadeAt>> made;
  {
    const std::jthread making([&] { made = runner.make_all("bench", true, rate, &stop); });
    if (within > 0) {
      std::this_thread::sleep_for(std::chrono::duration<double>(within));
      stop = true;
    }
  }
  out.seconds.push_back(seconds_since(begun));
  if (within > 0 && !made && made.error().code == Code::cancelled) return ok();
  SK_CHECK(made);
  out.bytes = made->front().made.manifest.new_bytes;
  return ok();
}

Status measure(backup::Runner& runner, Asking& asking, const BackupBench& bench, std::int64_t rate, Turns& out) {
  for (int i = 0; i < bench.turns; ++i) {
    static_cast<void>(asking.take());
    std::this_thread::sleep_for(std::chrono::duration<double>(bench.seconds));
    add(asking.take(), out.quiet, out.quiet_p95);
    SK_CHECK(make_backup(runner, rate, bench.within, out));
    add(asking.take(), out.busy, out.busy_p95);
  }
  static_cast<void>(asking.take());
  std::this_thread::sleep_for(std::chrono::duration<double>(bench.seconds));
  add(asking.take(), out.quiet, out.quiet_p95);
  return ok();
}

json::Array rounded(const std::vector<double>& all) {
  json::Array out;
  for (const double one : all) out.emplace_back(std::round(one * 100) / 100);
  return out;
}

json::Value report(const Turns& all, const Asking& asking, const BackupBench& bench, std::int64_t rate) {
  const double quiet = quantile(all.quiet, 0.95);
  const double busy = quantile(all.busy, 0.95);
  return json::Object{{"gb", bench.gigabytes},
                      {"streams", bench.streams},
                      {"rate_bytes", rate},
                      {"cores", std::thread::hardware_concurrency()},
                      {"answers_without", all.quiet.size()},
                      {"answers_with", all.busy.size()},
                      {"unanswered", asking.unanswered()},
                      {"p50_ms_without", quantile(all.quiet, 0.5)},
                      {"p50_ms_with", quantile(all.busy, 0.5)},
                      {"p95_ms_without", quiet},
                      {"p95_ms_with", busy},
                      {"max_ms_without", quantile(all.quiet, 1)},
                      {"max_ms_with", quantile(all.busy, 1)},
                      {"turns_p95_ms_without", rounded(all.quiet_p95)},
                      {"turns_p95_ms_with", rounded(all.busy_p95)},
                      {"added_p95", quiet > 0 ? busy / quiet - 1 : 0},
                      {"backup_s", rounded(all.seconds)},
                      {"backup_bytes", all.bytes}};
}

}  // namespace

Result<json::Value> bench_backup(Config config, const BackupBench& bench) {
  SK_TRY(const BenchFolder folder, BenchFolder::make());
  SK_TRY(const BenchFolder backups, BenchFolder::make(config.backup_folder));
  config.data_dir = folder.path();
  config.backup_folder = backups.path();
  config.listen_address = "127.0.0.1";
  config.listen_port = 0;
  SK_TRY(auto engine, Engine::open(config, Engine::Reading::no));
  SK_TRY(const Secret key, crypto::load_or_create_key(config.data_dir + "/backup.key"));
  static_cast<void>(key);
  SK_TRY(gate::Body* const body, make_bench_body(*engine, bench.streams));
  SK_CHECK(fill(*body, bench.gigabytes));
  const BenchModel model([](const BenchModel::Say& say) {
    for (int i = 0; i < 3 && say("はい。"); ++i) {}
  });
  SK_TRY(const std::string endpoint, make_bench_endpoint(*engine, *body, model.port()));
  SK_TRY(auto serving, Serving::start(*engine));
  const auto runner = engine->backups();
  Turns all;
  json::Value out;
  {
    Asking asking(serving->port(), endpoint, bench.streams);
    std::this_thread::sleep_for(3s);
    SK_CHECK(measure(*runner, asking, bench, config.backup_rate_bytes, all));
    out = report(all, asking, bench, config.backup_rate_bytes);
  }
  serving.reset();
  return out;
}

}  // namespace sekisho::apps
