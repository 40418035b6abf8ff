// What a feature hands to the stream that gives a long answer: values and plain functions, no sockets and no coroutines.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "llm/chat.h"
#include "policy/witness.h"
#include "text/masking.h"

namespace sekisho::gate {

struct ModelCall {
  llm::Endpoint endpoint;
  policy::Released<llm::ChatRequest> request;
  text::Restorer restorer{};  // puts back into the answer what the guard covered in the request
};

enum class Ending { complete, stopped, failed };
struct Outcome {
  Ending ending = Ending::failed;
  std::string text;
  std::optional<Error> error;
  std::optional<llm::Usage> usage;
};

struct Event {
  std::string name;  // "open", "queue", "sources", "delta", "done", "error"
  std::string data;  // JSON; of a delta: the bare text
};

struct Plan {
  std::string id;                  // the stream's, a ULID
  std::string owner;               // person who may read and stop it
  std::string body;                // code of the body it belongs to
  std::vector<std::string> segments;     // codes of the session's segments
  std::vector<std::string> collections;  // ids of the collections that its content comes from
  std::vector<Event> first;        // what the client is told before the first text
  std::optional<ModelCall> call;   // none: `text` is the answer
  std::string text;
  std::function<Event(Outcome)> close;  // runs on a worker, records, and returns the last event
};

}  // namespace sekisho::gate
