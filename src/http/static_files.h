// The web client's files, read once at start: small, immutable, served from memory with an ETag and, where it pays, compressed.
// Every page carries the content security policy: nothing inline, nothing from elsewhere.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "net/http_message.h"

namespace sekisho::http {

class StaticFiles {
 public:
  // A folder that does not exist gives an empty set (the service without its web client).
  static Result<StaticFiles> load(const std::string& folder);
  // Any path that is not a file of the client is a place inside it: index.html.
  net::Response serve(const net::Request& request) const;
  bool empty() const { return files_.empty(); }

 private:
  struct File {
    std::string type;
    std::string etag;  // without quotes; the compressed form's has a suffix
    bool immutable = false;  // its name holds a hash of its content
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;  // null: not smaller
  };
  std::map<std::string, File, std::less<>> files_;
};

// The headers of every answer.
void add_security_headers(net::Response& response);

}  // namespace sekisho::http
