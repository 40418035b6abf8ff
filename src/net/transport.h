// Transport (private to net): one accepted socket, plain or under TLS, behind the few calls a Connection needs.
// Used on the connection's loop only. The owner keeps it alive until the read's callback has run and writes have ended.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>

#include "net/asio.h"

namespace sekisho::net::detail {

class Transport {
 public:
  using ReadCallback = std::function<void(ErrorCode, std::size_t)>;
  virtual ~Transport() = default;
  virtual Task<ErrorCode> handshake() = 0;
  virtual void read_some(char* data, std::size_t size, ReadCallback done) = 0;
  // Without waiting. 0 and no error: not now (always so under TLS, where records are written by write()).
  virtual std::size_t try_write(const char* data, std::size_t size, ErrorCode& code) = 0;
  virtual Task<ErrorCode> write(const char* data, std::size_t size, const char* data2, std::size_t size2) = 0;
  // Says goodbye on the sending side (close_notify, FIN).
  virtual Task<void> shutdown() = 0;
  virtual void close() = 0;
  virtual bool secure() const = 0;
};

std::unique_ptr<Transport> make_plain(asio::ip::tcp::socket socket);
std::unique_ptr<Transport> make_tls(asio::ip::tcp::socket socket, asio::ssl::context& context);

}  // namespace sekisho::net::detail
