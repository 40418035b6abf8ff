// Login and logout: the only routes that touch the cookie.
#include "core/log.h"
#include "http/call.h"
#include "net/cookies.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kCookie = "__Host-sekisho";

bool loopback(std::string_view host) {
  const std::string_view name = host.substr(0, host.rfind(':'));
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

}  // namespace

net::Task<void> Site::login(Call& call) {
  json::Object& object = call.input.get_object();
  std::string code = text_member(call.input, "body");
  object.erase("body");
  if (code.empty() && parts_.bodies.size() == 1) code = parts_.bodies.begin()->first;
  const auto found = parts_.bodies.find(code);
  if (found == parts_.bodies.end()) {
    const Error error{Code::unauthenticated, "accounts.wrong_password", "unknown body", "9(4)イ", {}};
    co_await send(call, error);
    co_return;
  }
  // A browser keeps a Secure cookie only over TLS or on the machine itself; to hand out a session that cannot come back helps nobody.
  if (!parts_.settings.tls && !call.request.tls && !loopback(call.request.headers.get("Host"))) {
    const Error error{Code::denied, "http.tls_required", "login over plain HTTP", "11(1)ケ", "head"};
    co_await send(call, error);
    co_return;
  }
  call.caller = {found->second, gate::Nobody{}, found->second->listener_segment, call.request.request_id, call.request.peer};
  auto result = co_await run(call, "session.open");
  if (!result) {
    co_await send(call, result.error());
    co_return;
  }
  const json::Object& out = result->get_object();
  const std::string token = code + "." + text_member(*result, "token");
  const net::CookieOptions options;
  auto cookie = net::make_set_cookie(kCookie, token, options);
  if (!cookie) {
    co_await send(call, cookie.error());
    co_return;
  }
  net::Response response = net::Response::json(200, json::serialise(out.at("session")));
  response.headers.set("Set-Cookie", *cookie);
  response.headers.set("Cache-Control", "no-store");
  co_await send(call, std::move(response));
}

net::Task<void> Site::logout(Call& call) {
  auto result = co_await run(call, "session.close");
  if (!result) {
    co_await send(call, result.error());
    co_return;
  }
  net::CookieOptions options;
  options.max_age_seconds = 0;
  auto cookie = net::make_set_cookie(kCookie, "", options);
  net::Response response = net::Response::json(200, "{}");
  if (cookie) response.headers.set("Set-Cookie", *cookie);
  co_await send(call, std::move(response));
}

}  // namespace sekisho::http
