#include "net/transport.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace sekisho::net::detail {
namespace {

using asio::ip::tcp;
constexpr auto kToken = asio::as_tuple(asio::use_awaitable);

void prepare(tcp::socket& socket) {
  ErrorCode ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
}

void close_socket(tcp::socket& socket) {
  ErrorCode ignored;
  socket.close(ignored);
}

std::array<asio::const_buffer, 2> both(const char* data, std::size_t size, const char* data2, std::size_t size2) {
  return {asio::const_buffer(data, size), asio::const_buffer(data2, size2)};
}

class Plain final : public Transport {
 public:
  explicit Plain(tcp::socket socket) : socket_(std::move(socket)) { prepare(socket_); }
  Task<ErrorCode> handshake() override { co_return ErrorCode(); }
  void read_some(char* data, std::size_t size, ReadCallback done) override {
    socket_.async_read_some(asio::buffer(data, size), std::move(done));
  }
  std::size_t try_write(const char* data, std::size_t size, ErrorCode& code) override {
    if (!socket_.is_open()) {
      code = asio::error::bad_descriptor;
      return 0;
    }
    for (;;) {
      const ssize_t n = ::send(socket_.native_handle(), data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) code.assign(errno, boost::system::system_category());
      return 0;
    }
  }
  Task<ErrorCode> write(const char* data, std::size_t size, const char* data2, std::size_t size2) override {
    const auto buffers = both(data, size, data2, size2);
    auto [code, n] = co_await asio::async_write(socket_, buffers, kToken);
    static_cast<void>(n);
    co_return code;
  }
  Task<void> shutdown() override {
    ErrorCode ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }
  void close() override { close_socket(socket_); }
  bool secure() const override { return false; }

 private:
  tcp::socket socket_;
};

class Tls final : public Transport {
 public:
  Tls(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) { prepare(stream_.next_layer()); }
  Task<ErrorCode> handshake() override {
    auto [code] = co_await stream_.async_handshake(asio::ssl::stream_base::server, kToken);
    co_return code;
  }
  void read_some(char* data, std::size_t size, ReadCallback done) override {
    stream_.async_read_some(asio::buffer(data, size), std::move(done));
  }
  std::size_t try_write(const char*, std::size_t, ErrorCode&) override { return 0; }
  Task<ErrorCode> write(const char* data, std::size_t size, const char* data2, std::size_t size2) override {
    const auto buffers = both(data, size, data2, size2);
    auto [code, n] = co_await asio::async_write(stream_, buffers, kToken);
    static_cast<void>(n);
    co_return code;
  }
  Task<void> shutdown() override {
    // Sends close_notify and waits for the peer's; the connection's deadline closes the socket if it never comes.
    auto [code] = co_await stream_.async_shutdown(kToken);
    static_cast<void>(code);
    co_return;
  }
  void close() override { close_socket(stream_.next_layer()); }
  bool secure() const override { return true; }

 private:
  asio::ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<Transport> make_plain(tcp::socket socket) { return std::make_unique<Plain>(std::move(socket)); }
std::unique_ptr<Transport> make_tls(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<Tls>(std::move(socket), context);
}

}  // namespace sekisho::net::detail
