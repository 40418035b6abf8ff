// The two ways out of the log's host: one HTTP request to a witness, and a TLS connection to a syslog receiver. Blocking, with deadlines;
// called on threads of their own. Only hosts that the settings name; no redirects, no proxy, nothing from the environment; TLS 1.2 or later,
// verified. Failures: upstream "log.witness" or "log.syslog".
#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "core/result.h"

namespace sekisho::outside {

struct TlsFilesOut {
  std::string ca_file;      // empty: the system's
  std::string certificate;  // of this host, PEM; empty: none
  std::string key;
};

struct PostAnswer {
  int status = 0;
  std::string type;
  std::string body;  // at most 64 KiB
};
Result<PostAnswer> post(const std::string& url, const std::string& body, const std::string& ca_file, std::chrono::milliseconds deadline);

// A TLS connection that only sends (RFC 5425).
class TlsSender {
 public:
  // address: "host:port".
  static Result<std::unique_ptr<TlsSender>> connect(const std::string& address, const TlsFilesOut& files, std::chrono::milliseconds deadline);
  ~TlsSender();
  TlsSender(const TlsSender&) = delete;
  TlsSender& operator=(const TlsSender&) = delete;
  // All of it, or a failure after which the connection is of no use. Also fails when the receiver has closed its side.
  Status send(const std::string& bytes, std::chrono::milliseconds deadline);

 private:
  explicit TlsSender(void* curl) : curl_(curl) {}
  void* curl_;
};

}  // namespace sekisho::outside
