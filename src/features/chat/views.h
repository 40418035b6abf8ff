// What a client sees of chats (the JSON of the HTTP interface).
#pragma once
#include "features/bodies/label_view.h"
#include "features/endpoints/table.h"
#include "features/guards/count.h"
#include "features/library/passage.h"
#include "json/json.h"

namespace sekisho::chat {

struct ChatTag;
using ChatId = Id<ChatTag>;
struct MessageTag;
using MessageId = Id<MessageTag>;
struct StreamTag;
using StreamId = Id<StreamTag>;

using bodies::LabelView;

struct Citation {
  static constexpr const char* kSchemaName = "Citation";
  int n = 0;
  std::string document;
  library::DocumentId document_id;
  std::int64_t chunk_id = 0;
  std::optional<int> page;
  std::string section;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string text;
  std::int64_t row = 0;  // the chunk's row, for the log; not shown
};
BOOST_DESCRIBE_STRUCT(Citation, (), (n, document, document_id, chunk_id, page, section, start, end, text))

// A sentence of an answer, in code points of its text. Not supported: no passage that was retrieved carries it.
struct SentenceView {
  static constexpr const char* kSchemaName = "Sentence";
  std::int64_t start = 0;
  std::int64_t end = 0;
  bool supported = false;
  std::vector<int> citations;
};
BOOST_DESCRIBE_STRUCT(SentenceView, (), (start, end, supported, citations))

struct Characters {
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t context = 0;
};
BOOST_DESCRIBE_STRUCT(Characters, (), (in, out, context))

struct Problem {
  std::string key;
  std::string title;
};
BOOST_DESCRIBE_STRUCT(Problem, (), (key, title))

struct MessageView {
  static constexpr const char* kSchemaName = "Message";
  MessageId id;
  std::optional<MessageId> parent_id;
  std::string role;   // "user", "assistant"
  std::string text;
  Timestamp created_at;
  std::string state;  // "complete", "stopped", "failed", "streaming"
  std::optional<Problem> error;
  std::string engine;  // "extractive" or the endpoint's name; empty for a person's
  std::optional<std::string> model;
  std::vector<Citation> citations;
  std::vector<SentenceView> sentences;
  LabelView label;
  Characters characters;
  std::optional<StreamId> stream_id;
  std::vector<guards::Count> guard;  // what was covered or warned of on the way to the model
};
BOOST_DESCRIBE_STRUCT(MessageView, (), (id, parent_id, role, text, created_at, state, error, engine, model, citations, sentences, label, characters, stream_id, guard))

struct ChatView {
  static constexpr const char* kSchemaName = "Chat";
  ChatId id;
  std::string title;
  std::vector<library::CollectionId> collections;
  std::optional<endpoints::EndpointId> endpoint;
  LabelView label;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<MessageId> head;
};
BOOST_DESCRIBE_STRUCT(ChatView, (), (id, title, collections, endpoint, label, created_at, updated_at, head))

}  // namespace sekisho::chat
