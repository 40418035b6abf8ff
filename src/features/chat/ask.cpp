// Asking: open (record the question) -> find passages and decide who may answer -> the stream -> close (judge and record the answer).
#include "core/bytes.h"
#include "crypto/random.h"
#include "features/chat/answering.h"
#include "features/chat/extract.h"
#include "features/chat/messages_ja.h"
#include "text/graphemes.h"
#include "text/utf8.h"

namespace sekisho::chat {
namespace {

constexpr std::size_t kPassages = 8;
struct OpenOut {
  Message user;
  Message answer;
  bool new_question = false;
  Chat chat;
  std::vector<Turn> history;
  std::optional<endpoints::Endpoint> endpoint;
  bool endpoint_missing = false;
  std::shared_ptr<Composed> composed;  // set when nothing had to be retrieved
  MessageView user_view;
  std::string person_id;
  guards::Confirmed confirmed = guards::Confirmed::no;
  std::vector<guards::Count> guard;  // what was warned of
  int scheme = 0;
};
BOOST_DESCRIBE_STRUCT(OpenOut, (), ())

llm::Endpoint wire_endpoint(const endpoints::Endpoint& e, Secret key, const Settings& s) {
  llm::Endpoint out;
  out.url = e.url;
  out.api_key = std::move(key);
  out.proxy = s.proxy;
  out.connect_timeout = s.connect_timeout;
  out.first_timeout = s.first_timeout;
  out.idle_timeout = s.idle_timeout;
  out.max_answer_bytes = s.max_answer_bytes;
  return out;
}

// Opens the passages with the caller's permit and joins their labels: what an answer is made of decides its label.
Status take_passages(gate::Context& context, std::vector<policy::Labelled<library::Passage>> found, Composed& out) {
  for (auto& labelled : found) {
    out.label = policy::join(out.label, labelled.label());
    SK_TRY(library::Passage p, std::move(labelled).open(context.permit()));
    if (std::find(out.collections.begin(), out.collections.end(), p.collection_id.str()) == out.collections.end()) out.collections.push_back(p.collection_id.str());
    out.context_characters += static_cast<std::int64_t>(text::count_graphemes(p.text));
    out.sources.push_back({static_cast<int>(out.sources.size()) + 1, p.document, p.document_id, p.chunk_id, p.page, p.section, p.start, p.end, p.text, p.row});
  }
  return ok();
}

// A request with who wrote each of its messages.
struct Request {
  llm::ChatRequest chat;
  std::vector<guards::Origin> origins;
};

Request request_of(const ComposeIn& in, const endpoints::Endpoint& endpoint, const std::vector<Citation>& sources) {
  const std::string model = endpoint.model == "*" ? in.model : endpoint.model;
  Request out;
  if (in.plain) {
    out.chat.model = model;
    for (const Turn& turn : in.history) out.chat.messages.push_back({turn.role, turn.text});
    out.chat.messages.push_back({"user", in.question});
    out.origins.assign(out.chat.messages.size(), guards::Origin::question);
  } else {
    out.chat = compose_request(model, in.history, in.question, sources, to_hex(crypto::random_bytes(8)));
    out.origins.assign(out.chat.messages.size(), guards::Origin::earlier);
    out.origins.front() = guards::Origin::source;
    out.origins.back() = guards::Origin::question;
  }
  out.chat.max_tokens = in.max_tokens;
  out.chat.temperature = in.temperature;
  return out;
}

constexpr const char* kNothingFound =
    "選ばれた資料の中に、この質問に関係する記載は見つかりませんでした。言葉を変えるか、別の資料を選んで、もう一度お尋ねください。";

}  // namespace

Result<Here> guard_here(gate::Context& context, const guards::Guards& guards) {
  SK_TRY(auto body, bodies::Table::profile(context.tx));
  Here here{std::move(body.profile), {}, nullptr};
  SK_TRY(here.schemes, bodies::Schemes::read(context.tx));
  SK_TRY(here.guard, guards.guard(context.tx, context.body, here.profile));
  return here;
}

Result<gate::ModelCall> model_call(gate::Context& context, const ComposeIn& in, const Settings& settings, const Here& here, Composed& out) {
  SK_TRY(const policy::Ceiling ceiling, endpoints::ceiling_now(context, *in.endpoint));
  Request request = request_of(in, *in.endpoint, out.sources);
  out.model = request.chat.model;
  auto place = guards::place_of(context.permit().person(), &*in.endpoint, here.profile, out.label.c);
  SK_TRY(guards::Passed passed, here.guard->pass(out.label, std::move(request.chat), request.origins, std::move(place), in.confirmed));
  out.label = policy::join(out.label, passed.request.label());
  out.guard = std::move(passed.counts);
  if (!out.guard.empty()) context.note("guard_request", json::to_value(out.guard));
  SK_TRY(auto released, policy::release(std::move(passed.request), ceiling, context.permit()));
  SK_TRY(Secret key, endpoints::open_key(context.body, *in.endpoint));
  return gate::ModelCall{wire_endpoint(*in.endpoint, std::move(key), settings), std::move(released), std::move(passed.restorer)};
}

namespace {

// Who answers: the chosen endpoint if guard and policy let this content go there, else the built-in engine, which says so.
Status compose(gate::Context& context, const ComposeIn& in, const Settings& settings, const text::Analyzer& analyzer, const Here& here, bool retrieved, Composed& out) {
  if (in.endpoint && !(retrieved && out.sources.empty())) {
    auto call = model_call(context, in, settings, here, out);
    if (call) {
      out.call = std::move(*call);
      out.engine = in.endpoint->name;
      return ok();
    }
    const Error& why = call.error();
    if (why.code != Code::denied && why.key != "guards.confirm") return Unexpected(why);
    out.model.reset();
    out.guard.clear();
    context.note("not_released", json::Value(json::Object{{"key", why.key}, {"clause", why.clause}}));
    out.notice = "（選ばれた接続先には、この内容を送れません。根拠: " + why.clause + "、許可できる人: " + context.body.words.load()->permitter(why.who_can_permit) + "。資料からの抜粋でお答えします。）\n\n";
  }
  if (in.plain && !retrieved) return fail(Code::invalid_argument, "chat.no_model", "no model answers to this name");
  out.text = out.notice + (out.sources.empty() ? std::string(kNothingFound) : extract_answer(in.question, out.sources, analyzer));
  return ok();
}

// A message of the chat that is asked in. The record keeps the chat's label, which covers that of its messages.
Result<Message> message_in(gate::Context& context, const Chat& chat, const MessageId& id) {
  SK_TRY(auto found, Table::find_message(context.tx, id, chat.owner_id));
  if (!found) return fail(Code::not_found, "chat.message_not_found", "no such message of this person");
  SK_TRY(Message message, std::move(*found).open(context.permit()));
  if (message.chat_id != chat.id) return fail(Code::not_found, "chat.message_not_found", "of another chat");
  return message;
}

// The turns before `parent`, oldest first, as many as a model is sent: the rest of a long chat is not read for one more question.
Result<std::vector<Turn>> history_before(gate::Context& context, const Chat& chat, std::optional<MessageId> parent) {
  std::vector<Turn> out;
  while (parent && out.size() < kHistoryTurns) {
    SK_TRY(Message message, message_in(context, chat, *parent));
    if (message.state != "failed") out.push_back({std::move(message.role), std::move(message.text)});
    parent = message.parent_id;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

// The question: a new one under its parent, or the one that a regeneration repeats.
Result<Message> question_for(gate::Context& context, const AskIn& in, const Chat& chat, bool& fresh) {
  if (in.regenerate_of) {
    SK_TRY(const Message answer, message_in(context, chat, *in.regenerate_of));
    if (answer.role != "assistant" || !answer.parent_id) return fail(Code::not_found, "chat.message_not_found", "nothing to answer again");
    if (answer.state == "streaming") return fail(Code::conflict, "chat.still_answering", "the answer is being made");
    return message_in(context, chat, *answer.parent_id);
  }
  Message user;
  user.id = context.new_id<MessageTag>();
  user.chat_id = chat.id;
  user.parent_id = in.parent_id;
  user.role = "user";
  user.text = in.text;
  user.state = "complete";
  user.label = policy::join(chat.label, starting_label(context.permit().person()));
  user.characters.in = in.characters;
  user.created_at = context.now;
  fresh = true;
  return user;
}

// What she is about to send is looked through before it is kept: refused, it leaves no more in the record than kinds, counts and the covered text.
Result<guards::Confirmed> admit_question(gate::Context& context, AskIn& in, const Here& here, OpenOut& out) {
  const auto confirmed = in.confirm.value_or(false) ? guards::Confirmed::yes : guards::Confirmed::no;
  const auto place = guards::place_of(context.permit().person(), out.endpoint ? &*out.endpoint : nullptr, here.profile, out.user.label.c);
  std::vector<guards::Count> counts;
  auto admitted = here.guard->admit(out.user.text, out.user.label, place, confirmed, counts);
  if (!counts.empty()) context.note("guard", json::to_value(counts));
  if (!admitted) {
    in.text = here.guard->covered(in.text, place);
    return Unexpected(admitted.error());
  }
  out.user.label = std::move(*admitted);
  std::erase_if(counts, [](const guards::Count& c) { return c.action != "warn"; });  // nothing was covered yet
  out.guard = std::move(counts);
  return confirmed;
}

Result<OpenOut> open_question(gate::Context& context, AskIn& in, const Settings& settings, const text::Analyzer& analyzer, const guards::Guards& guards) {
  OpenOut out;
  SK_TRY(out.chat, require_chat(context, in.id));
  if (!in.regenerate_of) SK_CHECK(check_prompt(in.characters, settings));
  SK_TRY(out.user, question_for(context, in, out.chat, out.new_question));
  SK_TRY(out.history, history_before(context, out.chat, out.user.parent_id));  // also: a parent of another chat is none
  if (out.chat.endpoint) {
    SK_TRY(out.endpoint, endpoints::Table::find(context.tx, *out.chat.endpoint));
    out.endpoint_missing = !out.endpoint;
    SK_CHECK(context.not_stopped(gate::StopKind::endpoint, out.chat.endpoint->str()));
  }
  for (const auto& collection : out.chat.collections) SK_CHECK(context.not_stopped(gate::StopKind::collection, collection.str()));
  SK_TRY(const Here here, guard_here(context, guards));
  out.scheme = here.schemes.current();
  SK_TRY(out.confirmed, admit_question(context, in, here, out));
  if (out.new_question) SK_CHECK(Table::insert_message(context.tx, out.user));
  if (!out.new_question) context.note("question", json::to_value(out.user.text));  // the record is whole without the chat
  out.person_id = context.permit().person().user_id;
  Message& answer = out.answer;
  answer.id = context.new_id<MessageTag>();
  // Of two ids of one instant the order is chance; an answer is listed after its question.
  while (out.new_question && answer.id.str() < out.user.id.str()) answer.id = context.new_id<MessageTag>();
  answer.chat_id = out.chat.id;
  answer.parent_id = out.user.id;
  answer.role = "assistant";
  answer.state = "streaming";
  answer.engine = out.endpoint ? out.endpoint->name : kExtractive;
  answer.label = out.user.label;
  answer.stream_id = context.new_id<StreamTag>();
  answer.created_at = context.now;
  SK_CHECK(metering::reserve(context, settings.usage, use_of(answer.id.str(), metering::purpose::kChat, out.endpoint, out.user.characters.in)));
  SK_CHECK(Table::insert_message(context.tx, answer));
  if (out.chat.title.empty()) out.chat.title = title_of(out.user.text);
  out.chat.label = policy::join(out.chat.label, out.user.label);
  out.chat.head = answer.id;
  out.chat.updated_at = context.now;
  SK_CHECK(Table::update(context.tx, out.chat));
  SK_TRY(const auto words, bodies::label_words(context));
  SK_TRY(out.user_view, view_of(out.user, words));
  context.about(answer.id.str());
  context.label(out.user.label);
  // A model that is asked without documents needs none found: it is released in the same transaction.
  if (out.endpoint && out.chat.collections.empty()) {
    out.composed = std::make_shared<Composed>();
    out.composed->label = out.user.label;
    out.composed->scheme = out.scheme;
    SK_CHECK(compose(context, {out.user.text, out.history, {}, out.endpoint, "", out.user.label, out.scheme, {}, {}, false, out.confirmed}, settings, analyzer, here, false, *out.composed));
  }
  return out;
}

Result<CloseOut> close_answer(gate::Context& context, CloseIn& in) {
  context.about(in.object);
  // The body may have taken up another scheme while the answer was being made.
  SK_TRY(const auto schemes, bodies::Schemes::read(context.tx));
  in.label = schemes.now(std::move(in.label), in.scheme);
  context.label(in.label);
  SK_CHECK(metering::settle(context, {in.object, in.state, !in.model, in.characters.in, in.characters.out, in.characters.context}));
  SK_TRY(auto message, Table::streaming_message(context.tx, MessageId::trusted(in.object)));
  if (!message) return CloseOut{};  // a completion, or the chat was deleted while it was being answered
  message->text = in.judged.text;
  message->state = in.state;
  message->engine = in.engine;
  message->model = in.model;
  message->error_key = in.error;
  message->citations = in.judged.citations;
  message->sentences = in.judged.sentences;
  message->label = in.label;
  message->characters = in.characters;
  message->guard = in.guard;
  SK_CHECK(Table::close_message(context.tx, *message));
  SK_CHECK(Table::insert_sources(context.tx, message->id, in.made_of));
  SK_TRY(auto chat, Table::find(context.tx, message->chat_id, in.asked_by));
  if (chat) {
    SK_TRY(Chat row, std::move(*chat).open(context.permit()));
    row.label = policy::join(row.label, in.label);
    row.updated_at = context.now;
    SK_CHECK(Table::update(context.tx, row));
  }
  SK_TRY(auto words, bodies::label_words(context));
  words.me = in.asked_by;
  SK_TRY(auto view, view_of(*message, words));
  return CloseOut{std::move(view)};
}

}  // namespace

Status check_prompt(std::int64_t characters, const Settings& settings) {
  if (characters == 0) return fail(Code::invalid_argument, "chat.empty", "no text");
  if (characters > settings.max_prompt_characters) return fail(Code::too_large, "chat.prompt_too_long", "more characters than prompt.max_characters");
  return ok();
}

metering::Use use_of(std::string id, const char* purpose, const std::optional<endpoints::Endpoint>& endpoint, std::int64_t characters) {
  return {std::move(id), purpose, endpoint ? endpoint->id.str() : "", endpoint ? endpoint->name : "", characters};
}

gate::Operation<CloseIn, CloseOut> close_operation() {
  return {"chats.close", "回答を記録して終える", "chats.close", gate::Access::write, 0, gate::no_preparation<CloseIn>(), close_answer};
}

gate::Caller program_of(const gate::Caller& caller) { return {caller.body, gate::Program{}, caller.segment, caller.request_id, "program"}; }

CloseIn closing_of(std::string object, const std::string& asked_by, const Composed& composed, gate::Outcome outcome, std::int64_t characters_in,
                   const text::Analyzer& analyzer) {
  CloseIn in;
  in.object = std::move(object);
  in.asked_by = asked_by;
  in.state = outcome.ending == gate::Ending::complete ? "complete" : outcome.ending == gate::Ending::stopped ? "stopped" : "failed";
  in.text = std::move(outcome.text);
  in.engine = composed.engine;
  in.model = composed.model;
  if (outcome.error) in.error = outcome.error->key;
  for (const Citation& c : composed.sources) {
    in.passages.push_back(c.row);
    in.made_of.insert(c.document_id);
  }
  in.characters = {characters_in, static_cast<std::int64_t>(text::count_graphemes(in.text)), composed.context_characters};
  in.judged = judge(in.text, composed.sources, analyzer);
  in.label = composed.label;
  in.scheme = composed.scheme;
  in.guard = composed.guard;
  return in;
}

gate::Event closed_event(const Result<CloseOut>& closed, const gate::Outcome& outcome, const Characters& characters) {
  if (!closed) return {"error", json::serialise(json::Object{{"key", closed.error().key}, {"title", problem_title(closed.error().key)}, {"message", nullptr}})};
  const json::Value message = closed->message ? json::to_value(*closed->message) : json::Value(nullptr);
  if (outcome.error) return {"error", json::serialise(json::Object{{"key", outcome.error->key}, {"title", problem_title(outcome.error->key)}, {"message", message}})};
  return {"done", json::serialise(json::Object{{"message", message}, {"characters", json::to_value(characters)}})};
}

gate::Operation<ComposeRecord, ComposeOut> compose_operation(const ComposeIn& in, const Settings& settings, const Retrieve& retrieve, const text::Analyzer& analyzer,
                                                             const guards::Guards& guards) {
  return {"chats.compose", "資料を探し、答える相手を決める", "chats.ask", gate::Access::read, 0, gate::no_preparation<ComposeRecord>(),
          [&](gate::Context& context, ComposeRecord& record) -> Result<ComposeOut> {
            ComposeOut out{std::make_shared<Composed>()};
            SK_TRY(const Here here, guard_here(context, guards));
            out.composed->label = here.schemes.now(in.label, in.scheme);
            out.composed->scheme = here.schemes.current();
            SK_TRY(auto found, retrieve(context, in.question, in.collections, kPassages));
            SK_CHECK(take_passages(context, std::move(found), *out.composed));
            SK_CHECK(compose(context, in, settings, analyzer, here, true, *out.composed));
            json::Array chunks;
            for (const Citation& c : out.composed->sources) chunks.emplace_back(c.row);
            context.note("passages", std::move(chunks));
            context.about(record.object);
            context.label(out.composed->label);
            return out;
          }};
}

void finish_plan(gate::Plan& plan, const gate::Caller& caller, const std::shared_ptr<Composed>& composed) {
  plan.segments = caller.body->codes_of(caller.segment);
  plan.collections = composed->collections;
  plan.call = std::move(composed->call);
  composed->call.reset();
  plan.text = composed->text;
}

Chats::Chats(const text::Analyzer& analyzer, const guards::Guards& guards, Retrieve retrieve, Admit admit, Settings settings)
    : analyzer_(analyzer), guards_(guards), retrieve_(std::move(retrieve)), admit_(std::move(admit)), settings_(std::move(settings)) {}

Result<Asked> Chats::ask(gate::Gate& gate, const gate::Caller& caller, AskIn in) const {
  if (!text::is_valid_utf8(in.text)) return fail(Code::invalid_argument, "chat.encoding", "not UTF-8");
  in.characters = static_cast<std::int64_t>(text::count_graphemes(in.text));
  const gate::Operation<AskIn, OpenOut> open{"chats.ask", "質問する", "chats.ask", gate::Access::write, 0, gate::no_preparation<AskIn>(),
                                            [this](gate::Context& c, AskIn& a) -> Result<OpenOut> {
                                              SK_CHECK(admit_(c));
                                              return open_question(c, a, settings_, analyzer_, guards_);
                                            }};
  SK_TRY(OpenOut opened, gate.run(open, caller, std::move(in)));
  const std::string id = opened.answer.id.str();
  std::shared_ptr<Composed> composed = opened.composed;
  std::optional<Error> failure;
  if (!composed) {
    const ComposeIn what{opened.user.text, opened.history, opened.chat.collections, opened.endpoint, "", opened.user.label, opened.scheme, {}, {}, false, opened.confirmed};
    auto made = gate.run(compose_operation(what, settings_, retrieve_, analyzer_, guards_), caller, ComposeRecord{id});
    if (made) composed = made->composed;
    else failure = made.error();
  }
  if (!composed) composed = std::make_shared<Composed>();
  if (failure) {
    composed->label = opened.user.label;
    composed->scheme = opened.scheme;
  }
  if (!composed->call) composed->guard = opened.guard;
  Asked out;
  out.user = opened.user_view;
  out.new_question = opened.new_question;
  out.answer_id = opened.answer.id;
  out.plan.id = opened.answer.stream_id->str();
  out.plan.owner = opened.person_id;
  out.plan.body = caller.body->code;
  const json::Value user = opened.new_question ? json::to_value(opened.user_view) : json::Value(nullptr);
  out.plan.first.push_back({"open", json::serialise(json::Object{{"stream_id", out.plan.id}, {"user_message", user}, {"answer_id", id}})});
  out.plan.first.push_back({"sources", json::serialise(json::Object{{"citations", json::to_value(composed->sources)}})});
  out.plan.close = [&gate, program = program_of(caller), composed, id, asked_by = opened.person_id, characters = opened.user.characters.in, failure,
                    &analyzer = analyzer_](gate::Outcome outcome) {
    if (failure) {
      outcome.ending = gate::Ending::failed;
      outcome.error = failure;
      outcome.text.clear();
    }
    gate::Outcome told{outcome.ending, {}, outcome.error, {}};
    CloseIn closing = closing_of(id, asked_by, *composed, std::move(outcome), characters, analyzer);
    const Characters counted = closing.characters;
    return closed_event(gate.run(close_operation(), program, std::move(closing)), told, counted);
  };
  finish_plan(out.plan, caller, composed);
  return out;
}

Result<int> Chats::settle(gate::Gate& gate, gate::Body& body) const {
  const gate::Operation<Nothing, Nothing> settle_all{
      "chats.settle", "途中で止まった回答を終わらせる", "chats.settle", gate::Access::write, 0, gate::no_preparation<Nothing>(),
      [](gate::Context& context, Nothing&) -> Result<Nothing> {
        SK_TRY(const auto ids, Table::streaming(context.tx));
        json::Array settled;
        for (const MessageId& id : ids) {
          SK_TRY(auto message, Table::streaming_message(context.tx, id));
          if (!message) continue;
          message->state = "failed";
          message->error_key = "chat.unknown";
          SK_CHECK(Table::close_message(context.tx, *message));
          settled.emplace_back(id.str());
        }
        context.note("unknown", std::move(settled));
        return Nothing{};
      }};
  std::size_t open = 0;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto ids, Table::streaming(*tx));
    open = ids.size();
  }
  if (open == 0) return 0;
  SK_CHECK(gate.run(settle_all, gate::Caller{&body, gate::Program{}, 0, "start", "program"}, Nothing{}));
  return static_cast<int>(open);
}

}  // namespace sekisho::chat
