// Asset: a file held in memory and served whole: with an ETag, 304 when the client has it, and the gzip form when it takes it.
// Immutable after make(); share it between threads. Source: RFC 9110 sections 8.8.3, 12.5.3 and 13.1.2.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "net/http_message.h"

namespace sekisho::net {

struct Asset {
  std::string type;  // Content-Type
  std::string etag;  // without quotes; the gzip form gets a suffix
  std::string cache_control;
  std::shared_ptr<const std::string> identity;
  std::shared_ptr<const std::string> gzip;  // null: none

  // `tag` is a content hash in hexadecimal. gzip empty: no such form.
  static Asset make(std::string type, std::string tag, std::string cache_control, std::string identity, std::string gzip);
};

Response respond_with(const Asset& asset, const Request& request);

}  // namespace sekisho::net
