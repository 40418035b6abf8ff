#include "apps/serving.h"

#include "core/log.h"
#include "features/office/office.h"
#include "http/openapi.h"

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

// Refusals that may open a case of the security office: one line each. What is noticed is told by address or kind, never by what people wrote.
struct Noticed {
  std::string_view key;
  const char* event;
  bool source;  // is the address that matters; else the error's detail
};
constexpr Noticed kNoticed[] = {{"accounts.locked", "login.locked", true}, {"guards.blocked", "guard.blocked", false}};

void notice(const Engine& engine, const std::string& body, const Error& error, const std::string& source) {
  for (const Noticed& n : kNoticed)
    if (error.key == n.key) engine.office().notice(body, n.event, n.source ? source : error.detail);
}

Result<std::unique_ptr<http::Site>> make_site(Engine& engine, net::Runtime& runtime, gate::Streams& streams, std::vector<http::Listener> listeners) {
  SK_TRY(auto messages, http::Messages::load(engine.config().packs_dir + "/messages/errors.ja.json"));
  SK_TRY(auto files, http::StaticFiles::load(engine.config().web_dir));
  if (files.empty()) log::warn("serve.no_web_client", {{"folder", log::Safe(engine.config().web_dir)}});
  http::SiteSettings settings;
  settings.max_upload_bytes = static_cast<std::uint64_t>(engine.config().upload_max_bytes);
  SK_TRY(settings.metrics_sources, parse_networks(engine.config().metrics_sources).context("metrics.sources"));
  settings.login_banner = engine.config().login_banner;
  settings.openapi = http::openapi_yaml(engine.registry(), SK_VERSION);
  std::map<std::string, gate::Body*> bodies;
  for (const auto& [code, body] : engine.bodies()) bodies.emplace(code, body.get());
  return std::make_unique<http::Site>(http::Parts{runtime, engine.gate(), engine.registry(), streams, engine.accounts(), engine.chats(), engine.drafts(), engine.library(), engine.stops(),
                                                  std::move(bodies), std::move(listeners), std::move(messages), std::move(files), std::move(settings),
                                                  [&engine](const std::string& body, const Error& error, const std::string& source) { notice(engine, body, error, source); },
                                                  [&engine] { return engine.office().turned(); }});
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

}  // namespace

Serving::Serving(Engine& engine) : engine_(engine) {}

Result<std::unique_ptr<Serving>> Serving::start(Engine& engine) {
  std::unique_ptr<Serving> out(new Serving(engine));
  SK_CHECK(out->build());
  return out;
}

Status Serving::build() {
  const Config& config = engine_.config();
  net::Runtime::Options threads;
  threads.workers = static_cast<std::size_t>(config.workers_operations);
  threads.stop_on_signals = true;
  SK_TRY(runtime_, net::Runtime::create(threads));
  SK_TRY(client_, llm::Client::create(runtime_->executor()));
  gate::Streams::Options stream_options;
  stream_options.max_parallel = static_cast<std::size_t>(config.model_max_parallel);
  stream_options.keep = std::chrono::milliseconds(config.stream_resume_ms);
  streams_ = std::make_unique<gate::Streams>(*runtime_, *client_, stream_options);
  SK_CHECK(listen());
  engine_.accounts().on_end([this](const std::string& body, const std::string& person) { streams_->stop_of(body, person); });
  // Twice a second: whose last day has come loses sessions, keys and open streams.
  ends_ = std::make_unique<Clockwork>(std::chrono::milliseconds(500), [this] {
    for (const auto& [code, body] : engine_.bodies())
      if (const Status done = engine_.accounts().end_due(engine_.gate(), *body); !done) log::error("accounts.end_due", done.error());
  });
  engine_.stops().on_look([this] { streams_->obey(engine_.stop_board()); });
  for (const auto& server : servers_) server->start();
  return ok();
}

Status Serving::listen() {
  const auto configured = listeners_of(engine_.config());
  std::vector<http::Listener> listeners;
  for (const ListenConfig& one : configured) {
    SK_TRY(auto listener, make_listener(engine_, one));
    listeners.push_back(std::move(listener));
  }
  SK_TRY(site_, make_site(engine_, *runtime_, *streams_, std::move(listeners)));
  http::Site* const handler = site_.get();
  for (std::size_t i = 0; i < configured.size(); ++i) {
    SK_TRY(auto server, net::HttpServer::create(*runtime_, server_options(engine_.config(), configured[i], i, *site_),
                                                [handler](net::Request& request, net::Responder& responder) { return handler->handle(request, responder); }));
    const std::string host = configured[i].address.find(':') == std::string::npos ? configured[i].address : "[" + configured[i].address + "]";
    places_.push_back({(configured[i].certificate.empty() ? "http://" : "https://") + host + ":" + std::to_string(server->port()), configured[i].segment});
    servers_.push_back(std::move(server));
  }
  return ok();
}

Serving::~Serving() {
  for (const auto& server : servers_) server->stop(std::chrono::seconds(5));
  engine_.stops().on_look(nullptr);
  ends_.reset();
  engine_.accounts().on_end(nullptr);
  if (streams_) streams_->shutdown();
  servers_.clear();
  streams_.reset();
  client_.reset();
}

}  // namespace sekisho::apps
