#include "llm/transfer.h"

#include <algorithm>
#include <charconv>

#include "llm/openai.h"
#include "net/http_message.h"

namespace sekisho::llm {
namespace {

constexpr std::size_t kMaxPending = 256 * 1024;
constexpr std::size_t kMaxEvent = 1024 * 1024;
constexpr std::size_t kMaxErrorBody = 8 * 1024;
constexpr long kBufferBytes = 4 * 1024;  // a chunk is a few hundred bytes, and every open stream holds one
constexpr auto kLinger = std::chrono::seconds(1);  // for the end of a body after its last event

Error upstream(std::string key, std::string detail) { return Error{Code::upstream, std::move(key), std::move(detail), {}, {}}; }

Error transport_error(CURLcode code) {
  const std::string why = curl_easy_strerror(code);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return upstream("llm.unreachable", why);
    case CURLE_OPERATION_TIMEDOUT:
      return Error{Code::timeout, "llm.timeout", why, {}, {}};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:
      return upstream("llm.tls", why);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return upstream("llm.closed_midway", why);
    case CURLE_OUT_OF_MEMORY:
      return Error{Code::unavailable, "llm.memory", why, {}, {}};
    default:
      return upstream("llm.garbage", why);
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The list holds the API key.
void wipe(curl_slist* list) {
  for (curl_slist* item = list; item != nullptr; item = item->next)
    for (volatile char* c = item->data; *c != '\0'; ++c) *c = '0';
  curl_slist_free_all(list);
}

}  // namespace

Transfer::Transfer(std::shared_ptr<Multi> multi, const Endpoint& endpoint, std::string url, std::string body)
    : multi_(std::move(multi)),
      url_(std::move(url)),
      body_(std::move(body)),
      first_timeout_(endpoint.first_timeout),
      idle_timeout_(endpoint.idle_timeout),
      max_bytes_(endpoint.max_answer_bytes),
      parser_(kMaxEvent),
      deadline_(std::chrono::steady_clock::now() + endpoint.connect_timeout) {
  easy_ = multi_->take_easy();
  if (easy_ == nullptr) {
    error_ = Error{Code::unavailable, "llm.memory", "curl_easy_init", {}, {}};
    return;
  }
  if (Status set = set_options(endpoint); !set) error_ = std::move(set.error());
}

Transfer::~Transfer() {
  if (easy_ != nullptr) multi_->give_back(easy_);
  wipe(headers_);
}

Status Transfer::set_options(const Endpoint& endpoint) {
  bool good = true;
  const auto set = [&](CURLoption option, auto value) { good = good && curl_easy_setopt(easy_, option, value) == CURLE_OK; };
  const auto add_header = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_, line.c_str());
    good = good && longer != nullptr;
    if (longer != nullptr) headers_ = longer;
  };
  add_header("Content-Type: application/json");
  add_header("Accept: text/event-stream, application/json");
  add_header("Expect:");
  if (!endpoint.api_key.empty()) {
    if (!net::valid_field("Authorization", endpoint.api_key.reveal()))
      return fail(Code::invalid_argument, "llm.bad_endpoint", "the API key cannot be a header");
    std::string line = "Authorization: Bearer ";
    line += endpoint.api_key.reveal();
    add_header(line);
    const Secret wiped(std::move(line));
  }
  set(CURLOPT_URL, url_.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, endpoint.proxy.c_str());  // also when empty: the environment decides nothing
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!endpoint.ca_file.empty()) set(CURLOPT_CAINFO, endpoint.ca_file.c_str());
  set(CURLOPT_PREREQFUNCTION, &Transfer::connected_callback);
  set(CURLOPT_PREREQDATA, this);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_BUFFERSIZE, kBufferBytes);
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
  set(CURLOPT_POSTFIELDS, body_.data());
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_USERAGENT, "sekisho");
  set(CURLOPT_HEADERFUNCTION, &Transfer::header_callback);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::write_callback);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_PRIVATE, this);
  return good ? ok() : Status(fail(Code::internal, "llm.curl", "an option was refused"));
}

Status Transfer::start() {
  if (error_) return fail(*error_);
  return multi_->start(shared_from_this(), easy_);
}

// The connection stands and the request goes out now. (A time limit of curl's own would stand among those of all transfers, which it sorts with each
// piece that any of them brings.)
int Transfer::connected_callback(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.connected_ = true;
  transfer.deadline_ = std::chrono::steady_clock::now() + transfer.first_timeout_;
  return CURL_PREREQFUNC_OK;
}

std::size_t Transfer::header_callback(char* data, std::size_t size, std::size_t n, void* self) {
  static_cast<Transfer*>(self)->on_header({data, size * n});
  return size * n;
}

std::size_t Transfer::write_callback(char* data, std::size_t size, std::size_t n, void* self) {
  return static_cast<Transfer*>(self)->on_body({data, size * n});
}

void Transfer::on_header(std::string_view line) {
  if (line.starts_with("HTTP/")) {  // also after 100 Continue: the last one counts
    content_type_.clear();
    retry_after_.reset();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (net::iequals(name, "Content-Type")) content_type_.assign(value);
  if (net::iequals(name, "Retry-After")) {
    long seconds = 0;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (failed == std::errc() && end == value.data() + value.size() && seconds >= 0)
      retry_after_ = std::chrono::seconds(std::min(seconds, 86'400L));
  }
}

Status Transfer::decide_kind() {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  const std::string_view type = trim(std::string_view(content_type_).substr(0, content_type_.find(';')));
  if (status < 200 || status >= 300) kind_ = Kind::refusal;
  else if (type.empty() || net::iequals(type, "text/event-stream")) kind_ = Kind::events;
  else if (net::iequals(type, "application/json")) kind_ = Kind::json;
  else return fail(Code::upstream, "llm.garbage", "an answer that is neither events nor JSON");
  return ok();
}

std::size_t Transfer::on_body(std::string_view bytes) {
  if (error_) return 0;  // stopped by who took the bytes before these
  if (pending_.size() > kMaxPending && !abandoned_) {
    paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  Status taken = take(bytes);
  if (taken) return bytes.size();
  fail_with(std::move(taken.error()));
  return 0;  // tells curl to end the transfer
}

Status Transfer::take(std::string_view bytes) {
  if (kind_ == Kind::unknown) SK_CHECK(decide_kind());
  received_ += bytes.size();
  if (done_) return ok();
  if (kind_ == Kind::refusal) {
    whole_ += bytes.substr(0, kMaxErrorBody - std::min(kMaxErrorBody, whole_.size()));
    return received_ <= 64 * kMaxErrorBody ? ok() : Status(fail(refusal_error()));
  }
  if (received_ > max_bytes_) return fail(Code::upstream, "llm.too_long", "the answer is over its limit");
  if (kind_ == Kind::json) {
    whole_ += bytes;
    return ok();
  }
  return parser_.feed(bytes, [this](const SseEvent& event) { return take_event(event); });
}

Status Transfer::take_event(const SseEvent& event) {
  if (done_) return ok();
  deadline_ = std::chrono::steady_clock::now() + idle_timeout_;
  if (event.data == "[DONE]") {
    done_ = true;
    deadline_ = std::chrono::steady_clock::now() + kLinger;
    ready_.set();
    return ok();
  }
  return take_chunk(event.data);
}

Status Transfer::take_chunk(std::string_view json) {
  SK_TRY(OpenAiChunk chunk, read_openai_chunk(json));
  if (chunk.usage) finish_.usage = chunk.usage;
  if (chunk.finish_reason) {
    finish_.reason = std::move(*chunk.finish_reason);
    has_reason_ = true;
  }
  if (chunk.text.empty()) return ok();
  if (sink_) {
    sink_(chunk.text);
    return ok();
  }
  if (pending_.empty()) pending_ = std::move(chunk.text);
  else pending_ += chunk.text;
  ready_.set();
  return ok();
}

// The body has ended as the protocol below says it should; has the answer?
void Transfer::end_of_body() {
  if (done_ || error_) return;
  if (kind_ == Kind::unknown) {
    if (Status known = decide_kind(); !known) return fail_with(std::move(known.error()));
  }
  if (kind_ == Kind::refusal) return fail_with(refusal_error());
  if (kind_ == Kind::json) {
    if (Status read = take_chunk(whole_); !read) return fail_with(std::move(read.error()));
  }
  if (!has_reason_ && kind_ == Kind::events) return fail_with(upstream("llm.closed_midway", "the stream ended before the answer"));
  done_ = true;
}

Error Transfer::refusal_error() const {
  long status = 0;
  if (easy_ != nullptr) curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  const std::string detail = "status " + std::to_string(status) + ": " + read_openai_error(whole_);
  if (status == 429) return Error{Code::too_many, "llm.busy", detail, {}, {}};
  return upstream("llm.refused", detail);
}

void Transfer::fail_with(Error error) {
  if (!error_ && !done_) error_ = std::move(error);
  ready_.set();
}

void Transfer::finished(CURLcode code) {
  const auto self = shared_from_this();
  if (code == CURLE_OK) end_of_body();
  else if (!done_) fail_with(kind_ == Kind::refusal ? refusal_error() : transport_error(code));
  detach();
  ready_.set();
}

void Transfer::detach() {
  if (easy_ == nullptr) return;
  multi_->remove(*this, std::exchange(easy_, nullptr));
}

void Transfer::stop(Error error) {
  const auto self = shared_from_this();
  fail_with(std::move(error));
  detach();
}

void Transfer::tick(net::TimePoint now) {
  if (paused_ || now < deadline_) return;
  const bool begun = kind_ == Kind::events && received_ > 0;
  stop(Error{Code::timeout, "llm.timeout", !connected_ ? "no connection in time" : begun ? "the endpoint fell silent" : "the endpoint did not answer in time", {}, {}});
}

void Transfer::cancel() {
  if (!done_) stop(Error{Code::cancelled, "llm.cancelled", "cancelled", {}, {}});
}

void Transfer::deliver_to(std::function<void(std::string_view)> sink) {
  sink_ = std::move(sink);
  if (const std::string text = std::exchange(pending_, std::string()); sink_ && !text.empty()) sink_(text);
}

// The consumer has gone. A stream that has given its last event may still end its body, so that the connection can be used again.
void Transfer::abandon() {
  abandoned_ = true;
  sink_ = nullptr;
  if (!done_) cancel();
}

net::Task<Result<Event>> Transfer::next() {
  const auto self = shared_from_this();
  for (;;) {
    if (!pending_.empty()) {
      Delta delta{std::exchange(pending_, std::string())};
      if (std::exchange(paused_, false) && easy_ != nullptr) {
        deadline_ = std::chrono::steady_clock::now() + idle_timeout_;
        multi_->resume(easy_);
      }
      co_return Event(std::move(delta));
    }
    if (error_) co_return Unexpected(*error_);
    if (done_) co_return Event(finish_);
    co_await ready_.wait();
  }
}

}  // namespace sekisho::llm
