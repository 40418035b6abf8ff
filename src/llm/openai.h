// The OpenAI-compatible chat protocol as bytes: requests written, chunks and answers read. Pure.
//
// What an endpoint sends is hostile input: bounded by the caller, parsed with a depth limit, and its text made valid UTF-8 (invalid
// bytes and lone surrogates become U+FFFD). Failures: {upstream, "llm.garbage"} for what is not the protocol's JSON;
// {upstream, "llm.refused"} for an error object, with a bounded detail.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "llm/chat.h"

namespace sekisho::llm {

enum class Streaming { no, yes };

// The body of POST {url}/chat/completions.
std::string write_openai_request(const ChatRequest& request, Streaming streaming);

struct OpenAiChunk {
  std::string text;  // to append
  std::optional<std::string> finish_reason;
  std::optional<Usage> usage;
};
// One event's data of a stream, or the whole JSON of an answer that was not streamed (both forms are recognised).
Result<OpenAiChunk> read_openai_chunk(std::string_view json);

// The message of an error body, at most 300 bytes and without control characters; for the program's log.
std::string read_openai_error(std::string_view body);

void append_json_string(std::string& out, std::string_view text);
// Invalid sequences become U+FFFD. Returns at once when there is none.
std::string to_valid_utf8(std::string text);

}  // namespace sekisho::llm
