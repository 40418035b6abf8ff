// Connection (private to net): one client's socket, from accept to close. It reads requests one after the other, runs the handler, and
// writes. All of it on one loop; see http_server.h for the promises.
//
// Reading: at most one read is in flight; it goes on while a handler streams or asked for on_client_gone, because a read that ends is
// how the client's leaving is seen. Bytes of a following request stay in the buffer.
// Writing: put() appends to out_ and tries one non-blocking send; drain() moves out_ to sending_ and awaits it. Only drain() awaits, one
// at a time, so heartbeats and the handler cannot mix bytes.
// Time: deadline_ is what the shard's sweeper (every tick) compares with the clock; no timer per connection.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <unordered_set>

#include "net/http_server.h"
#include "net/request_parser.h"
#include "net/transport.h"

namespace sekisho::net::detail {

class Connection;

// What the connections of one loop share. Used on that loop only.
struct Shard {
  Executor executor;
  std::unordered_set<Connection*> connections;
  std::mt19937_64 random;
  std::string date;
  std::int64_t date_second = -1;
  bool stopping = false;
};

// What all connections share; constant while the server runs.
struct ServerConfig {
  HttpServer::Options options;
  Handler handler;
  TaskGroup* tasks = nullptr;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(const ServerConfig& config, Shard& shard, std::unique_ptr<Transport> transport, std::string peer);

  Task<void> run();
  void tick(TimePoint now);
  void stop_soon();  // no further request
  void cut();        // now

  // For Responder and StreamWriter.
  Task<Status> send(Response response);
  Status start_stream(int status, Headers headers, bool sse, HeadTiming timing);
  Status put_event(std::string_view name, std::uint64_t id, std::string_view data);
  Status put(std::string_view bytes);
  std::size_t backlog() const { return out_.size() - out_sent_ + sending_.size(); }
  Task<Status> drain();
  Task<Status> finish(std::string_view last);
  Task<Result<std::size_t>> read_body(std::span<char> buffer);
  void on_client_gone(std::function<void()> notify);
  bool client_gone() const { return gone_; }
  bool started() const { return started_; }

 private:
  enum class Phase { handshake, idle, header, body, handling, closing };

  Task<Refusal> read_head(RequestParser& parser, Request& request);
  Task<Refusal> read_whole_body(Request& request, const BodyPlan& plan);
  Task<void> serve(Request& request);
  Task<void> call_handler(Request& request);
  Task<void> refuse(Refusal refusal, const Request* request);
  Task<void> close_gently();
  void begin_request(const Request& request, RequestParser& parser);

  void start_read();
  Task<bool> fill(Phase phase, Duration limit);
  std::string_view input() const { return {in_.data() + in_begin_, in_end_ - in_begin_}; }

  Status append_head(int status, const Headers& headers, std::string_view framing);
  void open_frame();
  void close_frame();
  Status flush();
  Status write_failed(const ErrorCode& code);
  void client_left();
  const std::string& date();
  std::string new_request_id();

  const ServerConfig& config_;
  Shard& shard_;
  std::unique_ptr<Transport> transport_;
  const std::string peer_;
  Phase phase_ = Phase::idle;
  TimePoint deadline_ = TimePoint::max();
  bool timed_out_ = false;
  bool stop_soon_ = false;

  std::string in_;
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  std::size_t in_limit_ = 0;
  bool reading_ = false;
  bool read_ended_ = false;
  Event read_event_;

  std::string out_;
  std::size_t out_sent_ = 0;
  std::size_t frame_at_ = 0;
  std::string sending_;
  bool writing_ = false;
  Event write_event_;
  TimePoint last_write_;

  // Of the request being served.
  RequestParser* parser_ = nullptr;
  std::uint64_t body_limit_ = 0;
  std::uint64_t body_read_ = 0;
  Duration body_waited_{};
  bool expect_continue_ = false;
  Refusal body_refusal_;
  bool is_head_ = false;
  bool http10_ = false;
  bool started_ = false;
  bool finished_ = false;
  bool chunked_ = false;
  bool streaming_ = false;
  bool sse_ = false;
  bool keep_alive_ = false;
  bool gone_ = false;
  bool broken_ = false;  // the sending side failed or was cut
  std::function<void()> notify_gone_;
};

}  // namespace sekisho::net::detail
