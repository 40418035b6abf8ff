#include "http/site.h"

#include <charconv>

#include "core/log.h"
#include "crypto/hash.h"
#include "http/call.h"
#include "http/waiting_logins.h"

namespace sekisho::http {
namespace {

constexpr std::string_view kCookie = "__Host-sekisho";
constexpr std::uint64_t kJsonBytes = 1 << 20;
// A prompt over the character limit still arrives whole, so that it gets its own clear refusal.
constexpr std::uint64_t kPolicyBytes = 12u << 20;  // a document of 8 MiB in base64
constexpr std::uint64_t kPromptBytes = 32u << 20;

bool changes_something(std::string_view method) { return method != "GET" && method != "HEAD"; }

// Query parameters that are numbers; all others are text.
Result<json::Value> query_value(std::string_view name, const std::string& text) {
  if (name != "limit" && name != "days" && name != "seq" && name != "old_size" && name != "year" && name != "fiscal_year") return json::Value(text);
  int number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return fail(Code::invalid_argument, "json.shape", std::string(name) + ": expected integer");
  return json::Value(number);
}

// As net::offload, on the hash pool: slow work waits its turn among the logins, not before other people's requests.
net::Task<Result<json::Value>> on_hash_pool(accounts::HashPool& pool, std::string source, std::function<Result<json::Value>()> work) {
  Result<json::Value> result;
  net::Event done;
  std::function<void()> job = [&result, &work, done]() mutable {
    try {
      result = work();
    } catch (...) {
      result = Unexpected(net::detail::from_exception());
    }
    done.set();
  };
  const auto turn = pool.submit(source, std::move(job));
  if (!turn) co_return Unexpected(turn.error());
  co_await done.wait_settled();
  co_return std::move(result);
}

}  // namespace

Site::Site(Parts parts) : parts_(std::move(parts)), waiting_logins_(std::make_unique<WaitingLogins>()) {}
Site::~Site() = default;

net::BodyPlan Site::body_plan(const net::Request& request) const {
  using Mode = net::BodyPlan::Mode;
  // Who may not come may not send either.
  if (!admitted_source(request, listener_of(request))) return {Mode::buffer, 0};
  if (request.path.starts_with("/v1/")) return {Mode::buffer, kPromptBytes};
  const Match m = match(request.method, request.path);
  if (m.route == nullptr) return {Mode::buffer, 0};
  if (m.route->special == Special::upload_file) return {Mode::buffer, parts_.settings.max_upload_bytes};
  if (m.route->special == Special::ask) return {Mode::buffer, kPromptBytes};
  for (const char* file : {"policies.import", "office.attach", "policies.oscal_import", "policies.oscal_preview", "policies.table_import", "policies.table_preview"})
    if (m.route->operation == file) return {Mode::buffer, kPolicyBytes};
  return {Mode::buffer, kJsonBytes};
}

net::Response Site::refused(const net::Request& request, const Error& error) const {
  if (error.code == Code::internal || error.code == Code::corrupt || error.code == Code::unavailable) log::error("http.failed", error);
  if (request.path.starts_with("/v1/")) return openai_problem(error, parts_.messages);
  return problem(error, parts_.messages, request.request_id);
}

net::Response Site::error_page(int status, std::string_view key, const net::Request* request) const {
  net::Response out = net::default_error_page(status, key, request);
  add_security_headers(out);
  return out;
}

std::string Site::origin_of(const net::Request& request) const {
  return (request.tls || listener_of(request).tls ? "https://" : "http://") + std::string(request.headers.get("Host"));
}

Result<gate::Caller> Site::caller_of(const net::Request& request) const {
  gate::Caller caller{nullptr, gate::Nobody{}, 0, request.request_id, request.peer, origin_of(request)};
  std::string body;
  if (const std::string_view authorization = request.headers.get("Authorization"); authorization.starts_with("Bearer ")) {
    const std::string_view key = authorization.substr(7);
    if (!key.starts_with("sk-")) return fail(Code::unauthenticated, "accounts.bad_key", "not a key of this service");
    body = std::string(key.substr(3, key.find('-', 3) - 3));
    caller.credential = gate::ApiKey{std::string(key)};
  } else if (const std::string_view cookie = request.cookie(kCookie); !cookie.empty()) {
    const std::size_t dot = cookie.find('.');
    if (dot == std::string_view::npos) return fail(Code::unauthenticated, "policy.not_signed_in", "malformed cookie");
    body = std::string(cookie.substr(0, dot));
    caller.credential = gate::SessionToken{std::string(cookie.substr(dot + 1))};
  } else {
    return fail(Code::unauthenticated, "policy.not_signed_in", "no session");
  }
  const auto found = parts_.bodies.find(body);
  if (found == parts_.bodies.end()) return fail(Code::unauthenticated, "policy.not_signed_in", "unknown body");
  caller.body = found->second;
  if (!serves(*found->second, request)) return fail(Error{Code::denied, "http.segment", "the body has no such segment", "8(1)ア", "head"});
  caller.segment = found->second->segment(listener_of(request).segment);
  return caller;
}

bool Site::serves(const gate::Body& body, const net::Request& request) const {
  return body.segments.empty() || body.segment(listener_of(request).segment) != 0;
}

// Cross-site requests cannot set our header, and a browser that sends Origin must name us.
Status Site::check_origin(const net::Request& request, const gate::Caller& caller) const {
  const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
  if (session == nullptr || !changes_something(request.method)) return ok();
  if (const std::string_view origin = request.headers.get("Origin"); !origin.empty()) {
    const std::string_view host = request.headers.get("Host");
    const std::size_t scheme = origin.find("://");
    if (scheme == std::string_view::npos || origin.substr(scheme + 3) != host)
      return fail(Error{Code::denied, "http.cross_site", "foreign origin", "11(2)ア(ア)", "head"});
  }
  SK_TRY(auto tx, caller.body->db->begin_read());
  SK_TRY(const auto csrf, accounts::csrf_of(*tx, session->token));
  if (!csrf) return fail(Code::unauthenticated, "policy.not_signed_in", "no such session");
  if (!crypto::equal(*csrf, request.headers.get("X-Sekisho-Csrf")))
    return fail(Error{Code::denied, "http.csrf", "missing or wrong token", "11(2)ア(ア)", "head"});
  return ok();
}

Result<json::Value> Site::input_of(const net::Request& request, const Match& m) const {
  json::Value value = json::Object{};
  const bool raw = m.route->special == Special::upload_file;
  if (!raw && !request.body.empty()) {
    SK_TRY(value, json::parse(request.body));
    if (!value.is_object()) return json::wrong("$", "object");
  }
  json::Object& object = value.get_object();
  for (const auto& [name, text] : request.query) {
    if (object.contains(name)) return json::wrong("$." + name, "member once");
    SK_TRY(object[name], query_value(name, text));
  }
  for (const auto& [name, text] : m.parameters) {
    if (object.contains(name)) return json::wrong("$." + name, "member once");
    object[name] = text;
  }
  return value;
}

net::Task<void> Site::send(Call& call, net::Response response) {
  add_security_headers(response);
  auto sent = co_await call.responder.send(std::move(response));
  static_cast<void>(sent);  // a client that left cannot be told
}

net::Task<void> Site::send(Call& call, const Error& error) {
  if (parts_.on_refused && call.caller.body != nullptr) parts_.on_refused(call.caller.body->code, error, call.caller.peer);
  net::Response response = refused(call.request, in_words(error, call.caller.body));
  co_await send(call, std::move(response));
}

net::Task<Result<json::Value>> Site::run(Call& call, std::string_view operation_name) {
  const gate::Entry* entry = parts_.registry.find(operation_name);
  if (entry == nullptr) co_return fail(Code::internal, "internal", "route without operation " + std::string(operation_name));
  auto out = std::make_shared<json::Value>();
  auto step = entry->bind(call.input, out);
  if (!step) co_return Unexpected(step.error());
  const bool slow = step->prepare != nullptr;
  auto work = [this, &call, out, bound = std::move(*step)]() -> Result<json::Value> {
    SK_CHECK(check_origin(call.request, call.caller));
    SK_CHECK(parts_.gate.execute(bound, call.caller));
    return std::move(*out);
  };
  if (slow) {
    std::function<Result<json::Value>()> job = std::move(work);
    co_return co_await on_hash_pool(parts_.accounts.pool(), call.caller.peer, std::move(job));
  }
  co_return co_await net::offload(parts_.runtime.workers(), std::move(work));
}

// As net::offload, without a thread that waits: the body's writer does the work and wakes this loop when it is durable.
net::Task<Status> Site::submit(std::shared_ptr<const gate::Step> step, std::shared_ptr<const gate::Caller> caller) {
  const auto outcome = std::make_shared<Status>();
  net::Event done;
  std::function<void(Status)> told = [outcome, done](Status status) mutable {
    *outcome = std::move(status);
    done.set();
  };
  parts_.gate.submit(std::move(step), std::move(caller), std::move(told));
  co_await done.wait_settled();
  co_return std::move(*outcome);
}

net::Task<void> Site::operation(Call& call) {
  auto result = co_await run(call, call.route->operation);
  if (!result) {
    co_await send(call, result.error());
    co_return;
  }
  net::Response response = net::Response::json(200, json::serialise(*result));
  response.headers.set("Cache-Control", "no-store");
  co_await send(call, std::move(response));
}

net::Task<void> Site::handle(net::Request& request, net::Responder& responder) {
  requests_.fetch_add(1, std::memory_order_relaxed);
  Call call{request, responder, nullptr, {}, {}};
  const auto source = admitted_source(request, listener_of(request));
  if (!source) {
    co_await send(call, source.error());
    co_return;
  }
  request.peer = source->text();
  if (request.path.starts_with("/api/v1/")) {
    co_await api(request, responder);
  } else if (request.path.starts_with("/v1/")) {
    co_await openai(request, responder);
  } else if (request.method != "GET" && request.method != "HEAD") {
    const Error error{Code::not_found, "http.not_found", "no such route", {}, {}};
    co_await send(call, error);
  } else if (request.path == "/healthz") {
    net::Response response = net::Response::text(200, "text/plain; charset=utf-8", "ok\n");
    co_await send(call, std::move(response));
  } else if (request.path == "/readyz") {
    net::Response response = ready(may_see_metrics(request));
    co_await send(call, std::move(response));
  } else if (request.path == "/metrics" && !may_see_metrics(request)) {
    const Error error{Code::denied, "http.metrics", "not from metrics.sources", "11(2)ア(ア)", "head"};
    co_await send(call, error);
  } else if (request.path == "/metrics") {
    net::Response response = metrics();
    co_await send(call, std::move(response));
  } else if (request.path == "/api/openapi.yaml") {
    net::Response response = net::Response::text(200, "application/yaml; charset=utf-8", parts_.settings.openapi);
    co_await send(call, std::move(response));
  } else {
    net::Response response = parts_.files.serve(request);
    co_await send(call, std::move(response));
  }
}

net::Task<void> Site::api(net::Request& request, net::Responder& responder) {
  Call call{request, responder, nullptr, {}, {}};
  const Match m = match(request.method, request.path);
  if (m.route == nullptr) {
    Error error{Code::not_found, "http.not_found", "no such route", {}, {}};
    if (m.path_known) error = Error{Code::invalid_argument, "http.method", "method not served here", {}, {}};
    co_await send(call, error);
    co_return;
  }
  call.route = m.route;
  if (m.route->special == Special::bodies) {
    json::Array items;
    // Before login, for the choice on the login page: code and display name, and only of bodies that this segment can log in to.
    for (const auto& [code, body] : parts_.bodies)
      if (serves(*body, request)) items.push_back(json::Object{{"code", code}, {"name", body->words.load()->name}, {"banner", parts_.settings.login_banner}});
    net::Response response = net::Response::json(200, json::serialise(json::Object{{"items", std::move(items)}}));
    co_await send(call, std::move(response));
    co_return;
  }
  auto input = input_of(request, m);
  if (!input) {
    co_await send(call, input.error());
    co_return;
  }
  call.input = std::move(*input);
  if (m.route->special == Special::login) {
    co_await login(call);
    co_return;
  }
  if (m.route->special == Special::login_turn) {
    co_await login_turn(call);
    co_return;
  }
  auto caller = caller_of(request);
  if (!caller) {
    co_await send(call, caller.error());
    co_return;
  }
  call.caller = std::move(*caller);
  switch (m.route->special) {
    case Special::logout: co_await logout(call); break;
    case Special::ask: co_await ask(call); break;
    case Special::draft: co_await draft(call); break;
    case Special::read_stream: co_await read_stream(call); break;
    case Special::stop_stream: co_await stop_stream(call); break;
    case Special::export_message: co_await export_message(call); break;
    case Special::upload_file: co_await upload_file(call); break;
    case Special::upload_events: co_await upload_events(call); break;
    case Special::document_content: co_await document_content(call); break;
    case Special::endpoint_test: co_await endpoint_test(call); break;
    case Special::stop_set: co_await stop_set(call); break;
    default: co_await operation(call); break;
  }
}

bool Site::may_see_metrics(const net::Request& request) const {
  const auto source = Address::parse(request.peer);  // set by handle()
  return source && contains(parts_.settings.metrics_sources, *source);
}

net::Response Site::ready(bool details) const {
  json::Object out{{"ready", true}};
  if (details) {
    json::Object logs;
    for (const auto& [code, body] : parts_.bodies) logs[code] = body->writer->status().size;
    out["log_size"] = std::move(logs);
  }
  return net::Response::json(200, json::serialise(out));
}

net::Response Site::metrics() const {
  std::string out = "# TYPE sekisho_requests_total counter\nsekisho_requests_total " + std::to_string(requests_.load()) + "\n";
  out += "# TYPE sekisho_log_leaves gauge\n";
  for (const auto& [code, body] : parts_.bodies) out += "sekisho_log_leaves{body=\"" + code + "\"} " + std::to_string(body->writer->status().size) + "\n";
  return net::Response::text(200, "text/plain; version=0.0.4", std::move(out));
}

}  // namespace sekisho::http
