// Chats and their messages. A chat belongs to one person: its rows are found by id and owner together, so that another's id is "not found".
//
// An answer knows the documents it was made of. Its label, and its chat's, is what is stored joined with the labels that those documents have
// now: a document that is classified higher takes everything that was made of it along, at the next read.
#pragma once
#include "features/chat/views.h"
#include "policy/filter.h"
#include "policy/scheme.h"
#include "policy/witness.h"
#include "sql/db.h"

namespace sekisho::chat {

struct Chat {
  ChatId id;
  std::string owner_id;
  std::string title;
  std::vector<library::CollectionId> collections;
  std::optional<endpoints::EndpointId> endpoint;
  std::optional<MessageId> head;
  policy::Label label;
  Timestamp created_at;
  Timestamp updated_at;
};

struct Message {
  MessageId id;
  ChatId chat_id;
  std::optional<MessageId> parent_id;
  std::string role;
  std::string text;
  std::string state;
  std::string engine;
  std::optional<std::string> model;
  std::optional<std::string> error_key;
  std::vector<Citation> citations;
  std::vector<SentenceView> sentences;
  policy::Label label;
  Characters characters;
  std::optional<StreamId> stream_id;
  Timestamp created_at;
  std::vector<guards::Count> guard;
};

struct ChatItem {
  ChatId id;
  std::string title;
  Timestamp updated_at;
  std::int64_t messages = 0;
  policy::Label label;
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Chat& chat);
  static Status update(sql::Tx& tx, const Chat& chat);  // title, collections, endpoint, head, label, updated_at
  static Status remove(sql::Tx& tx, const ChatId& id);  // with its messages
  static Result<std::optional<policy::Labelled<Chat>>> find(sql::Tx& tx, const ChatId& id, const std::string& owner);
  // Newest first; `words` filters by title or text of a message. `after`: the last item of the page before.
  // Only chats that may be read, and whose answers were made of documents that may be read still.
  static Result<std::vector<ChatItem>> page(sql::Tx& tx, const std::string& owner, const policy::Readable& readable, const std::string& words,
                                            const std::optional<ChatItem>& after, int limit);

  // Labels of another scheme: of chats and of their messages.
  static Status carry_over(sql::Tx& tx, const policy::SchemeChange& change);
  // Chats that nobody touched since and that are not being answered, oldest first.
  static Result<std::vector<ChatId>> idle_since(sql::Tx& tx, Timestamp before, int limit);

  static Status insert_message(sql::Tx& tx, const Message& message);
  // What closing sets: text, state, error, citations, sentences, label, characters, guard.
  static Status close_message(sql::Tx& tx, const Message& message);
  // What the answer was made of, cited or not.
  static Status insert_sources(sql::Tx& tx, const MessageId& id, const std::set<library::DocumentId>& documents);
  static Result<std::optional<policy::Labelled<Message>>> find_message(sql::Tx& tx, const MessageId& id, const std::string& owner);
  static Result<std::vector<policy::Labelled<Message>>> messages(sql::Tx& tx, const ChatId& id);  // the newest 5,000, oldest first
  static Result<std::optional<Message>> streaming_message(sql::Tx& tx, const MessageId& id);  // for closing: the program's own
  static Result<std::vector<MessageId>> streaming(sql::Tx& tx);
};

}  // namespace sekisho::chat
