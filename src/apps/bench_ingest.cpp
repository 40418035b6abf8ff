#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <sstream>
#include <thread>

#include "apps/bench.h"
#include "apps/bench_folder.h"
#include "apps/engine.h"
#include "core/bytes.h"
#include "features/bodies/operations.h"
#include "features/bodies/small_profile.h"
#include "text/normalise.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

std::int64_t rss_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  in >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

struct ProcessTimes {
  int parent = 0;
  std::int64_t ticks = 0;
};

// Parent and processor time of a process. Fields after the name, which may hold anything but ends with the last bracket.
std::optional<ProcessTimes> times_of(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/stat");
  std::string line;
  std::getline(in, line);
  const std::size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  ProcessTimes out;
  std::int64_t user = 0, system = 0;
  fields >> skipped >> out.parent;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  fields >> user >> system;
  out.ticks = user + system;
  return out;
}

// As write calls were given it, sockets and pipes too. `write_bytes` of the same file counts a whole folio of the page cache, up to a megabyte, for each
// page of it that was changed: ten times what reaches the disk.
std::int64_t written_bytes() {
  std::ifstream in("/proc/self/io");
  std::string name;
  std::int64_t value = 0;
  while (in >> name >> value)
    if (name == "wchar:") return value;
  return 0;
}

// Watches the run: memory, and the processor time of this process and of the caged workers below it, which nobody can ask for when they are gone.
class Watch {
 public:
  // `ready` tells how many documents have been read and stored.
  explicit Watch(std::function<std::int64_t()> ready) : ready_(std::move(ready)), thread_([this] { loop(); }) {}
  ~Watch() { stop(); }
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  double cpu_seconds() const {
    std::int64_t ticks = 0;
    for (const auto& [pid, seen] : ticks_) ticks += seen;
    return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  // The mean while each thousand of the documents was being read.
  json::Array rss_mb_of_thousands() const {
    json::Array out;
    for (const Looks& looks : thousands_) out.push_back(looks.count == 0 ? json::Value(nullptr) : json::Value(looks.bytes / looks.count / 1e6));
    return out;
  }
  double rss_mb_peak() const { return static_cast<double>(peak_) / 1e6; }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      wake_.wait_for(lock, std::chrono::milliseconds(250), [&] { return stopping_; });
      look();
    }
  }
  void look() {
    const std::int64_t rss = rss_bytes();
    peak_ = std::max(peak_, rss);
    const auto thousand = static_cast<std::size_t>(std::max<std::int64_t>(ready_() - 1, 0) / 1000);
    if (thousand >= thousands_.size()) thousands_.resize(thousand + 1);
    thousands_[thousand].bytes += static_cast<double>(rss);
    ++thousands_[thousand].count;
    if (looks_++ % kLooksPerCount == 0 || stopping_) count_times();
  }
  void count_times() {
    std::map<int, ProcessTimes> all;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator("/proc", error)) {
      const std::string pid = entry.path().filename().string();
      if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
      if (const auto times = times_of(pid)) all[std::stoi(pid)] = *times;
    }
    const int self = ::getpid();
    for (const auto& [pid, times] : all) {
      int up = pid;
      for (auto it = all.find(up); up != self && it != all.end(); it = all.find(up)) up = it->second.parent;
      if (up == self) ticks_[pid] = times.ticks;
    }
  }

  struct Looks {
    double bytes = 0;
    int count = 0;
  };
  static constexpr int kLooksPerCount = 8;  // reading all of /proc costs what is measured
  const std::function<std::int64_t()> ready_;
  int looks_ = 0;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::int64_t peak_ = 0;
  std::vector<Looks> thousands_;
  std::map<int, std::int64_t> ticks_;
  std::thread thread_;
};

Result<std::vector<std::string>> paragraphs(const Config& config, const std::string& corpus) {
  std::vector<std::string> out;
  if (!corpus.empty()) {
    SK_TRY(const std::string text, read_file(corpus, 1u << 30));
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (const std::size_t tab = line.find('\t'); tab != std::string::npos)
        if (const std::size_t second = line.find('\t', tab + 1); second != std::string::npos) out.push_back(line.substr(second + 1) + "\n");
    }
  } else {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(config.packs_dir + "/demo/documents", error)) {
      SK_TRY(const std::string text, read_file(entry.path().string(), 1 << 20));
      std::size_t at = text.find("\n---\n");
      at = at == std::string::npos ? 0 : at + 5;
      while (at < text.size()) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) out.push_back(text.substr(at, end - at + 1));
        at = end + 1;
      }
    }
  }
  if (out.empty()) return fail(Code::not_found, "bench.no_corpus", "no text to make documents of");
  return out;
}

bodies::ProfileFile small_body(const bodies::Vocabulary& vocabulary) {
  return bodies::small_profile("計測", {{"r", "役", "whole", std::nullopt, {"collections.manage", "documents.manage", "documents.read", "search.use"}}}, "", vocabulary);
}

std::string document_of(const std::vector<std::string>& pieces, int number, int bytes) {
  std::mt19937 random(static_cast<unsigned>(number));
  std::string text;
  text.reserve(static_cast<std::size_t>(bytes) + 4096);
  while (text.size() < static_cast<std::size_t>(bytes)) text += pieces[random() % pieces.size()];
  return text;
}

// What no taking in can be faster than: the same documents cut into words by the dictionary alone, on every core, nothing kept. MB a second.
double floor_of(const text::Analyzer& analyzer, const std::vector<std::string>& pieces, int bytes) {
  constexpr auto kTime = std::chrono::seconds(2);
  std::atomic<int> next = 0;
  std::atomic<std::int64_t> read = 0;
  const auto begin = std::chrono::steady_clock::now();
  const auto work = [&] {
    text::Analyzer::Session session(analyzer);
    text::Normalised normal;
    while (std::chrono::steady_clock::now() - begin < kTime) {
      const std::string text = document_of(pieces, next++, bytes);
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        text::normalise(std::string_view(text).substr(at, end - at), normal);
        static_cast<void>(session.tag_names(normal.text));
        at = end;
      }
      read += static_cast<std::int64_t>(text.size());
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
  }
  return static_cast<double>(read) / 1e6 / std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

Status set_up(Engine& engine, gate::Body*& body) {
  SK_TRY(body, engine.create_body("bench"));
  SK_CHECK(engine.gate().run(bodies::set_up(engine.vocabulary()), engine.caller(*body, gate::Operator{}), small_body(engine.vocabulary())));
  SK_CHECK(engine.name_body(*body));
  accounts::UserCreateIn user;
  user.login = "u";
  user.name = "計測";
  user.department = "d";
  user.roles = {"r"};
  user.clearance = 3;
  SK_CHECK(engine.gate().run(engine.accounts().create_user(), engine.caller(*body, gate::Operator{}), std::move(user)));
  return ok();
}

}  // namespace

Result<json::Value> bench_ingest(Config config, const std::string& corpus, int documents, int bytes) {
  SK_TRY(const auto pieces, paragraphs(config, corpus));
  SK_TRY(const BenchFolder folder, BenchFolder::make());
  config.data_dir = folder.path();
  SK_TRY(auto engine, Engine::open(config, Engine::Reading::yes));
  gate::Body* body = nullptr;
  SK_CHECK(set_up(*engine, body));
  const gate::Caller caller = engine->caller(*body, gate::LocalUser{"u"});
  SK_TRY(const auto collection, engine->gate().run(engine->library().create_collection_operation(), caller, library::CollectionCreateIn{"計測", "", 1, "all", std::nullopt}));
  SK_TRY(const auto upload, engine->gate().run(engine->library().create_upload_operation(), caller, library::UploadCreateIn{collection.id}));
  const auto begin = std::chrono::steady_clock::now();
  std::atomic<int> next = 0;
  std::atomic<std::int64_t> total = 0;
  std::atomic<int> failed = 0;
  const auto ready = [&] {
    const auto progress = json::parse(engine->library().progress(*body, upload.id.str()).json);
    return progress ? progress->at("ready").as_int64() : 0;
  };
  Watch watch(ready);
  std::vector<std::thread> senders;
  for (int k = 0; k < 8; ++k)
    senders.emplace_back([&] {
      for (int i = next++; i < documents; i = next++) {
        std::string text = document_of(pieces, i, bytes);
        total += static_cast<std::int64_t>(text.size());
        if (!engine->library().receive(engine->gate(), caller, upload.id.str(), "文書" + std::to_string(i) + ".txt", std::move(text))) ++failed;
      }
    });
  for (std::thread& t : senders) t.join();
  const double received = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  engine->library().wait_until_idle(*body);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  watch.stop();
  const double resident = static_cast<double>(rss_bytes()) / 1e6;  // before a search maps the postings that it reads
  SK_TRY(const auto found, engine->gate().run(engine->library().search_operation(), caller, library::SearchIn{"市", std::nullopt, 1}));
  if (found.hits.empty()) return fail(Code::internal, "bench.not_searchable", "nothing is found in what was read");
  const double mb = static_cast<double>(total.load()) / 1e6;
  const double floor = floor_of(engine->analyzer(), pieces, bytes);
  return json::Value(json::Object{{"documents", documents}, {"failed", failed.load()}, {"text_bytes", total.load()}, {"seconds", seconds}, {"mb_per_s", mb / seconds}, {"floor_mb_per_s", floor}, {"ratio", mb / seconds / floor}, {"received_s", received},
                                  {"cpu_s", watch.cpu_seconds()}, {"mb_per_cpu_s", mb / watch.cpu_seconds()}, {"written_mb", static_cast<double>(written_bytes()) / 1e6},
                                  {"rss_mb_of_thousands", watch.rss_mb_of_thousands()}, {"rss_mb", resident}, {"rss_mb_peak", watch.rss_mb_peak()}});
}

}  // namespace sekisho::apps
