// Client: streams chats from model endpoints over libcurl, driven by one event loop. ChatStream: one answer being received.
//
// Ownership: one Client per loop, made before the streams and destroyed after them, while the loop still runs. A ChatStream belongs to
// the caller; dropping it aborts the transfer (the endpoint sees the connection close).
// Threads: everything on the loop of the executor given to create(); create() and destruction from any thread.
// Zero egress: only http and https, no redirects, no proxy, CA or credentials from the environment; TLS 1.2+, verified.
// Back-pressure: text that is not fetched by next() collects up to kMaxPending bytes, then reading from the endpoint pauses. Text that goes to
// a sink never collects.
// Failures (Error.key of next()): llm.unreachable, llm.tls, llm.timeout (connect, first text, idle), llm.refused (status in the
// detail), llm.busy (429; see retry_after()), llm.closed_midway, llm.garbage, llm.too_long, llm.cancelled.
#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "llm/chat.h"
#include "policy/witness.h"
#include "net/asio.h"
#include "net/sync.h"

namespace sekisho::llm {

class Transfer;
class Multi;

class ChatStream {
 public:
  explicit ChatStream(std::shared_ptr<Transfer> transfer);
  ~ChatStream();
  ChatStream(const ChatStream&) = delete;
  ChatStream& operator=(const ChatStream&) = delete;

  // From now on text goes to the sink as it arrives, and next() returns only the end. For a consumer that does not wait: it saves each piece a
  // turn of the loop. Called from within the transfer: the sink does not throw, and all that it may do to a stream is cancel() it.
  void deliver_to(std::function<void(std::string_view)> sink);
  // The next piece. Deltas that came together are given together; Finish is the last. After Finish or a failure: the same again.
  net::Task<Result<Event>> next();
  // Aborts the transfer at once; a waiting next() returns {cancelled, "llm.cancelled"}. Safe to call at any time on the loop.
  void cancel();
  // What the endpoint asked for with 429, if it did.
  std::optional<std::chrono::seconds> retry_after() const;

 private:
  std::shared_ptr<Transfer> transfer_;
};

class Client {
 public:
  static Result<std::unique_ptr<Client>> create(net::Executor executor);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Starts the request; what goes wrong later is told by next(). {invalid_argument, "llm.bad_endpoint"} for a URL that is not allowed.
  // Only content that the policy released for an endpoint can be sent.
  Result<std::unique_ptr<ChatStream>> open_chat(const Endpoint& endpoint, const policy::Released<ChatRequest>& request) {
    return open_chat_released(endpoint, request.get());
  }

 private:
  friend struct ClientTestAccess;
  Result<std::unique_ptr<ChatStream>> open_chat_released(const Endpoint& endpoint, const ChatRequest& request);

  Client(net::Executor executor, std::shared_ptr<Multi> multi);
  net::Executor executor_;
  std::shared_ptr<Multi> multi_;
};

// Awaits the whole answer.
net::Task<Result<Answer>> collect(ChatStream& stream);

// The URL of an operation under the endpoint's base, or why the base is not allowed. Pure.
Result<std::string> endpoint_url(std::string_view base, std::string_view operation);

}  // namespace sekisho::llm
