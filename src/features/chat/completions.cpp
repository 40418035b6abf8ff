// The door of OpenAI-compatible tools, and the trial of an endpoint. A client of this door gets the model it named or a refusal, never a
// silent substitute.
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
Status admit_messages(gate::Context& context, CompletionIn& asked, const guards::Guards& guards, ComposeIn& what) {
  SK_TRY(const auto body, bodies::Table::profile(context.tx));
  SK_TRY(const auto guard, guards.guard(context.tx, context.body, body.profile));
  const auto place = guards::place_of(context.permit().person(), what.endpoint ? &*what.endpoint : nullptr, body.profile, what.label.c);
  std::vector<guards::Count> counts;
  Status refused = ok();
  for (const CompletionTurn& turn : asked.messages) {
    auto admitted = guard->admit(turn.content, what.label, place, what.confirmed, counts);
    if (admitted) what.label = std::move(*admitted);
    else if (refused) refused = Unexpected(admitted.error());
  }
  if (!counts.empty()) context.note("guard", json::to_value(counts));
  if (!refused)
    for (CompletionTurn& turn : asked.messages) turn.content = guard->covered(turn.content, place);
  return refused;
}

Result<endpoints::Endpoint> endpoint_named(sql::Tx& tx, const std::string& model) {
  SK_TRY(auto all, endpoints::Table::all(tx));
  for (auto& e : all)
    if (e.name == model || e.model == model || e.model == "*") return std::move(e);
  return fail(Code::not_found, "chat.no_model", "no model answers to this name");
}

}  // namespace

Result<gate::Plan> Chats::complete(gate::Gate& gate, const gate::Caller& caller, CompletionIn in) const {
  for (const CompletionTurn& turn : in.messages) {
    if (turn.role != "system" && turn.role != "user" && turn.role != "assistant") return fail(Code::invalid_argument, "chat.role", "system, user or assistant");
    if (!text::is_valid_utf8(turn.content)) return fail(Code::invalid_argument, "chat.encoding", "not UTF-8");
    in.characters += static_cast<std::int64_t>(text::count_graphemes(turn.content));
  }
  if (in.messages.empty() || in.messages.back().role != "user") return fail(Code::invalid_argument, "chat.empty", "the last message must be the user's");
  ComposeIn what;
  what.question = in.messages.back().content;
  for (std::size_t i = 0; i + 1 < in.messages.size(); ++i) what.history.push_back({in.messages[i].role, in.messages[i].content});
  what.model = in.model;
  what.max_tokens = in.max_tokens;
  what.temperature = in.temperature;
  what.plain = true;
  what.confirmed = in.confirm_findings.value_or(false) ? guards::Confirmed::yes : guards::Confirmed::no;
  const std::int64_t characters = in.characters;
  const bool extractive = in.model == kExtractiveModel;
  gate::Plan plan;
  plan.id = make_ulid(gate.clock().now(), crypto::random_bytes(10));
  plan.body = caller.body->code;
  const gate::Operation<CompletionIn, OpenedOut> open{
      "completions.ask", "外部の道具から質問する（OpenAI互換）", "chats.ask", gate::Access::write, 0, gate::no_preparation<CompletionIn>(),
      [&](gate::Context& context, CompletionIn& asked) -> Result<OpenedOut> {
        SK_CHECK(check_prompt(asked.characters, settings_));
        context.about(plan.id);
        what.label = starting_label(context.permit().person());
        context.label(what.label);
        OpenedOut out;
        out.person_id = context.permit().person().user_id;
        if (!extractive) {
          SK_TRY(what.endpoint, endpoint_named(context.tx, asked.model));
        }
        SK_CHECK(admit_messages(context, asked, guards_, what));
        SK_CHECK(metering::reserve(context, settings_.usage, use_of(plan.id, metering::purpose::kApi, what.endpoint, asked.characters)));
        context.label(what.label);
        if (extractive) return out;
        out.composed = std::make_shared<Composed>();
        out.composed->label = what.label;
        SK_TRY(auto call, model_call(context, what, settings_, guards_, *out.composed));
        out.composed->call = std::move(call);
        out.composed->engine = what.endpoint->name;
        return out;
      }};
  SK_TRY(OpenedOut opened, gate.run(open, caller, std::move(in)));
  std::shared_ptr<Composed> composed = opened.composed;
  if (!composed) {
    auto made = gate.run(compose_operation(what, settings_, retrieve_, analyzer_, guards_), caller, ComposeRecord{plan.id});
    if (!made) {
      // Opened, so it is closed: the record and the meter know how it ended.
      CloseIn closing = closing_of(plan.id, opened.person_id, {}, {gate::Ending::failed, {}, made.error(), {}}, characters, analyzer_);
      closing.label = what.label;
      SK_CHECK(gate.run(close_operation(), program_of(caller), std::move(closing)));
      return Unexpected(made.error());
    }
    composed = made->composed;
  }
  plan.owner = opened.person_id;
  plan.close = [&gate, program = program_of(caller), composed, id = plan.id, asked_by = opened.person_id, characters, &analyzer = analyzer_](gate::Outcome outcome) {
    gate::Outcome told{outcome.ending, {}, outcome.error, {}};
    CloseIn closing = closing_of(id, asked_by, *composed, std::move(outcome), characters, analyzer);
    const Characters counted = closing.characters;
    return closed_event(gate.run(close_operation(), program, std::move(closing)), told, counted);
  };
  finish_plan(plan, caller, composed);
  return plan;
}

Result<gate::Plan> Chats::test_endpoint(gate::Gate& gate, const gate::Caller& caller, const std::string& id_text) const {
  SK_TRY(const auto id, endpoints::EndpointId::parse(id_text));
  gate::Plan plan;
  plan.id = make_ulid(gate.clock().now(), crypto::random_bytes(10));
  plan.body = caller.body->code;
  std::int64_t characters = 0;
  const gate::Operation<ComposeRecord, ComposeOut> test{
      "endpoints.test", "モデル接続先を試す", "endpoints.manage", gate::Access::write, 0, gate::no_preparation<ComposeRecord>(),
      [&](gate::Context& context, ComposeRecord&) -> Result<ComposeOut> {
        context.about(id.str());
        ComposeIn what;
        SK_TRY(what.endpoint, endpoints::Table::find(context.tx, id));
        if (!what.endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
        what.question = "接続の確認です。「はい」とだけ答えてください。";
        what.model = what.endpoint->model;
        characters = static_cast<std::int64_t>(text::count_graphemes(what.question));
        SK_CHECK(metering::reserve(context, settings_.usage, use_of(plan.id, metering::purpose::kTest, what.endpoint, characters)));
        what.plain = true;
        ComposeOut out{std::make_shared<Composed>()};
        out.composed->label = starting_label(context.permit().person());
        SK_TRY(auto call, model_call(context, what, settings_, guards_, *out.composed));
        out.composed->call = std::move(call);
        out.composed->engine = what.endpoint->name;
        plan.owner = context.permit().person().user_id;
        return out;
      }};
  SK_TRY(const ComposeOut made, gate.run(test, caller, ComposeRecord{id_text}));
  const auto composed = made.composed;
  plan.close = [&gate, program = program_of(caller), composed, object = plan.id, owner = plan.owner, characters, &analyzer = analyzer_](gate::Outcome outcome) {
    gate::Outcome told{outcome.ending, {}, outcome.error, {}};
    CloseIn closing = closing_of(object, owner, *composed, std::move(outcome), characters, analyzer);
    const Characters counted = closing.characters;
    return closed_event(gate.run(close_operation(), program, std::move(closing)), told, counted);
  };
  finish_plan(plan, caller, composed);
  return plan;
}

}  // namespace sekisho::chat
