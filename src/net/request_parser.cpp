#include "net/request_parser.h"

#include <array>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <limits>

namespace sekisho::net::detail {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t kMaxFields = 100;
constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr Refusal kBadRequest{400, "http.bad_request"};

Refusal refusal_for(const ErrorCode& code) {
  if (code == http::error::header_limit || code == http::error::buffer_overflow) return {431, "http.header_too_large"};
  if (code == http::error::body_limit) return {413, "http.too_large"};
  return kBadRequest;
}

}  // namespace

RequestParser::RequestParser(Request& request, std::size_t header_bytes) : request_(request) {
  eager(false);
  header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(header_bytes, std::numeric_limits<std::uint32_t>::max())));
  body_limit(boost::none);  // the connection counts, because the limit is known only after the header
}

Refusal RequestParser::feed_head(std::string_view bytes, std::size_t& used) {
  ErrorCode code;
  used = put(asio::const_buffer(bytes.data(), bytes.size()), code);
  if (code && code != http::error::need_more) return refusal_for(code);
  if (!is_header_done()) return {};
  in_head_ = false;
  return check_head();
}

Refusal RequestParser::feed_body(std::string_view bytes, std::size_t& used, std::span<char> out, std::size_t& made) {
  out_ = out;
  made_ = 0;
  ErrorCode code;
  used = put(asio::const_buffer(bytes.data(), bytes.size()), code);
  made = made_;
  if (code && code != http::error::need_more) return refusal_for(code);
  return {};
}

Refusal RequestParser::check_head() {
  const Headers& headers = request_.headers;
  if (headers.fields().size() > kMaxFields) return {431, "http.header_too_large"};
  if (std::find(kMethods.begin(), kMethods.end(), request_.method) == kMethods.end()) return {501, "http.unknown_method"};
  if (headers.count("Host") > 1 || (request_.minor_version >= 1 && !headers.has("Host"))) return kBadRequest;
  const std::size_t encodings = headers.count("Transfer-Encoding");
  if (encodings > 0) {
    // RFC 9112 section 6.1: both length and encoding, or an encoding from a 1.0 client, is an attack or a mistake.
    if (encodings > 1 || headers.has("Content-Length") || request_.minor_version == 0) return kBadRequest;
    if (!iequals(headers.get("Transfer-Encoding"), "chunked")) return {501, "http.unknown_encoding"};
  }
  auto target = net::parse_target(request_.target);
  if (!target) return kBadRequest;
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  request_.has_body = !is_done();
  request_.body_length = content_length().value_or(0);
  return {};
}

void RequestParser::on_request_impl(http::verb, View method, View target, int version, ErrorCode& code) {
  code = {};
  request_.method.assign(method.data(), method.size());
  request_.target.assign(target.data(), target.size());
  request_.minor_version = version % 10;
}

void RequestParser::on_response_impl(int, View, int, ErrorCode& code) { code = boost::beast::http::error::bad_method; }

void RequestParser::on_field_impl(http::field, View name, View value, ErrorCode& code) {
  code = {};
  if (!in_head_) return;  // trailers are read and ignored
  if (request_.headers.fields().size() <= kMaxFields) request_.headers.add(std::string(name), std::string(value));
}

void RequestParser::on_header_impl(ErrorCode& code) { code = {}; }
void RequestParser::on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode& code) { code = {}; }

std::size_t RequestParser::on_body_impl(View body, ErrorCode& code) {
  code = {};
  const std::size_t n = std::min(body.size(), out_.size() - made_);
  if (n > 0) std::memcpy(out_.data() + made_, body.data(), n);
  made_ += n;
  return n;
}

void RequestParser::on_chunk_header_impl(std::uint64_t, View, ErrorCode& code) { code = {}; }
std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View body, ErrorCode& code) { return on_body_impl(body, code); }
void RequestParser::on_finish_impl(ErrorCode& code) { code = {}; }

}  // namespace sekisho::net::detail
