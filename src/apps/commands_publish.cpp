// policy publish: the public copy of a published policy document as files, for the body's own web site. It reads what everybody of the body may read.
#include <algorithm>
#include <filesystem>

#include "apps/publish_command.h"
#include "core/bytes.h"
#include "features/standard/publishing.h"

namespace sekisho::apps {
namespace {

Result<json::Value> run(Engine& engine, Invocation& in, const std::string& user, const char* operation, json::Object input) {
  SK_TRY(gate::Body* const body, in.body(engine));
  const gate::Entry* const entry = engine.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  return engine.gate().run(*entry, engine.caller(*body, gate::LocalUser{user}), json::Value(std::move(input)));
}

Status publish(Invocation& in) {
  SK_TRY(const std::string user, in.arguments.need("user"));
  SK_TRY(const std::string folder, in.arguments.need("out"));
  if (in.arguments.rest().size() != 1) return fail(Code::invalid_argument, "usage", "文書をIDか題名で一つ指定してください");
  const std::string& name = in.arguments.rest().front();
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  SK_TRY(const json::Value listed, run(*engine, in, user, "policies.public_list", {}));
  SK_TRY(const auto list, json::read<standard::PublicList>(listed));
  const auto found = std::find_if(list.items.begin(), list.items.end(), [&](const standard::PublicItem& item) { return item.document.str() == name || item.title == name; });
  if (found == list.items.end()) return fail(Code::not_found, "policies.not_found", "no published document '" + name + "'");
  std::vector<standard::FileOut> files;
  for (const char* format : {"html", "pdf"}) {
    SK_TRY(const json::Value made, run(*engine, in, user, "policies.public_file", {{"document", found->document.str()}, {"format", format}}));
    SK_TRY(auto file, json::read<standard::FileOut>(made));
    files.push_back(std::move(file));
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Code::unavailable, "storage.io", "cannot create " + folder + ": " + error.message());
  json::Array paths;
  std::string text;
  for (const standard::FileOut& file : files) {
    SK_TRY(const std::string bytes, from_base64(file.content));
    const std::string path = (std::filesystem::path(folder) / file.name).string();
    SK_CHECK(write_file(path, bytes));
    text += path + "\n";
    paths.emplace_back(path);
  }
  in.print(json::Object{{"document", found->document.str()}, {"title", found->title}, {"number", found->number}, {"effective_on", found->effective_on}, {"files", std::move(paths)}}, text);
  return ok();
}

}  // namespace

void add_publish_commands(std::vector<Command>& commands) {
  commands.push_back({"policy publish", "--body B --user U --out DIR 文書", "公表している方針の写し（HTMLとPDF）を書き出す", {"body", "user", "out"}, {}, publish});
}

}  // namespace sekisho::apps
