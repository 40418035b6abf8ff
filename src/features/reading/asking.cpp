#include "features/reading/asking.h"

#include <algorithm>

#include "features/bodies/dates.h"

namespace sekisho::reading {
namespace {

constexpr const char* kConsultations = "consultations";
constexpr const char* kOnboarding = "onboarding";
constexpr const char* kElectronic = "electronic";  // of the field `consent` there
constexpr int kMostCases = 50;                     // of one person's joining
constexpr std::size_t kMaxIn = 16 * 1024;

std::string text_in(const office::File& file, const char* key) {
  const auto it = file.c.fields.find(key);
  return it != file.c.fields.end() && it->value().is_string() ? std::string(std::string_view(it->value().get_string())) : std::string();
}

std::string version_name(const Asked& asked) {
  const auto day = bodies::parse_day(asked.progress.effective_on.value_or(""));
  return "第" + std::to_string(asked.content.version.number) + "版" + (day ? "（" + to_wareki(*day) + "施行）" : "");
}

// What a clause is called in the public copy; of one below what is withheld, the withheld one.
Result<std::string> name_of(const Asked& asked, const standard::ClauseId& clause) {
  const standard::PublicCopy copy = standard::public_copy(asked.content, asked.withheld, "");
  const auto& ids = asked.content.ids;
  const auto it = std::find(ids.begin(), ids.end(), clause);
  if (it == ids.end()) return fail(Code::not_found, "policies.clause_not_found", "not of this version");
  for (int at = static_cast<int>(it - ids.begin()); at != clauses::kNoParent; at = asked.content.document.clauses[static_cast<std::size_t>(at)].parent)
    for (const standard::PublicClause& c : copy.clauses)
      if (c.id == ids[static_cast<std::size_t>(at)]) return c.ref.empty() ? c.label : c.ref;
  return fail(Code::not_found, "policies.clause_not_found", "not shown");
}

Result<QuestionView> view_of(gate::Context& context, const office::Office& office, const office::Actor& actor, const Question& question, const office::File& file) {
  QuestionView out{question.asked_case, file.c.number, question.clause, text_in(file, "clause"), text_in(file, "version"), "", "", file.c.kind != workflow::StateKind::closed, "", question.asked_at};
  const workflow::State* const state = file.d().state(file.c.state);
  out.state = state == nullptr ? file.c.state : state->title;
  for (const auto& [key, to] : {std::pair{"question", &out.question}, std::pair{"answer", &out.answer}}) {
    const workflow::Field* const field = file.d().field(key);
    if (field == nullptr) continue;
    SK_TRY(const bool visible, office.may_see(context, file, actor, *field));
    if (visible) *to = text_in(file, key);
  }
  return out;
}

Result<QuestionList> questions(gate::Context& context, const standard::DocumentId& document, const office::Office& office) {
  context.about(document.str());
  SK_TRY(const auto shown, Table::shown(context.tx, document));
  if (!shown) return fail(Code::not_found, "policies.not_found", "not shown to the staff");
  QuestionList out;
  SK_TRY(const auto person, caller_of(context));
  SK_TRY(const auto rows, Table::questions(context.tx, person, document));
  if (rows.empty()) return out;
  SK_TRY(const office::Actor actor, office::actor_of(context, office.directory()));
  for (const Question& row : rows) {
    SK_TRY(const auto file, office.readable(context, actor, office::CaseId::trusted(row.asked_case)));
    if (!file) continue;
    SK_TRY(auto view, view_of(context, office, actor, row, *file));
    out.items.push_back(std::move(view));
  }
  return out;
}

Result<QuestionList> ask(gate::Context& context, const AskIn& in, const standard::Pack& pack, office::Office& office) {
  SK_TRY(const Mine m, require_mine(context, pack, in.document));
  if (in.version != m.asked.content.version.id) return fail(Code::conflict, "reading.changed", "not the version in force");
  SK_TRY(const auto person, caller_of(context));
  SK_TRY(const office::Actor actor, office::actor_of(context, office.directory()));
  SK_TRY(const auto definition, office.definitions().in_force(context.tx, context.body.code, kConsultations));
  json::Object fields{{"question", std::string_view(in.question)}};
  const auto fill = [&](const char* key, const std::string& value) {
    if (definition.loaded->definition && definition.loaded->definition->field(key) != nullptr) fields[key] = std::string_view(value);
  };
  fill("document", m.asked.content.version.title);
  fill("version", version_name(m.asked));
  if (in.clause) {
    SK_TRY(const std::string name, name_of(m.asked, *in.clause));
    fill("clause", name);
  }
  SK_TRY(const office::CaseId id, office.open(context, actor, kConsultations, fields, {}));
  SK_CHECK(Table::ask(context.tx, {id.str(), person, in.document, in.version, in.clause, context.now}));
  context.note("document", json::Value(in.document.str()));
  context.note("version", json::Value(in.version.str()));
  if (in.clause) context.note("clause", json::Value(in.clause->str()));
  SK_TRY(auto out, questions(context, in.document, office));
  context.about(id.str());
  return out;
}

bool offers(const workflow::Field* field, std::string_view choice) {
  return field != nullptr && field->choices && std::any_of(field->choices->begin(), field->choices->end(), [&](const workflow::Choice& c) { return c.key == choice; });
}

}  // namespace

Status record_consent(gate::Context& context, office::Office& office, const Mine& mine, const std::string& sha256) {
  const std::string account = context.permit().person().user_id;
  SK_TRY(const auto cases, office::CaseTable::opened_to(context.tx, "account:" + account, kOnboarding, kMostCases));
  if (cases.empty()) return ok();
  SK_TRY(const office::Actor actor, office::actor_of(context, office.directory()));
  for (const office::CaseId& id : cases) {
    SK_TRY(const auto file, office.readable(context, actor, id));
    if (!file || file->only_step || file->c.kind == workflow::StateKind::closed) continue;
    // A case of another segment is not written from here.
    if ((file->c.label.segments & ~context.permit().person().accepted_origins) != 0) continue;
    const auto about = office::ids_in(file->c.fields, "person");
    if (std::find(about.begin(), about.end(), account) == about.end()) continue;
    SK_CHECK(office.comment(context, actor, id, "「" + mine.asked.content.version.title + "」" + version_name(mine.asked) + "の、自分に宛てた条文を守ることに同意しました（画面での同意、要約値 " + sha256 + "）。"));
    // A consent on paper stays what it is.
    if (!offers(file->d().field("consent"), kElectronic) || file->c.fields.contains("consent")) continue;
    json::Object fields{{"consent", kElectronic}};
    if (file->d().field("signed_on") != nullptr) fields["signed_on"] = bodies::to_iso_day(jst_date(context.now));
    SK_CHECK(office.edit(context, office::program_actor(), id, file->c.hash, fields));
  }
  return ok();
}

void register_asking(gate::Registry& registry, std::shared_ptr<const standard::Pack> pack, std::shared_ptr<office::Office> office) {
  using gate::Access;
  registry.add(gate::Operation<DocumentIn, QuestionList>{"reading.questions", "この文書について自分が尋ねたことと、その答え", "reading.own", Access::read, 1024, gate::no_preparation<DocumentIn>(),
                                                         [office](gate::Context& c, DocumentIn& in) { return questions(c, in.document, *office); }});
  registry.add(gate::Operation<AskIn, QuestionList>{"reading.ask", "条項について管理者に尋ねる", "office.act", Access::write, kMaxIn, gate::no_preparation<AskIn>(),
                                                    [pack, office](gate::Context& c, AskIn& in) { return ask(c, in, *pack, *office); }});
}

}  // namespace sekisho::reading
