// Sends the letters of features/office/mail to the server that the settings name. Of one thread.
#pragma once
#include "apps/engine.h"
#include "outside/mail.h"

namespace sekisho::apps {

// nullopt: no server is named. invalid_argument "config.value" for settings that cannot work; a password file that cannot be read refuses.
Result<std::optional<outside::MailServer>> mail_server(const Config& config);
// The address that letters point to, without a slash at its end. invalid_argument "config.value".
Result<std::string> mail_link(const Config& config);
// A mail that says it is a trial, to the settings' server.
Status send_trial(const outside::MailServer& server, const std::string& to, const std::string& link, Timestamp now);

class Mailing {
 public:
  // nullptr: no server is named.
  static Result<std::unique_ptr<Mailing>> create(Engine& engine);
  void look();

 private:
  Mailing(Engine& engine, outside::MailServer server, std::string link) : engine_(engine), server_(std::move(server)), link_(std::move(link)) {}
  Result<json::Value> run(gate::Body& body, const char* operation, json::Value in);
  Status look_at(gate::Body& body);
  Engine& engine_;
  const outside::MailServer server_;
  const std::string link_;
};

}  // namespace sekisho::apps
