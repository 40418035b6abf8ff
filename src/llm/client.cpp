#include "llm/client.h"

#include <boost/asio/dispatch.hpp>
#include <future>

#include "llm/multi.h"
#include "llm/openai.h"
#include "llm/transfer.h"

namespace sekisho::llm {
namespace {

Unexpected bad_endpoint(const char* why) { return fail(Code::invalid_argument, "llm.bad_endpoint", why); }

struct UrlHandle {
  CURLU* url = curl_url();
  UrlHandle() = default;
  UrlHandle(const UrlHandle&) = delete;
  UrlHandle& operator=(const UrlHandle&) = delete;
  ~UrlHandle() { curl_url_cleanup(url); }
  std::string part(CURLUPart what) const {
    char* text = nullptr;
    if (curl_url_get(url, what, &text, 0) != CURLUE_OK) return {};
    std::string out = text;
    curl_free(text);
    return out;
  }
};

}  // namespace

Result<std::string> endpoint_url(std::string_view base, std::string_view operation) {
  if (base.find('\0') != std::string_view::npos) return bad_endpoint("NUL in the URL");
  const UrlHandle handle;
  if (handle.url == nullptr) return fail(Code::unavailable, "llm.memory", "curl_url");
  if (curl_url_set(handle.url, CURLUPART_URL, std::string(base).c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return bad_endpoint("not a URL");
  const std::string scheme = handle.part(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return bad_endpoint("neither http nor https");
  // curl forgives a third slash and takes the path's first word for the host.
  if (handle.part(CURLUPART_HOST).empty() || base.find(":///") != std::string_view::npos) return bad_endpoint("no host");
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT})
    if (!handle.part(part).empty()) return bad_endpoint("a user, password, query or fragment in the URL");
  std::string url = handle.part(CURLUPART_URL);
  while (url.ends_with('/')) url.pop_back();
  return url + "/" + std::string(operation);
}

ChatStream::ChatStream(std::shared_ptr<Transfer> transfer) : transfer_(std::move(transfer)) {}
ChatStream::~ChatStream() { transfer_->abandon(); }
net::Task<Result<Event>> ChatStream::next() { return transfer_->next(); }
void ChatStream::deliver_to(std::function<void(std::string_view)> sink) { transfer_->deliver_to(std::move(sink)); }
void ChatStream::cancel() { transfer_->cancel(); }
std::optional<std::chrono::seconds> ChatStream::retry_after() const { return transfer_->retry_after(); }

Client::Client(net::Executor executor, std::shared_ptr<Multi> multi) : executor_(std::move(executor)), multi_(std::move(multi)) {}

// curl and its sockets are touched on the loop only, also at the end; dispatch runs at once when this is the loop.
Client::~Client() {
  std::promise<void> closed;
  auto future = closed.get_future();
  net::asio::dispatch(executor_, [&closed, multi = std::move(multi_)]() mutable {
    multi->close();
    multi.reset();
    closed.set_value();
  });
  future.wait();
}

Result<std::unique_ptr<Client>> Client::create(net::Executor executor) {
  SK_TRY(auto multi, Multi::create(executor));
  return std::unique_ptr<Client>(new Client(std::move(executor), std::move(multi)));
}

Result<std::unique_ptr<ChatStream>> Client::open_chat_released(const Endpoint& endpoint, const ChatRequest& request) {
  SK_TRY(auto url, endpoint_url(endpoint.url, "chat/completions"));
  auto transfer = std::make_shared<Transfer>(multi_, endpoint, std::move(url), write_openai_request(request, Streaming::yes));
  SK_CHECK(transfer->start());
  return std::make_unique<ChatStream>(std::move(transfer));
}

net::Task<Result<Answer>> collect(ChatStream& stream) {
  Answer answer;
  for (;;) {
    SK_CO_TRY(auto event, co_await stream.next());
    if (auto* const delta = std::get_if<Delta>(&event)) {
      answer.text += delta->text;
      continue;
    }
    answer.finish = std::get<Finish>(std::move(event));
    co_return answer;
  }
}

}  // namespace sekisho::llm
