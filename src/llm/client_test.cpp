#include "llm/client_test_access.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "core/descriptor.h"
#include "llm/fault_server.h"
#include "net/http_server.h"

namespace sekisho::llm {
namespace {

using namespace std::chrono_literals;
using test::FaultServer;
using test::flood;
using test::hang_up;
using test::pause;
using test::say;

const std::string kHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kEnd = "0\r\n\r\n";

std::string chunked(std::string_view bytes) {
  std::array<char, 20> size;
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return size.data() + std::string(bytes) + "\r\n";
}
std::string event(std::string_view data) { return "data: " + std::string(data) + "\n\n"; }
std::string delta(std::string_view text) { return chunked(event(R"({"choices":[{"delta":{"content":")" + std::string(text) + R"("}}]})")); }
std::string stop() { return chunked(event(R"({"choices":[{"delta":{},"finish_reason":"stop"}]})")); }
std::string usage() { return chunked(event(R"({"choices":[],"usage":{"prompt_tokens":64,"completion_tokens":3}})")); }
std::string done() { return chunked(event("[DONE]")); }
std::string plain(int status, std::string_view type, std::string_view body, std::string_view extra = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + std::string(type) + "\r\n" + std::string(extra) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() : runtime_(std::move(*net::Runtime::create({}))), client_(std::move(*Client::create(runtime_->executor()))) {
    endpoint_.url = server_.url();
    endpoint_.connect_timeout = 2s;
    endpoint_.first_timeout = 5s;
    endpoint_.idle_timeout = 5s;
    request_.model = "試験";
    request_.messages = {{"user", "住民票は\n\"どこ\"ですか"}};
  }
  Result<std::unique_ptr<ChatStream>> open() {
    Result<std::unique_ptr<ChatStream>> stream;
    on_loop([&]() -> net::Task<void> {
      stream = ClientTestAccess::open(*client_, endpoint_, request_);
      co_return;
    });
    return stream;
  }
  void on_loop(std::function<net::Task<void>()> work) { EXPECT_TRUE(net::run_blocking(runtime_->executor(), std::move(work))); }
  Result<Answer> ask() {
    Result<Answer> answer;
    on_loop([&]() -> net::Task<void> {
      auto stream = ClientTestAccess::open(*client_, endpoint_, request_);
      if (!stream) {
        answer = Unexpected(stream.error());
        co_return;
      }
      answer = co_await collect(**stream);
      retry_after_ = (*stream)->retry_after();
    });
    return answer;
  }
  std::string key_of(std::vector<test::Step> script) {
    server_.play(std::move(script));
    const auto answer = ask();
    return answer ? "ok: " + answer->text : answer.error().key;
  }
  static bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
    return condition();
  }

  FaultServer server_;
  std::unique_ptr<net::Runtime> runtime_;
  std::unique_ptr<Client> client_;
  Endpoint endpoint_;
  ChatRequest request_;
  std::optional<std::chrono::seconds> retry_after_;
};

TEST_F(ClientTest, CollectsAStreamedAnswerWithUsage) {
  server_.play({say(kHead + delta("市役所の") + delta("\\u7a93\\u53e3\\n") + stop() + usage() + done() + kEnd)});
  endpoint_.api_key = Secret("sk-test");
  const auto answer = ask();
  ASSERT_TRUE(answer) << to_string(answer.error());
  EXPECT_EQ(answer->text, "市役所の窓口\n");
  EXPECT_EQ(answer->finish.reason, "stop");
  ASSERT_TRUE(answer->finish.usage);
  EXPECT_EQ(answer->finish.usage->completion_tokens, 3);
  const std::string sent = server_.last_request();
  EXPECT_TRUE(sent.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_NE(sent.find("Authorization: Bearer sk-test\r\n"), std::string::npos);
  EXPECT_NE(sent.find(R"("content":"住民票は\n\"どこ\"ですか")"), std::string::npos) << sent;
  EXPECT_NE(sent.find(R"("stream":true)"), std::string::npos);
}

TEST_F(ClientTest, ReadsTheStreamWhereverItIsCut) {
  const std::string bytes = kHead + delta("一") + delta("二\\ud83d\\ude00") + stop() + done() + kEnd;
  for (std::size_t cut = 1; cut < bytes.size(); cut += 7)
    EXPECT_EQ(key_of({say(bytes.substr(0, cut)), pause(1), say(bytes.substr(cut))}), "ok: 一二😀") << cut;
}

TEST_F(ClientTest, DeliversToASinkAndTellsTheEndByItself) {
  server_.play({say(kHead + delta("一")), pause(20), say(delta("二") + delta("三") + stop() + usage() + done() + kEnd)});
  std::string text;
  Result<Event> end;
  on_loop([&]() -> net::Task<void> {
    auto stream = ClientTestAccess::open(*client_, endpoint_, request_);
    if (!stream) co_return;
    std::function<void(std::string_view)> sink = [&text](std::string_view piece) { text += piece; };
    (*stream)->deliver_to(std::move(sink));
    end = co_await (*stream)->next();
  });
  EXPECT_EQ(text, "一二三");
  ASSERT_TRUE(end) << to_string(end.error());
  ASSERT_TRUE(std::holds_alternative<Finish>(*end));
  EXPECT_EQ(std::get<Finish>(*end).reason, "stop");
}

TEST_F(ClientTest, ASinkOutlivedByItsTransferIsNotCalled) {
  server_.play({say(kHead + delta("一")), pause(200), say(delta("二") + stop() + done() + kEnd)});
  std::string text;
  on_loop([&]() -> net::Task<void> {
    auto stream = ClientTestAccess::open(*client_, endpoint_, request_);
    if (!stream) co_return;
    net::Event first;
    std::function<void(std::string_view)> sink = [&text, &first](std::string_view piece) {
      text += piece;
      first.set();
    };
    (*stream)->deliver_to(std::move(sink));
    co_await first.wait();
  });
  EXPECT_EQ(text, "一");
}

TEST_F(ClientTest, ASinkMayStopItsOwnStreamAndOthers) {
  server_.play({say(kHead + delta("一")), pause(20), say(delta("二") + delta("三")), pause(2000), say(stop() + done() + kEnd)});
  std::string text;
  Result<Event> own;
  Result<Answer> others;
  on_loop([&]() -> net::Task<void> {
    auto other = ClientTestAccess::open(*client_, endpoint_, request_);
    auto stream = ClientTestAccess::open(*client_, endpoint_, request_);
    if (!other || !stream) co_return;
    std::function<void(std::string_view)> sink = [&](std::string_view piece) {
      text += piece;
      (*stream)->cancel();
      (*other)->cancel();
    };
    (*stream)->deliver_to(std::move(sink));
    own = co_await (*stream)->next();
    others = co_await collect(**other);
  });
  EXPECT_EQ(text, "一");
  EXPECT_EQ(own.error().key, "llm.cancelled");
  EXPECT_EQ(others.error().key, "llm.cancelled");
  server_.play({say(kHead + delta("a") + stop() + done() + kEnd)});
  EXPECT_TRUE(ask());
}

TEST_F(ClientTest, ANearEndpointHasTheRequestBeforeTheLoopTurns) {
  server_.play({say(kHead + delta("a") + stop() + done() + kEnd)});
  bool sent = false;
  on_loop([&]() -> net::Task<void> {
    const auto stream = ClientTestAccess::open(*client_, endpoint_, request_);
    sent = stream && eventually([&] { return server_.requests == 1; });
    co_return;
  });
  EXPECT_TRUE(sent);
}

TEST_F(ClientTest, UsesOneConnectionForManyAnswers) {
  server_.play({say(kHead + delta("a") + stop() + done() + kEnd)});
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(ask());
  EXPECT_EQ(server_.requests, 20);
  EXPECT_EQ(server_.connections, 1);
}

TEST_F(ClientTest, KeepsAConnectionWhoseBodyEndsAfterTheLastEvent) {
  server_.play({say(kHead + delta("a") + stop() + done()), pause(5), say(kEnd)});
  for (int i = 1; i <= 20; ++i) {
    ASSERT_TRUE(ask());  // given at [DONE], before the body has ended
    ASSERT_TRUE(eventually([&] { return server_.played == i; })) << "the stream is gone, the transfer must not be";
  }
  EXPECT_LT(server_.connections, 20);
}

TEST_F(ClientTest, AcceptsAnAnswerThatWasNotStreamed) {
  const std::string body =
      R"({"choices":[{"message":{"role":"assistant","content":"全部"},"finish_reason":"length"}],)"
      R"("usage":{"prompt_tokens":1,"completion_tokens":2}})";
  server_.play({say(plain(200, "application/json; charset=utf-8", body))});
  const auto answer = ask();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->text, "全部");
  EXPECT_EQ(answer->finish.reason, "length");
}

TEST_F(ClientTest, TellsEachFailureApart) {
  EXPECT_EQ(key_of({say(kHead + delta("半分")), hang_up()}), "llm.closed_midway");
  EXPECT_EQ(key_of({say(kHead + delta("半分") + kEnd)}), "llm.closed_midway") << "a proper end without finish or [DONE]";
  EXPECT_EQ(key_of({say(kHead + "ffff\r\ndata: "), hang_up()}), "llm.closed_midway");
  EXPECT_EQ(key_of({hang_up()}), "llm.closed_midway");
  EXPECT_EQ(key_of({say(kHead + chunked("data: this is not json\n\n")), pause(1000)}), "llm.garbage");
  EXPECT_EQ(key_of({say(kHead + chunked("data: [1,2]\n\n")), pause(1000)}), "llm.garbage");
  EXPECT_EQ(key_of({say(kHead + chunked("data: {\"foo\":1}\n\n")), pause(1000)}), "llm.garbage");
  EXPECT_EQ(key_of({say("SSH-2.0-OpenSSH_9.2\r\n"), hang_up()}), "llm.garbage");
  EXPECT_EQ(key_of({say(plain(200, "text/html", "<html>login</html>")), hang_up()}), "llm.garbage");
  EXPECT_EQ(key_of({say(plain(200, "application/json", "<html>")), hang_up()}), "llm.garbage");
  EXPECT_EQ(key_of({say(kHead + delta("前") + chunked(event(R"({"error":{"message":"overloaded"}})"))), pause(1000)}), "llm.refused");
  EXPECT_EQ(key_of({say(plain(500, "application/json", R"({"error":{"message":"boom"}})"))}), "llm.refused");
  EXPECT_EQ(key_of({say(plain(401, "text/plain", "no"))}), "llm.refused");
  EXPECT_EQ(key_of({say(plain(302, "text/plain", "", "Location: http://203.0.113.1/\r\n"))}), "llm.refused")
      << "redirects are not followed";
}

TEST_F(ClientTest, ContentLengthThatLiesIsNoAnswer) {
  const std::string body = event(R"({"choices":[{"delta":{"content":"x"}}]})");
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: ";
  EXPECT_EQ(key_of({say(head + "100000\r\n\r\n" + body), hang_up()}), "llm.closed_midway");
  EXPECT_EQ(key_of({say(head + "20\r\n\r\n" + body), hang_up()}), "llm.closed_midway");
}

TEST_F(ClientTest, RefusalTellsStatusAndABoundedDetail) {
  server_.play(
      {say(plain(503, "application/json", R"({"error":{"message":"model \u001b[31m is loading)" + std::string(2000, 'x') + R"("}})"))});
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().detail.starts_with("status 503: model "));
  EXPECT_LT(answer.error().detail.size(), 400u);
  EXPECT_EQ(answer.error().detail.find('\x1b'), std::string::npos);
}

TEST_F(ClientTest, BusyEndpointSaysWhenToComeBack) {
  server_.play({say(plain(429, "application/json", R"({"error":{"message":"slow down"}})", "Retry-After: 7\r\n"))});
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().key, "llm.busy");
  EXPECT_EQ(answer.error().code, Code::too_many);
  EXPECT_EQ(retry_after_, 7s);
}

TEST_F(ClientTest, SilenceEndsInATimeout) {
  endpoint_.connect_timeout = 100ms;
  endpoint_.first_timeout = 200ms;
  endpoint_.idle_timeout = 200ms;
  EXPECT_EQ(key_of({pause(5000)}), "llm.timeout");
  EXPECT_EQ(key_of({say(kHead + delta("はじめ")), pause(5000)}), "llm.timeout");
  EXPECT_EQ(key_of({say(kHead + chunked(": still here\n\n")), pause(5000)}), "llm.timeout");
  EXPECT_TRUE(eventually([&] { return server_.open == 0; })) << "the endpoint sees that nobody waits";
}

// A listener that takes nobody: its queue is full, so the system leaves whoever comes next without an answer.
class DeafListener {
 public:
  DeafListener() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(listener_.get(), 0), 0);
    EXPECT_EQ(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&at), &size), 0);
    port_ = ntohs(at.sin_port);
    for (int i = 0; i < 8; ++i) {
      const auto& waiting = queue_.emplace_back(std::make_unique<Descriptor>(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)));
      static_cast<void>(::connect(waiting->get(), reinterpret_cast<sockaddr*>(&at), sizeof at));
    }
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }

 private:
  Descriptor listener_{::socket(AF_INET, SOCK_STREAM, 0)};
  std::vector<std::unique_ptr<Descriptor>> queue_;
  int port_ = 0;
};

TEST_F(ClientTest, AConnectionThatDoesNotComeAboutEndsInATimeoutOfItsOwn) {
  const DeafListener deaf;
  endpoint_.url = deaf.url();
  endpoint_.connect_timeout = 200ms;
  endpoint_.first_timeout = 60s;
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().key, "llm.timeout");
  EXPECT_EQ(answer.error().detail, "no connection in time");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s) << "the time for the first text does not count before there is a connection";
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
}

TEST_F(ClientTest, NobodyListeningIsUnreachable) {
  endpoint_.url = "http://127.0.0.1:1/v1";
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().key, "llm.unreachable");
}

TEST_F(ClientTest, EndlessAnswersStopAtTheLimit) {
  endpoint_.max_answer_bytes = 300'000;
  EXPECT_EQ(key_of({say(kHead), flood(delta(std::string(1000, 'x')))}), "llm.too_long");
  endpoint_.max_answer_bytes = 100'000'000;
  EXPECT_EQ(key_of({say(kHead), flood(chunked(std::string(8000, 'x')))}), "llm.garbage") << "one event without an end";
  EXPECT_EQ(key_of({say("HTTP/1.1 500 X\r\nContent-Type: text/plain\r\n\r\n"), flood(std::string(8000, 'x'))}), "llm.refused");
}

TEST_F(ClientTest, CancelReachesTheEndpointWithinASecond) {
  server_.play({say(kHead + delta("考え中")), pause(60'000)});
  auto stream = open();
  ASSERT_TRUE(stream);
  Result<Event> first;
  Result<Event> second;
  on_loop([&]() -> net::Task<void> {
    first = co_await (*stream)->next();
    net::asio::steady_timer timer(runtime_->executor(), 50ms);
    timer.async_wait([&](net::ErrorCode) { (*stream)->cancel(); });
    second = co_await (*stream)->next();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(first);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().key, "llm.cancelled");
  EXPECT_TRUE(eventually([&] { return server_.open == 0; }));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  on_loop([&]() -> net::Task<void> {
    stream->reset();
    co_return;
  });
}

TEST_F(ClientTest, DroppingAStreamClosesItsConnection) {
  server_.play({say(kHead + delta("a")), pause(60'000)});
  auto stream = open();
  ASSERT_TRUE(stream);
  ASSERT_TRUE(eventually([&] { return server_.open == 1; }));
  on_loop([&]() -> net::Task<void> {
    stream->reset();
    co_return;
  });
  EXPECT_TRUE(eventually([&] { return server_.open == 0; }));
}

TEST_F(ClientTest, SlowReaderHoldsTheEndpointBack) {
  server_.play({say(kHead), flood(delta(std::string(1000, 'x')))});
  endpoint_.max_answer_bytes = 1'000'000'000;
  auto stream = open();
  ASSERT_TRUE(stream);
  ASSERT_TRUE(eventually([&] { return server_.sent > 300'000; }));
  std::uint64_t before = 0;
  EXPECT_TRUE(eventually([&] {
    const std::uint64_t now = server_.sent;
    std::this_thread::sleep_for(100ms);
    return std::exchange(before, now) == now;
  })) << "the endpoint must come to a halt";
  EXPECT_LT(before, 30'000'000u);
  std::size_t taken = 0;
  on_loop([&]() -> net::Task<void> {
    while (taken < 3'000'000) {
      auto event = co_await (*stream)->next();
      if (!event) co_return;
      taken += std::get<Delta>(*event).text.size();
    }
    stream->reset();
  });
  EXPECT_GE(taken, 3'000'000u);
}

TEST_F(ClientTest, IgnoresTheEnvironmentsProxy) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  EXPECT_EQ(key_of({say(kHead + delta("直接") + stop() + done() + kEnd)}), "ok: 直接");
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
}

TEST_F(ClientTest, UsesTheProxyOfTheEndpointEvenIfTheEnvironmentExceptsTheHost) {
  ::setenv("no_proxy", "*", 1);
  endpoint_.proxy = "http://127.0.0.1:" + server_.url().substr(17, server_.url().find("/v1") - 17);
  endpoint_.url = "http://model.invalid/v1";
  EXPECT_EQ(key_of({say(kHead + delta("代理") + stop() + done() + kEnd)}), "ok: 代理");
  EXPECT_TRUE(server_.last_request().starts_with("POST http://model.invalid/v1/chat/completions HTTP/1.1"));
  ::unsetenv("no_proxy");
}

TEST_F(ClientTest, ClosingTheClientEndsItsStreams) {
  server_.play({pause(60'000)});
  auto stream = open();
  ASSERT_TRUE(stream);
  client_.reset();
  Result<Event> event;
  on_loop([&]() -> net::Task<void> {
    event = co_await (*stream)->next();
    stream->reset();
  });
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().key, "llm.cancelled");
}

TEST(EndpointUrl, AllowsPlainBasesOnly) {
  EXPECT_EQ(*endpoint_url("http://10.1.2.3:8000/v1/", "chat/completions"), "http://10.1.2.3:8000/v1/chat/completions");
  EXPECT_EQ(*endpoint_url("https://llm.example.lg.jp/v1", "models"), "https://llm.example.lg.jp/v1/models");
  for (const char* const bad : {"", "file:///etc/passwd", "ftp://h/v1", "gopher://h/", "h/v1", "http://user:pw@h/v1", "http://h/v1?x=1",
                                "http://h/v1#f", "http:///v1"}) {
    const auto url = endpoint_url(bad, "models");
    EXPECT_FALSE(url) << bad << " -> " << *url;
  }
}

}  // namespace
}  // namespace sekisho::llm
