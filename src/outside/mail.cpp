#include "outside/mail.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/bytes.h"
#include "outside/easy.h"

namespace sekisho::outside {
namespace {

constexpr std::size_t kWordBytes = 42;   // of UTF-8 in one encoded word: with its frame it stays below 75 (RFC 2047, 2)
constexpr std::size_t kLineBytes = 57;   // 76 characters of base64 (RFC 2045, 6.8)

// What curl makes of the path is the name that we greet with (EHLO): the sender's domain, so that this machine's name stays here.
std::string url_of(const MailServer& server) {
  const bool six = server.host.find(':') != std::string::npos;
  return (server.tls == MailTls::implicit ? "smtps://" : "smtp://") + (six ? "[" + server.host + "]" : server.host) + ":" + std::to_string(server.port) + "/" +
         server.from.substr(server.from.find('@') + 1);
}

struct Upload {
  const std::string& text;
  std::size_t at = 0;
};
std::size_t give(char* out, std::size_t size, std::size_t n, void* self) {
  auto& upload = *static_cast<Upload*>(self);
  const std::size_t part = std::min(size * n, upload.text.size() - upload.at);
  upload.text.copy(out, part, upload.at);
  upload.at += part;
  return part;
}

// Encoded words, cut between characters, folded.
std::string encoded(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + kWordBytes, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    out += (out.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + to_base64(text.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

std::string date_of(Timestamp at) {
  static constexpr std::array kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};  // 1970-01-01 was a Thursday
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::int64_t kSecond = 1'000'000, kJst = 9 * 3600;
  const std::int64_t seconds = at.micros / kSecond + kJst;
  const CivilDate day = jst_date(at);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %d %s %d %02d:%02d:%02d +0900", kDays[static_cast<std::size_t>(seconds / 86'400 % 7)], day.day, kMonths[static_cast<std::size_t>(day.month - 1)], day.year,
                static_cast<int>(seconds / 3600 % 24), static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return text;
}

}  // namespace

std::string message_of(const Mail& mail, const std::string& from) {
  const std::string domain = from.substr(from.find('@') + 1);
  std::string out = "Date: " + date_of(mail.at) + "\r\nFrom: <" + from + ">\r\nTo: <" + mail.to + ">\r\nMessage-ID: <" + mail.id + "@" + domain + ">\r\nSubject: " + encoded(mail.subject) +
                    "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n";
  for (std::size_t at = 0; at < mail.text.size(); at += kLineBytes) out += to_base64(mail.text.substr(at, kLineBytes)) + "\r\n";
  return out;
}

Status send(const MailServer& server, const Mail& mail, std::chrono::milliseconds deadline) {
  // A line more in an address would be a header, or a recipient, more.
  for (const std::string* one : {&mail.to, &server.from, &mail.id})
    if (one->empty() || one->find_first_of("\r\n <>\t,;\"") != std::string::npos) return fail(Code::invalid_argument, "mail.address", "not an address");
  const std::string message = message_of(mail, server.from), from = "<" + server.from + ">", url = url_of(server);
  Upload upload{message};
  Easy easy;
  easy.list = curl_slist_append(nullptr, ("<" + mail.to + ">").c_str());
  bool good = easy.list != nullptr && set_closed(easy.handle, url, "smtp,smtps", server.ca_file, deadline);
  const auto set = [&](CURLoption option, auto value) { good = good && curl_easy_setopt(easy.handle, option, value) == CURLE_OK; };
  set(CURLOPT_USE_SSL, static_cast<long>(server.tls == MailTls::none ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  if (!server.login.empty()) {
    set(CURLOPT_USERNAME, server.login.c_str());
    set(CURLOPT_PASSWORD, std::string(server.password.reveal()).c_str());
  }
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_MAIL_RCPT, easy.list);
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, &give);
  set(CURLOPT_READDATA, &upload);
  if (!good) return fail(Code::internal, "mail.smtp", "an option of curl was refused");
  const CURLcode code = curl_easy_perform(easy.handle);
  if (code == CURLE_OK) return ok();
  long answer = 0;
  curl_easy_getinfo(easy.handle, CURLINFO_RESPONSE_CODE, &answer);
  const bool never = answer >= 500 && answer < 600 && (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY);
  return fail(Code::upstream, never ? "mail.refused" : "mail.smtp", std::string(curl_easy_strerror(code)) + (answer > 0 ? " (" + std::to_string(answer) + ")" : ""));
}

}  // namespace sekisho::outside
