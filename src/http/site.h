// Site: HTTP in front of the gate. Translates requests into operations and results into answers; decides nothing itself.
//
// A caller is known by the session cookie "__Host-sekisho" (value: <body>.<token>) or by "Authorization: Bearer sk-<body>-…". Requests
// that change something and come with a cookie need the header X-Sekisho-Csrf, and an Origin that is our own when one is sent.
// The listener that took a request decides its segment; its source address must be one that the listener admits (source.h).
// Threads: handle() runs on the event loop; every operation runs on a worker.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "features/accounts/operations.h"
#include "features/chat/operations.h"
#include "features/drafts/drafts.h"
#include "features/library/library.h"
#include "features/stops/stops.h"
#include "gate/run.h"
#include "gate/stream.h"
#include "http/problem.h"
#include "http/routes.h"
#include "http/source.h"
#include "http/static_files.h"
#include "net/http_server.h"

namespace sekisho::http {

struct SiteSettings {
  std::uint64_t max_upload_bytes = 100u << 20;
  Networks metrics_sources;  // may read /metrics and what /readyz knows
  std::string login_banner;
  std::string openapi;  // the text of api/openapi.yaml
};

struct Parts {
  net::Runtime& runtime;
  gate::Gate& gate;
  gate::Registry& registry;
  gate::Streams& streams;
  accounts::Accounts& accounts;
  chat::Chats& chats;
  drafts::Drafts& drafts;
  library::Library& library;
  stops::Stops& stops;
  std::map<std::string, gate::Body*> bodies;
  std::vector<Listener> listeners;  // by Request::listener
  Messages messages;
  StaticFiles files;
  SiteSettings settings;
  // What was refused to whom: for whoever watches for what goes on. Not called for what a caller without a body asks.
  std::function<void(const std::string& body, const Error& error, const std::string& source)> on_refused;
  // Grows when something was switched for somebody; with Accounts::ends() it says when a stream must look again.
  std::function<std::uint64_t()> turned;
};

class WaitingLogins;
struct WaitingLogin;

class Site {
 public:
  explicit Site(Parts parts);
  ~Site();
  net::Task<void> handle(net::Request& request, net::Responder& responder);
  net::BodyPlan body_plan(const net::Request& request) const;
  net::Response error_page(int status, std::string_view key, const net::Request* request) const;

 private:
  struct Call;  // one request with its route, caller and input
  using Reply = net::Task<void>;

  net::Response refused(const net::Request& request, const Error& error) const;
  const Listener& listener_of(const net::Request& request) const { return parts_.listeners.at(request.listener); }
  // The bodies that are served in this request's segment.
  bool serves(const gate::Body& body, const net::Request& request) const;
  std::string origin_of(const net::Request& request) const;
  Result<gate::Caller> caller_of(const net::Request& request) const;
  Status check_origin(const net::Request& request, const gate::Caller& caller) const;
  Result<json::Value> input_of(const net::Request& request, const Match& match) const;
  Reply api(net::Request& request, net::Responder& responder);
  Reply operation(Call& call);
  Reply login(Call& call);
  Reply login_turn(Call& call);
  Reply finish_login(Call& call, std::shared_ptr<WaitingLogin> waiting);
  net::Task<Result<std::shared_ptr<WaitingLogin>>> ask_login(Call& call);
  Reply logout(Call& call);
  Reply ask(Call& call);
  Reply draft(Call& call);
  Reply read_stream(Call& call);
  Reply stop_stream(Call& call);
  Reply export_message(Call& call);
  Reply upload_file(Call& call);
  Reply upload_events(Call& call);
  Reply document_content(Call& call);
  Reply endpoint_test(Call& call);
  Reply stop_set(Call& call);
  Reply send(Call& call, net::Response response);
  Reply send(Call& call, const Error& error);
  Reply send_stream(Call& call, std::shared_ptr<gate::Stream> stream, std::uint64_t after);
  net::Task<Result<json::Value>> run(Call& call, std::string_view operation_name);
  net::Task<Status> submit(std::shared_ptr<const gate::Step> step, std::shared_ptr<const gate::Caller> caller);
  std::uint64_t ends() const { return parts_.accounts.ends() + (parts_.turned ? parts_.turned() : 0); }
  net::Task<bool> still_open(Call& call, std::uint64_t& seen);
  net::Task<Result<std::shared_ptr<gate::Stream>>> own_stream(Call& call);

  Reply openai(net::Request& request, net::Responder& responder);
  Reply openai_models(Call& call);
  Reply openai_chat(Call& call);
  net::Task<Result<gate::Plan>> open_completion(Call& call, chat::CompletionIn in);
  Reply openai_stream(Call& call, std::shared_ptr<gate::Stream> stream, const std::string& model, bool include_usage);
  Reply openai_whole(Call& call, std::shared_ptr<gate::Stream> stream, const std::string& model);
  net::Response metrics() const;
  net::Response ready(bool details) const;
  bool may_see_metrics(const net::Request& request) const;

  Parts parts_;
  std::unique_ptr<WaitingLogins> waiting_logins_;
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace sekisho::http
