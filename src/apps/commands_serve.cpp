// serve: the server. openapi: its description, made from the registry and the routes.
#include <cstdio>
#include <unistd.h>

#include "apps/command.h"
#include "core/bytes.h"
#include "core/log.h"
#include "http/openapi.h"
#include "http/site.h"

namespace sekisho::apps {
namespace {

// A listener that would let nobody in, or that names a segment that no body has, is a mistake told at the start.
Result<http::Listener> make_listener(const Engine& engine, const ListenConfig& config) {
  http::Listener out;
  const std::string where = config.address + ":" + std::to_string(config.port);
  out.segment = config.segment;
  SK_TRY(out.sources, parse_networks(config.sources).context(where + ": sources"));
  SK_TRY(out.proxies, parse_networks(config.proxies).context(where + ": proxies"));
  out.forwarded_by = config.proxy_header;
  out.tls = !config.certificate.empty() || config.behind_tls;
  if (!http::known_forwarding_header(config.proxy_header))
    return fail(Code::invalid_argument, "config.value", where + ": proxy_header must be x-forwarded-for, forwarded or x-real-ip");
  const auto address = Address::parse(config.address);
  if (!address) return fail(Code::invalid_argument, "http.listen", "not an address: " + config.address);
  const bool local_only = std::all_of(out.sources.begin(), out.sources.end(), [](const Network& n) { return n.loopback(); });
  if (local_only && out.proxies.empty() && !address->loopback())
    return fail(Code::invalid_argument, "config.value", where + ": sources must name the networks that may come");
  bool needed = false;
  bool known = false;
  for (const auto& [code, body] : engine.bodies()) {
    needed = needed || !body->segments.empty();
    known = known || body->segment(config.segment) != 0;
  }
  if (needed && !known) return fail(Code::invalid_argument, "config.value", where + ": segment '" + config.segment + "' is no segment of any body");
  return out;
}

Result<std::unique_ptr<http::Site>> make_site(Engine& engine, net::Runtime& runtime, gate::Streams& streams, std::vector<http::Listener> listeners) {
  SK_TRY(auto messages, http::Messages::load(engine.config().packs_dir + "/messages/errors.ja.json"));
  SK_TRY(auto files, http::StaticFiles::load(engine.config().web_dir));
  if (files.empty()) log::warn("serve.no_web_client", {{"folder", log::Safe(engine.config().web_dir)}});
  http::SiteSettings settings;
  settings.max_upload_bytes = static_cast<std::uint64_t>(engine.config().upload_max_bytes);
  SK_TRY(settings.metrics_sources, parse_networks(engine.config().metrics_sources).context("metrics.sources"));
  settings.openapi = http::openapi_yaml(engine.registry(), SK_VERSION);
  std::map<std::string, gate::Body*> bodies;
  for (const auto& [code, body] : engine.bodies()) bodies.emplace(code, body.get());
  return std::make_unique<http::Site>(http::Parts{runtime, engine.gate(), engine.registry(), streams, engine.accounts(), engine.chats(), engine.library(), engine.stops(),
                                                  std::move(bodies), std::move(listeners), std::move(messages), std::move(files), std::move(settings)});
}

net::HttpServer::Options server_options(const Config& config, const ListenConfig& listen, std::size_t number, http::Site& site) {
  net::HttpServer::Options options;
  options.address = listen.address;
  options.port = static_cast<std::uint16_t>(listen.port);
  options.listener = number;
  options.limits.heartbeat = std::chrono::milliseconds(config.stream_heartbeat_ms);
  options.tls = {listen.certificate, listen.key};
  options.body_policy = [&site](const net::Request& request) { return site.body_plan(request); };
  options.error_page = [&site](int status, std::string_view key, const net::Request* request) { return site.error_page(status, key, request); };
  return options;
}

// What listens must have been stopped before it goes, also when a later listener cannot start.
struct Servers {
  std::vector<std::unique_ptr<net::HttpServer>> all;
  void stop() {
    for (const auto& server : all) server->stop(std::chrono::seconds(5));
    all.clear();
  }
  ~Servers() { stop(); }
};

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
  const auto listen = listeners_of(in.config);
  std::vector<http::Listener> listeners;
  for (const ListenConfig& one : listen) {
    SK_TRY(auto listener, make_listener(*engine, one));
    listeners.push_back(std::move(listener));
  }
  SK_TRY(auto site, make_site(*engine, *runtime, *streams, std::move(listeners)));
  http::Site* const handler = site.get();
  Servers servers;
  json::Array urls;
  std::string text;
  for (std::size_t i = 0; i < listen.size(); ++i) {
    SK_TRY(auto server, net::HttpServer::create(*runtime, server_options(in.config, listen[i], i, *site),
                                                [handler](net::Request& request, net::Responder& responder) { return handler->handle(request, responder); }));
    const std::string host = listen[i].address.find(':') == std::string::npos ? listen[i].address : "[" + listen[i].address + "]";
    const std::string url = (listen[i].certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(server->port());
    urls.emplace_back(json::Object{{"url", url}, {"segment", listen[i].segment}});
    text += url + "（" + listen[i].segment + "）で待ち受けています。\n";
    servers.all.push_back(std::move(server));
  }
  engine->stops().on_look([&engine, s = streams.get()] { s->obey(engine->stop_board()); });
  in.print(json::Object{{"url", urls[0].at("url")}, {"listeners", urls}, {"pid", static_cast<std::int64_t>(::getpid())}}, text + "止めるには Ctrl-C。");
  std::fflush(stdout);
  const int signal = runtime->wait_for_stop();
  log::info("serve.stopping", {{"signal", signal}});
  servers.stop();
  engine->stops().on_look(nullptr);
  streams->shutdown();
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
