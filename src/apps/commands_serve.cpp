// serve: the server. openapi: its description, made from the registry and the routes.
#include <cstdio>
#include <unistd.h>

#include "apps/clockwork.h"
#include "apps/command.h"
#include "core/bytes.h"
#include "core/log.h"
#include "http/openapi.h"
#include "http/site.h"

namespace sekisho::apps {
namespace {

Result<std::unique_ptr<http::Site>> make_site(Engine& engine, net::Runtime& runtime, gate::Streams& streams) {
  SK_TRY(auto messages, http::Messages::load(engine.config().packs_dir + "/messages/errors.ja.json"));
  SK_TRY(auto files, http::StaticFiles::load(engine.config().web_dir));
  if (files.empty()) log::warn("serve.no_web_client", {{"folder", log::Safe(engine.config().web_dir)}});
  http::SiteSettings settings;
  settings.max_upload_bytes = static_cast<std::uint64_t>(engine.config().upload_max_bytes);
  settings.tls = !engine.config().tls_certificate.empty() || engine.config().listen_behind_tls;
  settings.openapi = http::openapi_yaml(engine.registry(), SK_VERSION);
  std::map<std::string, gate::Body*> bodies;
  for (const auto& [code, body] : engine.bodies()) bodies.emplace(code, body.get());
  return std::make_unique<http::Site>(http::Parts{runtime, engine.gate(), engine.registry(), streams, engine.accounts(), engine.chats(), engine.library(),
                                                  std::move(bodies), std::move(messages), std::move(files), std::move(settings)});
}

net::HttpServer::Options server_options(const Config& config, http::Site& site) {
  net::HttpServer::Options options;
  options.address = config.listen_address;
  options.port = static_cast<std::uint16_t>(config.listen_port);
  options.limits.heartbeat = std::chrono::milliseconds(config.stream_heartbeat_ms);
  options.tls = {config.tls_certificate, config.tls_key};
  options.body_policy = [&site](const net::Request& request) { return site.body_plan(request); };
  options.error_page = [&site](int status, std::string_view key, const net::Request* request) { return site.error_page(status, key, request); };
  return options;
}

Status serve(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::yes));
  net::Runtime::Options threads;
  threads.workers = static_cast<std::size_t>(in.config.workers_operations);
  SK_TRY(auto runtime, net::Runtime::create(threads));
  SK_TRY(auto client, llm::Client::create(runtime->executor()));
  gate::Streams::Options stream_options;
  stream_options.max_parallel = static_cast<std::size_t>(in.config.model_max_parallel);
  stream_options.keep = std::chrono::milliseconds(in.config.stream_resume_ms);
  auto streams = std::make_unique<gate::Streams>(*runtime, *client, stream_options);
  SK_TRY(auto site, make_site(*engine, *runtime, *streams));
  http::Site* const handler = site.get();
  SK_TRY(auto server, net::HttpServer::create(*runtime, server_options(in.config, *site),
                                              [handler](net::Request& request, net::Responder& responder) { return handler->handle(request, responder); }));
  const std::string url = (in.config.tls_certificate.empty() ? "http://" : "https://") + in.config.listen_address + ":" + std::to_string(server->port());
  in.print(json::Object{{"url", url}, {"pid", static_cast<std::int64_t>(::getpid())}}, url + " で待ち受けています（止めるには Ctrl-C）。");
  std::fflush(stdout);
  // Uses ask the clock themselves; this only writes down what has begun and ended, and tells those concerned.
  auto clockwork = std::make_unique<Clockwork>(std::chrono::milliseconds(in.config.approvals_settle_ms), [&engine] { engine->settle_approvals(); });
  const int signal = runtime->wait_for_stop();
  log::info("serve.stopping", {{"signal", signal}});
  server->stop(std::chrono::seconds(5));
  streams->shutdown();
  clockwork.reset();
  server.reset();
  streams.reset();
  client.reset();
  return ok();
}

Status openapi(Invocation& in) {
  SK_TRY(auto engine, Engine::open(in.config, Engine::Reading::no));
  const std::string text = http::openapi_yaml(engine->registry(), SK_VERSION);
  in.print(json::Value(text), text);
  return ok();
}

}  // namespace

void add_serve_commands(std::vector<Command>& commands) {
  commands.push_back({"serve", "[--set listen.port=N]", "サービスを動かす", {}, {}, serve});
  commands.push_back({"openapi", "", "HTTPインターフェースの記述を出す", {}, {}, openapi});
}

}  // namespace sekisho::apps
