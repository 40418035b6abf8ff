// Transfer (private to llm): one chat request on the wire: its curl options, what comes back, its time limits.
// Lives in Multi while curl works on it, and in its ChatStream; whichever ends last frees it. Loop thread only.
#pragma once
#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "llm/chat.h"
#include "llm/multi.h"
#include "llm/sse_parser.h"
#include "net/sync.h"

namespace sekisho::llm {

class Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  Transfer(std::shared_ptr<Multi> multi, const Endpoint& endpoint, std::string url, std::string body);
  ~Transfer();
  Status start();

  // The consumer's side.
  net::Task<Result<Event>> next();
  void deliver_to(std::function<void(std::string_view)> sink);
  void cancel();
  void abandon();
  std::optional<std::chrono::seconds> retry_after() const { return retry_after_; }

  // Multi's side.
  void finished(CURLcode code);
  void tick(net::TimePoint now);
  void stop(Error error);

 private:
  enum class Kind { unknown, events, json, refusal };

  Status set_options(const Endpoint& endpoint);
  void on_header(std::string_view line);
  std::size_t on_body(std::string_view bytes);
  Status take(std::string_view bytes);
  Status take_event(const SseEvent& event);
  Status take_chunk(std::string_view json);
  Status decide_kind();
  void end_of_body();
  void fail_with(Error error);
  Error refusal_error() const;
  void detach();
  static int connected_callback(void* self, char* to, char* from, int to_port, int from_port);
  static std::size_t header_callback(char* data, std::size_t size, std::size_t n, void* self);
  static std::size_t write_callback(char* data, std::size_t size, std::size_t n, void* self);

  std::shared_ptr<Multi> multi_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::string url_;
  std::string body_;
  const std::chrono::milliseconds first_timeout_;
  const std::chrono::milliseconds idle_timeout_;
  const std::uint64_t max_bytes_;

  Kind kind_ = Kind::unknown;
  std::string content_type_;
  std::optional<std::chrono::seconds> retry_after_;
  SseParser parser_;
  std::string whole_;  // of an answer that is not a stream, or of an error
  std::uint64_t received_ = 0;
  net::TimePoint deadline_;

  std::function<void(std::string_view)> sink_;  // takes the text at once, if there is one
  std::string pending_;                         // text that next() has not taken
  Finish finish_;
  bool connected_ = false;
  bool has_reason_ = false;
  bool done_ = false;  // finish_ is complete
  bool paused_ = false;
  bool abandoned_ = false;
  std::optional<Error> error_;
  net::Event ready_;
};

}  // namespace sekisho::llm
