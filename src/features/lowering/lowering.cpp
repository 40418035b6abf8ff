#include "features/lowering/lowering.h"

#include <algorithm>

#include "features/bodies/levels.h"
#include "features/bodies/scheme.h"
#include "features/lowering/filing.h"
#include "policy/relabel.h"

namespace sekisho::lowering {
namespace {

using library::Collection;
using library::Document;

constexpr const char* kUnitPrefix = "unit:";
constexpr const char* kOfUnit = "decide.section";  // who decides for a unit's information
constexpr const char* kOfBody = "decide.top";      // who may in his place

Unexpected hidden(const std::string& why) { return fail(Code::not_found, "documents.not_found", why); }
Unexpected hidden_collection(const std::string& why) { return fail(Code::not_found, "collections.not_found", why); }

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

Result<Collection> require_collection(gate::Context& context, const library::CollectionId& id) {
  context.about(id.str());
  if (const auto reading = policy::decide(context.permit().matrix(), &context.permit().person(), "collections.list"); !reading.allow) return fail(policy::denial(reading));
  SK_TRY(auto found, library::Table::collection(context.tx, id));
  if (!found) return hidden_collection("no such collection");
  context.label(found->label());
  auto opened = std::move(*found).open(context.permit());
  if (!opened) return hidden_collection("not readable: " + opened.error().key);
  SK_CHECK(context.not_stopped(gate::StopKind::collection, id.str()));
  return opened;
}

Result<ChoiceView> choices(gate::Context& context, std::string id, std::string name, const policy::Label& label) {
  SK_TRY(const auto words, bodies::label_words(context));
  const bodies::Profile& profile = words.profile;
  return ChoiceView{std::move(id), std::move(name), bodies::view_of(label, words), bodies::names_of(profile.confidentiality), bodies::names_of(profile.integrity),
                    bodies::names_of(profile.availability), {}};
}

Result<ChoiceView> choices_of_document(gate::Context& context, library::DocumentIdIn& in) {
  SK_TRY(const Document d, require_document(context, in.id));
  return choices(context, d.id.str(), d.name, d.label);
}

Result<ChoiceView> choices_of_collection(gate::Context& context, library::CollectionIdIn& in) {
  SK_TRY(const Collection c, require_collection(context, in.id));
  SK_TRY(ChoiceView out, choices(context, c.id.str(), c.name, c.label));
  SK_TRY(out.documents, library::Table::count_with_label(context.tx, c));
  return out;
}

Result<policy::Label> wanted(const policy::Label& from, const Wanted& in) {
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
  SK_TRY(const approvals::Request asked, file_document(context, approvals, d, *collection, to, in.reason));
  return AskedView{asked.id};
}

Result<AskedView> ask_collection(gate::Context& context, AskCollectionIn& in, approvals::Approvals& approvals) {
  SK_TRY(const Collection c, require_collection(context, in.id));
  SK_TRY(const policy::Label to, wanted(c.label, in));
  SK_TRY(const approvals::Request asked, file_collection(context, approvals, c, to, in.reason));
  return AskedView{asked.id};
}

// What was signed for: the labels, and by whom for which unit.
struct Signed {
  policy::Label from;
  policy::Label to;
  std::vector<policy::Approver> approvers;
};
Result<Signed> signed_for(const approvals::Grant& grant) {
  Signed out;
  SK_TRY(out.from, policy::decode(grant.content.fields.at("from")));
  SK_TRY(out.to, policy::decode(grant.content.fields.at("to")));
  for (const approvals::Signature& s : grant.signatures) {
    const approvals::Slot& slot = grant.content.slots.at(static_cast<std::size_t>(s.slot));
    out.approvers.push_back({s.person, {kUnitPrefix + slot.unit}, slot.unit.empty()});
  }
  return out;
}

// The label that the grant gives what it names, when that is still what was signed for.
Result<policy::Relabelled> lowered(gate::Context& context, const approvals::Grant& grant, const std::string& hash_now, const policy::Label& label_now) {
  SK_TRY(Signed what, signed_for(grant));
  const std::string& id = grant.content.subject;
  const policy::Matrix& matrix = context.permit().matrix();
  SK_TRY(auto approved, policy::approve(matrix, {id, grant.content.subject_hash, std::move(what.from), std::move(what.to), grant.person}, what.approvers));
  return policy::declassify(matrix, std::move(approved), id, hash_now, label_now);
}

// At the last signature. Who signs need not read the document here: what it is was signed for by its hash.
Status lower(gate::Context& context, const approvals::Grant& grant) {
  SK_TRY(const auto id, library::DocumentId::parse(grant.content.subject));
  SK_TRY(const auto document, library::Table::document_to_relabel(context.tx, id));
  if (!document) return fail(Code::conflict, "documents.gone", "deleted since it was asked");
  SK_TRY(const std::string hash, bound_hash(context.tx, document->sha256));
  SK_TRY(const auto relabelled, lowered(context, grant, hash, document->label));
  SK_CHECK(library::Table::relabel(context.tx, *document, relabelled));
  context.label(relabelled.label());
  context.note("document", json::Value(id.str()));
  context.note("from", json::Value(grant.content.fields.at("from")));
  return ok();
}

Status lower_collection(gate::Context& context, const approvals::Grant& grant) {
  SK_TRY(const auto id, library::CollectionId::parse(grant.content.subject));
  SK_TRY(const auto collection, library::Table::collection_to_relabel(context.tx, id));
  if (!collection) return fail(Code::conflict, "documents.gone", "deleted since it was asked");
  SK_TRY(const std::string listing, library::Table::listing_hash(context.tx, *collection));
  SK_TRY(const std::string hash, bound_hash(context.tx, listing));
  SK_TRY(const auto relabelled, lowered(context, grant, hash, collection->label));
  SK_CHECK(library::Table::relabel(context.tx, *collection, relabelled));
  context.label(relabelled.label());
  context.note("collection", json::Value(id.str()));
  context.note("from", json::Value(grant.content.fields.at("from")));
  return ok();
}

approvals::NewRequest request_of(const char* kind, std::string subject, std::string hash, const policy::Label& from, const policy::Label& to, const Collection& place,
                                 const std::string& reason) {
  approvals::NewRequest out;
  out.kind = kind;
  out.subject = std::move(subject);
  out.subject_hash = std::move(hash);
  out.fields = {{"from", policy::encode(from)}, {"to", policy::encode(to)}};
  out.reason = reason;
  out.slots = places(place, from, to);
  return out;
}

Result<approvals::Request> file(gate::Context& context, approvals::Approvals& approvals, approvals::NewRequest request) {
  const std::string subject = request.subject;
  SK_TRY(approvals::Request asked, approvals.open(context, std::move(request)));
  context.about(subject);
  context.note("approval", json::Value(asked.id.str()));
  return asked;
}

}  // namespace

Result<std::string> bound_hash(sql::Tx& tx, const std::string& content_hash) {
  SK_TRY(const auto schemes, bodies::Schemes::read(tx));
  return schemes.current() == 0 ? content_hash : content_hash + "/" + std::to_string(schemes.current());
}

Result<approvals::Request> file_document(gate::Context& context, approvals::Approvals& approvals, const Document& d, const Collection& collection, const policy::Label& to,
                                         const std::string& reason) {
  SK_TRY(std::string hash, bound_hash(context.tx, d.sha256));
  approvals::NewRequest request = request_of(kKind, d.id.str(), std::move(hash), d.label, to, collection, reason);
  request.asks_too = {d.created_by};
  return file(context, approvals, std::move(request));
}

Result<approvals::Request> file_collection(gate::Context& context, approvals::Approvals& approvals, const Collection& c, const policy::Label& to, const std::string& reason) {
  SK_TRY(const std::string listing, library::Table::listing_hash(context.tx, c));
  SK_TRY(std::string hash, bound_hash(context.tx, listing));
  approvals::NewRequest request = request_of(kCollectionKind, c.id.str(), std::move(hash), c.label, to, c, reason);
  SK_TRY(request.asks_too, library::Table::makers(context.tx, c));
  return file(context, approvals, std::move(request));
}

void register_operations(gate::Registry& registry, approvals::Approvals& approvals) {
  using gate::Access;
  approvals.handle(kKind, {nullptr, lower, nullptr});
  approvals.handle(kCollectionKind, {nullptr, lower_collection, nullptr});
  registry.add(gate::Operation<library::DocumentIdIn, ChoiceView>{"documents.lowering", "資料の分類を下げる申請で選べる分類", "documents.lower", Access::read, 1024,
                                                                  gate::no_preparation<library::DocumentIdIn>(), choices_of_document});
  registry.add(gate::Operation<AskIn, AskedView>{"documents.lower", "資料の分類を下げる申請を出す", "documents.lower", Access::write, 16384, gate::no_preparation<AskIn>(),
                                                 [&approvals](gate::Context& context, AskIn& in) { return ask(context, in, approvals); }});
  registry.add(gate::Operation<library::CollectionIdIn, ChoiceView>{"collections.lowering", "置き場の分類を下げる申請で選べる分類", "collections.lower", Access::read, 1024,
                                                                    gate::no_preparation<library::CollectionIdIn>(), choices_of_collection});
  registry.add(gate::Operation<AskCollectionIn, AskedView>{"collections.lower", "置き場と中の資料の分類を下げる申請を出す", "collections.lower", Access::write, 16384,
                                                           gate::no_preparation<AskCollectionIn>(),
                                                           [&approvals](gate::Context& context, AskCollectionIn& in) { return ask_collection(context, in, approvals); }});
  register_choosing(registry, approvals);
}

}  // namespace sekisho::lowering
