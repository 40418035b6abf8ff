// The door of OpenAI-compatible tools, and the trial of an endpoint. A client of this door gets the model it named or a refusal, never a
// silent substitute.
#include <algorithm>
#include <utility>

#include "crypto/random.h"
#include "features/chat/answering.h"
#include "text/graphemes.h"
#include "text/utf8.h"

namespace sekisho::chat {
namespace {

constexpr const char* kExtractiveModel = "sekisho-extractive";

struct OpenedOut {
  std::shared_ptr<Composed> composed;  // none: the built-in engine, which has to look for passages first
  std::string person_id;
};
BOOST_DESCRIBE_STRUCT(OpenedOut, (), ())

// Everything a tool sends was written there: its instructions and earlier turns are looked at like the question.
Status admit_messages(gate::Context& context, CompletionIn& asked, const Here& here, ComposeIn& what) {
  const auto place = guards::place_of(context.permit().person(), what.endpoint ? &*what.endpoint : nullptr, here.profile, what.label.c);
  std::vector<guards::Count> counts;
  Status refused = ok();
  for (const CompletionTurn& turn : asked.messages) {
    auto admitted = here.guard->admit(turn.content, what.label, place, what.confirmed, counts);
    if (admitted) what.label = std::move(*admitted);
    else if (refused) refused = Unexpected(admitted.error());
  }
  if (!counts.empty()) context.note("guard", json::to_value(counts));
  if (!refused)
    for (CompletionTurn& turn : asked.messages) turn.content = here.guard->covered(turn.content, place);
  return refused;
}

// The endpoint of that name; else one that serves that model; else one that takes any model. Of several, one that may be used now, up to the highest class:
// the order of their names must not decide what the same question is answered.
Result<endpoints::Endpoint> endpoint_named(gate::Context& context, const std::string& model) {
  SK_TRY(auto all, endpoints::Table::all(context.tx));
  const auto closeness = [&](const endpoints::Endpoint& e) { return e.name == model ? 3 : e.model == model ? 2 : e.model == "*" ? 1 : 0; };
  int closest = 1;
  for (const auto& e : all) closest = std::max(closest, closeness(e));
  std::erase_if(all, [&](const endpoints::Endpoint& e) { return closeness(e) != closest; });
  if (all.empty()) return fail(Code::not_found, "chat.no_model", "no model answers to this name");
  if (all.size() == 1) return std::move(all.front());
  const auto fitness = [&](const endpoints::Endpoint& e) {
    const auto now = endpoints::ceiling_now(context, e);
    return std::pair(now.has_value() && now->approved, now ? now->c : 0);
  };
  return *std::ranges::max_element(all, {}, fitness);
}

}  // namespace

// Lives from the first half to the second; the step refers to it.
struct Chats::Completion::State {
  std::shared_ptr<const gate::Caller> caller;
  ComposeIn what;
  std::int64_t characters = 0;
  std::string id;  // the stream's
  std::shared_ptr<OpenedOut> opened = std::make_shared<OpenedOut>();
};

namespace {

Status check_turns(CompletionIn& in) {
  for (const CompletionTurn& turn : in.messages) {
    if (turn.role != "system" && turn.role != "user" && turn.role != "assistant") return fail(Code::invalid_argument, "chat.role", "system, user or assistant");
    if (!text::is_valid_utf8(turn.content)) return fail(Code::invalid_argument, "chat.encoding", "not UTF-8");
    in.characters += static_cast<std::int64_t>(text::count_graphemes(turn.content));
  }
  if (in.messages.empty() || in.messages.back().role != "user") return fail(Code::invalid_argument, "chat.empty", "the last message must be the user's");
  return ok();
}

ComposeIn compose_in(const CompletionIn& in) {
  ComposeIn what;
  what.question = in.messages.back().content;
  for (std::size_t i = 0; i + 1 < in.messages.size(); ++i) what.history.push_back({in.messages[i].role, in.messages[i].content});
  what.model = in.model;
  what.max_tokens = in.max_tokens;
  what.temperature = in.temperature;
  what.plain = true;
  what.confirmed = in.confirm_findings.value_or(false) ? guards::Confirmed::yes : guards::Confirmed::no;
  return what;
}

Result<OpenedOut> open_completion(gate::Context& context, CompletionIn& asked, const std::string& id, ComposeIn& what, const Settings& settings, const guards::Guards& guards) {
  SK_CHECK(check_prompt(asked.characters, settings));
  context.about(id);
  what.label = starting_label(context.permit().person());
  context.label(what.label);
  OpenedOut out;
  out.person_id = context.permit().person().user_id;
  const bool extractive = asked.model == kExtractiveModel;
  if (!extractive) {
    SK_TRY(what.endpoint, endpoint_named(context, asked.model));
  }
  SK_TRY(const Here here, guard_here(context, guards));
  what.scheme = here.schemes.current();
  SK_CHECK(admit_messages(context, asked, here, what));
  SK_CHECK(metering::reserve(context, settings.usage, use_of(id, metering::purpose::kApi, what.endpoint, asked.characters)));
  context.label(what.label);
  if (extractive) return out;
  out.composed = std::make_shared<Composed>();
  out.composed->label = what.label;
  out.composed->scheme = what.scheme;
  SK_TRY(auto call, model_call(context, what, settings, here, *out.composed));
  out.composed->call = std::move(call);
  out.composed->engine = what.endpoint->name;
  return out;
}

// An answer that no chat keeps: its record and its characters are all that stays.
struct Passing {
  std::string id;  // the stream's
  std::string owner;
  std::int64_t characters = 0;  // of what was asked
};

gate::Plan passing_plan(gate::Gate& gate, const gate::Caller& caller, const std::shared_ptr<Composed>& composed, Passing passing, const text::Analyzer& analyzer) {
  gate::Plan plan;
  plan.id = passing.id;
  plan.body = caller.body->code;
  plan.owner = passing.owner;
  plan.close = [&gate, program = program_of(caller), composed, passing = std::move(passing), &analyzer](gate::Outcome outcome) {
    gate::Outcome told{outcome.ending, {}, outcome.error, {}};
    CloseIn closing = closing_of(passing.id, passing.owner, *composed, std::move(outcome), passing.characters, analyzer);
    const Characters counted = closing.characters;
    return closed_event(gate.run(close_operation(), program, std::move(closing)), told, counted);
  };
  finish_plan(plan, caller, composed);
  return plan;
}

}  // namespace

Result<Chats::Completion> Chats::begin_completion(gate::Gate& gate, std::shared_ptr<const gate::Caller> caller, CompletionIn in) const {
  SK_CHECK(check_turns(in));
  Completion out;
  out.retrieves = in.model == kExtractiveModel;
  out.state = std::make_shared<Completion::State>();
  Completion::State& state = *out.state;
  state.caller = std::move(caller);
  state.what = compose_in(in);
  state.characters = in.characters;
  state.id = make_ulid(gate.clock().now(), crypto::random_bytes(10));
  const gate::Operation<CompletionIn, OpenedOut> open{
      "completions.ask", "外部の道具から質問する（OpenAI互換）", "chats.ask", gate::Access::write, 0, gate::no_preparation<CompletionIn>(),
      [this, kept = out.state](gate::Context& context, CompletionIn& asked) -> Result<OpenedOut> {
        SK_CHECK(admit_(context));
        return open_completion(context, asked, kept->id, kept->what, settings_, guards_);
      }};
  out.step = std::make_shared<const gate::Step>(gate::Registry::make_step(open, std::make_shared<CompletionIn>(std::move(in)), state.opened));
  return out;
}

Result<gate::Plan> Chats::finish_completion(gate::Gate& gate, const Completion& completion) const {
  const Completion::State& state = *completion.state;
  const gate::Caller& caller = *state.caller;
  std::shared_ptr<Composed> composed = state.opened->composed;
  if (!composed) {
    auto made = gate.run(compose_operation(state.what, settings_, retrieve_, analyzer_, guards_), caller, ComposeRecord{state.id});
    if (!made) {
      // Opened, so it is closed: the record and the meter know how it ended.
      CloseIn closing = closing_of(state.id, state.opened->person_id, {}, {gate::Ending::failed, {}, made.error(), {}}, state.characters, analyzer_);
      closing.label = state.what.label;
      closing.scheme = state.what.scheme;
      SK_CHECK(gate.run(close_operation(), program_of(caller), std::move(closing)));
      return Unexpected(made.error());
    }
    composed = made->composed;
  }
  return passing_plan(gate, caller, composed, {state.id, state.opened->person_id, state.characters}, analyzer_);
}

Result<gate::Plan> Chats::test_endpoint(gate::Gate& gate, const gate::Caller& caller, const std::string& id_text) const {
  SK_TRY(const auto id, endpoints::EndpointId::parse(id_text));
  Passing passing{make_ulid(gate.clock().now(), crypto::random_bytes(10)), {}, 0};
  const gate::Operation<ComposeRecord, ComposeOut> test{
      "endpoints.test", "モデル接続先を試す", "endpoints.manage", gate::Access::write, 0, gate::no_preparation<ComposeRecord>(),
      [&](gate::Context& context, ComposeRecord&) -> Result<ComposeOut> {
        context.about(id.str());
        ComposeIn what;
        SK_TRY(what.endpoint, endpoints::Table::find(context.tx, id));
        if (!what.endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
        what.question = "接続の確認です。「はい」とだけ答えてください。";
        what.model = what.endpoint->model;
        passing.characters = static_cast<std::int64_t>(text::count_graphemes(what.question));
        SK_CHECK(metering::reserve(context, settings_.usage, use_of(passing.id, metering::purpose::kTest, what.endpoint, passing.characters)));
        what.plain = true;
        ComposeOut out{std::make_shared<Composed>()};
        out.composed->label = starting_label(context.permit().person());
        SK_TRY(const Here here, guard_here(context, guards_));
        out.composed->scheme = here.schemes.current();
        SK_TRY(auto call, model_call(context, what, settings_, here, *out.composed));
        out.composed->call = std::move(call);
        out.composed->engine = what.endpoint->name;
        passing.owner = context.permit().person().user_id;
        return out;
      }};
  SK_TRY(const ComposeOut made, gate.run(test, caller, ComposeRecord{id_text}));
  return passing_plan(gate, caller, made.composed, std::move(passing), analyzer_);
}

}  // namespace sekisho::chat
