// TestClient (tests only): a blocking loopback socket that says exactly what it is told, right or wrong, and reads with a time limit.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

namespace sekisho::net::test {

class TestClient {
 public:
  explicit TestClient(unsigned short port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) close();
  }
  TestClient(TestClient&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  ~TestClient() { close(); }

  bool connected() const { return fd_ >= 0; }

  // False when the peer has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // All that came since the last call, when `text` (not empty) occurs in it, the peer closes, or the limit passes.
  std::string read_until(std::string_view text, int limit_ms = 5000) {
    std::string out;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
    std::array<char, 16384> buffer;
    while (text.empty() || out.find(text) == std::string::npos) {
      if (!readable(end)) break;
      const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), 0);
      if (n <= 0) {
        ended_ = true;
        break;
      }
      out.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return out;
  }
  std::string read_to_end(int limit_ms = 5000) { return read_until({}, limit_ms); }

  bool closed_within(int limit_ms) {
    read_to_end(limit_ms);
    return ended_;
  }
  void half_close() { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  bool readable(std::chrono::steady_clock::time_point end) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd poll_fd{fd_, POLLIN, 0};
    return left > 0 && ::poll(&poll_fd, 1, static_cast<int>(left)) > 0;
  }

  int fd_ = -1;
  bool ended_ = false;
};

}  // namespace sekisho::net::test
