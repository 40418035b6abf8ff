// mail test: one mail by the settings as they are, beside a running server or without one. Nothing of the data is opened.
#include "apps/command.h"
#include "apps/mailing.h"
#include "crypto/random.h"

namespace sekisho::apps {
namespace {

Status test(Invocation& in) {
  const std::string to = in.arguments.value("to");
  SK_CHECK(crypto::init());
  SK_TRY(const auto server, mail_server(in.config));
  if (!server) return fail(Code::invalid_argument, "config.value", "mail.host: no server is named");
  SK_TRY(const std::string link, mail_link(in.config));
  SK_CHECK(send_trial(*server, to, link, SystemClock().now()));
  in.print(json::Object{{"to", to}, {"host", server->host}}, server->host + " が、" + to + " へのメールを受け取りました。");
  return ok();
}

}  // namespace

void add_mail_commands(std::vector<Command>& commands) { commands.push_back({"mail test", "--to ADDRESS", "お知らせのメールの設定を試す", {"to"}, {}, test}); }

}  // namespace sekisho::apps
