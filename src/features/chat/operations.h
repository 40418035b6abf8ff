// Operations on chats: list, make, read, rename, delete, export; and asking, which is a stream (ask.cpp).
#pragma once
#include <functional>

#include "features/chat/table.h"
#include "features/guards/operations.h"
#include "features/metering/metering.h"
#include "gate/plan.h"
#include "gate/run.h"
#include "text/analyse.h"

namespace sekisho::chat {

using bodies::Nothing;

struct ChatItemView {
  ChatId id;
  std::string title;
  Timestamp updated_at;
  std::int64_t messages = 0;
  LabelView label;
};
BOOST_DESCRIBE_STRUCT(ChatItemView, (), (id, title, updated_at, messages, label))
struct ListIn {
  std::optional<std::string> q;
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(ListIn, (), (q, after, limit))
struct ListOut {
  std::vector<ChatItemView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(ListOut, (), (items, next))

struct CreateIn {
  std::optional<std::string> title;
  std::optional<std::vector<library::CollectionId>> collections;
  std::optional<endpoints::EndpointId> endpoint;
};
BOOST_DESCRIBE_STRUCT(CreateIn, (), (title, collections, endpoint))
struct IdIn {
  ChatId id;
};
BOOST_DESCRIBE_STRUCT(IdIn, (), (id))
struct ReadOut {
  ChatView chat;
  std::vector<MessageView> messages;
};
BOOST_DESCRIBE_STRUCT(ReadOut, (), (chat, messages))
// An empty endpoint text chooses the built-in engine.
struct UpdateIn {
  ChatId id;
  std::optional<std::string> title;
  std::optional<std::vector<library::CollectionId>> collections;
  std::optional<std::string> endpoint;
  std::optional<MessageId> head;
};
BOOST_DESCRIBE_STRUCT(UpdateIn, (), (id, title, collections, endpoint, head))

struct ExportIn {
  MessageId id;
  std::string format;  // "txt", "md", "docx"
};
BOOST_DESCRIBE_STRUCT(ExportIn, (), (id, format))
struct ExportOut {
  std::string name;
  std::string type;          // media type
  std::string bytes_base64;
};
BOOST_DESCRIBE_STRUCT(ExportOut, (), (name, type, bytes_base64))

struct AskIn {
  ChatId id;
  std::string text;
  std::optional<MessageId> parent_id;
  std::optional<MessageId> regenerate_of;
  std::optional<bool> confirm;  // what the guard warns of is to be sent all the same
  std::int64_t characters = 0;  // graphemes of text, counted before; not described
};
BOOST_DESCRIBE_STRUCT(AskIn, (), (id, text, parent_id, regenerate_of, confirm))

// The OpenAI-compatible door.
struct CompletionTurn {
  std::string role;
  std::string content;
};
BOOST_DESCRIBE_STRUCT(CompletionTurn, (), (role, content))
struct CompletionIn {
  std::string model;
  std::vector<CompletionTurn> messages;
  std::optional<std::int64_t> max_tokens;
  std::optional<double> temperature;
  std::optional<bool> confirm_findings;  // our own member: see AskIn::confirm
  std::int64_t characters = 0;
};
BOOST_DESCRIBE_STRUCT(CompletionIn, (), (model, messages, max_tokens, temperature, confirm_findings))

// Finds passages that the permit's person may read; the library's.
using Retrieve = std::function<Result<std::vector<policy::Labelled<library::Passage>>>(
    gate::Context& context, const std::string& question, const std::vector<library::CollectionId>& collections, std::size_t limit)>;

// Whether the permit's person may ask at all: asked in the transaction of each question, before anything else.
using Admit = std::function<Status(gate::Context& context)>;

struct Settings {
  std::int64_t max_prompt_characters = 200'000;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds first_timeout{120'000};
  std::chrono::milliseconds idle_timeout{60'000};
  std::uint64_t max_answer_bytes = 16u << 20;
  std::string proxy;
  metering::Settings usage;
};

// A stream's first half, as the client's layer needs it.
struct Asked {
  gate::Plan plan;
  MessageView user;    // the question; of a regeneration, the one asked before
  bool new_question = false;
  MessageId answer_id;
};

class Chats {
 public:
  Chats(const text::Analyzer& analyzer, const guards::Guards& guards, Retrieve retrieve, Admit admit, Settings settings);

  void register_operations(gate::Registry& registry);
  // Records the question, finds the passages, decides who may answer. Blocks; for a worker thread. The plan's close does the rest.
  Result<Asked> ask(gate::Gate& gate, const gate::Caller& caller, AskIn in) const;
  // A tool's question, in two halves, so that the wait between them holds no thread: execute or submit the step, then finish.
  // begin_completion counts the prompt's characters: for a worker thread where the prompt may be long. finish_completion blocks where it has
  // to look for passages first (`retrieves`), else not.
  struct Completion {
    bool retrieves = false;
    std::shared_ptr<const gate::Step> step;
    struct State;
    std::shared_ptr<State> state;
  };
  Result<Completion> begin_completion(gate::Gate& gate, std::shared_ptr<const gate::Caller> caller, CompletionIn in) const;
  Result<gate::Plan> finish_completion(gate::Gate& gate, const Completion& completion) const;
  // One short question to the endpoint, to see whether it answers.
  Result<gate::Plan> test_endpoint(gate::Gate& gate, const gate::Caller& caller, const std::string& id) const;
  // Answers that were being made when the program died are settled as unknown. Returns how many.
  Result<int> settle(gate::Gate& gate, gate::Body& body) const;

 private:
  const text::Analyzer& analyzer_;
  const guards::Guards& guards_;
  const Retrieve retrieve_;
  const Admit admit_;
  const Settings settings_;
};

Result<MessageView> view_of(const Message& message, const bodies::LabelWords& words);
// The person's own chat, opened; not_found for every other id.
Result<Chat> require_chat(gate::Context& context, const ChatId& id);
Result<Message> require_message(gate::Context& context, const MessageId& id);
// What a chat starts with: her own words, in this segment.
policy::Label starting_label(const policy::Person& person);

}  // namespace sekisho::chat
