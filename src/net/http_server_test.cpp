#include "net/http_server.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "net/test_client.h"

namespace sekisho::net {
namespace {

using test::TestClient;
using namespace std::chrono_literals;

// Routes of the server under test: /hello, /echo, /count (body as a stream), /sse?n=, /wait (until the client leaves), /throw, /none, /big.
struct Site {
  std::atomic<int> left{0};
  std::atomic<int> running{0};
  std::atomic<int> served{0};

  Task<void> handle(Request& request, Responder& responder) {
    ++running;
    if (request.path == "/hello") co_await hello(request, responder);
    if (request.path == "/echo") co_await echo(request, responder);
    if (request.path == "/count") co_await count(responder);
    if (request.path == "/sse") co_await sse(request, responder);
    if (request.path == "/wait") co_await wait_for_leaving(responder);
    if (request.path == "/cutoff") co_await cutoff(responder);
    if (request.path == "/big") co_await big(responder);
    if (request.path == "/slow") co_await slow(responder);
    --running;
    ++served;
    if (request.path == "/throw") throw std::runtime_error("a fault in a handler");
  }
  Task<void> hello(Request& request, Responder& responder) {
    const std::string name(request.query_value("name"));
    Response response = Response::text(200, "text/plain; charset=utf-8", "hello " + name);
    EXPECT_TRUE(co_await responder.send(std::move(response)));
  }
  Task<void> echo(Request& request, Responder& responder) {
    Response response = Response::text(200, "application/octet-stream", request.body);
    EXPECT_TRUE(co_await responder.send(std::move(response)));
  }
  Task<void> count(Responder& responder) {
    std::uint64_t total = 0;
    std::vector<char> block(64 * 1024);
    for (;;) {
      const auto n = co_await responder.read_body(block);
      if (!n) co_return;
      if (*n == 0) break;
      total += *n;
    }
    Response response = Response::text(200, "text/plain", std::to_string(total));
    EXPECT_TRUE(co_await responder.send(std::move(response)));
  }
  Task<void> sse(Request& request, Responder& responder) {
    auto stream = co_await responder.start_sse();
    if (!stream) co_return;
    const int n = std::stoi(std::string(request.query_value("n")));
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (int i = 1; i <= n; ++i) {
      const Status sent = co_await stream->event("delta", static_cast<std::uint64_t>(i), "一行目\n二行目");
      if (!sent) co_return;
      timer.expires_after(2ms);
      co_await timer.async_wait(asio::use_awaitable);
    }
    EXPECT_TRUE(co_await stream->finish("event: done\ndata: {}\n\n"));
  }
  Task<void> wait_for_leaving(Responder& responder) {
    auto stream = co_await responder.start_sse();
    Event gone;
    responder.on_client_gone([&gone] { gone.set(); });
    co_await gone.wait();
    EXPECT_TRUE(stream->client_gone());
    EXPECT_FALSE(stream->put_event("x", 1, "y"));
    ++left;
  }
  Task<void> cutoff(Responder& responder) {
    auto stream = co_await responder.start_sse();
    EXPECT_TRUE(co_await stream->event("delta", 1, "half"));
  }
  Task<void> big(Responder& responder) {
    Response response;
    response.shared_body = std::make_shared<const std::string>(20'000'000, 'x');
    const Status sent = co_await responder.send(std::move(response));
    if (!sent) ++left;
  }
  Task<void> slow(Responder& responder) {
    asio::steady_timer timer(co_await asio::this_coro::executor, 300ms);
    co_await timer.async_wait(asio::use_awaitable);
    Response response = Response::text(200, "text/plain", "late but whole");
    EXPECT_TRUE(co_await responder.send(std::move(response)));
  }
};

class HttpServerTest : public ::testing::Test {
 protected:
  void start(HttpLimits limits = {}, std::size_t loops = 1) {
    Runtime::Options runtime_options;
    runtime_options.loops = loops;
    runtime_ = std::move(*Runtime::create(runtime_options));
    HttpServer::Options options;
    options.limits = limits;
    options.body_policy = [](const Request& request) {
      BodyPlan plan;
      plan.max_bytes = request.path == "/count" ? 100'000'000 : 1000;
      plan.mode = request.path == "/count" ? BodyPlan::Mode::stream : BodyPlan::Mode::buffer;
      return plan;
    };
    server_ =
        std::move(*HttpServer::create(*runtime_, std::move(options), [this](Request& q, Responder& r) { return site_.handle(q, r); }));
    server_->start();
  }
  void TearDown() override {
    if (server_) {
      EXPECT_TRUE(server_->stop(100ms, 5000ms));
    }
    EXPECT_EQ(site_.running, 0);
  }
  TestClient client(int receive_buffer = 0) { return TestClient(server_->port(), receive_buffer); }
  std::string ask(std::string_view bytes) {
    TestClient c = client();
    c.send(bytes);
    return c.read_to_end();
  }
  static bool eventually(const std::function<bool()>& condition, int limit_ms = 5000) {
    for (int i = 0; i < limit_ms / 5; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(5ms);
    }
    return condition();
  }

  Site site_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<HttpServer> server_;
};

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

TEST_F(HttpServerTest, AnswersWithDecodedQueryAndKeepsTheConnection) {
  start();
  TestClient c = client();
  for (int i = 0; i < 3; ++i) {
    c.send("GET /hello?name=%E5%B1%B1+%E7%94%B0 HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = c.read_until("山 田");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << answer;
    EXPECT_NE(answer.find("Content-Length: 13\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  std::string all;
  for (int i = 0; i < 50; ++i) all += "GET /hello?name=" + std::to_string(i) + "n HTTP/1.1\r\nHost: a\r\n\r\n";
  all += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlast";
  const std::string answer = ask(all);
  EXPECT_EQ(occurrences(answer, "HTTP/1.1 200 OK"), 51u);
  EXPECT_LT(answer.find("hello 8n"), answer.find("hello 9n"));
  EXPECT_TRUE(answer.ends_with("last"));
}

TEST_F(HttpServerTest, ReadsRequestsThatComeByteByByte) {
  start();
  TestClient c = client();
  for (const char ch : std::string_view(
           "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n"))
    c.send(std::string_view(&ch, 1));
  EXPECT_NE(c.read_until("abcde").find("Content-Length: 5"), std::string::npos);
  c.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(c.read_until("hello ").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, RefusesWhatBreaksTheRulesWithOneClearAnswer) {
  start();
  const std::string big_header = "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n";
  std::string many_fields = "GET /hello HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 150; ++i) many_fields += "A: b\r\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"garbage\r\n\r\n", "400"},
      {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 0123456789\r\n\r\n", 26), "400"},
      {"GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", "400"},
      {"GET /hello HTTP/1.1\r\n\r\n", "400"},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
      {"GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
      {"BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcXX\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n", "413"},
      {"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') + "\r\n0\r\n\r\n", "413"},
      {big_header, "431"},
      {many_fields + "\r\n", "431"},
  };
  for (const auto& [bytes, status] : cases) {
    const std::string answer = ask(bytes);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status + " ")) << bytes.substr(0, 80) << "\n-> " << answer.substr(0, 80);
    EXPECT_EQ(occurrences(answer, "HTTP/1.1"), 1u) << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  }
  EXPECT_EQ(site_.served, 0);
}

TEST_F(HttpServerTest, ClientReadsTheRefusalOfAnUploadItIsStillSending) {
  start();
  TestClient c = client();
  c.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
  c.send(std::string(3'000'000, 'x'));
  EXPECT_TRUE(c.read_to_end().starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, StreamsALargeUploadToTheHandler) {
  start();
  TestClient c = client();
  c.send("PUT /count HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
  const std::string block(1'000'000, 'u');
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(c.send(block));
  EXPECT_TRUE(c.read_until("50000000").find("200 OK") != std::string::npos);
  c.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(c.read_until("hello ").find("200 OK"), std::string::npos) << "the connection stays usable";
}

TEST_F(HttpServerTest, SendsContinueOnlyWhenTheBodyIsWanted) {
  start();
  TestClient c = client();
  c.send("PUT /count HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(c.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  c.send("abc");
  EXPECT_NE(c.read_until("\r\n\r\n3").find("200 OK"), std::string::npos);
  EXPECT_TRUE(ask("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n").starts_with("HTTP/1.1 413"));
}

TEST_F(HttpServerTest, HeadHasTheHeaderOnly) {
  start();
  const std::string answer = ask("HEAD /hello?name=x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 7\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, OldClientsGetAnAnswerThatEndsWithTheConnection) {
  start();
  const std::string answer = ask("GET /sse?n=2 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(answer.find("chunked"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("event: done\ndata: {}\n\n"));
}

TEST_F(HttpServerTest, SlowHeaderIsCutOffInTime) {
  HttpLimits limits;
  limits.header_time = 200ms;
  start(limits);
  TestClient c = client();
  const auto begin = std::chrono::steady_clock::now();
  std::string answer;
  for (int i = 0; i < 100 && answer.empty(); ++i) {
    c.send(i == 0 ? "G" : "E");
    answer = c.read_until("\r\n\r\n", 20);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1500ms);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
}

TEST_F(HttpServerTest, SlowBodyAndIdleConnectionAreCutOffInTime) {
  HttpLimits limits;
  limits.body_time = 150ms;
  limits.idle_time = 150ms;
  start(limits);
  TestClient slow = client();
  slow.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nab");
  EXPECT_TRUE(slow.read_to_end(3000).starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(client().closed_within(3000));
}

TEST_F(HttpServerTest, HandlerFaultsBecomeOneErrorAndTheServerGoesOn) {
  start();
  EXPECT_TRUE(ask("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(ask("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, EventsAreFramedAndTheStreamEndsProperly) {
  start();
  const std::string answer = ask("GET /sse?n=2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Type: text/event-stream; charset=utf-8\r\n"), std::string::npos);
  EXPECT_NE(answer.find("id: 1\nevent: delta\ndata: 一行目\ndata: 二行目\n\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("event: done\ndata: {}\n\n\r\n0\r\n\r\n")) << answer;
}

TEST_F(HttpServerTest, UnfinishedStreamNeverLooksComplete) {
  start();
  const std::string answer = ask("GET /cutoff HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(answer.find("data: half"), std::string::npos);
  EXPECT_EQ(answer.find("\r\n0\r\n\r\n"), std::string::npos);
}

TEST_F(HttpServerTest, QuietStreamsGetHeartbeats) {
  HttpLimits limits;
  limits.heartbeat = 80ms;
  start(limits);
  TestClient c = client();
  c.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(c.read_until(": \n\n\r\n", 3000).find(": \n\n"), std::string::npos);
  EXPECT_NE(c.read_until(": \n\n\r\n", 3000).find(": \n\n"), std::string::npos);
}

TEST_F(HttpServerTest, NoticesPromptlyThatAStreamingClientLeft) {
  start();
  for (int i = 0; i < 3; ++i) {
    TestClient c = client();
    c.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    c.read_until("\r\n\r\n");
    const auto begin = std::chrono::steady_clock::now();
    c.close();
    EXPECT_TRUE(eventually([&] { return site_.left == i + 1; }));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  }
}

TEST_F(HttpServerTest, NoticesTheLeavingBehindPipelinedBytes) {
  start();
  TestClient c = client();
  c.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  c.read_until("\r\n\r\n");
  c.send("GET /hello HTTP/1.1\r\nHost: a\r\n");
  ASSERT_FALSE(eventually([&] { return site_.left == 1; }, 50));
  c.close();
  EXPECT_TRUE(eventually([&] { return site_.left == 1; }));
}

TEST_F(HttpServerTest, HalfClosedClientStillGetsItsAnswer) {
  start();
  TestClient c = client();
  c.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  c.half_close();
  EXPECT_TRUE(c.read_to_end().ends_with("late but whole"));
}

TEST_F(HttpServerTest, ClientThatNeverReadsIsCutOffInTime) {
  HttpLimits limits;
  limits.write_time = 200ms;
  start(limits);
  TestClient c = client(4096);
  c.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return site_.left == 1; }));
}

TEST_F(HttpServerTest, SurplusConnectionsAreToldToComeBack) {
  HttpLimits limits;
  limits.max_connections = 2;
  start(limits);
  TestClient a = client();
  TestClient b = client();
  ASSERT_TRUE(eventually([&] { return server_->connections() == 2; }));
  EXPECT_TRUE(client().read_to_end().starts_with("HTTP/1.1 503 "));
  a.close();
  ASSERT_TRUE(eventually([&] { return server_->connections() == 1; }));
  EXPECT_NE(ask("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, ThreeHundredStreamsAtOnceOnTwoLoops) {
  start({}, 2);
  std::vector<TestClient> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(client());
    ASSERT_TRUE(clients.back().send("GET /sse?n=20 HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
  for (auto& c : clients) {
    const std::string answer = c.read_until("0\r\n\r\n", 20'000);
    EXPECT_EQ(occurrences(answer, "event: delta"), 20u);
    EXPECT_TRUE(answer.ends_with("\r\n0\r\n\r\n"));
  }
}

TEST_F(HttpServerTest, StopLetsRunningRequestsFinish) {
  start();
  TestClient idle = client();
  TestClient busy = client();
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(eventually([&] { return site_.running == 1 && server_->connections() == 2; }));
  EXPECT_TRUE(server_->stop(3000ms));
  const std::string answer = busy.read_to_end();
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("late but whole"));
  EXPECT_TRUE(idle.closed_within(1000));
  EXPECT_FALSE(client().connected());
  server_.reset();
}

TEST_F(HttpServerTest, StopCutsStreamsAfterTheGracePeriodAndAwaitsTheirHandlers) {
  start();
  std::vector<TestClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(client());
    clients.back().send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    clients.back().read_until("\r\n\r\n");
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(server_->stop(200ms));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
  EXPECT_EQ(site_.left, 20);
  server_.reset();
}

TEST_F(HttpServerTest, WhoeverConnectsBeforeTheStartIsAnsweredAfterIt) {
  start();
  auto early = std::move(*HttpServer::create(*runtime_, {}, [this](Request& q, Responder& r) { return site_.handle(q, r); }));
  TestClient client(early->port());
  ASSERT_TRUE(client.connected());
  ASSERT_TRUE(client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_EQ(client.read_until("HTTP", 200), "");
  early->start();
  EXPECT_TRUE(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(early->stop(100ms));
}

TEST_F(HttpServerTest, RefusesToStartWhereItCannot) {
  start();
  HttpServer::Options taken;
  taken.port = server_->port();
  const auto again = HttpServer::create(*runtime_, taken, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().key, "http.listen");
  HttpServer::Options no_files;
  no_files.tls = {"/nonexistent/cert.pem", "/nonexistent/key.pem"};
  const auto tls = HttpServer::create(*runtime_, no_files, {});
  ASSERT_FALSE(tls);
  EXPECT_EQ(tls.error().key, "http.tls_files");
}

}  // namespace
}  // namespace sekisho::net
