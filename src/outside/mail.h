// One mail by SMTP (RFC 5321; STARTTLS RFC 3207; implicit TLS RFC 8314), in plain text. Blocking, with a deadline; no redirects, no proxy, nothing from
// the environment; TLS 1.2 or later, verified. Only the host that the settings name. Failures: upstream "mail.refused" where the server says that it
// will never take this mail (a reply of 5yz to sender, recipient or text), upstream "mail.smtp" for all else; invalid_argument "mail.address".
// Threads: any.
#pragma once
#include <chrono>
#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "core/time.h"

namespace sekisho::outside {

enum class MailTls { starttls, implicit, none };  // starttls: a server that does not offer it is refused
struct MailServer {
  std::string host;
  int port = 25;
  MailTls tls = MailTls::starttls;
  std::string ca_file;   // PEM; empty: the system's
  std::string login;     // empty: none
  Secret password;
  std::string from;      // address
};
struct Mail {
  std::string to;       // address
  std::string id;       // unique; the left half of the Message-ID
  std::string subject;  // UTF-8, one line
  std::string text;     // UTF-8
  Timestamp at;
};

// The message as it is sent: RFC 5322 with RFC 2047 words and a body in base64, lines of CRLF. Pure.
std::string message_of(const Mail& mail, const std::string& from);
Status send(const MailServer& server, const Mail& mail, std::chrono::milliseconds deadline);

}  // namespace sekisho::outside
