// Relays /v1/chat/completions from one endpoint through our server and client and nothing else: what the transport alone costs.
//   relay_bench PORT UPSTREAM_URL        e.g. relay_bench 9210 http://127.0.0.1:9100/v1
#include <sys/resource.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdio>
#include <cstdlib>

#include "llm/client_test_access.h"
#include "llm/openai.h"
#include "net/http_server.h"

namespace {

using namespace sekisho;

Result<llm::ChatRequest> read_request(const std::string& body) {
  boost::json::error_code code;
  const auto root = boost::json::parse(body, code);
  if (code || !root.is_object()) return fail(Code::invalid_argument, "bench.body", "not a JSON object");
  const auto& object = root.get_object();
  const auto* const model = object.if_contains("model");
  const auto* const messages = object.if_contains("messages");
  if (model == nullptr || !model->is_string() || messages == nullptr || !messages->is_array())
    return fail(Code::invalid_argument, "bench.body", "no model or messages");
  llm::ChatRequest request;
  request.model = std::string(model->get_string());
  for (const auto& item : messages->get_array()) {
    if (!item.is_object() || !item.get_object().contains("role") || !item.get_object().contains("content")) continue;
    request.messages.push_back({std::string(item.at("role").as_string()), std::string(item.at("content").as_string())});
  }
  return request;
}

void write_chunk(std::string& out, const std::string& text) {
  out =
      R"(data: {"id":"chatcmpl-relay","object":"chat.completion.chunk","created":1700000000,"model":"relay",)"
      R"("choices":[{"index":0,"delta":{"content":)";
  llm::append_json_string(out, text);
  out += R"(},"finish_reason":null}]})";
  out += "\n\n";
}

struct Relay {
  llm::Endpoint endpoint;
  std::unique_ptr<llm::Client> client;

  net::Task<void> handle(net::Request& request, net::Responder& responder) {
    auto chat = read_request(request.body);
    auto stream = chat ? llm::ClientTestAccess::open(*client, endpoint, *chat) : Result<std::unique_ptr<llm::ChatStream>>(Unexpected(chat.error()));
    if (!stream) {
      net::Response page = net::default_error_page(http_status(stream.error().code), stream.error().key, &request);
      const Status sent = co_await responder.send(std::move(page));
      if (!sent) co_return;
      co_return;
    }
    llm::ChatStream* const source = stream->get();
    responder.on_client_gone([source] { source->cancel(); });
    net::Headers none;
    auto out = co_await responder.start_sse(std::move(none), net::HeadTiming::with_first_write);
    if (!out) co_return;
    std::string line;
    for (;;) {
      auto event = co_await source->next();
      if (!event) co_return;
      auto* const delta = std::get_if<llm::Delta>(&*event);
      if (delta == nullptr) break;
      write_chunk(line, delta->text);
      if (!out->put(line)) co_return;
      if (out->backlog() > 0) {
        const Status drained = co_await out->drain();
        if (!drained) co_return;
      }
    }
    const Status ended = co_await out->finish("data: [DONE]\n\n");
    if (!ended) co_return;
  }
};

int run(unsigned short port, const char* upstream) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  net::Runtime::Options threads;
  threads.stop_on_signals = true;
  auto runtime = net::Runtime::create(threads);
  if (!runtime) return 1;
  Relay relay;
  relay.endpoint.url = upstream;
  auto client = llm::Client::create((*runtime)->executor());
  if (!client) return 1;
  relay.client = std::move(*client);
  net::HttpServer::Options options;
  options.port = port;
  auto server =
      net::HttpServer::create(**runtime, std::move(options), [&relay](net::Request& q, net::Responder& r) { return relay.handle(q, r); });
  if (!server) {
    std::fprintf(stderr, "%s\n", to_string(server.error()).c_str());
    return 1;
  }
  (*server)->start();
  (*runtime)->wait_for_stop();
  return (*server)->stop(std::chrono::milliseconds(500)) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return run(static_cast<unsigned short>(std::atoi(argv[1])), argv[2]);
}
