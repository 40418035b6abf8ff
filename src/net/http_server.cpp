#include "net/http_server.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <future>

#include "core/log.h"
#include "net/connection.h"

namespace sekisho::net {
namespace {

using asio::ip::tcp;
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

struct PageRow {
  std::string_view key;
  std::string_view title;
};
constexpr std::array kPages = {
    PageRow{"http.bad_request", "リクエストの形式が正しくありません。"},
    PageRow{"http.header_timeout", "リクエストの受信が時間内に終わりませんでした。"},
    PageRow{"http.body_timeout", "データの受信が時間内に終わりませんでした。"},
    PageRow{"http.too_large", "送信されたデータが大きすぎます。"},
    PageRow{"http.header_too_large", "リクエストのヘッダーが大きすぎます。"},
    PageRow{"http.unknown_method", "このメソッドには対応していません。"},
    PageRow{"http.unknown_encoding", "この転送方式には対応していません。"},
    PageRow{"http.too_many_connections", "接続が混み合っています。しばらくしてからお試しください。"},
    PageRow{"internal", "サーバー内部でエラーが起きました。"},
};

Result<std::unique_ptr<asio::ssl::context>> load_tls(const TlsFiles& files) {
  if (files.certificate_chain.empty() && files.private_key.empty()) return std::unique_ptr<asio::ssl::context>();
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  ErrorCode code;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                           asio::ssl::context::no_tlsv1_1 | asio::ssl::context::no_compression | asio::ssl::context::single_dh_use,
                       code);
  if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1)
    return fail(Code::internal, "http.tls_files", "TLS 1.2 cannot be made the minimum");
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  if (!code) context->use_certificate_chain_file(files.certificate_chain, code);
  if (code) return fail(Code::invalid_argument, "http.tls_files", "certificate chain " + files.certificate_chain + ": " + code.message());
  context->use_private_key_file(files.private_key, asio::ssl::context::pem, code);
  if (code) return fail(Code::invalid_argument, "http.tls_files", "private key " + files.private_key + ": " + code.message());
  if (SSL_CTX_check_private_key(context->native_handle()) != 1)
    return fail(Code::invalid_argument, "http.tls_files", "the private key does not belong to the certificate");
  return context;
}

}  // namespace

Response default_error_page(int status, std::string_view key, const Request* request) {
  std::string_view title = kPages.back().title;
  for (const PageRow& row : kPages)
    if (row.key == key) title = row.title;
  std::string body =
      "{\"status\":" + std::to_string(status) + ",\"key\":\"" + std::string(key) + "\",\"title\":\"" + std::string(title) + "\"";
  if (request != nullptr) body += ",\"request_id\":\"" + request->request_id + "\"";
  Response out = Response::text(status, "application/problem+json", body + "}");
  out.headers.add("Cache-Control", "no-store");
  return out;
}

struct HttpServer::State : std::enable_shared_from_this<State> {
  State(Runtime& r, Options options, Handler handler)
      : runtime(r), config{std::move(options), std::move(handler), &connections}, acceptor(r.executor(0)) {}

  Runtime& runtime;
  TaskGroup service;      // acceptor and sweepers
  TaskGroup connections;  // and their heartbeats
  detail::ServerConfig config;
  std::unique_ptr<asio::ssl::context> tls;
  std::vector<std::unique_ptr<detail::Shard>> shards;
  tcp::acceptor acceptor;
  std::uint16_t port = 0;
  std::atomic<std::size_t> open{0};

  Status listen();
  Task<void> accept();
  Task<void> sweep(detail::Shard& shard);
  Task<void> serve(tcp::socket socket, detail::Shard& shard);
  void on_each_shard(const std::function<void(detail::Shard&)>& act);
};

Status HttpServer::State::listen() {
  ErrorCode code;
  const auto address = asio::ip::make_address(config.options.address, code);
  if (code) return fail(Code::invalid_argument, "http.listen", "not an address: " + config.options.address);
  const tcp::endpoint endpoint(address, config.options.port);
  acceptor.open(endpoint.protocol(), code);
  if (!code) acceptor.set_option(tcp::acceptor::reuse_address(true), code);
  if (!code) acceptor.bind(endpoint, code);
  if (!code) acceptor.listen(4096, code);
  if (code)
    return fail(Code::unavailable, "http.listen",
                config.options.address + ":" + std::to_string(config.options.port) + ": " + code.message());
  port = acceptor.local_endpoint(code).port();
  return ok();
}

Task<void> HttpServer::State::accept() {
  const auto self = shared_from_this();
  std::size_t next = 0;
  asio::steady_timer pause(runtime.executor(0));
  for (;;) {
    detail::Shard& shard = *shards[next++ % shards.size()];
    auto [code, socket] = co_await acceptor.async_accept(shard.executor, kToken);
    if (code == asio::error::operation_aborted || code == asio::error::bad_descriptor) co_return;
    if (code) {  // most likely out of descriptors: what is open may end meanwhile
      log::error("http.accept_failed", {{"why", log::Safe(code.message())}});
      pause.expires_after(std::chrono::milliseconds(100));
      auto [stopped] = co_await pause.async_wait(kToken);
      if (stopped) co_return;
      continue;
    }
    if (open.load() >= config.options.limits.max_connections) {
      constexpr std::string_view kBusy =
          "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 5\r\nConnection: close\r\n\r\n";
      if (!tls && ::send(socket.native_handle(), kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        log::debug("http.busy_unsent");
      continue;
    }
    ++open;
    connections.spawn(shard.executor, serve(std::move(socket), shard));
  }
}

Task<void> HttpServer::State::serve(tcp::socket socket, detail::Shard& shard) {
  struct Counted {
    std::atomic<std::size_t>& count;
    ~Counted() { --count; }
  };
  const auto self = shared_from_this();
  const Counted counted{open};
  ErrorCode code;
  const auto remote = socket.remote_endpoint(code);
  std::string peer = code ? std::string() : remote.address().to_string();
  auto transport = tls ? detail::make_tls(std::move(socket), *tls) : detail::make_plain(std::move(socket));
  const auto connection = std::make_shared<detail::Connection>(config, shard, std::move(transport), std::move(peer));
  co_await connection->run();
}

Task<void> HttpServer::State::sweep(detail::Shard& shard) {
  const auto self = shared_from_this();
  const HttpLimits& limits = config.options.limits;
  const auto shortest = std::min({limits.header_time, limits.body_time, limits.idle_time, limits.write_time, limits.heartbeat});
  const auto tick = std::clamp(shortest / 8, std::chrono::milliseconds(10), std::chrono::milliseconds(250));
  asio::steady_timer timer(shard.executor);
  for (;;) {
    timer.expires_after(tick);
    auto [stopped] = co_await timer.async_wait(kToken);
    if (stopped) co_return;
    const auto now = std::chrono::steady_clock::now();
    for (detail::Connection* connection : shard.connections) connection->tick(now);
  }
}

void HttpServer::State::on_each_shard(const std::function<void(detail::Shard&)>& act) {
  for (const auto& shard : shards) {
    std::promise<void> done;
    auto future = done.get_future();
    asio::post(shard->executor, [&] {
      act(*shard);
      done.set_value();
    });
    future.wait();
  }
}

HttpServer::HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::create(Runtime& runtime, Options options, Handler handler) {
  auto state = std::make_shared<State>(runtime, std::move(options), std::move(handler));
  SK_TRY(state->tls, load_tls(state->config.options.tls));
  SK_CHECK(state->listen());
  std::random_device seed;
  for (std::size_t i = 0; i < runtime.loops(); ++i) {
    auto shard = std::make_unique<detail::Shard>();
    shard->executor = runtime.executor(i);
    shard->random.seed(std::uint64_t{seed()} << 32 | seed());
    state->shards.push_back(std::move(shard));
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

void HttpServer::start() {
  for (const auto& shard : state_->shards) state_->service.spawn(shard->executor, state_->sweep(*shard));
  state_->service.spawn(state_->runtime.executor(0), state_->accept());
}

std::uint16_t HttpServer::port() const { return state_->port; }
std::size_t HttpServer::connections() const { return state_->open.load(); }

bool HttpServer::stop(std::chrono::milliseconds grace, std::chrono::milliseconds after_cut) {
  std::promise<void> closed;
  auto future = closed.get_future();
  asio::post(state_->runtime.executor(0), [&] {
    ErrorCode ignored;
    state_->acceptor.close(ignored);
    closed.set_value();
  });
  future.wait();
  state_->on_each_shard([](detail::Shard& shard) {
    shard.stopping = true;
    for (detail::Connection* connection : shard.connections) connection->stop_soon();
  });
  bool ended = state_->connections.wait(grace);
  if (!ended) {
    state_->on_each_shard([](detail::Shard& shard) {
      for (detail::Connection* connection : shard.connections) connection->cut();
    });
    ended = state_->connections.wait(after_cut);
  }
  if (!ended) {
    log::error("http.handlers_left", {{"count", state_->connections.running()}});
    state_->connections.cancel();
  }
  state_->service.cancel();
  return state_->service.wait(after_cut) && ended;
}

Status StreamWriter::put_event(std::string_view name, std::uint64_t id, std::string_view data) {
  return connection_->put_event(name, id, data);
}
Status StreamWriter::put(std::string_view bytes) { return connection_->put(bytes); }
std::size_t StreamWriter::backlog() const { return connection_->backlog(); }
Task<Status> StreamWriter::drain() { return connection_->drain(); }
Task<Status> StreamWriter::finish(std::string_view last) { return connection_->finish(last); }
bool StreamWriter::client_gone() const { return connection_->client_gone(); }

Status StreamWriter::put_comment(std::string_view text) {
  if (text.find_first_of("\r\n") != std::string_view::npos) return fail(Code::internal, "http.bad_comment", "a comment is one line");
  return connection_->put(": " + std::string(text) + "\n\n");
}

Task<Status> StreamWriter::event(std::string_view name, std::uint64_t id, std::string_view data) {
  SK_CO_CHECK(connection_->put_event(name, id, data));
  if (connection_->backlog() == 0) co_return ok();
  co_return co_await connection_->drain();
}

Task<Status> StreamWriter::write(std::string_view bytes) {
  SK_CO_CHECK(connection_->put(bytes));
  if (connection_->backlog() == 0) co_return ok();
  co_return co_await connection_->drain();
}

Task<Status> Responder::send(Response response) { return connection_->send(std::move(response)); }

Task<Result<StreamWriter>> Responder::start_sse(Headers extra, HeadTiming timing) {
  extra.set("Content-Type", "text/event-stream; charset=utf-8");
  extra.set("Cache-Control", "no-store");
  extra.set("X-Accel-Buffering", "no");
  SK_CO_CHECK(connection_->start_stream(200, std::move(extra), true, timing));
  if (timing == HeadTiming::now && connection_->backlog() > 0) SK_CO_CHECK(co_await connection_->drain());
  co_return StreamWriter(*connection_);
}

Task<Result<StreamWriter>> Responder::start_stream(int status, Headers headers) {
  SK_CO_CHECK(connection_->start_stream(status, std::move(headers), false, HeadTiming::with_first_write));
  co_return StreamWriter(*connection_);
}

bool Responder::started() const { return connection_->started(); }
Task<Result<std::size_t>> Responder::read_body(std::span<char> buffer) { return connection_->read_body(buffer); }
void Responder::on_client_gone(std::function<void()> notify) { connection_->on_client_gone(std::move(notify)); }
bool Responder::client_gone() const { return connection_->client_gone(); }

}  // namespace sekisho::net
