// log witness: co-signs other hosts' heads (C2SP tlog-witness). Runs beside nothing else of this program: no data folder, no body.
#include <cstdio>

#include "apps/command.h"
#include "core/log.h"
#include "crypto/random.h"
#include "net/http_server.h"
#include "outside/witness.h"

namespace sekisho::apps {
namespace {

constexpr std::uint64_t kMaxRequest = 512 * 1024;

net::Task<void> answer(net::Runtime& runtime, outside::Witness& witness, net::Request& request, net::Responder& responder) {
  net::Response response;
  if (request.path == "/healthz" && request.method == "GET") {
    response = net::Response::text(200, "text/plain; charset=utf-8", "ok\n");
  } else if (request.path != "/add-checkpoint") {
    response = net::Response::text(404, "text/plain; charset=utf-8", "not found\n");
  } else if (request.method != "POST") {
    response = net::Response::text(405, "text/plain; charset=utf-8", "POST\n");
  } else {
    const auto work = [&witness, &request] { return witness.add_checkpoint(request.body); };
    auto said = co_await net::offload(runtime.workers(), work);
    outside::WitnessAnswer out = said ? std::move(*said) : outside::WitnessAnswer{503, "text/plain; charset=utf-8", "busy\n"};
    response = net::Response::text(out.status, out.type, std::move(out.body));
  }
  const Status sent = co_await responder.send(std::move(response));
  if (!sent) log::debug("witness.client_gone");
}

Result<net::HttpServer::Options> listen_options(const Arguments& arguments) {
  net::HttpServer::Options out;
  const std::string listen = arguments.value("listen", "127.0.0.1:8090");
  const auto colon = listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos || std::stoi(port) > 65535)
    return fail(Code::invalid_argument, "usage", "--listen は アドレス:ポート です");
  out.address = listen.substr(0, colon);
  if (out.address.starts_with('[') && out.address.ends_with(']')) out.address = out.address.substr(1, out.address.size() - 2);
  out.port = static_cast<std::uint16_t>(std::stoi(port));
  out.tls = {arguments.value("certificate"), arguments.value("key")};
  out.limits.max_connections = 200;
  out.body_policy = [](const net::Request&) { return net::BodyPlan{net::BodyPlan::Mode::buffer, kMaxRequest}; };
  return out;
}

Status log_witness(Invocation& in) {
  SK_CHECK(crypto::init());
  SK_TRY(const std::string state, in.arguments.need("state"));
  SK_TRY(const std::string name, in.arguments.need("name"));
  SK_TRY(const std::string trust, in.arguments.need("trust"));
  SK_TRY(const std::string text, read_file(trust, 64 * 1024));
  SK_TRY(auto policy, tlog::TrustPolicy::parse(text).context(trust));
  SystemClock clock;
  SK_TRY(auto witness, outside::Witness::open(state, name, std::move(policy), clock));
  SK_TRY(auto options, listen_options(in.arguments));
  net::Runtime::Options threads;
  threads.workers = 2;
  threads.stop_on_signals = true;
  SK_TRY(auto runtime, net::Runtime::create(threads));
  net::Runtime* const shared = runtime.get();
  outside::Witness* const signer = witness.get();
  const std::string scheme = options.tls.certificate_chain.empty() ? "http://" : "https://";
  const std::string host = options.address.find(':') == std::string::npos ? options.address : "[" + options.address + "]";
  SK_TRY(auto server, net::HttpServer::create(*runtime, std::move(options),
                                              [shared, signer](net::Request& request, net::Responder& responder) { return answer(*shared, *signer, request, responder); }));
  server->start();
  const std::string url = scheme + host + ":" + std::to_string(server->port());
  const std::string line = "witness " + name + " " + witness->key().text() + " " + url;
  in.print(json::Object{{"url", url}, {"key", witness->key().text()}, {"line", line}}, "立会いのホストとして " + url + " で待ち受けています。記録の側の witness.file に書く行:\n" + line + "\n止めるには Ctrl-C。");
  std::fflush(stdout);
  runtime->wait_for_stop();
  server->stop(std::chrono::seconds(2));
  return ok();
}

}  // namespace

void add_witness_commands(std::vector<Command>& commands) {
  commands.push_back({"log witness", "--name NAME --state DIR --trust FILE [--listen ADDRESS:PORT] [--certificate PEM --key PEM]", "立会いのホストとして、ほかのホストの記録の先頭に署名する",
                      {"name", "state", "trust", "listen", "certificate", "key"}, {}, log_witness});
}

}  // namespace sekisho::apps
