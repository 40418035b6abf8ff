#include "features/lowering/lowering.h"

#include <algorithm>

#include "features/bodies/levels.h"
#include "policy/relabel.h"

namespace sekisho::lowering {
namespace {

using library::Collection;
using library::Document;

constexpr const char* kUnitPrefix = "unit:";
constexpr const char* kOfUnit = "decide.section";  // who decides for a unit's information
constexpr const char* kOfBody = "decide.top";      // who may in his place

Unexpected hidden(const std::string& why) { return fail(Code::not_found, "documents.not_found", why); }

// The document as the person reads it; one that she may not read is not there.
Result<Document> require_document(gate::Context& context, const library::DocumentId& id) {
  context.about(id.str());
  if (const auto reading = policy::decide(context.permit().matrix(), &context.permit().person(), "documents.read"); !reading.allow) return fail(policy::denial(reading));
  SK_TRY(auto found, library::Table::document(context.tx, id));
  if (!found) return hidden("no such document");
  context.label(found->label());
  auto opened = std::move(*found).open(context.permit());
  if (!opened) return hidden("not readable: " + opened.error().key);
  SK_CHECK(context.not_stopped(gate::StopKind::collection, opened->collection_id.str()));
  return opened;
}

Result<ChoiceView> choose(gate::Context& context, library::DocumentIdIn& in) {
  SK_TRY(const Document d, require_document(context, in.id));
  SK_TRY(const auto words, bodies::label_words(context));
  const bodies::Profile& profile = words.profile;
  return ChoiceView{d.id, d.name, bodies::view_of(d.label, words), bodies::names_of(profile.confidentiality), bodies::names_of(profile.integrity), bodies::names_of(profile.availability)};
}

Result<policy::Label> wanted(const policy::Label& from, const AskIn& in) {
  policy::Label to = from;
  to.c = in.confidentiality.value_or(from.c);
  to.i = in.integrity.value_or(from.i);
  to.a = in.availability.value_or(from.a);
  if (in.everyone.value_or(false)) to.readers = policy::Readers();
  if (std::min({to.c, to.i, to.a}) < 1 || to == from || !policy::covers(from, to)) return fail(Code::invalid_argument, "documents.not_lower", "nothing is lower, or something is higher");
  return to;
}

// Whose decision it takes: the unit that the document lies in, and a unit of every reader clause that goes.
std::vector<approvals::Slot> places(const Collection& collection, const policy::Label& from, const policy::Label& to) {
  std::vector<std::string> units{collection.unit_id.str()};
  std::vector<approvals::Slot> out;
  bool body = false;
  for (const policy::Clause& clause : policy::removed_clauses(from, to)) {
    std::vector<std::string> of_clause;
    for (const policy::Principal& p : clause)
      if (p.starts_with(kUnitPrefix)) of_clause.push_back(p.substr(std::string_view(kUnitPrefix).size()));
    const bool answered = std::any_of(of_clause.begin(), of_clause.end(), [&](const auto& unit) { return std::find(units.begin(), units.end(), unit) != units.end(); });
    if (!answered && of_clause.empty()) body = true;  // readers named by person: nobody's unit answers for them
    if (!answered && !of_clause.empty()) units.push_back(of_clause.front());
  }
  for (const std::string& unit : units) out.push_back({kOfUnit, unit, kOfBody});
  if (body) out.push_back({kOfBody, "", ""});
  return out;
}

Result<AskedView> ask(gate::Context& context, AskIn& in, approvals::Approvals& approvals) {
  SK_TRY(const Document d, require_document(context, in.id));
  if (d.unruled || d.label.state == policy::State::unknown) return fail(Code::conflict, "documents.rule_first", "its class is not known yet");
  SK_TRY(const policy::Label to, wanted(d.label, in));
  SK_TRY(auto place, library::Table::collection(context.tx, d.collection_id));
  if (!place) return hidden("no collection");
  auto collection = std::move(*place).open(context.permit());
  if (!collection) return hidden("not readable: " + collection.error().key);
  approvals::NewRequest request;
  request.kind = kKind;
  request.subject = d.id.str();
  request.subject_hash = d.sha256;
  request.fields = {{"from", policy::encode(d.label)}, {"to", policy::encode(to)}};
  request.reason = in.reason;
  request.slots = places(*collection, d.label, to);
  request.asks_too = {d.created_by};
  SK_TRY(const approvals::Request asked, approvals.open(context, std::move(request)));
  context.about(d.id.str());
  context.note("approval", json::Value(asked.id.str()));
  return AskedView{asked.id};
}

// At the last signature. Who signs need not read the document here: what it is was signed for by its hash.
Status lower(gate::Context& context, const approvals::Grant& grant) {
  const approvals::Content& content = grant.content;
  SK_TRY(const auto id, library::DocumentId::parse(content.subject));
  SK_TRY(const policy::Label from, policy::decode(content.fields.at("from")));
  SK_TRY(const policy::Label to, policy::decode(content.fields.at("to")));
  SK_TRY(const auto document, library::Table::document_to_relabel(context.tx, id));
  if (!document) return fail(Code::conflict, "documents.gone", "deleted since it was asked");
  std::vector<policy::Approver> approvers;
  for (const approvals::Signature& s : grant.signatures) {
    const approvals::Slot& slot = content.slots.at(static_cast<std::size_t>(s.slot));
    approvers.push_back({s.person, {kUnitPrefix + slot.unit}, slot.unit.empty()});
  }
  const policy::Matrix& matrix = context.permit().matrix();
  SK_TRY(auto approved, policy::approve(matrix, {id.str(), content.subject_hash, from, to, grant.person}, approvers));
  SK_TRY(const auto relabelled, policy::declassify(matrix, std::move(approved), id.str(), document->sha256, document->label));
  SK_CHECK(library::Table::relabel(context.tx, *document, relabelled));
  context.label(relabelled.label());
  context.note("document", json::Value(id.str()));
  context.note("from", json::Value(content.fields.at("from")));
  return ok();
}

}  // namespace

void register_operations(gate::Registry& registry, approvals::Approvals& approvals) {
  approvals.handle(kKind, {nullptr, lower, nullptr});
  registry.add(gate::Operation<library::DocumentIdIn, ChoiceView>{"documents.lowering", "資料の分類を下げる申請で選べる分類", "documents.lower", gate::Access::read, 1024,
                                                                  gate::no_preparation<library::DocumentIdIn>(), choose});
  registry.add(gate::Operation<AskIn, AskedView>{"documents.lower", "資料の分類を下げる申請を出す", "documents.lower", gate::Access::write, 16384, gate::no_preparation<AskIn>(),
                                                 [&approvals](gate::Context& context, AskIn& in) { return ask(context, in, approvals); }});
}

}  // namespace sekisho::lowering
