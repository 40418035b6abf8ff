// RequestParser (private to net): Beast's HTTP/1 parser filling a Request, and giving the body out in pieces of the caller's size.
// One parser per request. Besides Beast's checks it refuses what request smuggling is made of; see check_head().
#pragma once
#include <boost/beast/http/basic_parser.hpp>
#include <span>

#include "net/asio.h"
#include "net/http_message.h"

namespace sekisho::net::detail {

// Why the server itself answers. status 0: nothing wrong.
struct Refusal {
  int status = 0;
  std::string_view key;
  explicit operator bool() const { return status != 0; }
};

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  RequestParser(Request& request, std::size_t header_bytes);

  // Consumes bytes up to the end of the header. `used` bytes were taken.
  Refusal feed_head(std::string_view bytes, std::size_t& used);
  bool head_done() const { return is_header_done(); }
  // Consumes body bytes into `out`; `made` bytes were written there. Call again until made > 0, body_done() or all input is used.
  Refusal feed_body(std::string_view bytes, std::size_t& used, std::span<char> out, std::size_t& made);
  bool body_done() const { return is_done(); }

 private:
  using View = boost::beast::string_view;
  void on_request_impl(boost::beast::http::verb, View method, View target, int version, ErrorCode& code) override;
  void on_response_impl(int status, View reason, int version, ErrorCode& code) override;
  void on_field_impl(boost::beast::http::field, View name, View value, ErrorCode& code) override;
  void on_header_impl(ErrorCode& code) override;
  void on_body_init_impl(boost::optional<std::uint64_t> const& length, ErrorCode& code) override;
  std::size_t on_body_impl(View body, ErrorCode& code) override;
  void on_chunk_header_impl(std::uint64_t size, View extensions, ErrorCode& code) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, View body, ErrorCode& code) override;
  void on_finish_impl(ErrorCode& code) override;
  Refusal check_head();

  Request& request_;
  bool in_head_ = true;
  std::span<char> out_;
  std::size_t made_ = 0;
};

}  // namespace sekisho::net::detail
