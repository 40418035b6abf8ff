#include "features/chat/table.h"

#include "gate/label_table.h"

namespace sekisho::chat {
namespace {

#define SK_CHAT_COLUMNS "id, owner_id, title, collections, endpoint_id, head_id, label, created_at, updated_at"
#define SK_MESSAGE_COLUMNS                                                                                                              \
  "m.id, m.chat_id, m.parent_id, m.role, m.text, m.state, m.engine, m.model, m.error_key, m.citations, m.sentences, m.label, m.characters_in, " \
  "m.characters_out, m.characters_context, m.stream_id, m.created_at, m.guard"

constexpr const char* kInsert =
    "INSERT INTO chat (" SK_CHAT_COLUMNS ") VALUES (:id, :owner, :title, :collections, :endpoint, :head, :label, :created, :updated)";
constexpr const char* kUpdate =
    "UPDATE chat SET title = :title, collections = :collections, endpoint_id = :endpoint, head_id = :head, label = :label, updated_at = :updated WHERE id = :id";
constexpr const char* kDeleteSources = "DELETE FROM message_source WHERE message_id IN (SELECT id FROM message WHERE chat_id = :id)";
constexpr const char* kInsertSource = "INSERT INTO message_source (message_id, document_id) VALUES (:id, :document)";
constexpr const char* kSourceLabels =
    "SELECT s.message_id, d.label FROM message m JOIN message_source s ON s.message_id = m.id JOIN document_label d ON d.id = s.document_id WHERE m.chat_id = :id";
constexpr const char* kSourceLabelsOfMessage =
    "SELECT s.message_id, d.label FROM message_source s JOIN document_label d ON d.id = s.document_id WHERE s.message_id = :id";
constexpr const char* kDeleteMessages = "DELETE FROM message WHERE chat_id = :id";
constexpr const char* kDelete = "DELETE FROM chat WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_CHAT_COLUMNS " FROM chat WHERE id = :id AND owner_id = :owner";
constexpr const char* kPage =
    "SELECT c.id, c.title, c.updated_at, (SELECT COUNT(*) FROM message m WHERE m.chat_id = c.id), c.label FROM chat c "
    "WHERE c.owner_id = :owner AND (c.updated_at < :at OR (c.updated_at = :at2 AND c.id < :after)) "
    "AND " SK_READABLE("c", ":readable") " AND NOT EXISTS (SELECT 1 FROM message m JOIN message_source s ON s.message_id = m.id "
    "JOIN document_label d ON d.id = s.document_id WHERE m.chat_id = c.id AND NOT " SK_READABLE("d", ":readable_too") ") "
    "AND (:words = '' OR c.title LIKE :like1 ESCAPE '\\' OR EXISTS (SELECT 1 FROM message m WHERE m.chat_id = c.id AND m.text LIKE :like2 ESCAPE '\\')) "
    "ORDER BY c.updated_at DESC, c.id DESC LIMIT :limit";
constexpr const char* kIdle =
    "SELECT c.id FROM chat c WHERE c.updated_at < :before AND NOT EXISTS (SELECT 1 FROM message m WHERE m.chat_id = c.id AND m.state = 'streaming') "
    "ORDER BY c.updated_at, c.id LIMIT :limit";
constexpr const char* kInsertMessage =
    "INSERT INTO message (id, chat_id, parent_id, role, text, state, engine, model, error_key, citations, sentences, label, characters_in, "
    "characters_out, characters_context, stream_id, created_at) VALUES (:id, :chat, :parent, :role, :text, :state, :engine, :model, :error, :citations, "
    ":sentences, :label, :in, :out, :context, :stream, :created)";
constexpr const char* kCloseMessage =
    "UPDATE message SET text = :text, state = :state, engine = :engine, model = :model, error_key = :error, citations = :citations, sentences = :sentences, "
    "label = :label, characters_in = :in, characters_out = :out, characters_context = :context, guard = :guard WHERE id = :id";
constexpr const char* kFindMessage =
    "SELECT " SK_MESSAGE_COLUMNS " FROM message m JOIN chat c ON c.id = m.chat_id WHERE m.id = :id AND c.owner_id = :owner";
constexpr const char* kMessages = "SELECT " SK_MESSAGE_COLUMNS " FROM message m WHERE m.chat_id = :id ORDER BY m.id DESC LIMIT 5000";
constexpr const char* kStreamingMessage = "SELECT " SK_MESSAGE_COLUMNS " FROM message m WHERE m.id = :id AND m.state = 'streaming'";
constexpr const char* kChatLabels = "SELECT DISTINCT label, '' FROM chat";
constexpr const char* kMoveChats = "UPDATE chat SET label = " SK_MOVED("after_label", "chat.label", "''") " WHERE " SK_MOVES("chat.label", "''");
constexpr const char* kMessageLabels = "SELECT DISTINCT label, '' FROM message";
constexpr const char* kMoveMessages = "UPDATE message SET label = " SK_MOVED("after_label", "message.label", "''") " WHERE " SK_MOVES("message.label", "''");
constexpr const char* kStreaming = "SELECT id FROM message WHERE state = 'streaming' ORDER BY id";

std::string like(const std::string& words) {
  std::string out = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

Result<std::vector<Message>> messages_of(sql::Query query) {
  SK_TRY(auto rows, query.all<MessageId, ChatId, std::optional<MessageId>, std::string, std::string, std::string, std::string, std::optional<std::string>,
                              std::optional<std::string>, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
                              std::optional<StreamId>, Timestamp, std::string>());
  std::vector<Message> out;
  out.reserve(rows.size());
  for (auto& [id, chat, parent, role, text, state, engine, model, error, citations, sentences, label, in, chars_out, context, stream, created, guard] : rows) {
    SK_TRY(auto cited, json::read_text<std::vector<Citation>>(citations));
    SK_TRY(auto split, json::read_text<std::vector<SentenceView>>(sentences));
    SK_TRY(auto decoded, policy::decode(label));
    SK_TRY(auto counts, json::read_text<std::vector<guards::Count>>(guard));
    out.push_back({std::move(id), std::move(chat), std::move(parent), std::move(role), std::move(text), std::move(state), std::move(engine), std::move(model),
                   std::move(error), std::move(cited), std::move(split), std::move(decoded), {in, chars_out, context}, std::move(stream), created, std::move(counts)});
  }
  return out;
}

policy::Labelled<Message> labelled(Message message) {
  policy::Label label = message.label;
  return {std::move(label), std::move(message)};
}

// By message: the labels that its sources have now, joined.
Result<std::map<std::string, policy::Label>> source_labels(sql::Query query) {
  SK_TRY(const auto rows, query.all<MessageId, std::string>());
  std::map<std::string, policy::Label> out;
  for (const auto& [id, text] : rows) {
    SK_TRY(auto label, policy::decode(text));
    const auto [at, fresh] = out.try_emplace(id.str(), label);
    if (!fresh) at->second = policy::join(at->second, label);
  }
  return out;
}

void raise(Message& message, const std::map<std::string, policy::Label>& sources) {
  if (const auto at = sources.find(message.id.str()); at != sources.end()) message.label = policy::join(message.label, at->second);
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Chat& c) {
  SK_CHECK(gate::LabelTable::learn(tx, c.label));
  SK_CHECK(tx.query(kInsert).bind("id", c.id).bind("owner", c.owner_id).bind("title", c.title).bind("collections", json::write(c.collections))
               .bind("endpoint", c.endpoint).bind("head", c.head).bind("label", policy::encode(c.label)).bind("created", c.created_at)
               .bind("updated", c.updated_at).run());
  return ok();
}

Status Table::update(sql::Tx& tx, const Chat& c) {
  SK_CHECK(gate::LabelTable::learn(tx, c.label));
  SK_CHECK(tx.query(kUpdate).bind("title", c.title).bind("collections", json::write(c.collections)).bind("endpoint", c.endpoint).bind("head", c.head)
               .bind("label", policy::encode(c.label)).bind("updated", c.updated_at).bind("id", c.id).run());
  return ok();
}

Status Table::remove(sql::Tx& tx, const ChatId& id) {
  SK_CHECK(tx.query(kDeleteSources).bind("id", id).run());
  SK_CHECK(tx.query(kDeleteMessages).bind("id", id).run());
  SK_CHECK(tx.query(kDelete).bind("id", id).run());
  return ok();
}

Result<std::optional<policy::Labelled<Chat>>> Table::find(sql::Tx& tx, const ChatId& id, const std::string& owner) {
  SK_TRY(auto row, tx.query(kFind).bind("id", id).bind("owner", owner).maybe_one<ChatId, std::string, std::string, std::string, std::optional<endpoints::EndpointId>,
                                                                                std::optional<MessageId>, std::string, Timestamp, Timestamp>());
  if (!row) return std::optional<policy::Labelled<Chat>>();
  auto& [chat_id, owner_id, title, collections, endpoint, head, label, created, updated] = *row;
  SK_TRY(auto list, json::read_text<std::vector<library::CollectionId>>(collections));
  SK_TRY(auto decoded, policy::decode(label));
  SK_TRY(const auto sources, source_labels(std::move(tx.query(kSourceLabels).bind("id", id))));
  for (const auto& [message, now] : sources) decoded = policy::join(decoded, now);
  Chat chat{chat_id, owner_id, title, std::move(list), endpoint, head, decoded, created, updated};
  return std::optional(policy::Labelled<Chat>(std::move(decoded), std::move(chat)));
}

Result<std::vector<ChatItem>> Table::page(sql::Tx& tx, const std::string& owner, const policy::Readable& readable, const std::string& words,
                                          const std::optional<ChatItem>& after, int limit) {
  const std::string list = readable.as_list();
  const std::int64_t at = after ? after->updated_at.micros : std::numeric_limits<std::int64_t>::max();
  SK_TRY(auto rows, tx.query(kPage).bind("owner", owner).bind("at", at).bind("at2", at).bind("after", after ? after->id.str() : std::string())
                        .bind("readable", list).bind("readable_too", list).bind("words", words).bind("like1", like(words)).bind("like2", like(words)).bind("limit", limit)
                        .all<ChatId, std::string, Timestamp, std::int64_t, std::string>());
  std::vector<ChatItem> out;
  for (auto& [id, title, updated, count, label] : rows) {
    SK_TRY(auto decoded, policy::decode(label));
    out.push_back({id, title, updated, count, std::move(decoded)});
  }
  return out;
}

Status Table::carry_over(sql::Tx& tx, const policy::SchemeChange& change) {
  SK_CHECK(gate::LabelTable::carry_over(tx, kChatLabels, kMoveChats, change));
  return gate::LabelTable::carry_over(tx, kMessageLabels, kMoveMessages, change);
}

Result<std::vector<ChatId>> Table::idle_since(sql::Tx& tx, Timestamp before, int limit) {
  SK_TRY(auto rows, tx.query(kIdle).bind("before", before).bind("limit", limit).all<ChatId>());
  std::vector<ChatId> out;
  for (auto& [id] : rows) out.push_back(std::move(id));
  return out;
}

Status Table::insert_message(sql::Tx& tx, const Message& m) {
  SK_CHECK(tx.query(kInsertMessage).bind("id", m.id).bind("chat", m.chat_id).bind("parent", m.parent_id).bind("role", m.role).bind("text", m.text)
               .bind("state", m.state).bind("engine", m.engine).bind("model", m.model).bind("error", m.error_key)
               .bind("citations", json::write(m.citations)).bind("sentences", json::write(m.sentences)).bind("label", policy::encode(m.label))
               .bind("in", m.characters.in).bind("out", m.characters.out).bind("context", m.characters.context).bind("stream", m.stream_id)
               .bind("created", m.created_at).run());
  return ok();
}

Status Table::close_message(sql::Tx& tx, const Message& m) {
  SK_CHECK(tx.query(kCloseMessage).bind("text", m.text).bind("state", m.state).bind("engine", m.engine).bind("model", m.model).bind("error", m.error_key)
               .bind("citations", json::write(m.citations)).bind("sentences", json::write(m.sentences)).bind("label", policy::encode(m.label))
               .bind("in", m.characters.in).bind("out", m.characters.out).bind("context", m.characters.context).bind("guard", json::write(m.guard)).bind("id", m.id).run());
  return ok();
}

Status Table::insert_sources(sql::Tx& tx, const MessageId& id, const std::set<library::DocumentId>& documents) {
  for (const library::DocumentId& document : documents) SK_CHECK(tx.query(kInsertSource).bind("id", id).bind("document", document).run());
  return ok();
}

Result<std::optional<policy::Labelled<Message>>> Table::find_message(sql::Tx& tx, const MessageId& id, const std::string& owner) {
  SK_TRY(auto rows, messages_of(std::move(tx.query(kFindMessage).bind("id", id).bind("owner", owner))));
  if (rows.empty()) return std::optional<policy::Labelled<Message>>();
  SK_TRY(const auto sources, source_labels(std::move(tx.query(kSourceLabelsOfMessage).bind("id", id))));
  raise(rows.front(), sources);
  return std::optional(labelled(std::move(rows.front())));
}

Result<std::vector<policy::Labelled<Message>>> Table::messages(sql::Tx& tx, const ChatId& id) {
  SK_TRY(auto rows, messages_of(std::move(tx.query(kMessages).bind("id", id))));
  SK_TRY(const auto sources, source_labels(std::move(tx.query(kSourceLabels).bind("id", id))));
  std::vector<policy::Labelled<Message>> out;
  out.reserve(rows.size());
  for (auto m = rows.rbegin(); m != rows.rend(); ++m) {
    raise(*m, sources);
    out.push_back(labelled(std::move(*m)));
  }
  return out;
}

Result<std::optional<Message>> Table::streaming_message(sql::Tx& tx, const MessageId& id) {
  SK_TRY(auto rows, messages_of(std::move(tx.query(kStreamingMessage).bind("id", id))));
  if (rows.empty()) return std::optional<Message>();
  return std::optional<Message>(std::move(rows.front()));
}

Result<std::vector<MessageId>> Table::streaming(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kStreaming).all<MessageId>());
  std::vector<MessageId> out;
  for (auto& [id] : rows) out.push_back(id);
  return out;
}

}  // namespace sekisho::chat
