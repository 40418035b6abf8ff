#include "net/connection.h"

#include <boost/asio/error.hpp>

#include "core/id.h"
#include "core/log.h"
#include "core/time.h"

namespace sekisho::net::detail {
namespace {

constexpr std::size_t kFirstBuffer = 4 * 1024;
constexpr std::size_t kBodyBuffer = 64 * 1024;
constexpr std::size_t kDiscardLimit = 4 * 1024 * 1024;  // of a refused body, so that the client reads the answer

int status_for(const Error& error) { return error.code == Code::timeout ? 408 : error.code == Code::too_large ? 413 : 400; }

// Leaves the shard's list also when the coroutine is torn down by an exception.
class Registration {
 public:
  Registration(Shard& shard, Connection& connection) : shard_(shard), connection_(&connection) { shard_.connections.insert(connection_); }
  ~Registration() { shard_.connections.erase(connection_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  Shard& shard_;
  Connection* connection_;
};

}  // namespace

Connection::Connection(const ServerConfig& config, Shard& shard, std::unique_ptr<Transport> transport, std::string peer)
    : config_(config),
      shard_(shard),
      transport_(std::move(transport)),
      peer_(std::move(peer)),
      last_write_(std::chrono::steady_clock::now()) {}

Task<void> Connection::run() {
  const auto self = shared_from_this();
  const Registration registration(shard_, *this);
  phase_ = Phase::handshake;
  deadline_ = std::chrono::steady_clock::now() + config_.options.limits.header_time;
  const ErrorCode hello = co_await transport_->handshake();
  bool open = !hello && !broken_;
  while (open && !stop_soon_ && !shard_.stopping) {
    Request request;
    co_await serve(request);
    open = keep_alive_ && !broken_;
  }
  if (!broken_) co_await close_gently();
  transport_->close();
}

Task<void> Connection::serve(Request& request) {
  RequestParser parser(request, config_.options.limits.header_bytes);
  keep_alive_ = false;
  started_ = finished_ = streaming_ = sse_ = chunked_ = is_head_ = http10_ = false;
  const Refusal bad_head = co_await read_head(parser, request);
  if (bad_head) {
    co_await refuse(bad_head, nullptr);
    co_return;
  }
  if (!parser.head_done()) co_return;  // closed before a request came
  begin_request(request, parser);
  const BodyPlan plan = config_.options.body_policy ? config_.options.body_policy(request) : BodyPlan{};
  body_limit_ = plan.max_bytes;
  Refusal bad_body;
  if (request.body_length > plan.max_bytes) bad_body = Refusal{413, "http.too_large"};
  if (!bad_body && request.has_body && plan.mode == BodyPlan::Mode::buffer) bad_body = co_await read_whole_body(request, plan);
  if (bad_body) {
    co_await refuse(bad_body, &request);
  } else if (!broken_) {
    co_await call_handler(request);
  }
  parser_ = nullptr;
  if (!parser.body_done() || body_refusal_) keep_alive_ = false;
}

void Connection::begin_request(const Request& request, RequestParser& parser) {
  parser_ = &parser;
  body_read_ = 0;
  body_waited_ = {};
  body_refusal_ = {};
  is_head_ = request.method == "HEAD";
  http10_ = request.minor_version == 0;
  keep_alive_ = parser.keep_alive();
  expect_continue_ = !http10_ && iequals(request.headers.get("Expect"), "100-continue");
}

Task<Refusal> Connection::read_head(RequestParser& parser, Request& request) {
  const HttpLimits& limits = config_.options.limits;
  in_limit_ = limits.header_bytes + kFirstBuffer;
  if (in_begin_ == in_end_ && in_.size() > kFirstBuffer && !reading_) in_ = std::string();
  TimePoint header_end = TimePoint::max();
  for (;;) {
    if (in_begin_ < in_end_) {
      if (header_end == TimePoint::max()) header_end = std::chrono::steady_clock::now() + limits.header_time;
      std::size_t used = 0;
      const Refusal refusal = parser.feed_head(input(), used);
      in_begin_ += used;
      if (refusal) co_return refusal;
      if (parser.head_done()) break;
      if (in_end_ - in_begin_ >= in_limit_) co_return Refusal{431, "http.header_too_large"};
    }
    const bool begun = header_end != TimePoint::max();
    const Duration left = begun ? header_end - std::chrono::steady_clock::now() : Duration(limits.idle_time);
    const bool more = co_await fill(begun ? Phase::header : Phase::idle, left);
    if (!more && timed_out_ && begun) co_return Refusal{408, "http.header_timeout"};
    if (!more) co_return Refusal{};
  }
  request.peer = peer_;
  request.listener = config_.options.listener;
  request.tls = transport_->secure();
  request.request_id = new_request_id();
  co_return Refusal{};
}

Task<Refusal> Connection::read_whole_body(Request& request, const BodyPlan& plan) {
  // Grown as bytes come, never to what a client merely announces.
  std::size_t filled = 0;
  for (;;) {
    if (request.body.size() - filled < kFirstBuffer)
      request.body.resize(std::min<std::uint64_t>(filled * 2 + kFirstBuffer, plan.max_bytes + kFirstBuffer));
    const std::span<char> room(request.body.data() + filled, request.body.size() - filled);
    const Result<std::size_t> n = co_await read_body(room);
    if (!n) {
      if (n.error().code == Code::cancelled) keep_alive_ = false;
      co_return Refusal{status_for(n.error()), body_refusal_ ? body_refusal_.key : "http.bad_request"};
    }
    if (*n == 0) break;
    filled += *n;
  }
  request.body.resize(filled);
  co_return Refusal{};
}

Task<Result<std::size_t>> Connection::read_body(std::span<char> buffer) {
  if (parser_ == nullptr || parser_->body_done() || buffer.empty()) co_return std::size_t{0};
  if (body_refusal_) co_return fail(Code::invalid_argument, std::string(body_refusal_.key));
  if (expect_continue_ && in_begin_ == in_end_ && !started_) {
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    SK_CO_CHECK(co_await drain());
  }
  expect_continue_ = false;
  in_limit_ = kBodyBuffer;
  const HttpLimits& limits = config_.options.limits;
  for (;;) {
    std::size_t used = 0;
    std::size_t made = 0;
    if (in_begin_ < in_end_) {
      body_refusal_ = parser_->feed_body(input(), used, buffer, made);
      in_begin_ += used;
      body_read_ += made;
      if (body_refusal_) co_return fail(Code::invalid_argument, "http.bad_request", "malformed body");
      if (body_read_ > body_limit_) {
        body_refusal_ = Refusal{413, "http.too_large"};
        co_return fail(Code::too_large, "http.too_large", "body over its limit");
      }
      if (made > 0 || parser_->body_done()) co_return made;
      if (used > 0) continue;
      if (in_end_ - in_begin_ >= in_limit_) {
        body_refusal_ = Refusal{400, "http.bad_request"};
        co_return fail(Code::invalid_argument, "http.bad_request", "chunk header over its limit");
      }
    }
    const TimePoint before = std::chrono::steady_clock::now();
    const Duration earned = std::chrono::seconds(body_read_ / std::max<std::uint64_t>(1, limits.body_rate));
    const bool more = co_await fill(Phase::body, limits.body_time + earned - body_waited_);
    body_waited_ += std::chrono::steady_clock::now() - before;
    if (more) continue;
    if (timed_out_) {
      body_refusal_ = Refusal{408, "http.body_timeout"};
      co_return fail(Code::timeout, "http.body_timeout", "the body came too slowly");
    }
    body_refusal_ = Refusal{400, "http.bad_request"};
    co_return fail(Code::cancelled, "http.client_gone", "the client left in the middle of the body");
  }
}

Task<void> Connection::call_handler(Request& request) {
  phase_ = Phase::handling;
  deadline_ = TimePoint::max();
  Responder responder(*this);
  bool failed = false;
  try {
    co_await config_.handler(request, responder);
  } catch (const std::exception& e) {
    failed = true;
    log::error("http.handler_failed", Error{Code::internal, "internal", e.what(), {}, {}});
  }
  notify_gone_ = nullptr;
  if (!started_ && !broken_) {
    const Refusal page = body_refusal_ ? body_refusal_ : Refusal{500, "internal"};
    if (!failed && !body_refusal_) log::error("http.no_answer", {{"request_id", log::Safe(request.request_id)}});
    co_await refuse(page, &request);
  }
  if (!finished_) {
    keep_alive_ = false;
    cut();  // an unfinished stream must not look complete
  }
}

Task<void> Connection::refuse(Refusal refusal, const Request* request) {
  keep_alive_ = false;
  if (broken_) co_return;
  Response page = config_.options.error_page ? config_.options.error_page(refusal.status, refusal.key, request)
                                             : default_error_page(refusal.status, refusal.key, request);
  page.close = true;
  phase_ = Phase::handling;
  const Status sent = co_await send(std::move(page));
  static_cast<void>(sent);  // a client that breaks the rules may be gone already
}

Task<void> Connection::close_gently() {
  phase_ = Phase::closing;
  const TimePoint end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  deadline_ = end;
  co_await transport_->shutdown();
  // Unread input at close would make the kernel send a reset, which can take the answer from the client before it is read.
  std::size_t discarded = 0;
  in_limit_ = kBodyBuffer;
  while (!broken_ && !read_ended_ && discarded < kDiscardLimit) {
    discarded += in_end_ - in_begin_;
    in_begin_ = in_end_;
    const Duration left = end - std::chrono::steady_clock::now();
    const bool more = co_await fill(Phase::closing, left);
    if (!more) break;
  }
}

void Connection::start_read() {
  if (reading_ || read_ended_ || broken_) return;
  if (in_begin_ == in_end_) in_begin_ = in_end_ = 0;
  if (in_end_ == in_.size() && in_begin_ > 0) {
    in_.erase(0, in_begin_);
    in_end_ -= in_begin_;
    in_begin_ = 0;
    in_.resize(in_.capacity());
  }
  if (in_end_ == in_.size()) {
    if (in_.size() >= in_limit_ && in_end_ > 0) return;  // full: the reader must consume first
    in_.resize(std::min(std::max(in_limit_, kFirstBuffer), std::max(in_.size() * 2, kFirstBuffer)));
  }
  reading_ = true;
  transport_->read_some(in_.data() + in_end_, in_.size() - in_end_, [self = shared_from_this()](ErrorCode code, std::size_t n) {
    self->reading_ = false;
    self->in_end_ += n;
    if (code) self->read_ended_ = true;
    if (self->phase_ == Phase::handling) {
      if (code) self->client_left();
      else self->start_read();  // what came belongs to the next request; go on watching for the end
    }
    self->read_event_.set();
  });
}

Task<bool> Connection::fill(Phase phase, Duration limit) {
  phase_ = phase;
  timed_out_ = false;
  deadline_ = std::chrono::steady_clock::now() + limit;
  const std::size_t before = in_end_ - in_begin_;
  start_read();
  while (reading_ && !timed_out_ && !broken_ && in_end_ - in_begin_ == before) co_await read_event_.wait();
  deadline_ = TimePoint::max();
  if (phase == Phase::body) phase_ = Phase::handling;
  co_return !timed_out_ && !broken_ && in_end_ - in_begin_ > before;
}

void Connection::on_client_gone(std::function<void()> notify) {
  notify_gone_ = std::move(notify);
  if (!notify_gone_) return;
  if (parser_ == nullptr || parser_->body_done()) start_read();
  if (read_ended_ || broken_) client_left();
}

void Connection::client_left() {
  gone_ = true;
  if (!notify_gone_) return;
  const auto notify = std::exchange(notify_gone_, nullptr);
  notify();
}

void Connection::tick(TimePoint now) {
  if (now >= deadline_) {
    if (phase_ != Phase::header && phase_ != Phase::body) return cut();
    timed_out_ = true;
    deadline_ = TimePoint::max();
    read_event_.set();
    return;
  }
  if (!sse_ || finished_ || writing_ || gone_ || now - last_write_ < config_.options.limits.heartbeat) return;
  if (!put(": \n\n") || backlog() == 0) return;
  auto send_rest = [](std::shared_ptr<Connection> self) -> Task<void> {
    const Status sent = co_await self->drain();
    static_cast<void>(sent);
  };
  config_.tasks->spawn(shard_.executor, send_rest(shared_from_this()));
}

void Connection::stop_soon() {
  stop_soon_ = true;
  if (phase_ == Phase::idle && in_begin_ == in_end_) cut();
}

void Connection::cut() {
  broken_ = true;
  deadline_ = TimePoint::max();
  transport_->close();
  client_left();
  read_event_.set();
}

std::string Connection::new_request_id() {
  const std::array<std::uint64_t, 2> random = {shard_.random(), shard_.random()};
  const std::string_view entropy(reinterpret_cast<const char*>(random.data()), 10);
  return make_ulid(SystemClock().now(), entropy);
}

}  // namespace sekisho::net::detail
