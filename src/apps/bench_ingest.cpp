#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "apps/bench.h"
#include "apps/engine.h"
#include "core/bytes.h"
#include "features/bodies/operations.h"
#include "features/bodies/small_profile.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;

std::int64_t rss_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t total = 0;
  std::int64_t resident = 0;
  in >> total >> resident;
  return resident * 4096;
}

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

struct Folder {
  std::string path;
  ~Folder() {
    std::error_code error;
    fs::remove_all(path, error);
  }
};

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
  const char* base = std::getenv("TMPDIR");
  std::string name = std::string(base == nullptr ? "/tmp" : base) + "/sekisho-bench-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) return fail(Code::unavailable, "storage.io", "no temporary folder");
  const Folder folder{name};
  config.data_dir = name;
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
  std::atomic<std::int64_t> rss_at_thousand = 0;
  std::vector<std::thread> senders;
  for (int k = 0; k < 8; ++k)
    senders.emplace_back([&] {
      for (int i = next++; i < documents; i = next++) {
        std::mt19937 random(static_cast<unsigned>(i));
        std::string text;
        while (text.size() < static_cast<std::size_t>(bytes)) text += pieces[random() % pieces.size()];
        total += static_cast<std::int64_t>(text.size());
        if (!engine->library().receive(engine->gate(), caller, upload.id.str(), "文書" + std::to_string(i) + ".txt", std::move(text))) ++failed;
        if (i == 1000) rss_at_thousand = rss_bytes();
      }
    });
  for (std::thread& t : senders) t.join();
  engine->library().wait_until_idle(*body);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  SK_TRY(const auto found, engine->gate().run(engine->library().search_operation(), caller, library::SearchIn{"市", std::nullopt, 1}));
  static_cast<void>(found);
  const double mb = static_cast<double>(total.load()) / 1e6;
  return json::Value(json::Object{{"documents", documents}, {"failed", failed.load()}, {"text_bytes", total.load()}, {"seconds", seconds}, {"mb_per_s", mb / seconds},
                                  {"rss_mb_at_1000", static_cast<double>(rss_at_thousand.load()) / 1e6}, {"rss_mb", static_cast<double>(rss_bytes()) / 1e6}});
}

}  // namespace sekisho::apps
