// For this module's tests and bench alone: the step behind the door of Client::open_chat, which takes only released content.
#pragma once
#include "llm/client.h"

namespace sekisho::llm {

struct ClientTestAccess {
  static Result<std::unique_ptr<ChatStream>> open(Client& client, const Endpoint& endpoint, const ChatRequest& request) {
    return client.open_chat_released(endpoint, request);
  }
};

}  // namespace sekisho::llm
