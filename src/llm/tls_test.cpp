// Our server and our client under TLS, with a certificate made for the test.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

#include "llm/client_test_access.h"
#include "net/http_server.h"

namespace sekisho::llm {
namespace {

using namespace std::chrono_literals;

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "sk-tls-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext "
        "subjectAltName=DNS:localhost -keyout " +
        (folder_ / "key.pem").string() + " -out " + (folder_ / "cert.pem").string() + " 2>/dev/null";
    if (std::system(command.c_str()) != 0) GTEST_SKIP() << "the openssl program is not installed";
    runtime_ = std::move(*net::Runtime::create({}));
    net::HttpServer::Options options;
    options.tls = {folder_ / "cert.pem", folder_ / "key.pem"};
    options.limits.heartbeat = 50ms;
    auto server =
        net::HttpServer::create(*runtime_, std::move(options), [this](net::Request& q, net::Responder& r) { return handle(q, r); });
    ASSERT_TRUE(server) << to_string(server.error());
    server_ = std::move(*server);
    server_->start();
    client_ = std::move(*Client::create(runtime_->executor()));
    endpoint_.url = "https://localhost:" + std::to_string(server_->port()) + "/v1";
    endpoint_.ca_file = folder_ / "cert.pem";
  }
  void TearDown() override {
    client_.reset();
    if (server_) {
      EXPECT_TRUE(server_->stop(100ms));
    }
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  net::Task<void> handle(net::Request& request, net::Responder& responder) {
    EXPECT_TRUE(request.tls);
    auto stream = co_await responder.start_sse();
    if (!stream) co_return;
    responder.on_client_gone([this] { ++left_; });
    asio_timer_.emplace(runtime_->executor());
    for (int i = 0; i < 40; ++i) {
      const Status sent = co_await stream->write("data: {\"choices\":[{\"delta\":{\"content\":\"字\"}}]}\n\n");
      if (!sent) co_return;
      asio_timer_->expires_after(i == 20 ? 200ms : 1ms);  // long enough for heartbeats between our own events
      co_await asio_timer_->async_wait(net::asio::use_awaitable);
    }
    responder.on_client_gone({});
    const Status ended = co_await stream->finish("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    EXPECT_TRUE(ended);
  }
  Result<Answer> ask() {
    Result<Answer> answer;
    EXPECT_TRUE(net::run_blocking(runtime_->executor(), [&]() -> net::Task<void> {
      ChatRequest request;
      request.messages = {{"user", "x"}};
      auto stream = ClientTestAccess::open(*client_, endpoint_, request);
      if (stream) answer = co_await collect(**stream);
      else answer = Unexpected(stream.error());
    }));
    return answer;
  }

  std::filesystem::path folder_;
  std::unique_ptr<net::Runtime> runtime_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<Client> client_;
  std::optional<net::asio::steady_timer> asio_timer_;
  Endpoint endpoint_;
  std::atomic<int> left_{0};
};

TEST_F(TlsTest, StreamsWithHeartbeatsOverOneConnection) {
  for (int i = 0; i < 3; ++i) {
    const auto answer = ask();
    ASSERT_TRUE(answer) << to_string(answer.error());
    EXPECT_EQ(answer->text.size(), 40u * 3);
  }
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(TlsTest, RefusesACertificateNobodyVouchesFor) {
  endpoint_.ca_file.clear();
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().key, "llm.tls");
}

TEST_F(TlsTest, RefusesACertificateOfAnotherName) {
  endpoint_.url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/v1";
  const auto answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().key, "llm.tls");
}

TEST_F(TlsTest, PlainTextToATlsPortIsOneClearFailure) {
  endpoint_.url = "http://localhost:" + std::to_string(server_->port()) + "/v1";
  const auto answer = ask();
  ASSERT_FALSE(answer);
}

TEST_F(TlsTest, ServerNoticesThatTheClientLeft) {
  EXPECT_TRUE(net::run_blocking(runtime_->executor(), [&]() -> net::Task<void> {
    ChatRequest request;
    auto stream = ClientTestAccess::open(*client_, endpoint_, request);
    if (!stream) co_return;
    const auto first = co_await (*stream)->next();
    EXPECT_TRUE(first);
    (*stream)->cancel();
  }));
  for (int i = 0; i < 400 && left_ == 0; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(left_, 1);
}

}  // namespace
}  // namespace sekisho::llm
