#include "features/chat/operations.h"

#include "features/chat/export.h"
#include "features/chat/messages_ja.h"
#include "gate/label_table.h"

namespace sekisho::chat {
namespace {

constexpr int kPage = 50;
constexpr std::size_t kMaxTitleBytes = 600;
constexpr std::size_t kMaxCollections = 100;
// A file on the person's machine: it honours no obligation but that of its label being written in it.
const policy::Exit kFile{"file", {}};

Result<ChatView> chat_view(gate::Context& context, const Chat& c) {
  SK_TRY(const auto words, bodies::label_words(context));
  return ChatView{c.id, c.title, c.collections, c.endpoint, bodies::view_of(c.label, words), c.created_at, c.updated_at, c.head};
}

const std::string& owner_of(gate::Context& context) { return context.permit().person().user_id; }

// A page's end, as text: "<microseconds>.<id>".
std::string cursor(const ChatItem& item) { return std::to_string(item.updated_at.micros) + "." + item.id.str(); }
Result<std::optional<ChatItem>> from_cursor(const std::optional<std::string>& text) {
  if (!text) return std::optional<ChatItem>();
  const std::size_t dot = text->find('.');
  if (dot == std::string::npos || dot == 0 || dot > 18) return fail(Code::invalid_argument, "page.after", "not a cursor");
  if (text->find_first_not_of("0123456789") != dot) return fail(Code::invalid_argument, "page.after", "not a cursor");
  SK_TRY(auto id, ChatId::parse(text->substr(dot + 1)));
  ChatItem item{std::move(id), "", {std::stoll(text->substr(0, dot))}, 0, {}};
  return std::optional(std::move(item));
}

Result<ListOut> list(gate::Context& context, ListIn& in) {
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  SK_TRY(const auto after, from_cursor(in.after));
  SK_TRY(const auto readable, gate::LabelTable::readable(context.tx, *context.body.labels, context.permit()));
  SK_TRY(const auto items, Table::page(context.tx, owner_of(context), readable, in.q.value_or(""), after, limit));
  SK_TRY(const auto words, bodies::label_words(context));
  ListOut out;
  // A title may say what the chat is about: the list has only chats that may be read.
  for (const ChatItem& item : items) out.items.push_back({item.id, item.title, item.updated_at, item.messages, bodies::view_of(item.label, words)});
  if (static_cast<int>(items.size()) == limit) out.next = cursor(items.back());
  return out;
}

Result<ChatView> create(gate::Context& context, CreateIn& in) {
  if (in.title && in.title->size() > kMaxTitleBytes) return fail(Code::invalid_argument, "chat.title_long", "title");
  if (in.collections && in.collections->size() > kMaxCollections) return fail(Code::invalid_argument, "chat.collections", "too many");
  Chat c;
  c.id = context.new_id<ChatTag>();
  c.owner_id = owner_of(context);
  c.title = in.title.value_or("");
  c.collections = in.collections.value_or(std::vector<library::CollectionId>());
  c.endpoint = in.endpoint;
  if (c.endpoint) {
    SK_TRY(const auto endpoint, endpoints::Table::find(context.tx, *c.endpoint));
    if (!endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
  }
  c.label = starting_label(context.permit().person());
  c.created_at = c.updated_at = context.now;
  SK_CHECK(Table::insert(context.tx, c));
  context.about(c.id.str());
  context.label(c.label);
  return chat_view(context, c);
}

Result<ReadOut> read(gate::Context& context, IdIn& in) {
  SK_TRY(const Chat chat, require_chat(context, in.id));
  SK_TRY(auto stored, Table::messages(context.tx, in.id));
  SK_TRY(const auto words, bodies::label_words(context));
  ReadOut out;
  SK_TRY(out.chat, chat_view(context, chat));
  for (auto& labelled : stored) {
    SK_TRY(const Message message, std::move(labelled).open(context.permit()));
    SK_TRY(auto view, view_of(message, words));
    out.messages.push_back(std::move(view));
  }
  return out;
}

Result<ChatView> update(gate::Context& context, UpdateIn& in) {
  SK_TRY(Chat chat, require_chat(context, in.id));
  if (in.title && (in.title->empty() || in.title->size() > kMaxTitleBytes)) return fail(Code::invalid_argument, "chat.title_long", "title");
  if (in.collections && in.collections->size() > kMaxCollections) return fail(Code::invalid_argument, "chat.collections", "too many");
  if (in.title) chat.title = *in.title;
  if (in.collections) chat.collections = *in.collections;
  if (in.endpoint) {
    chat.endpoint.reset();
    if (!in.endpoint->empty()) {
      SK_TRY(auto id, endpoints::EndpointId::parse(*in.endpoint));
      SK_TRY(const auto endpoint, endpoints::Table::find(context.tx, id));
      if (!endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
      chat.endpoint = id;
    }
  }
  if (in.head) {
    SK_TRY(const Message message, require_message(context, *in.head));
    if (message.chat_id != chat.id) return fail(Code::not_found, "chat.message_not_found", "of another chat");
    chat.head = in.head;
  }
  SK_CHECK(Table::update(context.tx, chat));
  return chat_view(context, chat);
}

Result<Nothing> remove(gate::Context& context, IdIn& in) {
  SK_CHECK(require_chat(context, in.id));
  SK_CHECK(Table::remove(context.tx, in.id));
  return Nothing{};
}

Result<ExportOut> export_message(gate::Context& context, ExportIn& in) {
  SK_TRY(auto found, Table::find_message(context.tx, in.id, owner_of(context)));
  if (!found) return fail(Code::not_found, "chat.message_not_found", "no such message of this person");
  context.about(in.id.str());
  context.label(found->label());
  SK_TRY(const auto released, policy::release(std::move(*found), kFile, context.permit()));
  SK_TRY(const auto words, bodies::label_words(context));
  SK_TRY(auto file, export_as(in.format, released, bodies::view_of(released.label(), words).text, context.now));
  return ExportOut{file.name, file.type, to_base64(file.bytes)};
}

}  // namespace

Result<MessageView> view_of(const Message& m, const bodies::LabelWords& words) {
  std::optional<Problem> error;
  if (m.error_key) error = Problem{*m.error_key, problem_title(*m.error_key)};
  return MessageView{m.id, m.parent_id, m.role, m.text, m.created_at, m.state, std::move(error), m.engine, m.model,
                     m.citations, m.sentences, bodies::view_of(m.label, words), m.characters, m.stream_id, m.guard};
}

policy::Label starting_label(const policy::Person& person) {
  policy::Label label;
  label.c = label.i = label.a = 1;
  label.readers = policy::Readers::any_of({"user:" + person.user_id});
  label.segments = person.session_segment;
  label.trust = policy::Trust::person;
  label.state = policy::State::known;
  return label;
}

Result<Chat> require_chat(gate::Context& context, const ChatId& id) {
  SK_TRY(auto found, Table::find(context.tx, id, owner_of(context)));
  if (!found) return fail(Code::not_found, "chat.not_found", "no such chat of this person");
  context.about(id.str());
  context.label(found->label());
  return std::move(*found).open(context.permit());
}

Result<Message> require_message(gate::Context& context, const MessageId& id) {
  SK_TRY(auto found, Table::find_message(context.tx, id, owner_of(context)));
  if (!found) return fail(Code::not_found, "chat.message_not_found", "no such message of this person");
  context.label(found->label());
  return std::move(*found).open(context.permit());
}

void Chats::register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<ListIn, ListOut>{"chats.list", "自分の会話の一覧と検索", "chats.list", Access::read, 4096, gate::no_preparation<ListIn>(), list});
  registry.add(gate::Operation<CreateIn, ChatView>{"chats.create", "新しい会話を作る", "chats.write", Access::write, 16384, gate::no_preparation<CreateIn>(), create});
  registry.add(gate::Operation<IdIn, ReadOut>{"chats.read", "会話を読む", "chats.list", Access::read, 1024, gate::no_preparation<IdIn>(), read});
  registry.add(gate::Operation<UpdateIn, ChatView>{"chats.update", "会話の名前・資料・接続先を変える", "chats.write", Access::write, 16384,
                                                   gate::no_preparation<UpdateIn>(), update});
  registry.add(gate::Operation<IdIn, Nothing>{"chats.delete", "会話を消す", "chats.write", Access::write, 1024, gate::no_preparation<IdIn>(), remove});
  registry.add(gate::Operation<ExportIn, ExportOut>{"messages.export", "回答を文書として取り出す", "messages.export", Access::read, 1024,
                                                    gate::no_preparation<ExportIn>(), export_message});
}

}  // namespace sekisho::chat
