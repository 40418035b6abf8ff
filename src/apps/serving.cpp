#include "apps/serving.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/log.h"
#include "http/openapi.h"

namespace sekisho::apps {
namespace {

Result<std::unique_ptr<http::Site>> make_site(Engine& engine, net::Runtime& runtime, gate::Streams& streams) {
  SK_TRY(auto messages, http::Messages::load(engine.config().packs_dir + "/messages/errors.ja.json"));
  SK_TRY(auto files, http::StaticFiles::load(engine.config().web_dir));
  if (files.empty()) log::warn("serve.no_web_client", {{"folder", log::Safe(engine.config().web_dir)}});
  http::SiteSettings settings;
  settings.max_upload_bytes = static_cast<std::uint64_t>(engine.config().upload_max_bytes);
  settings.tls = !engine.config().tls_certificate.empty() || engine.config().listen_behind_tls;
  settings.login_banner = engine.config().login_banner;
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

}  // namespace

// Twice a second: whose last day has come loses sessions, keys and open streams.
class EndOfRights {
 public:
  explicit EndOfRights(Engine& engine) : engine_(engine), thread_([this] { loop(); }) {}
  ~EndOfRights() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, std::chrono::milliseconds(500), [this] { return stopping_; })) {
      for (const auto& [code, body] : engine_.bodies())
        if (const Status done = engine_.accounts().end_due(engine_.gate(), *body); !done) log::error("accounts.end_due", done.error());
    }
  }
  Engine& engine_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

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
  SK_TRY(runtime_, net::Runtime::create(threads));
  SK_TRY(client_, llm::Client::create(runtime_->executor()));
  gate::Streams::Options stream_options;
  stream_options.max_parallel = static_cast<std::size_t>(config.model_max_parallel);
  stream_options.keep = std::chrono::milliseconds(config.stream_resume_ms);
  streams_ = std::make_unique<gate::Streams>(*runtime_, *client_, stream_options);
  SK_TRY(site_, make_site(engine_, *runtime_, *streams_));
  http::Site* const handler = site_.get();
  SK_TRY(server_, net::HttpServer::create(*runtime_, server_options(config, *site_),
                                          [handler](net::Request& request, net::Responder& responder) { return handler->handle(request, responder); }));
  engine_.accounts().on_end([this](const std::string& body, const std::string& person) { streams_->stop_of(body, person); });
  ends_ = std::make_unique<EndOfRights>(engine_);
  return ok();
}

Serving::~Serving() {
  if (server_) server_->stop(std::chrono::seconds(5));
  ends_.reset();
  engine_.accounts().on_end(nullptr);
  if (streams_) streams_->shutdown();
  server_.reset();
  streams_.reset();
  client_.reset();
}

}  // namespace sekisho::apps
