// The OpenAI-compatible door: /v1/models and /v1/chat/completions, by API key, streaming and not.
#include "http/call.h"

namespace sekisho::http {
namespace {

constexpr const char* kExtractiveModel = "sekisho-extractive";
constexpr auto kWait = std::chrono::seconds(10);
constexpr std::size_t kShortPrompt = 16 * 1024;  // bytes of a request whose characters the loop may count itself

// What the protocol allows and we do not use is accepted and dropped; what would change the meaning of an answer is refused.
constexpr std::string_view kIgnored[] = {"stream_options", "user", "metadata", "store", "seed", "top_p", "presence_penalty", "frequency_penalty", "max_completion_tokens", "stop"};

struct ChatBody {
  chat::CompletionIn in;
  bool stream = false;
  bool include_usage = false;
};

Result<std::string> content_of(const json::Value& content) {
  if (content.is_string()) return std::string(std::string_view(content.get_string()));
  if (!content.is_array()) return json::wrong("$.messages[].content", "string or text parts");
  std::string out;
  for (const json::Value& part : content.get_array()) {
    const auto* object = part.if_object();
    if (object == nullptr || text_member(part, "type") != "text") return fail(Code::unsupported, "openai.content", "only text parts");
    out += text_member(part, "text");
  }
  return out;
}

Result<ChatBody> read_body(const std::string& text) {
  SK_TRY(json::Value value, json::parse(text));
  if (!value.is_object()) return json::wrong("$", "object");
  json::Object& object = value.get_object();
  ChatBody out;
  if (const auto* stream = object.if_contains("stream"); stream != nullptr && !stream->is_null()) {
    if (!stream->is_bool()) return json::wrong("$.stream", "true or false");
    out.stream = stream->get_bool();
  }
  if (const auto* options = object.if_contains("stream_options"); options != nullptr && options->is_object())
    if (const auto* usage = options->get_object().if_contains("include_usage")) out.include_usage = usage->is_bool() && usage->get_bool();
  if (const auto* limit = object.if_contains("max_completion_tokens"); limit != nullptr && !object.contains("max_tokens")) object["max_tokens"] = *limit;
  if (const auto* n = object.if_contains("n"); n != nullptr && !n->is_null() && *n != 1) return fail(Code::unsupported, "openai.n", "only n = 1");
  object.erase("stream");
  object.erase("n");
  for (const std::string_view name : kIgnored) object.erase(name);
  auto* messages = object.if_contains("messages");
  if (messages == nullptr || !messages->is_array()) return json::wrong("$.messages", "array");
  for (json::Value& message : messages->get_array()) {
    if (!message.is_object() || !message.get_object().contains("content")) return json::wrong("$.messages[]", "object with role and content");
    json::Object& m = message.get_object();
    SK_TRY(const std::string content, content_of(m["content"]));
    m["content"] = content;
    m.erase("name");
    if (text_member(message, "role") == "developer") m["role"] = "system";
  }
  SK_TRY(out.in, json::read<chat::CompletionIn>(value));
  return out;
}

struct Counts {
  std::int64_t in = 0;
  std::int64_t out = 0;
};
// What the stream's last event says was counted: characters, as everywhere in this service.
Counts counts_of(const gate::Event& done) {
  Counts counts;
  if (const auto parsed = json::parse(done.data); parsed && parsed->as_object().contains("characters")) {
    counts.in = parsed->at("characters").at("in").as_int64();
    counts.out = parsed->at("characters").at("out").as_int64();
  }
  return counts;
}
json::Object usage_json(const Counts& counts) {
  return {{"prompt_tokens", counts.in}, {"completion_tokens", counts.out}, {"total_tokens", counts.in + counts.out}};
}

}  // namespace

net::Task<void> Site::openai(net::Request& request, net::Responder& responder) {
  Call call{request, responder, nullptr, {}, json::Object{}};
  auto caller = caller_of(request);
  if (caller && !std::holds_alternative<gate::ApiKey>(caller->credential)) caller = fail(Code::unauthenticated, "accounts.bad_key", "a key is needed");
  if (!caller) {
    co_await send(call, caller.error());
    co_return;
  }
  call.caller = std::move(*caller);
  if (request.path == "/v1/models" && request.method == "GET") {
    co_await openai_models(call);
  } else if (request.path == "/v1/chat/completions" && request.method == "POST") {
    co_await openai_chat(call);
  } else {
    const Error error{Code::not_found, "http.not_found", "no such route", {}, {}};
    co_await send(call, error);
  }
}

net::Task<void> Site::openai_models(Call& call) {
  auto listed = co_await run(call, "endpoints.list");
  if (!listed) {
    co_await send(call, listed.error());
    co_return;
  }
  json::Array data;
  const auto add = [&](std::string_view id, std::string_view owner) { data.push_back(json::Object{{"id", id}, {"object", "model"}, {"created", 0}, {"owned_by", owner}}); };
  add(kExtractiveModel, "sekisho");
  for (const json::Value& endpoint : listed->at("items").as_array())
    if (text_member(endpoint, "state") == "usable") add(text_member(endpoint, "name"), "endpoint");
  net::Response response = net::Response::json(200, json::serialise(json::Object{{"object", "list"}, {"data", std::move(data)}}));
  co_await send(call, std::move(response));
}

net::Task<void> Site::openai_chat(Call& call) {
  auto body = read_body(call.request.body);
  if (!body) {
    co_await send(call, body.error());
    co_return;
  }
  const std::string model = body->in.model;
  const bool streaming = body->stream;
  const bool include_usage = body->include_usage;
  auto plan = co_await open_completion(call, std::move(body->in));
  if (!plan) {
    co_await send(call, plan.error());
    co_return;
  }
  auto stream = parts_.streams.start(std::move(*plan));
  if (streaming) co_await openai_stream(call, std::move(stream), model, include_usage);
  else co_await openai_whole(call, std::move(stream), model);
}

// A short question goes from this loop to the body's writer and back; only what would hold the loop (counting a long prompt, looking for
// passages) takes a worker.
net::Task<Result<gate::Plan>> Site::open_completion(Call& call, chat::CompletionIn in) {
  const auto caller = std::make_shared<const gate::Caller>(call.caller);
  const bool is_short = call.request.body.size() <= kShortPrompt;
  auto begin = [this, &caller, &in] { return parts_.chats.begin_completion(parts_.gate, caller, std::move(in)); };
  Result<chat::Chats::Completion> begun;
  if (is_short) begun = begin();
  else begun = co_await net::offload(parts_.runtime.workers(), std::move(begin));
  if (!begun) co_return Unexpected(begun.error());
  auto recorded = co_await submit(begun->step, caller);
  if (!recorded) co_return Unexpected(recorded.error());
  if (!begun->retrieves) co_return parts_.chats.finish_completion(parts_.gate, *begun);
  auto finish = [this, &begun] { return parts_.chats.finish_completion(parts_.gate, *begun); };
  co_return co_await net::offload(parts_.runtime.workers(), std::move(finish));
}

net::Task<void> Site::openai_stream(Call& call, std::shared_ptr<gate::Stream> stream, const std::string& model, bool include_usage) {
  net::Headers headers;
  auto started = co_await call.responder.start_sse(std::move(headers), net::HeadTiming::with_first_write);
  if (!started) co_return;
  net::StreamWriter writer = *started;
  const std::string head = "{\"id\":\"chatcmpl-" + stream->id() + "\",\"object\":\"chat.completion.chunk\",\"created\":" +
                           std::to_string(parts_.gate.clock().now().micros / 1'000'000) + ",\"model\":" + json::serialise(json::Value(model));
  const std::string chunk = head + ",\"choices\":[{\"index\":0,\"delta\":";
  // This client has no way to come back for the rest: when it leaves, the model is stopped.
  call.responder.on_client_gone([this, stream] { parts_.streams.stop(*stream); });
  bool told_role = false;
  std::string piece;  // its room serves for the next one again
  const auto put = [&](const gate::Event& event) -> Status {
    if (event.name == "delta") {
      // The protocol's first piece names the role.
      piece.assign(chunk).append(std::exchange(told_role, true) ? "{" : "{\"role\":\"assistant\",");
      piece.append("\"content\":").append(json::serialise(json::Value(event.data))).append("},\"finish_reason\":null}]}");
      return writer.put_event("", 0, piece);
    }
    if (event.name == "done") {
      SK_CHECK(writer.put_event("", 0, chunk + "{},\"finish_reason\":\"stop\"}]}"));
      return include_usage ? writer.put_event("", 0, head + ",\"choices\":[],\"usage\":" + json::serialise(usage_json(counts_of(event))) + "}") : ok();
    }
    if (event.name != "error") return ok();
    const auto parsed = json::parse(event.data);
    const std::string title = parsed ? text_member(*parsed, "title") : std::string();
    const std::string key = parsed ? text_member(*parsed, "key") : std::string("internal");
    return writer.put_event("", 0, json::serialise(json::Object{{"error", json::Object{{"message", title}, {"type", "server_error"}, {"code", key}}}}));
  };
  std::uint64_t next = 1;
  Status written = ok();
  const std::function<bool()> pass_on = [&] {
    while (const auto event = stream->event(next)) {
      ++next;
      written = put(*event);
      if (!written || writer.backlog() > 0) return false;
    }
    return true;
  };
  while (written && !writer.client_gone() && !(stream->ended() && next > stream->size())) {
    co_await parts_.streams.follow(stream, kWait, pass_on);
    if (writer.backlog() > 0) written = co_await writer.drain();
  }
  call.responder.on_client_gone(nullptr);
  if (!written || writer.client_gone()) co_return;
  Status last = writer.put_event("", 0, "[DONE]");
  static_cast<void>(last);
  auto finished = co_await writer.finish();
  static_cast<void>(finished);
}

net::Task<void> Site::openai_whole(Call& call, std::shared_ptr<gate::Stream> stream, const std::string& model) {
  call.responder.on_client_gone([this, stream] { parts_.streams.stop(*stream); });
  while (!stream->ended()) co_await parts_.streams.wait(stream, stream->size() + 1, kWait);
  call.responder.on_client_gone(nullptr);
  const auto last = stream->event(stream->size());
  if (!last || last->name != "done") {
    const auto parsed = last ? json::parse(last->data) : Result<json::Value>();
    const Error error{Code::upstream, parsed ? text_member(*parsed, "key") : "internal", "the model failed", {}, {}};
    co_await send(call, error);
    co_return;
  }
  std::string text;
  for (std::uint64_t n = 1; n <= stream->size(); ++n)
    if (auto event = stream->event(n); event->name == "delta") text += event->data;
  const Counts counts = counts_of(*last);
  const json::Object choice{{"index", 0}, {"message", json::Object{{"role", "assistant"}, {"content", text}}}, {"finish_reason", "stop"}};
  const json::Object out{{"id", "chatcmpl-" + stream->id()},
                         {"object", "chat.completion"},
                         {"created", parts_.gate.clock().now().micros / 1'000'000},
                         {"model", model},
                         {"choices", json::Array{choice}},
                         {"usage", usage_json(counts)}};
  net::Response response = net::Response::json(200, json::serialise(out));
  co_await send(call, std::move(response));
}

}  // namespace sekisho::http
