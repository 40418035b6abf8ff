// What is said to a model and what comes back, whatever the protocol. Values.
//
// Text is UTF-8. A ChatRequest is content: it reaches an endpoint only as policy::Released<ChatRequest> (see client.h).
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/secret.h"

namespace sekisho::llm {

struct Message {
  std::string role;  // "system", "user", "assistant"
  std::string content;
};

struct ChatRequest {
  std::string model;
  std::vector<Message> messages;
  std::optional<std::int64_t> max_tokens;
  std::optional<double> temperature;
};

struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
};

struct Delta {
  std::string text;  // valid UTF-8
};
struct Finish {
  std::string reason;  // "stop", "length", ... as the endpoint says; empty when it does not say
  std::optional<Usage> usage;
};
using Event = std::variant<Delta, Finish>;

struct Answer {
  std::string text;
  Finish finish;
};

// Where a model is. Made from an approved endpoint record; nothing here comes from the environment.
struct Endpoint {
  std::string url;      // base, "https://host/v1"; http and https only, no user, query or fragment
  Secret api_key;       // empty: no Authorization header
  std::string ca_file;  // PEM; empty: the system's
  std::string proxy;    // "http://host:port"; empty: none, whatever the environment says
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds first_timeout{120'000};   // request sent -> first text
  std::chrono::milliseconds idle_timeout{60'000};     // between pieces
  std::uint64_t max_answer_bytes = 16 * 1024 * 1024;  // of the response body
};

}  // namespace sekisho::llm
