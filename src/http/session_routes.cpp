// Login, the wait for it, and logout: the only routes that touch the cookie.
//
// Passwords are compared by the hash pool, which no worker waits for. A client that sends "Prefer: respond-async" and is not served at
// once gets 202 with a ticket and its place, and asks again with the ticket (POST /api/v1/session/turn); every other client's request stays
// open until its turn.
#include "core/log.h"
#include "http/call.h"
#include "http/waiting_logins.h"
#include "net/cookies.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kCookie = "__Host-sekisho";
constexpr auto kTurnWait = std::chrono::milliseconds(1000);
constexpr auto kLongestWait = std::chrono::seconds(120);

bool loopback(std::string_view host) {
  const std::string_view name = host.substr(0, host.rfind(':'));
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

net::Response place_in_queue(const std::string& ticket, std::size_t ahead) {
  net::Response response = net::Response::json(202, json::serialise(json::Object{{"ticket", ticket}, {"ahead", ahead}}));
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Preference-Applied", "respond-async");
  return response;
}

}  // namespace

// Queues the comparison. The error is the answer: wrong input, a lock, a full queue.
net::Task<Result<std::shared_ptr<WaitingLogin>>> Site::ask_login(Call& call) {
  auto in = json::read<accounts::LoginIn>(call.input);
  if (!in) co_return Unexpected(in.error());
  auto waiting = std::make_shared<WaitingLogin>();
  waiting->caller = call.caller;
  waiting->login = in->login;
  waiting->agent = std::string(call.request.headers.get("User-Agent"));
  // The pool holds the login weakly: a client that gave up leaves nothing behind.
  const std::weak_ptr<WaitingLogin> held = waiting;
  auto work = [this, waiting, held, password = std::move(in->password)]() mutable -> Status {
    auto done = [held] {
      const auto login = held.lock();
      if (!login) return;
      login->done.store(true);
      login->event.set();
    };
    SK_TRY(waiting->asked, parts_.accounts.ask_proof(waiting->caller, waiting->login, std::move(password), parts_.gate.clock().now(), std::move(done)));
    return ok();
  };
  auto asked = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!asked) co_return Unexpected(asked.error());
  co_return waiting;
}

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
  if (!listener_of(call.request).tls && !call.request.tls && !loopback(call.request.headers.get("Host"))) {
    const Error error{Code::denied, "http.tls_required", "login over plain HTTP", "11(1)ケ", "head"};
    co_await send(call, error);
    co_return;
  }
  if (!serves(*found->second, call.request)) {
    const Error error{Code::denied, "http.segment", "the body has no such segment", "8(1)ア", "head"};
    co_await send(call, error);
    co_return;
  }
  call.caller = {found->second, gate::Nobody{}, found->second->segment(listener_of(call.request).segment), call.request.request_id, call.request.peer, origin_of(call.request)};
  auto waiting = co_await ask_login(call);
  if (!waiting) {
    co_await send(call, waiting.error());
    co_return;
  }
  const std::size_t ahead = parts_.accounts.pool().ahead((*waiting)->asked.turn);
  if (ahead > 0 && call.request.headers.lists("Prefer", "respond-async")) {
    net::Response response = place_in_queue(waiting_logins_->put(*waiting), ahead);
    co_await send(call, std::move(response));
    co_return;
  }
  net::Event event = (*waiting)->event;
  call.responder.on_client_gone([event]() mutable { event.set(); });
  const auto until = std::chrono::steady_clock::now() + kLongestWait;
  while (!(*waiting)->done.load() && !call.responder.client_gone() && std::chrono::steady_clock::now() < until) co_await (*waiting)->event.wait_for(kTurnWait);
  call.responder.on_client_gone(nullptr);
  if (!(*waiting)->done.load()) {
    const Error error{Code::unavailable, "accounts.queue_full", "waited too long for a turn", {}, {}};
    co_await send(call, error);
    co_return;
  }
  co_await finish_login(call, *waiting);
}

net::Task<void> Site::login_turn(Call& call) {
  const std::string ticket = text_member(call.input, "ticket");
  const auto waiting = waiting_logins_->find(ticket, call.request.peer);
  if (!waiting) {
    const Error error{Code::unauthenticated, "accounts.turn_over", "no such ticket", "9(4)イ", {}};
    co_await send(call, error);
    co_return;
  }
  if (!waiting->done.load() && !waiting->watched.exchange(true)) {
    co_await waiting->event.wait_for(kTurnWait);
    waiting->watched.store(false);
  }
  if (!waiting->done.load()) {
    net::Response response = place_in_queue(ticket, parts_.accounts.pool().ahead(waiting->asked.turn));
    co_await send(call, std::move(response));
    co_return;
  }
  if (!waiting_logins_->take(ticket)) {
    const Error error{Code::unauthenticated, "accounts.turn_over", "taken by another request", "9(4)イ", {}};
    co_await send(call, error);
    co_return;
  }
  call.caller = waiting->caller;
  co_await finish_login(call, waiting);
}

net::Task<void> Site::finish_login(Call& call, std::shared_ptr<WaitingLogin> waiting) {
  auto work = [this, waiting]() -> Result<accounts::LoginOut> {
    accounts::LoginIn in;
    in.login = waiting->login;
    in.proof = waiting->asked.proof;
    in.agent = waiting->agent;
    return parts_.gate.run(parts_.accounts.open_session(), waiting->caller, std::move(in));
  };
  auto result = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!result) {
    co_await send(call, result.error());
    co_return;
  }
  const std::string token = waiting->caller.body->code + "." + result->token;
  const net::CookieOptions options;
  auto cookie = net::make_set_cookie(kCookie, token, options);
  if (!cookie) {
    co_await send(call, cookie.error());
    co_return;
  }
  net::Response response = net::Response::json(200, json::serialise(json::to_value(result->session)));
  response.headers.set("Set-Cookie", *cookie);
  response.headers.set("Cache-Control", "no-store");
  co_await send(call, std::move(response));
}

// Logging out and locking the screen: both end the session and take the cookie away.
net::Task<void> Site::logout(Call& call) {
  auto result = co_await run(call, call.route->operation);
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

// A long answer goes on only while its reader has rights: looked at when somebody's ended, wherever it was.
net::Task<bool> Site::still_open(Call& call, std::uint64_t& seen) {
  const std::uint64_t now = ends();
  if (now == seen) co_return true;
  seen = now;
  auto look = [this, &call]() -> Result<bool> {
    SK_TRY(auto tx, call.caller.body->db->begin_read());
    SK_TRY(const auto person, parts_.accounts.authenticate(*tx, call.caller, parts_.gate.clock().now()));
    return person.has_value();
  };
  const auto open = co_await net::offload(parts_.runtime.workers(), std::move(look));
  co_return open && *open;
}

}  // namespace sekisho::http
