// FaultServer (tests only): a model endpoint on a loop of its own that plays a script to each connection: bytes as given, pauses, an
// end in the middle. What our own HttpServer would never send is sent here.
#pragma once
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <vector>

#include "net/runtime.h"
#include "net/tasks.h"

namespace sekisho::llm::test {

struct Step {
  enum class What { send, pause, close, flood };
  What what = What::send;
  std::string bytes;
  std::chrono::milliseconds time{0};
};
inline Step say(std::string bytes) { return {Step::What::send, std::move(bytes), {}}; }
inline Step pause(int ms) { return {Step::What::pause, {}, std::chrono::milliseconds(ms)}; }
inline Step hang_up() { return {Step::What::close, {}, {}}; }
// Sends the bytes again and again until the client leaves.
inline Step flood(std::string bytes) { return {Step::What::flood, std::move(bytes), {}}; }

class FaultServer {
 public:
  FaultServer() : runtime_(std::move(*net::Runtime::create({}))), acceptor_(runtime_->executor()) {
    using net::asio::ip::tcp;
    acceptor_.open(tcp::v4());
    acceptor_.bind(tcp::endpoint(net::asio::ip::address_v4::loopback(), 0));
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    tasks_.spawn(runtime_->executor(), accept());
  }
  ~FaultServer() {
    tasks_.cancel();
    tasks_.wait(std::chrono::seconds(5));
  }
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v1"; }
  // Played to every request from now on. Set before requests are made.
  void play(std::vector<Step> script) { script_ = std::move(script); }

  std::atomic<int> connections{0};
  std::atomic<int> open{0};
  std::atomic<int> requests{0};
  std::atomic<int> played{0};  // scripts that came to their end
  std::atomic<std::uint64_t> sent{0};
  std::string last_request() const { return last_request_; }  // read after an answer has come

 private:
  static constexpr auto kToken = net::asio::as_tuple(net::asio::use_awaitable);

  net::Task<void> accept() {
    for (;;) {
      auto [code, socket] = co_await acceptor_.async_accept(kToken);
      if (code) co_return;
      ++connections;
      tasks_.spawn(runtime_->executor(), serve(std::move(socket)));
    }
  }
  net::Task<void> serve(net::asio::ip::tcp::socket socket) {
    ++open;
    std::string in;
    bool more = true;
    while (more) {
      more = co_await read_request(socket, in);
      if (more) ++requests;
      if (more) more = co_await perform(socket);
    }
    --open;
  }
  net::Task<bool> read_request(net::asio::ip::tcp::socket& socket, std::string& in) {
    auto [code, head] = co_await net::asio::async_read_until(socket, net::asio::dynamic_buffer(in), "\r\n\r\n", kToken);
    if (code) co_return false;
    const std::size_t at = in.find("Content-Length: ");
    const std::size_t length = at < head ? std::stoul(in.substr(at + 16)) : 0;
    std::vector<char> block(4096);
    while (in.size() < head + length) {
      auto [failed, n] = co_await socket.async_read_some(net::asio::buffer(block), kToken);
      if (failed) co_return false;
      in.append(block.data(), n);
    }
    last_request_ = in.substr(0, head + length);
    in.erase(0, head + length);
    co_return true;
  }
  net::Task<bool> perform(net::asio::ip::tcp::socket& socket) {
    const std::vector<Step> script = script_;
    for (const Step& step : script) {
      if (step.what == Step::What::close) co_return false;
      if (step.what == Step::What::pause) {
        const bool stayed = co_await wait_or_leave(socket, step.time);
        if (!stayed) co_return false;
        continue;
      }
      do {
        auto [code, n] = co_await net::asio::async_write(socket, net::asio::buffer(step.bytes), kToken);
        sent += n;
        if (code) co_return false;
      } while (step.what == Step::What::flood);
    }
    ++played;
    co_return true;
  }
  // A model that thinks: still notices when its client hangs up.
  net::Task<bool> wait_or_leave(net::asio::ip::tcp::socket& socket, std::chrono::milliseconds time) {
    net::asio::steady_timer timer(socket.get_executor());
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      timer.expires_after(std::chrono::milliseconds(5));
      auto [stopped] = co_await timer.async_wait(kToken);
      if (stopped) co_return false;
      char byte = 0;
      const ssize_t n = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
      if (n == 0) co_return false;
    }
    co_return true;
  }

  std::unique_ptr<net::Runtime> runtime_;
  net::TaskGroup tasks_;
  net::asio::ip::tcp::acceptor acceptor_;
  unsigned short port_ = 0;
  std::vector<Step> script_;
  std::string last_request_;
};

}  // namespace sekisho::llm::test
