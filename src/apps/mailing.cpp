#include "apps/mailing.h"

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/random.h"
#include "features/office/mail.h"

namespace sekisho::apps {
namespace {

constexpr auto kDeadline = std::chrono::seconds(20);
constexpr int kAtOnce = 50;
constexpr std::size_t kMaxPassword = 4096;

Unexpected wrong(const char* what) { return fail(Code::invalid_argument, "config.value", what); }

std::string first_line(std::string text) {
  const std::size_t end = text.find_first_of("\r\n");
  return end == std::string::npos ? text : text.substr(0, end);
}

bool good_host(const std::string& host) {
  return !host.empty() && host.size() <= 253 && host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:") == std::string::npos && host.front() != '-';
}

}  // namespace

Result<std::optional<outside::MailServer>> mail_server(const Config& c) {
  if (c.mail_host.empty()) return std::optional<outside::MailServer>();
  outside::MailServer server;
  if (!good_host(c.mail_host)) return wrong("mail.host: a name or an address alone");
  server.host = c.mail_host;
  server.port = static_cast<int>(c.mail_port);
  if (c.mail_tls == "starttls") server.tls = outside::MailTls::starttls;
  else if (c.mail_tls == "implicit") server.tls = outside::MailTls::implicit;
  else if (c.mail_tls == "none") server.tls = outside::MailTls::none;
  else return wrong("mail.tls: starttls, implicit or none");
  server.ca_file = c.mail_ca_file;
  server.login = c.mail_login;
  server.from = c.mail_from;
  if (!office::good_address(server.from)) return wrong("mail.from: an address");
  if (!server.login.empty()) {
    if (server.tls == outside::MailTls::none) return wrong("mail.login: not without TLS");
    SK_TRY(std::string text, read_file(c.mail_password_file, kMaxPassword).context("mail.password_file"));
    server.password = Secret(first_line(std::move(text)));
  }
  return std::optional(std::move(server));
}

Result<std::string> mail_link(const Config& c) {
  std::string link = c.mail_link;
  const bool web = link.starts_with("https://") || link.starts_with("http://");
  if (!web || link.find_first_of(" \r\n\t<>\"") != std::string::npos) return wrong("mail.link: the address of this service");
  while (link.ends_with('/')) link.pop_back();
  return link;
}

Status send_trial(const outside::MailServer& server, const std::string& to, const std::string& link, Timestamp now) {
  if (!office::good_address(to)) return fail(Code::invalid_argument, "mail.address", "local@domain");
  const std::string text = "関所からの試しのメールです。お知らせのメールは、このサーバーから送られます。\n" + link + "\n";
  return outside::send(server, {to, make_ulid(now, crypto::random_bytes(10)), "試しのメール（関所）", text, now}, kDeadline);
}

Result<std::unique_ptr<Mailing>> Mailing::create(Engine& engine) {
  SK_TRY(auto server, mail_server(engine.config()));
  if (!server) return std::unique_ptr<Mailing>();
  SK_TRY(std::string link, mail_link(engine.config()));
  return std::unique_ptr<Mailing>(new Mailing(engine, std::move(*server), std::move(link)));
}

Result<json::Value> Mailing::run(gate::Body& body, const char* operation, json::Value in) {
  const gate::Entry* const entry = engine_.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  return engine_.gate().run(*entry, engine_.caller(body, gate::Program{}), std::move(in));
}

Status Mailing::look_at(gate::Body& body) {
  bool fresh = false;
  {
    SK_TRY(const auto tx, body.db->begin_read());
    SK_TRY(const auto queued, office::MailTable::queued(*tx, 1));
    fresh = !queued.empty();
  }
  if (fresh) SK_CHECK(run(body, "mail.collect", json::Object{}));
  std::vector<office::Letter> due;
  {
    SK_TRY(const auto tx, body.db->begin_read());
    SK_TRY(due, office::MailTable::due(*tx, engine_.gate().clock().now(), kAtOnce));
  }
  for (const office::Letter& letter : due) {
    const Status sent = outside::send(server_, {letter.address, letter.id.str(), office::subject_of(letter), office::text_of(letter, link_), engine_.gate().clock().now()}, kDeadline);
    if (!sent) log::warn("mail.not_sent", {{"letter", letter.id}, {"refused", sent.error().key == "mail.refused"}});
    office::SentIn in{letter.id, std::nullopt, !sent && sent.error().key == "mail.refused"};
    if (!sent) in.error = sent.error().detail;
    SK_TRY(const json::Value out, run(body, "mail.sent", json::to_value(in)));
    SK_TRY(const auto told, json::read<office::SentOut>(out));
    if (told.given_up) engine_.alarms().raise(body.code, "mail_given_up", in.error.value_or(""));
  }
  return ok();
}

void Mailing::look() {
  for (const auto& [code, body] : engine_.bodies())
    if (const Status done = look_at(*body); !done) log::error("mail.look", done.error());
}

}  // namespace sekisho::apps
