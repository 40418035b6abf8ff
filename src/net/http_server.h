// HttpServer: HTTP/1.1 over TCP or TLS 1.2+. It parses under limits, asks the caller how much body a request may have, calls one
// handler per request and writes the answer: whole, in chunks, or as server-sent events.
//
// Ownership: the server owns its sockets and connections; a Request and Responder live until the handler's coroutine ends. The handler
// must not keep them, and is awaited also when its client has gone (so that what it opened is closed).
// Threads: a connection lives on one loop; its handler, Responder and writers are used on that loop only.
// Limits come before parsing: header bytes, body bytes (per request, decided by BodyPolicy), time for header, body, writing and
// idling, number of connections. What breaks one gets one 400/408/413/431/501/503 and the connection closes.
// Failures of sending are {cancelled, "http.client_gone"}. Source: RFC 9110, RFC 9112; server-sent events of the HTML standard.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/http_message.h"
#include "net/runtime.h"
#include "net/tasks.h"

namespace sekisho::net {

namespace detail {
class Connection;
}

// Server-sent events, and any other answer whose length is not known at the start (chunked; to HTTP/1.0 clients until close).
// put* tries one non-blocking write; what the client does not take yet stays in a small buffer and drain() waits for it.
//   SK_CO_CHECK(sse.event("delta", 7, json));        or, on a hot path without a coroutine frame per chunk:
//   SK_CO_CHECK(sse.put_event("delta", 7, json));  if (sse.backlog() > 0) SK_CO_CHECK(co_await sse.drain());
class StreamWriter {
 public:
  // One event. `name` empty: no event line. `id` 0: no id line. Newlines in data become further data lines.
  Status put_event(std::string_view name, std::uint64_t id, std::string_view data);
  // ": text" comment line; the server sends one by itself after heartbeat_interval without a write.
  Status put_comment(std::string_view text);
  // Raw bytes of the body (text/event-stream lines written by the caller, or a download).
  Status put(std::string_view bytes);
  // Bytes accepted by put* that the socket has not taken.
  std::size_t backlog() const;
  Task<Status> drain();
  Task<Status> event(std::string_view name, std::uint64_t id, std::string_view data);
  Task<Status> write(std::string_view bytes);
  // Ends the answer properly, with last bytes if any. Without it the connection is cut when the handler returns, which tells the
  // client that the answer is not whole.
  Task<Status> finish(std::string_view last = {});
  bool client_gone() const;

 private:
  friend class Responder;
  explicit StreamWriter(detail::Connection& connection) : connection_(&connection) {}
  detail::Connection* connection_;
};
using SseWriter = StreamWriter;

// Whether the answer's header leaves at once or in one packet with the first event (one system call less).
enum class HeadTiming { now, with_first_write };

class Responder {
 public:
  explicit Responder(detail::Connection& connection) : connection_(&connection) {}
  // The whole answer, once. Content-Length, Date and Connection are the server's; a HEAD gets no body.
  Task<Status> send(Response response);
  // text/event-stream with no-cache and no proxy buffering. The server adds heartbeats and watches for the client's leaving.
  Task<Result<StreamWriter>> start_sse(Headers extra = {}, HeadTiming timing = HeadTiming::now);
  Task<Result<StreamWriter>> start_stream(int status, Headers headers);
  bool started() const;

  // For requests whose BodyPlan is `stream`: up to buffer.size() bytes; 0 at the end. Sends 100-continue when it is awaited.
  Task<Result<std::size_t>> read_body(std::span<char> buffer);

  // Called once on this loop when the client leaves (or the server cuts it off) while the handler runs; use it to cancel what the
  // handler waits for. At once if it already left. Replaces the earlier function; an empty one removes it.
  void on_client_gone(std::function<void()> notify);
  bool client_gone() const;

 private:
  detail::Connection* connection_;
};

using Handler = std::function<Task<void>(Request&, Responder&)>;

// Decided after the header is read and before a byte of the body is: how much, and whether it is buffered into Request::body or
// pulled by the handler. A larger body is refused with 413.
struct BodyPlan {
  enum class Mode { buffer, stream };
  Mode mode = Mode::buffer;
  std::uint64_t max_bytes = 1 << 20;
};
using BodyPolicy = std::function<BodyPlan(const Request&)>;

// An answer of the server itself (400, 408, 413, 431, 500, 501, 503): status, stable key ("http.too_large"). request may be null.
using ErrorPage = std::function<Response(int status, std::string_view key, const Request* request)>;
// application/problem+json with a Japanese title.
Response default_error_page(int status, std::string_view key, const Request* request);

struct TlsFiles {
  std::string certificate_chain;  // PEM paths
  std::string private_key;
};

struct HttpLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t max_connections = 10'000;
  std::chrono::milliseconds header_time{10'000};  // also the TLS handshake
  std::chrono::milliseconds body_time{30'000};    // plus one second per body_rate bytes
  std::uint64_t body_rate = 1024;                 // bytes a second that a slow client must keep up
  std::chrono::milliseconds idle_time{75'000};
  std::chrono::milliseconds write_time{30'000};  // without progress
  std::chrono::milliseconds heartbeat{15'000};
};

class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see port()
    std::size_t listener = 0;  // what its requests say of where they came in
    HttpLimits limits;
    TlsFiles tls;            // both empty: plain HTTP
    BodyPolicy body_policy;  // empty: BodyPlan{}
    ErrorPage error_page;    // empty: default_error_page
  };
  // Holds its port when this returns; whoever connects waits for start(). So a program with several listeners answers at none of them that it is ready
  // before it has them all. {unavailable, "http.listen"}, {invalid_argument, "http.tls_files"}.
  static Result<std::unique_ptr<HttpServer>> create(Runtime& runtime, Options options, Handler handler);
  // Answers from now on. Once.
  void start();
  // stop() must have returned.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;
  // From a thread outside the loops: refuses new connections, closes idle ones, lets running requests finish for `grace`, then cuts
  // their connections and awaits the handlers for `after_cut`. False when a handler still runs then.
  bool stop(std::chrono::milliseconds grace, std::chrono::milliseconds after_cut = std::chrono::seconds(10));

  struct State;

 private:
  explicit HttpServer(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace sekisho::net
