#include "features/drafts/drafts.h"

#include <algorithm>

#include "crypto/random.h"
#include "features/chat/answering.h"
#include "features/office/sheets.h"
#include "features/office/words.h"
#include "text/graphemes.h"

namespace sekisho::drafts {
namespace {

using office::File;
using workflow::contains;
using workflow::Field;
using workflow::text_in;

constexpr std::int64_t kKeep = std::int64_t{30} * 86'400'000'000;
constexpr const char* kNoModel = "モデルは使っていません。案件の欄を並べたものです。";

struct Opened {
  office::DraftRow row;
  std::shared_ptr<chat::Composed> composed;
  std::string stream;
  std::string person;
  std::int64_t characters = 0;
};
BOOST_DESCRIBE_STRUCT(Opened, (), ())

// May this person write the field here: by an edit, or in a step that asks for it?
Result<bool> may_write(gate::Context& context, const office::Office& office, const File& file, const office::Actor& actor, const Field& field) {
  SK_TRY(const bool seen, office.may_see(context, file, actor, field));
  if (!seen) return false;
  SK_TRY(const bool edits, office.may_edit(context, file, actor, field));
  if (edits) return true;
  for (const workflow::Transition* t : office.starting_here(file)) {
    if (!t->ask || !contains(*t->ask, field.key)) continue;
    SK_TRY(const auto chance, office.chance(context, file, actor, *t));
    if (chance.mover) return true;
  }
  return false;
}

// A sheet of many clauses in few words: how many of each answer, and what is not kept.
std::string sheet_words(const Field& field, const json::Value& value) {
  if (!value.is_array()) return "";
  const workflow::RowsFrom& rows = *field.rows;
  const std::string &label = workflow::given_column(field, "label")->key, &text = workflow::given_column(field, "text")->key;
  office::AnswerTally tally(field);
  std::string gaps;
  for (const json::Value& row : value.get_array()) {
    if (!row.is_object()) continue;
    const std::string said = text_in(row, rows.answer);
    tally.add(said);
    if (contains(rows.gaps, said)) gaps += "\n・" + text_in(row, label) + " " + text_in(row, text) + (rows.say && !text_in(row, *rows.say).empty() ? "（所見: " + text_in(row, *rows.say) + "）" : "");
  }
  std::string out;
  for (const office::AnswerCount& c : tally.counts()) out += (out.empty() ? "" : "、") + c.title + " " + std::to_string(c.count) + " 件";
  return out + gaps;
}

// The fields that the definition names, as far as the person sees them, in her words. An empty one says so: what is not known is part of the facts.
Result<std::string> facts_of(gate::Context& context, const office::Office& office, const File& file, const office::Actor& actor, const workflow::Draft& draft) {
  office::Words words(context, office.directory());
  std::string out;
  for (const std::string& key : draft.from) {
    const Field* const field = file.d().field(key);
    if (field == nullptr) continue;
    SK_TRY(const bool visible, office.may_see(context, file, actor, *field));
    if (!visible) continue;
    const auto it = file.c.fields.find(key);
    const json::Value value = it == file.c.fields.end() ? json::Value(nullptr) : it->value();
    std::string text;
    if (field->rows) {
      text = sheet_words(*field, value);
    } else {
      SK_TRY(text, words.of(*field, value));
    }
    out += (out.empty() ? "" : "\n\n") + ("【" + field->title + "】\n") + (text.empty() ? "（未記入）" : text);
  }
  return out;
}

// The instruction, then the facts; by the guard and the policy, as every request.
Status to_model(gate::Context& context, const chat::Settings& settings, const chat::Here& here, const DraftIn& in, const endpoints::Endpoint& endpoint, const std::string& instruction,
                const std::string& facts, chat::Composed& out) {
  chat::ComposeIn what;
  what.question = facts;
  what.history.push_back({"system", instruction});
  what.endpoint = endpoint;
  what.model = endpoint.model;
  what.label = out.label;
  what.plain = true;
  what.confirmed = in.confirm.value_or(false) ? guards::Confirmed::yes : guards::Confirmed::no;
  SK_TRY(auto call, chat::model_call(context, what, settings, here, out));
  out.call = std::move(call);
  out.engine = endpoint.name;
  return ok();
}

// What is about to be sent is looked through before anything of it is recorded.
Status admit(gate::Context& context, const DraftIn& in, const chat::Here& here, const std::optional<endpoints::Endpoint>& endpoint, const std::string& facts, chat::Composed& composed) {
  const auto confirmed = in.confirm.value_or(false) ? guards::Confirmed::yes : guards::Confirmed::no;
  const auto place = guards::place_of(context.permit().person(), endpoint ? &*endpoint : nullptr, here.profile, composed.label.c);
  std::vector<guards::Count> counts;
  auto admitted = here.guard->admit(facts, composed.label, place, confirmed, counts);
  if (!counts.empty()) context.note("guard", json::to_value(counts));
  context.note("question", json::Value(admitted ? facts : here.guard->covered(facts, place)));
  if (!admitted) return Unexpected(admitted.error());
  composed.label = std::move(*admitted);
  return ok();
}

Result<Opened> open(gate::Context& context, const DraftIn& in, const office::Office& office, const chat::Settings& settings, const guards::Guards& guards) {
  SK_TRY(const office::Actor actor, office::actor_of(context, office.directory()));
  SK_TRY(const File file, office.read(context, actor, in.id));
  const Field* const field = file.d().field(in.field);
  if (field == nullptr || !field->draft) return fail(Code::invalid_argument, "office.no_draft", in.field.substr(0, 60));
  SK_TRY(const bool may, may_write(context, office, file, actor, *field));
  if (!may) return office::refused(file.d().clauses, Code::denied, "office.not_your_field", field->key);
  const office::Instruction* const told = office.definitions().instruction(field->draft->instruction);
  if (told == nullptr) return fail(Code::conflict, "office.definition_broken", field->draft->instruction);
  SK_TRY(const std::string facts, facts_of(context, office, file, actor, *field->draft));
  Opened out;
  out.person = context.permit().person().user_id;
  out.stream = context.new_id<office::DraftTag>().str();
  out.characters = static_cast<std::int64_t>(text::count_graphemes(facts));
  SK_CHECK(chat::check_prompt(out.characters, settings));
  std::optional<endpoints::Endpoint> endpoint;
  if (in.endpoint) {
    SK_TRY(endpoint, endpoints::Table::find(context.tx, *in.endpoint));
    if (!endpoint) return fail(Code::not_found, "endpoints.not_found", "no such endpoint");
    SK_CHECK(context.not_stopped(gate::StopKind::endpoint, in.endpoint->str()));
  }
  out.composed = std::make_shared<chat::Composed>();
  chat::Composed& composed = *out.composed;
  composed.label = policy::join(file.c.label, chat::starting_label(context.permit().person()));
  SK_TRY(const chat::Here here, chat::guard_here(context, guards));
  composed.scheme = here.schemes.current();
  out.row = {context.new_id<office::DraftTag>(), file.c.id, field->key, actor.account, "making", endpoint ? endpoint->name : chat::kExtractive, "", "", context.now, {}};
  // The record of the question goes by the draft's id, as its close does.
  context.about(out.row.id.str());
  context.label(composed.label);
  context.note("case", json::Value(std::string_view(file.c.number)));
  SK_CHECK(admit(context, in, here, endpoint, facts, composed));
  context.label(composed.label);
  SK_CHECK(metering::reserve(context, settings.usage, chat::use_of(out.row.id.str(), metering::purpose::kDraft, endpoint, out.characters)));
  if (endpoint) {
    SK_CHECK(to_model(context, settings, here, in, *endpoint, told->instruction, facts, composed));
    out.row.model = composed.model.value_or("");
  } else {
    composed.text = told->opening + "\n\n" + facts;
  }
  SK_CHECK(office::DraftTable::forget_before(context.tx, {context.now.micros - kKeep}));
  SK_CHECK(office::DraftTable::insert(context.tx, out.row));
  return out;
}

Result<chat::CloseOut> close(gate::Context& context, chat::CloseIn& in) {
  context.about(in.object);
  SK_TRY(const auto schemes, bodies::Schemes::read(context.tx));
  in.label = schemes.now(std::move(in.label), in.scheme);
  context.label(in.label);
  SK_CHECK(metering::settle(context, {in.object, in.state, !in.model, in.characters.in, in.characters.out, in.characters.context}));
  SK_TRY(auto row, office::DraftTable::find(context.tx, office::DraftId::trusted(in.object)));
  if (!row) return chat::CloseOut{};
  row->state = in.state;
  row->content = in.text;
  SK_CHECK(office::DraftTable::close(context.tx, *row));
  return chat::CloseOut{};
}

// Under the name of every close: whoever reads the record of questions finds the answer to this one too.
gate::Operation<chat::CloseIn, chat::CloseOut> close_operation() {
  return {"chats.close", "下書きを記録して終える", "chats.close", gate::Access::write, 0, gate::no_preparation<chat::CloseIn>(), close};
}

}  // namespace

Drafts::Drafts(const office::Office& office, const text::Analyzer& analyzer, const guards::Guards& guards, chat::Admit admit, chat::Settings settings)
    : office_(office), analyzer_(analyzer), guards_(guards), admit_(std::move(admit)), settings_(std::move(settings)) {}

Result<gate::Plan> Drafts::begin(gate::Gate& gate, const gate::Caller& caller, DraftIn in) const {
  const gate::Operation<DraftIn, Opened> operation{"completions.draft", "案件の欄の下書きを作る", "office.draft", gate::Access::write, 0, gate::no_preparation<DraftIn>(),
                                                   [this](gate::Context& context, DraftIn& asked) -> Result<Opened> {
                                                     SK_CHECK(admit_(context));
                                                     return open(context, asked, office_, settings_, guards_);
                                                   }};
  SK_TRY(const Opened opened, gate.run(operation, caller, std::move(in)));
  const std::string id = opened.row.id.str();
  gate::Plan plan;
  plan.id = opened.stream;
  plan.owner = opened.person;
  plan.body = caller.body->code;
  const json::Value model = opened.row.model.empty() ? json::Value(nullptr) : json::Value(std::string_view(opened.row.model));
  plan.first.push_back({"open", json::serialise(json::Object{{"stream_id", plan.id}, {"draft_id", id}, {"engine", opened.row.engine}, {"model", model},
                                                            {"notice", opened.composed->call ? "" : kNoModel}})});
  plan.close = [&gate, program = chat::program_of(caller), composed = opened.composed, id, person = opened.person, characters = opened.characters, &analyzer = analyzer_](gate::Outcome outcome) {
    gate::Outcome told{outcome.ending, {}, outcome.error, {}};
    chat::CloseIn closing = chat::closing_of(id, person, *composed, std::move(outcome), characters, analyzer);
    const chat::Characters counted = closing.characters;
    return chat::closed_event(gate.run(close_operation(), program, std::move(closing)), told, counted);
  };
  chat::finish_plan(plan, caller, opened.composed);
  return plan;
}

}  // namespace sekisho::drafts
