// What a handler reads and writes: Request, Response and their parts. Values, no I/O, no Beast.
//
// Header names compare without case (RFC 9110 section 5.1). Bodies are bytes.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"
#include "net/uri.h"

namespace sekisho::net {

bool iequals(std::string_view a, std::string_view b);

class Headers {
 public:
  struct Field {
    std::string name;
    std::string value;
  };
  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  // The first value, or empty.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  // "gzip, br;q=0" holds "gzip": one element of a comma separated list, parameters but q=0 ignored.
  bool lists(std::string_view name, std::string_view element) const;
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  void set(std::string_view name, std::string value);
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

struct Request {
  std::string method;  // "GET", as sent
  std::string target;  // as sent
  std::string path;    // decoded
  Query query;         // decoded
  Headers headers;
  std::string body;               // empty when the body is read as a stream (Responder::read_body)
  std::uint64_t body_length = 0;  // of Content-Length; 0 when chunked or absent
  bool has_body = false;
  std::string peer;        // address without port
  std::size_t listener = 0;  // which of the program's servers took it (HttpServer::Options)
  std::string request_id;  // ULID
  bool tls = false;
  int minor_version = 1;  // HTTP/1.x

  // The first value of a query name, or empty.
  std::string_view query_value(std::string_view name) const;
  // The value of one cookie, or empty.
  std::string_view cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // instead of body: sent without a copy
  bool close = false;

  std::string_view content() const { return shared_body ? std::string_view(*shared_body) : std::string_view(body); }
  static Response text(int status, std::string_view type, std::string body);
  static Response json(int status, std::string body);
};

std::string_view reason_phrase(int status);
// True when name and value can be written into a header: a token, and no CR, LF or NUL.
bool valid_field(std::string_view name, std::string_view value);

}  // namespace sekisho::net
