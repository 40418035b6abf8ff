#include "features/standard/publishing.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/hash.h"
#include "features/bodies/operations.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kMaxReason = 4000;  // bytes

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }
Unexpected not_public() { return fail(Code::not_found, "policies.not_found", "not public, or nothing"); }

Result<std::set<ClauseId>> withheld_ids(sql::Tx& tx, const DocumentId& document) {
  SK_TRY(const auto rows, Publications::withheld(tx, document));
  std::set<ClauseId> out;
  for (const auto& [id, row] : rows) out.insert(id);
  return out;
}

// The one way to the words that everybody may read.
Result<std::optional<PublicCopy>> copy_of(sql::Tx& tx, const Publication& publication) {
  if (publication.held) return std::optional<PublicCopy>();
  SK_TRY(const auto current, Versions::in_force(tx, publication.document));
  if (!current) return std::optional<PublicCopy>();
  SK_TRY(const auto content, Table::content(tx, current->version));
  if (!content) return fail(Code::corrupt, "policies.version", "the version in force is gone");
  SK_TRY(const auto withheld, withheld_ids(tx, publication.document));
  return std::optional(public_copy(*content, withheld, current->effective_on.value_or("")));
}

Result<PublicCopy> require_copy(gate::Context& context, const DocumentId& document) {
  context.about(document.str());
  SK_TRY(const auto publication, Publications::find(context.tx, document));
  if (!publication) return not_public();
  SK_TRY(auto copy, copy_of(context.tx, *publication));
  if (!copy) return not_public();
  return std::move(*copy);
}

Result<PublicList> public_list(gate::Context& context, bodies::WholeListIn&) {
  SK_TRY(const auto all, Publications::all(context.tx));
  PublicList out;
  for (const Publication& p : all) {
    SK_TRY(const auto copy, copy_of(context.tx, p));
    if (copy) out.items.push_back({p.document, copy->title, copy->number, copy->effective_on});
  }
  return out;
}

Result<PublicTextOut> public_text_of(gate::Context& context, DocumentIn& in) {
  SK_TRY(PublicCopy copy, require_copy(context, in.document));
  return PublicTextOut{in.document, std::move(copy.title), copy.number, std::move(copy.effective_on), std::move(copy.clauses)};
}

Result<FileOut> public_file(gate::Context& context, PublicFileIn& in) {
  if (in.format != "html" && in.format != "pdf") return fail(Code::invalid_argument, "policies.public_format", "html or pdf");
  SK_TRY(const PublicCopy copy, require_copy(context, in.document));
  if (in.format == "html") return FileOut{"index.html", "text/html; charset=utf-8", to_base64(public_html(copy))};
  SK_TRY(const std::string pdf, public_pdf(copy));
  return FileOut{"policy.pdf", "application/pdf", to_base64(pdf)};
}

// The text leaves the library in this very transaction.
Status unplace(gate::Context& context, Publication& publication) {
  if (!publication.placed) return ok();
  const auto id = library::DocumentId::trusted(*publication.placed);
  publication.placed.reset();
  SK_TRY(const auto document, library::Table::document_to_relabel(context.tx, id));
  if (!document) return ok();  // somebody deleted it
  SK_CHECK(library::Table::delete_document(context.tx, id));
  SK_CHECK(library::Table::changed(context.tx, document->first_chunk));
  context.note("library_document_removed", json::Value(id.str()));
  context.after_commit([store = context.body.blobs.get(), blob = document->blob_id] {
    if (auto removed = store->remove(blob); !removed) log::error("library.blob_not_removed", removed.error());
  });
  return ok();
}

// What was placed is no longer what the public may read.
Status outdated(gate::Context& context, const DocumentId& document) {
  SK_TRY(auto publication, Publications::find(context.tx, document));
  if (!publication || !publication->placed) return ok();
  SK_CHECK(unplace(context, *publication));
  return Publications::put(context.tx, *publication);
}

// Putting the text into a collection is adding a document there: for those who may.
Status check_collection(gate::Context& context, const library::CollectionId& id) {
  const policy::Person& person = context.permit().person();
  if (const auto adding = policy::decide(context.permit().matrix(), &person, "documents.upload"); !adding.allow) return fail(policy::denial(adding));
  SK_TRY(auto found, library::Table::collection(context.tx, id));
  if (!found) return fail(Code::not_found, "collections.not_found", "no such collection");
  auto opened = std::move(*found).open(context.permit());
  if (!opened) return fail(Code::not_found, "collections.not_found", "not readable: " + opened.error().key);
  if (!person.principals.contains("unit:" + opened->unit_id.str())) return fail(Error{Code::denied, "collections.other_unit", "the collection is another unit's", "11(1)ア(イ)", "manager"});
  return context.not_stopped(gate::StopKind::collection, id.str());
}

Result<PublicationView> view(gate::Context& context, const DocumentId& document, const std::optional<VersionId>& chosen) {
  SK_TRY(const auto known, Table::document(context.tx, document));
  if (!known) return fail(Code::not_found, "policies.not_found", "no such document");
  SK_TRY(const auto publication, Publications::find(context.tx, document));
  SK_TRY(const auto current, Versions::in_force(context.tx, document));
  PublicationView out;
  out.document = document;
  out.in_force = current.has_value();
  out.published = publication.has_value();
  if (publication) {
    out.held = publication->held;
    out.published_by = publication->published_by;
    out.published_at = publication->published_at;
    out.collection = publication->collection;
    out.placed = publication->placed.has_value();
  }
  out.version = chosen ? chosen : current ? std::optional(current->version) : std::nullopt;
  if (!out.version) {
    SK_TRY(out.version, Table::latest(context.tx, document));
  }
  if (!out.version) return out;
  SK_TRY(const Content content, require_version(context, *out.version));
  if (content.version.document_id != document) return fail(Code::not_found, "policies.not_found", "a version of another document");
  SK_TRY(const auto rows, Publications::withheld(context.tx, document));
  SK_TRY(const auto ids, withheld_ids(context.tx, document));
  const auto hidden = hidden_in(content, ids);
  for (std::size_t i = 0; i < content.ids.size(); ++i) {
    const clauses::Clause& c = content.document.clauses[i];
    const auto own = rows.find(content.ids[i]);
    out.clauses.push_back({content.ids[i], c.ref, c.title, own != rows.end(), hidden[i] && own == rows.end(), own == rows.end() ? std::nullopt : std::optional(own->second.reason)});
  }
  return out;
}

Result<PublicationView> publication(gate::Context& context, PublicationIn& in) {
  context.about(in.document.str());
  return view(context, in.document, in.version);
}

Result<PublicationView> publish(gate::Context& context, PublishIn& in) {
  context.about(in.document.str());
  SK_TRY(const auto known, Table::document(context.tx, in.document));
  if (!known) return fail(Code::not_found, "policies.not_found", "no such document");
  SK_TRY(const auto current, Versions::in_force(context.tx, in.document));
  if (!current) return fail(Code::conflict, "policies.none_in_force", "only a version in force is published");
  if (in.collection) SK_CHECK(check_collection(context, *in.collection));
  SK_TRY(auto before, Publications::find(context.tx, in.document));
  if (before) SK_CHECK(unplace(context, *before));
  const policy::Person& person = context.permit().person();
  Publication made{in.document, false, std::nullopt, std::nullopt, person.user_id, name_of(person), context.now};
  if (in.collection) made.collection = in.collection->str();
  SK_CHECK(Publications::put(context.tx, made));
  return view(context, in.document, std::nullopt);
}

Result<PublicationView> withdraw(gate::Context& context, DocumentIn& in) {
  context.about(in.document.str());
  SK_TRY(const auto known, Table::document(context.tx, in.document));
  if (!known) return fail(Code::not_found, "policies.not_found", "no such document");
  SK_TRY(auto found, Publications::find(context.tx, in.document));
  if (!found) return fail(Code::conflict, "policies.not_published", "it is not published");
  SK_CHECK(unplace(context, *found));
  SK_CHECK(Publications::remove(context.tx, in.document));
  return view(context, in.document, std::nullopt);
}

Result<PublicationView> withhold(gate::Context& context, WithholdIn& in) {
  context.about(in.document.str());
  const std::string reason(in.reason.reveal());
  if (reason.empty() || reason.size() > kMaxReason) return fail(Code::invalid_argument, "policies.reason", "1 to 4,000 bytes");
  SK_TRY(const bool known, Publications::knows_clause(context.tx, in.document, in.clause));
  if (!known) return fail(Code::not_found, "policies.clause_not_found", "no such clause");
  context.note("reason_sha256", json::Value(to_hex(crypto::sha256(reason))));
  SK_CHECK(Publications::withhold(context.tx, in.document, {in.clause, reason, name_of(context.permit().person()), context.now}));
  SK_CHECK(outdated(context, in.document));
  return view(context, in.document, std::nullopt);
}

Result<PublicationView> disclose(gate::Context& context, DiscloseIn& in) {
  context.about(in.document.str());
  SK_TRY(const bool was, Publications::disclose(context.tx, in.document, in.clause));
  if (!was) return fail(Code::not_found, "policies.clause_not_found", "not withheld by itself");
  SK_CHECK(outdated(context, in.document));
  return view(context, in.document, std::nullopt);
}

struct PlaceIn {
  DocumentId document;
  std::string sha256;
  std::string blob_id;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(PlaceIn, (), (document, sha256, blob_id, bytes))
struct PlaceOut {
  std::optional<library::DocumentId> placed;
};
BOOST_DESCRIBE_STRUCT(PlaceOut, (), (placed))

std::string file_name(const std::string& title) {
  std::string out;
  for (const char c : title) out += c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return (out.empty() ? std::string("policy") : out) + ".txt";
}

// The row of the library; reading the file is the ingestion's work.
Result<PlaceOut> place(gate::Context& context, PlaceIn& in) {
  context.about(in.document.str());
  SK_TRY(auto publication, Publications::find(context.tx, in.document));
  if (!publication || publication->placed || !publication->collection) return PlaceOut{};
  SK_TRY(const auto copy, copy_of(context.tx, *publication));
  if (!copy || to_hex(crypto::sha256(public_text(*copy))) != in.sha256) return PlaceOut{};  // it changed meanwhile: next time
  const auto collection_id = library::CollectionId::trusted(*publication->collection);
  SK_TRY(auto found, library::Table::collection(context.tx, collection_id));
  if (!found) {
    publication->collection.reset();
    context.note("collection_gone", true);
    SK_CHECK(Publications::put(context.tx, *publication));
    return PlaceOut{};
  }
  SK_TRY(const library::Collection collection, std::move(*found).open(context.permit()));
  SK_CHECK(context.not_stopped(gate::StopKind::collection, collection_id.str()));
  context.label(collection.label);
  library::Upload upload;
  upload.id = context.new_id<library::UploadTag>();
  upload.collection_id = collection_id;
  upload.created_by = publication->account;
  SK_CHECK(library::Table::insert_upload(context.tx, upload, context.now));
  library::Document d;
  d.id = context.new_id<library::DocumentTag>();
  d.collection_id = collection_id;
  d.upload_id = upload.id;
  d.name = file_name(copy->title);
  d.sha256 = in.sha256;
  d.blob_id = in.blob_id;
  d.bytes = in.bytes;
  d.state = "waiting";
  d.label = collection.label;
  d.created_by = publication->account;
  d.created_at = context.now;
  SK_CHECK(library::Table::insert_document(context.tx, d));
  publication->placed = d.id.str();
  SK_CHECK(Publications::put(context.tx, *publication));
  return PlaceOut{d.id};
}

gate::Operation<PlaceIn, PlaceOut> place_operation() {
  return {"policies.place", "公表した方針を資料の置き場に置く", "documents.ingest", gate::Access::write, 4096, gate::no_preparation<PlaceIn>(), place};
}

Status place_one(gate::Gate& gate, gate::Body& body, const gate::Caller& program, const DocumentId& document, const std::string& text) {
  SK_TRY(const std::string blob, body.blobs->put(text));
  const auto done = gate.run(place_operation(), program, PlaceIn{document, to_hex(crypto::sha256(text)), blob, static_cast<std::int64_t>(text.size())});
  if (done && done->placed) return ok();
  SK_CHECK(body.blobs->remove(blob));  // nobody refers to it
  return done ? ok() : Status(Unexpected(done.error()));
}

}  // namespace

Status keep_withheld(gate::Context& context, const Content& before, const Content& after) {
  const DocumentId& document = before.version.document_id;
  SK_TRY(const auto rows, Publications::withheld(context.tx, document));
  if (rows.empty()) return ok();
  SK_TRY(auto ids, withheld_ids(context.tx, document));
  const auto was = hidden_in(before, ids);
  for (std::size_t j = 0; j < after.ids.size(); ++j) {
    const auto it = std::find(before.ids.begin(), before.ids.end(), after.ids[j]);
    if (it == before.ids.end() || !was[static_cast<std::size_t>(it - before.ids.begin())] || hidden_in(after, ids)[j]) continue;
    // The reason is that of the clause which hid it.
    int up = static_cast<int>(it - before.ids.begin());
    while (up != clauses::kNoParent && !rows.contains(before.ids[static_cast<std::size_t>(up)])) up = before.document.clauses[static_cast<std::size_t>(up)].parent;
    const std::string reason = up == clauses::kNoParent ? "" : rows.at(before.ids[static_cast<std::size_t>(up)]).reason;
    SK_CHECK(Publications::withhold(context.tx, document, {after.ids[j], reason, context.permit().person().program ? "program" : name_of(context.permit().person()), context.now}));
    ids.insert(after.ids[j]);
  }
  return ok();
}

Status renew_publication(gate::Context& context, const std::optional<Content>& before, const Content& after, bool amended) {
  const DocumentId& document = after.version.document_id;
  if (before) SK_CHECK(keep_withheld(context, *before, after));
  SK_TRY(auto publication, Publications::find(context.tx, document));
  if (!publication) return ok();
  SK_TRY(const auto ids, withheld_ids(context.tx, document));
  SK_CHECK(unplace(context, *publication));
  if (!amended && !ids.empty()) {
    publication->held = true;
    context.note("publication_held", true);
  }
  return Publications::put(context.tx, *publication);
}

Status place_publications(gate::Gate& gate, gate::Body& body, const gate::Caller& program) {
  // Asked before any operation: what is stopped would be tried again and again, and fill the log.
  if (!gate.not_stopped("documents.ingest", program, "program")) return ok();
  std::vector<std::pair<DocumentId, std::string>> wanted;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto all, Publications::all(*tx));
    for (const Publication& p : all) {
      if (p.placed || !p.collection || p.held || !gate.stops().check(gate::StopKind::collection, body.code, *p.collection)) continue;
      SK_TRY(const auto copy, copy_of(*tx, p));
      if (copy) wanted.emplace_back(p.document, public_text(*copy));
    }
  }
  for (const auto& [document, text] : wanted)
    if (const Status done = place_one(gate, body, program, document, text); !done) log::error("policies.place", done.error());
  return ok();
}

void register_publishing(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<PublicationIn, PublicationView>{"policies.publication", "公表の状態と、条文ごとの公開・非公開", "policies.read", Access::read, 1024, gate::no_preparation<PublicationIn>(), publication});
  registry.add(gate::Operation<PublishIn, PublicationView>{"policies.publish", "施行中の版を公表する", "policies.publish", Access::write, 1024, gate::no_preparation<PublishIn>(), publish});
  registry.add(gate::Operation<DocumentIn, PublicationView>{"policies.withdraw_publication", "公表を取りやめる", "policies.publish", Access::write, 1024, gate::no_preparation<DocumentIn>(), withdraw});
  registry.add(gate::Operation<WithholdIn, PublicationView>{"policies.withhold", "条文を非公開にする", "policies.publish", Access::write, 16384, gate::no_preparation<WithholdIn>(), withhold});
  registry.add(gate::Operation<DiscloseIn, PublicationView>{"policies.disclose", "条文の非公開を解く", "policies.publish", Access::write, 1024, gate::no_preparation<DiscloseIn>(), disclose});
  registry.add(gate::Operation<bodies::WholeListIn, PublicList>{"policies.public_list", "公表している方針の一覧", "published.read", Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(), public_list});
  registry.add(gate::Operation<DocumentIn, PublicTextOut>{"policies.public_text", "公表している方針を読む", "published.read", Access::read, 1024, gate::no_preparation<DocumentIn>(), public_text_of});
  registry.add(gate::Operation<PublicFileIn, FileOut>{"policies.public_file", "公表している方針の写し（HTML、PDF）", "published.read", Access::read, 1024, gate::no_preparation<PublicFileIn>(), public_file});
}

}  // namespace sekisho::standard
