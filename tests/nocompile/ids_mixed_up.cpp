// The id of one thing is not the id of another.
// like: features/chat/operations.cpp
// refused with: could not convert|no matching function|cannot convert|no known conversion|invalid initialization
#include "features/chat/views.h"

using namespace sekisho;

std::string chat_of(const chat::ChatId& id) { return id.str(); }
std::string run(const chat::ChatId& chat, const chat::MessageId& message) {
#ifdef SK_CONTROL
  return chat_of(chat) + message.str();
#else
  return chat_of(message);
#endif
}
