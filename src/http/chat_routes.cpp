// Answers as server-sent events: asking, reading again after a lost connection, stopping; and an answer as a file.
#include <algorithm>
#include <charconv>

#include "core/bytes.h"
#include "http/call.h"

namespace sekisho::http {
namespace {

// How often a long answer looks whether its reader still has rights.
constexpr auto kWait = std::chrono::milliseconds(500);

std::string delta_json(std::string_view text) { return "{\"text\":" + json::serialise(json::Value(text)) + "}"; }

// RFC 5987: the name in UTF-8 for every browser of the last ten years.
std::string attachment(std::string_view name) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = "attachment; filename*=UTF-8''";
  for (const char c : name) {
    const auto b = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[b >> 4];
      out += kHex[b & 15];
    }
  }
  return out;
}

}  // namespace

namespace {

// A long answer's last event carries the whole message: it goes out in slices, so that the connection's buffer stays small.
constexpr std::size_t kSlice = 256 * 1024;

net::Task<Status> send_long_event(net::StreamWriter writer, std::string_view name, std::uint64_t number, const std::string& data) {
  const std::string whole = "id: " + std::to_string(number) + "\nevent: " + std::string(name) + "\ndata: " + data + "\n\n";
  for (std::size_t at = 0; at < whole.size(); at += kSlice) {
    const std::string_view slice = std::string_view(whole).substr(at, kSlice);
    auto written = co_await writer.write(slice);
    if (!written) co_return written;
  }
  co_return ok();
}

std::string data_of(const gate::Event& event) { return event.name == "delta" ? delta_json(event.data) : event.data; }

// An answer is read where it was asked: its question, and all that it is made of, come from the segments of that session.
bool asked_here(const gate::Stream& stream, const gate::Caller& caller) {
  const auto here = caller.body->codes_of(caller.segment);
  const auto& there = stream.touched().segments;
  return std::all_of(there.begin(), there.end(), [&](const std::string& code) { return std::find(here.begin(), here.end(), code) != here.end(); });
}

}  // namespace

net::Task<void> Site::send_stream(Call& call, std::shared_ptr<gate::Stream> stream, std::uint64_t after) {
  net::Headers headers;
  auto started = co_await call.responder.start_sse(std::move(headers), net::HeadTiming::with_first_write);
  if (!started) co_return;
  net::StreamWriter writer = *started;
  std::uint64_t ends = this->ends();
  std::uint64_t next = after + 1;
  Status written = ok();
  // Up to what takes time: a slow client, an event too long for one write, rights that may have ended.
  const std::function<bool()> pass_on = [&] {
    for (auto event = stream->event(next); event; event = stream->event(next)) {
      const std::string data = data_of(*event);
      if (data.size() > kSlice || this->ends() != ends) return false;
      written = writer.put_event(event->name, next++, data);
      if (!written || writer.backlog() > 0) return false;
    }
    return true;
  };
  while (!writer.client_gone() && !(stream->ended() && next > stream->size())) {
    const bool open = co_await still_open(call, ends);
    if (!open) co_return;  // cut, not finished: the answer is not whole for this reader
    co_await parts_.streams.follow(stream, kWait, pass_on);
    if (written && writer.backlog() > 0) written = co_await writer.drain();
    if (!written) co_return;
    const auto event = stream->event(next);
    if (!event) continue;
    const std::string data = data_of(*event);
    if (data.size() <= kSlice) continue;
    auto sent = co_await send_long_event(writer, event->name, next++, data);
    if (!sent) co_return;
  }
  auto finished = co_await writer.finish();
  static_cast<void>(finished);
}

net::Task<void> Site::ask(Call& call) {
  auto work = [this, &call]() -> Result<chat::Asked> {
    SK_CHECK(check_origin(call.request, call.caller));
    SK_TRY(auto in, json::read<chat::AskIn>(call.input));
    return parts_.chats.ask(parts_.gate, call.caller, std::move(in));
  };
  auto asked = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!asked) {
    co_await send(call, asked.error());
    co_return;
  }
  auto stream = parts_.streams.start(std::move(asked->plan));
  co_await send_stream(call, std::move(stream), 0);
}

net::Task<void> Site::draft(Call& call) {
  auto work = [this, &call]() -> Result<gate::Plan> {
    SK_CHECK(check_origin(call.request, call.caller));
    SK_TRY(auto in, json::read<drafts::DraftIn>(call.input));
    return parts_.drafts.begin(parts_.gate, call.caller, std::move(in));
  };
  auto plan = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!plan) {
    co_await send(call, plan.error());
    co_return;
  }
  auto stream = parts_.streams.start(std::move(*plan));
  co_await send_stream(call, std::move(stream), 0);
}

// The stream of this person in this segment, or not_found for every other id.
net::Task<Result<std::shared_ptr<gate::Stream>>> Site::own_stream(Call& call) {
  const std::string id = text_member(call.input, "id");
  call.input = json::Object{};  // describing the session takes no input
  auto described = co_await run(call, "session.describe");
  if (!described) co_return Unexpected(described.error());
  if (auto open = parts_.gate.not_stopped("chats.list", call.caller, ""); !open) co_return Unexpected(open.error());
  // Describing the session is open before the second factor; an answer is not.
  if (text_member(*described, "second_factor") == "needed") co_return fail(Error{Code::denied, "policy.second_factor", "second factor is due", "9(4)ウ", "system_manager"});
  const std::string user(std::string_view(described->at("user").at("id").as_string()));
  auto stream = parts_.streams.find(id);
  if (!stream || stream->owner() != user || stream->body() != call.caller.body->code || !asked_here(*stream, call.caller)) co_return fail(Code::not_found, "chat.stream_not_found", "no such stream");
  co_return stream;
}

net::Task<void> Site::read_stream(Call& call) {
  std::string after_text(call.request.headers.get("Last-Event-ID"));
  if (after_text.empty()) after_text = call.request.query_value("after");
  std::uint64_t after = 0;
  const auto parsed = std::from_chars(after_text.data(), after_text.data() + after_text.size(), after);
  if (!after_text.empty() && (parsed.ec != std::errc() || parsed.ptr != after_text.data() + after_text.size())) {
    const Error error{Code::invalid_argument, "chat.last_event", "not an event number", {}, {}};
    co_await send(call, error);
    co_return;
  }
  call.input.get_object().erase("after");
  auto stream = co_await own_stream(call);
  if (!stream) {
    co_await send(call, stream.error());
    co_return;
  }
  co_await send_stream(call, *stream, after);
}

net::Task<void> Site::stop_stream(Call& call) {
  auto stream = co_await own_stream(call);
  if (!stream) {
    co_await send(call, stream.error());
    co_return;
  }
  parts_.streams.stop(**stream);
  net::Response response = net::Response::json(200, "{}");
  co_await send(call, std::move(response));
}

net::Task<void> Site::export_message(Call& call) {
  auto result = co_await run(call, "messages.export");
  if (!result) {
    co_await send(call, result.error());
    co_return;
  }
  auto bytes = from_base64(text_member(*result, "bytes_base64"));
  if (!bytes) {
    co_await send(call, bytes.error());
    co_return;
  }
  net::Response response = net::Response::text(200, text_member(*result, "type"), std::move(*bytes));
  response.headers.set("Content-Disposition", attachment(text_member(*result, "name")));
  response.headers.set("Cache-Control", "no-store");
  co_await send(call, std::move(response));
}

// Asks the endpoint for one short answer, by the same door as every question; the record says that it was a test.
net::Task<void> Site::endpoint_test(Call& call) {
  const auto begin = std::chrono::steady_clock::now();
  auto work = [this, &call]() -> Result<gate::Plan> {
    SK_CHECK(check_origin(call.request, call.caller));
    return parts_.chats.test_endpoint(parts_.gate, call.caller, text_member(call.input, "id"));
  };
  auto plan = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!plan) {
    co_await send(call, plan.error());
    co_return;
  }
  auto stream = parts_.streams.start(std::move(*plan));
  while (!stream->ended()) co_await parts_.streams.wait(stream, stream->size() + 1, kWait);
  const auto last = stream->event(stream->size());
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin).count();
  json::Object out{{"ok", last && last->name == "done"}, {"ms", ms}, {"error", nullptr}};
  if (last && last->name == "error") {
    const auto error = json::parse(last->data);
    if (error) out["error"] = json::Object{{"key", error->at("key")}, {"title", error->at("title")}};
  }
  net::Response response = net::Response::json(200, json::serialise(out));
  co_await send(call, std::move(response));
}

// A stop that could not be recorded or stored is in force all the same, and the answer says what is missing.
net::Task<void> Site::stop_set(Call& call) {
  auto work = [this, &call]() -> Result<stops::StopView> {
    SK_CHECK(check_origin(call.request, call.caller));
    SK_TRY(auto in, json::read<stops::SetIn>(call.input));
    return parts_.stops.set(call.caller, std::move(in));
  };
  auto set = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!set) {
    co_await send(call, set.error());
    co_return;
  }
  net::Response response = net::Response::json(200, json::write(*set));
  response.headers.set("Cache-Control", "no-store");
  co_await send(call, std::move(response));
}

net::Task<void> Site::document_content(Call& call) {
  auto work = [this, &call]() -> Result<library::Content> { return parts_.library.content(parts_.gate, call.caller, text_member(call.input, "id")); };
  auto content = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!content) {
    co_await send(call, content.error());
    co_return;
  }
  // Never shown in the browser: what a file holds must not run in our origin.
  net::Response response = net::Response::text(200, "application/octet-stream", std::move(content->bytes));
  response.headers.set("Content-Disposition", attachment(content->name));
  response.headers.set("Cache-Control", "no-store");
  co_await send(call, std::move(response));
}

net::Task<void> Site::upload_file(Call& call) {
  auto work = [this, &call]() -> Result<json::Value> {
    SK_CHECK(check_origin(call.request, call.caller));
    return parts_.library.receive(parts_.gate, call.caller, text_member(call.input, "id"), text_member(call.input, "name"), std::move(call.request.body));
  };
  auto result = co_await net::offload(parts_.runtime.workers(), std::move(work));
  if (!result) {
    co_await send(call, result.error());
    co_return;
  }
  net::Response response = net::Response::json(200, json::serialise(*result));
  co_await send(call, std::move(response));
}

net::Task<void> Site::upload_events(Call& call) {
  auto described = co_await run(call, "uploads.describe");
  if (!described) {
    co_await send(call, described.error());
    co_return;
  }
  auto started = co_await call.responder.start_sse();
  if (!started) co_return;
  net::StreamWriter writer = *started;
  const std::string id = text_member(call.input, "id");
  std::uint64_t number = 0;
  std::string told;
  net::Event timer;
  std::uint64_t ends = this->ends();
  for (bool done = false; !done && !writer.client_gone();) {
    // An emergency stop ends the stream without its last event: nothing more is told.
    if (!parts_.gate.not_stopped("documents.list", call.caller, "")) co_return;
    const bool open = co_await still_open(call, ends);
    if (!open) co_return;
    const library::Progress progress = parts_.library.progress(*call.caller.body, id);
    if (progress.json != told) {
      told = progress.json;
      auto sent = co_await writer.event("progress", ++number, told);
      if (!sent) co_return;
    }
    done = progress.done;
    const auto pause = std::chrono::milliseconds(250);
    if (!done) co_await timer.wait_for(pause);
  }
  auto sent = co_await writer.event("done", ++number, told);
  if (!sent) co_return;
  auto finished = co_await writer.finish();
  static_cast<void>(finished);
}

}  // namespace sekisho::http
