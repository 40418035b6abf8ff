#include "outside/wire.h"

#include <curl/curl.h>
#include <poll.h>

#include "outside/easy.h"

namespace sekisho::outside {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;

std::size_t keep(char* data, std::size_t size, std::size_t n, void* self) {
  auto& body = *static_cast<std::string*>(self);
  if (body.size() + size * n > kMaxAnswer) return 0;  // ends the transfer
  body.append(data, size * n);
  return size * n;
}

bool wait_for(CURL* curl, short events, std::chrono::steady_clock::time_point end) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  pollfd one{socket, events, 0};
  return left.count() > 0 && ::poll(&one, 1, static_cast<int>(left.count())) > 0;
}

}  // namespace

Result<PostAnswer> post(const std::string& url, const std::string& body, const std::string& ca_file, std::chrono::milliseconds deadline) {
  Easy easy;
  PostAnswer out;
  bool good = set_closed(easy.handle, url, "http,https", ca_file, deadline);
  const auto set = [&](CURLoption option, auto value) { good = good && curl_easy_setopt(easy.handle, option, value) == CURLE_OK; };
  easy.list = curl_slist_append(curl_slist_append(nullptr, "Content-Type: text/plain; charset=utf-8"), "Expect:");
  set(CURLOPT_HTTPHEADER, easy.list);
  set(CURLOPT_USERAGENT, "sekisho");
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  set(CURLOPT_POSTFIELDS, body.data());
  set(CURLOPT_WRITEFUNCTION, &keep);
  set(CURLOPT_WRITEDATA, &out.body);
  if (!good) return fail(Code::internal, "log.witness", "an option of curl was refused");
  if (const CURLcode code = curl_easy_perform(easy.handle); code != CURLE_OK) return fail(Code::upstream, "log.witness", url + ": " + curl_easy_strerror(code));
  long status = 0;
  const char* type = nullptr;
  curl_easy_getinfo(easy.handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy.handle, CURLINFO_CONTENT_TYPE, &type);
  out.status = static_cast<int>(status);
  out.type = type == nullptr ? "" : type;
  return out;
}

Result<std::unique_ptr<TlsSender>> TlsSender::connect(const std::string& address, const TlsFilesOut& files, std::chrono::milliseconds deadline) {
  std::unique_ptr<TlsSender> out(new TlsSender(curl_easy_init()));
  CURL* const curl = out->curl_;
  bool good = set_closed(curl, "https://" + address, "https", files.ca_file, deadline);
  const auto set = [&](CURLoption option, auto value) { good = good && curl_easy_setopt(curl, option, value) == CURLE_OK; };
  if (!files.certificate.empty()) set(CURLOPT_SSLCERT, files.certificate.c_str());
  if (!files.key.empty()) set(CURLOPT_SSLKEY, files.key.c_str());
  set(CURLOPT_CONNECT_ONLY, 1L);
  set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  if (!good) return fail(Code::internal, "log.syslog", "an option of curl was refused");
  if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) return fail(Code::upstream, "log.syslog", address + ": " + curl_easy_strerror(code));
  return out;
}

TlsSender::~TlsSender() {
  if (curl_ != nullptr) curl_easy_cleanup(curl_);
}

Status TlsSender::send(const std::string& bytes, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  // The receiver says nothing in this protocol; what can be read is its end.
  char byte = 0;
  std::size_t got = 0;
  const CURLcode heard = curl_easy_recv(curl_, &byte, 1, &got);
  if (heard != CURLE_AGAIN && !(heard == CURLE_OK && got > 0)) return fail(Code::upstream, "log.syslog", "the receiver closed the connection");
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    std::size_t n = 0;
    const CURLcode code = curl_easy_send(curl_, bytes.data() + sent, bytes.size() - sent, &n);
    if (code == CURLE_AGAIN) {
      if (!wait_for(curl_, POLLOUT, end)) return fail(Code::upstream, "log.syslog", "the receiver does not take more");
      continue;
    }
    if (code != CURLE_OK) return fail(Code::upstream, "log.syslog", curl_easy_strerror(code));
    sent += n;
  }
  return ok();
}

}  // namespace sekisho::outside
