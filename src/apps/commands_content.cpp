// Commands about content: ingest, search, ask, and making the demo city.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "apps/command.h"
#include "apps/send_files.h"
#include "core/bytes.h"
#include "features/bodies/operations.h"
#include "features/chat/extract.h"

namespace sekisho::apps {
namespace {

namespace fs = std::filesystem;
using Reading = Engine::Reading;

// The collection that the name or the id means, among those the person may read.
Result<library::CollectionId> collection_named(Engine& engine, const gate::Caller& caller, const std::string& name) {
  SK_TRY(const auto list, engine.gate().run(engine.library().list_collections_operation(), caller, bodies::WholeListIn{}));
  for (const auto& c : list.items)
    if (c.name == name || c.id.str() == name) return c.id;
  return fail(Code::not_found, "collections.not_found", "no collection '" + name + "'");
}

}  // namespace

Result<int> send_files(Engine& engine, const gate::Caller& caller, const library::CollectionId& collection, const std::vector<std::string>& paths,
                       std::string& upload_id) {
  SK_TRY(const auto upload, engine.gate().run(engine.library().create_upload_operation(), caller, library::UploadCreateIn{collection}));
  upload_id = upload.id.str();
  std::atomic<std::size_t> next = 0;
  std::atomic<int> taken = 0;
  std::mutex mutex;
  Status first = ok();
  const auto work = [&] {
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      auto bytes = read_file(paths[i], static_cast<std::size_t>(engine.config().upload_max_bytes));
      Status done = ok();
      if (!bytes) {
        done = Unexpected(bytes.error());
      } else if (auto received = engine.library().receive(engine.gate(), caller, upload_id, fs::path(paths[i]).filename().string(), std::move(*bytes)); !received) {
        done = Unexpected(received.error());
      }
      if (done) {
        ++taken;
        continue;
      }
      const std::lock_guard lock(mutex);
      std::fprintf(stderr, "sekisho: %s: %s\n", paths[i].c_str(), to_string(done.error()).c_str());
      if (first) first = std::move(done);
    }
  };
  // Several at once: each waits for the disk, not for the processor.
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < std::min<std::size_t>(8, paths.size()); ++k) threads.emplace_back(work);
  for (std::thread& t : threads) t.join();
  if (taken == 0 && !first) return Unexpected(first.error());
  return taken.load();
}

namespace {

Result<json::Value> upload_of(Engine& engine, const gate::Caller& caller, const std::string& id) {
  return engine.gate().run(*engine.registry().find("uploads.describe"), caller, json::Object{{"id", id}});
}

Status ingest(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  SK_TRY(const std::string collection, in.arguments.need("collection"));
  if (in.arguments.rest().empty()) return fail(Code::invalid_argument, "usage", "取り込むファイルを指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Reading::yes));
  SK_TRY(gate::Body* const body, in.body(*engine));
  const gate::Caller caller = engine->caller(*body, gate::LocalUser{user});
  SK_TRY(const auto id, collection_named(*engine, caller, collection));
  std::string upload;
  SK_TRY(const int taken, send_files(*engine, caller, id, in.arguments.rest(), upload));
  engine->library().wait_until_idle(*body);
  SK_TRY(const json::Value detail, upload_of(*engine, caller, upload));
  std::string text = std::to_string(taken) + " 件を受け取りました。\n";
  for (const json::Value& file : detail.at("files").as_array()) {
    const auto* reason = file.as_object().if_contains("reason");
    text += std::string(std::string_view(file.at("state").as_string())) + "\t" + std::string(std::string_view(file.at("name").as_string())) +
            (reason != nullptr && reason->is_string() ? "\t" + std::string(std::string_view(reason->as_string())) : "") + "\n";
  }
  in.print(detail, text);
  return ok();
}

Status search(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "検索する言葉を一つの引数で指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  library::SearchIn what{in.arguments.rest()[0], std::nullopt, std::nullopt};
  if (in.arguments.has("limit")) what.limit = std::atoi(in.arguments.value("limit").c_str());
  SK_TRY(const auto found, engine->gate().run(engine->library().search_operation(), engine->caller(*body, gate::LocalUser{user}), std::move(what)));
  std::string text;
  for (const auto& hit : found.hits)
    text += std::to_string(hit.rank) + ". " + hit.document + (hit.section.empty() ? "" : " / " + hit.section) + (hit.page ? " p." + std::to_string(*hit.page) : "") + "\n   " + hit.text + "\n";
  in.print(json::to_value(found), found.hits.empty() ? "見つかりませんでした。" : text);
  return ok();
}

// Asks the built-in engine over the documents that the person may read; models are asked by the server, whose streams they need.
Status ask(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "質問を一つの引数で指定してください");
  SK_TRY(auto engine, Engine::open(in.config, Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  const gate::Caller caller = engine->caller(*body, gate::LocalUser{user});
  SK_TRY(const json::Value chat, engine->gate().run(*engine->registry().find("chats.create"), caller, json::Object{}));
  SK_TRY(auto chat_id, chat::ChatId::parse(std::string_view(chat.at("id").as_string())));
  SK_TRY(auto asked, engine->chats().ask(engine->gate(), caller, chat::AskIn{chat_id, in.arguments.rest()[0], std::nullopt, std::nullopt, std::nullopt, 0}));
  const gate::Event last = asked.plan.close({gate::Ending::complete, asked.plan.text, std::nullopt, std::nullopt});
  SK_TRY(const json::Value done, json::parse(last.data));
  if (last.name != "done") return fail(Code::upstream, std::string(std::string_view(done.at("key").as_string())), "no answer");
  const json::Object& message = done.at("message").as_object();
  const json::Object out{{"answer", message.at("text")},   {"engine", message.at("engine")},         {"citations", message.at("citations")},
                         {"label", message.at("label")}, {"characters", message.at("characters")}, {"sentences", message.at("sentences")}};
  std::string text(std::string_view(message.at("text").as_string()));
  for (const json::Value& c : message.at("citations").as_array())
    text += "\n[" + json::serialise(c.at("n")) + "] " + std::string(std::string_view(c.at("document").as_string())) + " / " + std::string(std::string_view(c.at("section").as_string()));
  in.print(out, text);
  return ok();
}

Result<std::string> standard_input() {
  constexpr std::size_t kMost = 1u << 20;
  std::string text;
  char block[65536];
  while (const std::size_t n = std::fread(block, 1, sizeof block, stdin)) {
    text.append(block, n);
    if (text.size() > kMost) return fail(Code::too_large, "guards.too_long", "more than 1 MiB");
  }
  return text;
}

// What would happen to this text on its way to a model. The findings are always JSON: they are for other programs.
Status guard_check(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  SK_TRY(std::string text, standard_input());
  SK_TRY(auto engine, Engine::open(in.config, Reading::no));
  SK_TRY(gate::Body* const body, in.body(*engine));
  guards::CheckIn what{std::move(text), std::nullopt, std::nullopt};
  if (in.arguments.has("endpoint")) {
    SK_TRY(what.endpoint, endpoints::EndpointId::parse(in.arguments.value("endpoint")));
  }
  SK_TRY(const auto checked, engine->gate().run(engine->guards().check_operation(), engine->caller(*body, gate::LocalUser{user}), std::move(what)));
  const json::Value out = json::to_value(checked);
  in.print(out, json::serialise(out));
  return ok();
}

}  // namespace

void add_content_commands(std::vector<Command>& commands) {
  commands.push_back({"ingest", "--body B --user U --collection C FILE…", "資料を取り込む", {"body", "user", "collection"}, {}, ingest});
  commands.push_back({"search", "--body B --user U [--limit N] 言葉", "資料を検索する", {"body", "user", "limit"}, {}, search});
  commands.push_back({"guard check", "--body B --user U [--endpoint ID] < 文", "文に個人情報などがあるか、送るとどう扱われるかを見る", {"body", "user", "endpoint"}, {}, guard_check});
  commands.push_back({"ask", "--body B --user U 質問", "資料から答える（内蔵の抽出エンジン）", {"body", "user"}, {}, ask});
}

}  // namespace sekisho::apps
