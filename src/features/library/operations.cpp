#include "features/library/operations.h"

#include "features/library/classes.h"
#include "features/library/state.h"
#include "features/library/views.h"
#include "files/encoding.h"
#include "gate/label_table.h"
#include "search/snippet.h"
#include "text/utf8.h"

namespace sekisho::library {
namespace {

constexpr int kPage = 200;
constexpr int kMaxHits = 100;
constexpr std::size_t kSnippetCodePoints = 200;
constexpr std::size_t kMaxQueryBytes = 20'000;

// An object that the person may not read is, for her, not there.
template <class Row>
Result<Row> open_or_hide(gate::Context& context, std::optional<policy::Labelled<Row>> found, const char* key) {
  if (!found) return fail(Code::not_found, key, "no such row");
  context.label(found->label());
  auto opened = std::move(*found).open(context.permit());
  if (!opened) return fail(Code::not_found, key, "not readable: " + opened.error().key);
  return opened;
}

Result<Collection> require_collection(gate::Context& context, const CollectionId& id) {
  context.about(id.str());
  SK_TRY(auto found, Table::collection(context.tx, id));
  SK_TRY(Collection c, open_or_hide(context, std::move(found), "collections.not_found"));
  SK_CHECK(context.not_stopped(gate::StopKind::collection, c.id.str()));
  return c;
}

Result<Document> require_document(gate::Context& context, const DocumentId& id) {
  context.about(id.str());
  SK_TRY(auto found, Table::document(context.tx, id));
  SK_TRY(Document d, open_or_hide(context, std::move(found), "documents.not_found"));
  SK_CHECK(context.not_stopped(gate::StopKind::collection, d.collection_id.str()));
  return d;
}

// The unit that a person's collection belongs to, or the one that the operator names.
Result<bodies::UnitId> unit_of(gate::Context& context, const CollectionCreateIn& in) {
  SK_TRY(const auto units, bodies::Table::units(context.tx));
  for (const auto& unit : units)
    if (in.department && unit.code == *in.department) {
      if (context.permit().person().principals.contains("unit:" + unit.id.str())) return unit.id;
      return fail(Error{Code::denied, "collections.other_unit", "another unit's collection", "11(1)ア(イ)", "manager"});
    }
  if (in.department) return fail(Code::invalid_argument, "accounts.department", "no such department");
  // Her own unit: the one of her units that is nobody's parent among them.
  const auto& principals = context.permit().person().principals;
  for (const auto& unit : units) {
    const bool hers = principals.contains("unit:" + unit.id.str());
    const bool has_child = std::any_of(units.begin(), units.end(), [&](const auto& u) { return u.parent_id == unit.id && principals.contains("unit:" + u.id.str()); });
    if (hers && !has_child) return unit.id;
  }
  return fail(Code::conflict, "collections.no_unit", "the person belongs to no unit");
}

Result<CollectionView> create_collection(gate::Context& context, CollectionCreateIn& in, Shelf& shelf) {
  if (in.name.empty() || in.name.size() > 300) return fail(Code::invalid_argument, "collections.name", "1 to 300 bytes");
  if (in.readers != "all" && in.readers != "department") return fail(Code::invalid_argument, "collections.readers", "all or department");
  SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
  if (in.confidentiality < 1 || in.confidentiality > static_cast<int>(with.profile.confidentiality.size()))
    return fail(Code::invalid_argument, "collections.class", "not a class of the scheme");
  if (in.confidentiality > context.permit().person().clearance)
    return fail(Error{Code::denied, "policy.clearance", "above the person's own clearance", "7(2)エ(イ)", "manager"});
  Collection c;
  c.id = context.new_id<CollectionTag>();
  c.name = in.name;
  c.description = in.description.value_or("");
  SK_TRY(c.unit_id, unit_of(context, in));
  c.readers = in.readers;
  c.label.c = in.confidentiality;
  c.label.i = c.label.a = 1;
  if (in.readers == "department") c.label.readers = policy::Readers::any_of({"unit:" + c.unit_id.str()});
  c.label.segments = context.permit().person().session_segment;
  c.label.trust = policy::Trust::uploaded;
  c.label.state = policy::State::known;
  c.created_at = context.now;
  SK_CHECK(Table::insert_collection(context.tx, c, context.permit().person().user_id));
  context.about(c.id.str());
  context.label(c.label);
  return view_of(c, with);
}

Result<CollectionList> list_collections(gate::Context& context, Shelf& shelf) {
  SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
  SK_TRY(const auto readable, gate::LabelTable::readable(context.tx, *context.body.labels, context.permit()));
  SK_TRY(auto rows, Table::collections(context.tx, readable));
  CollectionList out;
  for (auto& labelled : rows) {
    SK_TRY(const Collection c, std::move(labelled).open(context.permit()));
    out.items.push_back(view_of(c, with));
  }
  return out;
}

Result<Nothing> delete_collection(gate::Context& context, CollectionIdIn& in) {
  SK_TRY(const Collection c, require_collection(context, in.id));
  SK_CHECK(require_own_unit(context, c));
  std::vector<std::string> blobs;
  std::string after;
  for (;;) {
    SK_TRY(auto page, Table::all_documents(context.tx, in.id, after, kPage));
    if (page.empty()) break;
    for (auto& labelled : page) {
      SK_TRY(const Document d, std::move(labelled).open(context.permit()));
      after = d.id.str();
      blobs.push_back(d.blob_id);
      SK_CHECK(Table::delete_document(context.tx, d.id));
      SK_CHECK(Table::changed(context.tx, d.first_chunk));
    }
  }
  SK_CHECK(Table::delete_collection(context.tx, in.id));
  context.after_commit([store = context.body.blobs.get(), blobs] {
    for (const std::string& id : blobs)
      if (auto removed = store->remove(id); !removed) log::error("library.blob_not_removed", removed.error());
  });
  return Nothing{};
}

Result<DocumentList> list_documents(gate::Context& context, DocumentListIn& in, Shelf& shelf) {
  SK_CHECK(require_collection(context, in.collection_id));
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
  SK_TRY(const auto readable, gate::LabelTable::readable(context.tx, *context.body.labels, context.permit()));
  SK_TRY(auto rows, Table::documents(context.tx, in.collection_id, readable, in.after.value_or(""), limit));
  std::map<std::string, bool> stopped;
  DocumentList out;
  const bool full = static_cast<int>(rows.size()) == limit;
  for (auto& labelled : rows) {
    SK_TRY(const Document d, std::move(labelled).open(context.permit()));
    auto it = stopped.find(d.upload_id.str());
    if (it == stopped.end()) {
      SK_TRY(const auto upload, Table::upload(context.tx, d.upload_id));
      it = stopped.emplace(d.upload_id.str(), upload && upload->stopped).first;
    }
    out.items.push_back(view_of(d, with, it->second));
  }
  if (full && !out.items.empty()) out.next = out.items.back().id.str();
  return out;
}

Result<DocumentView> document_view(gate::Context& context, const Document& d, Shelf& shelf) {
  SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
  SK_TRY(const auto upload, Table::upload(context.tx, d.upload_id));
  return view_of(d, with, upload && upload->stopped);
}

Result<DocumentText> document_text(gate::Context& context, DocumentIdIn& in, Shelf& shelf) {
  SK_TRY(const Document d, require_document(context, in.id));
  DocumentText out;
  SK_TRY(out.document, document_view(context, d, shelf));
  out.version = d.version;
  SK_TRY(const std::string text, Table::text(context.tx, d.id));
  SK_TRY(const auto sections, Table::sections(context.tx, d.id));
  std::size_t byte = 0;
  std::int64_t point = 0;
  for (const SectionRow& s : sections) {  // in order, so that the text is walked once
    byte += text::byte_offset(std::string_view(text).substr(byte), static_cast<std::size_t>(s.start - point));
    const std::size_t length = text::byte_offset(std::string_view(text).substr(byte), static_cast<std::size_t>(s.end - s.start));
    out.sections.push_back({s.n, s.heading, s.level, s.page, s.label.empty() ? std::nullopt : std::optional(s.label), s.start, s.end, text.substr(byte, length)});
    byte += length;
    point = s.end;
  }
  return out;
}

Result<Nothing> delete_document(gate::Context& context, DocumentIdIn& in) {
  SK_TRY(const Document d, require_document(context, in.id));
  SK_TRY(auto found, Table::collection(context.tx, d.collection_id));
  SK_TRY(const Collection c, open_or_hide(context, std::move(found), "documents.not_found"));
  SK_CHECK(require_own_unit(context, c));
  SK_CHECK(Table::delete_document(context.tx, in.id));
  SK_CHECK(Table::changed(context.tx, d.first_chunk));
  context.after_commit([store = context.body.blobs.get(), id = d.blob_id] {
    if (auto removed = store->remove(id); !removed) log::error("library.blob_not_removed", removed.error());
  });
  return Nothing{};
}

Result<DocumentView> reread(gate::Context& context, EncodingIn& in, Shelf& shelf) {
  SK_TRY(Document d, require_document(context, in.id));
  SK_TRY(auto found, Table::collection(context.tx, d.collection_id));
  SK_TRY(const Collection c, open_or_hide(context, std::move(found), "documents.not_found"));
  SK_CHECK(require_own_unit(context, c));
  if (d.state == "waiting" || d.state == "reading") return fail(Code::conflict, "documents.being_read", "wait until it has been read");
  SK_CHECK(files::encoding_from_name(in.encoding));
  SK_CHECK(Table::delete_content(context.tx, in.id));
  d.version += 1;
  const auto gone = d.first_chunk;
  d.first_chunk.reset();
  d.last_chunk.reset();
  SK_CHECK(Table::store_result(context.tx, d));
  SK_CHECK(Table::set_chosen_encoding(context.tx, in.id, in.encoding));
  SK_CHECK(Table::changed(context.tx, gone));
  SK_TRY(auto again, Table::document(context.tx, in.id));
  SK_TRY(const Document row, open_or_hide(context, std::move(again), "documents.not_found"));
  return document_view(context, row, shelf);
}

Result<Upload> require_upload(gate::Context& context, const UploadId& id) {
  context.about(id.str());
  SK_TRY(auto upload, Table::upload_progress(context.tx, id));
  if (!upload) return fail(Code::not_found, "uploads.not_found", "no such upload");
  SK_TRY(auto found, Table::collection(context.tx, upload->collection_id));
  SK_TRY(const Collection c, open_or_hide(context, std::move(found), "uploads.not_found"));
  const policy::Person& person = context.permit().person();
  const bool manages = person.powers.contains("documents.manage") && person.principals.contains("unit:" + c.unit_id.str());
  if (upload->created_by != person.user_id && !manages) return fail(Code::not_found, "uploads.not_found", "another person's upload");
  SK_CHECK(context.not_stopped(gate::StopKind::collection, c.id.str()));
  return std::move(*upload);
}

Result<UploadView> create_upload(gate::Context& context, UploadCreateIn& in) {
  SK_TRY(const Collection c, require_collection(context, in.collection_id));
  SK_CHECK(require_own_unit(context, c));
  Upload u;
  u.id = context.new_id<UploadTag>();
  u.collection_id = in.collection_id;
  u.created_by = context.permit().person().user_id;
  u.class_unknown = in.class_unknown.value_or(false);
  SK_CHECK(Table::insert_upload(context.tx, u, context.now));
  context.about(u.id.str());
  return view_of(u);
}

Result<UploadDetail> describe_upload(gate::Context& context, UploadIdIn& in, Shelf& shelf) {
  SK_TRY(const Upload upload, require_upload(context, in.id));
  SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
  SK_TRY(const auto documents, Table::documents_of_upload(context.tx, in.id));
  const UploadView head = view_of(upload);
  UploadDetail out{head.id, head.collection_id, head.state, 0, 0, 0, 0, {}};
  for (const Document& d : documents) {
    if (d.created_by != context.permit().person().user_id && !policy::decide_read(context.permit(), d.label).allow) continue;
    const DocumentView v = view_of(d, with, upload.stopped);
    out.files.push_back({v.id, v.name, v.bytes, v.state, v.reason});
    out.received += 1;
    out.ready += d.state == "ready";
    out.failed += d.state == "failed";
    out.waiting += d.state == "waiting" || d.state == "reading";
  }
  return out;
}

Result<UploadView> set_stopped(gate::Context& context, const UploadId& id, bool stopped) {
  SK_TRY(Upload upload, require_upload(context, id));
  SK_TRY(auto found, Table::collection(context.tx, upload.collection_id));
  SK_TRY(const Collection c, open_or_hide(context, std::move(found), "uploads.not_found"));
  SK_CHECK(require_own_unit(context, c));
  SK_CHECK(Table::stop_upload(context.tx, id, stopped));
  upload.stopped = stopped;
  return view_of(upload);
}

// Code points of the passage's text that the snippet shows become offsets in the document.
SearchHit hit_of(int rank, const Passage& p, const policy::Label& label, const ViewContext& with, const std::vector<text::QueryTerm>& terms,
                 text::Analyzer::Session& session) {
  const search::Snippet snippet = search::make_snippet(p.text, terms, session, kSnippetCodePoints);
  SearchHit hit{rank, p.document, p.document_id, p.collection_id, p.chunk_id, p.section, p.page, p.score, p.start, p.end, snippet.text, {}, bodies::view_of(label, with)};
  for (const auto& [begin, end] : snippet.marks) {
    // 避難|所: words that touch are one mark to a reader.
    if (!hit.marks.empty() && hit.marks.back()[1] == static_cast<std::int64_t>(begin)) hit.marks.back()[1] = static_cast<std::int64_t>(end);
    else hit.marks.push_back({static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end)});
  }
  return hit;
}

}  // namespace

gate::Operation<CollectionCreateIn, CollectionView> Library::create_collection_operation() {
  return {"collections.create", "資料の置き場を作る", "collections.create", gate::Access::write, 8192, gate::no_preparation<CollectionCreateIn>(),
          [this](gate::Context& c, CollectionCreateIn& in) -> Result<CollectionView> {
            SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
            return create_collection(c, in, *shelf);
          }};
}

gate::Operation<bodies::WholeListIn, CollectionList> Library::list_collections_operation() {
  return {"collections.list", "読める資料の置き場の一覧", "collections.list", gate::Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(),
          [this](gate::Context& c, bodies::WholeListIn&) -> Result<CollectionList> {
            SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
            return list_collections(c, *shelf);
          }};
}

gate::Operation<UploadCreateIn, UploadView> Library::create_upload_operation() {
  return {"uploads.create", "資料の取り込みを始める", "documents.upload", gate::Access::write, 1024, gate::no_preparation<UploadCreateIn>(), create_upload};
}

gate::Operation<SearchIn, SearchOut> Library::search_operation() {
  return {"search.run", "資料を検索する", "search.run", gate::Access::read, 65536, gate::no_preparation<SearchIn>(), [this](gate::Context& c, SearchIn& in) -> Result<SearchOut> {
            if (in.query.empty()) return fail(Code::invalid_argument, "search.empty", "no words");
            if (in.query.size() > kMaxQueryBytes) return fail(Code::too_large, "search.too_long", "query");
            SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
            SK_TRY(const ViewContext with, view_context(c, shelf->covered()));
            const auto begin = std::chrono::steady_clock::now();
            const int limit = std::clamp(in.limit.value_or(20), 1, kMaxHits);
            SK_TRY(auto found, retrieve(c, in.query, in.collections.value_or(std::vector<CollectionId>()), static_cast<std::size_t>(limit)));
            const auto terms = shelf->index().analyse_query(in.query);
            text::Analyzer::Session session(state_->analyzer);
            SearchOut out;
            json::Array chunks;
            for (auto& labelled : found) {
              const policy::Label label = labelled.label();
              SK_TRY(const Passage passage, std::move(labelled).open(c.permit()));
              out.hits.push_back(hit_of(static_cast<int>(out.hits.size()) + 1, passage, label, with, terms, session));
              chunks.emplace_back(passage.row);
            }
            out.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
            c.note("passages", std::move(chunks));
            return out;
          }};
}

void Library::register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(create_collection_operation());
  registry.add(list_collections_operation());
  registry.add(create_upload_operation());
  registry.add(search_operation());
  registry.add(gate::Operation<CollectionIdIn, Nothing>{"collections.delete", "資料の置き場を中身ごと消す", "collections.delete", Access::write, 1024,
                                                        gate::no_preparation<CollectionIdIn>(), delete_collection});
  registry.add(gate::Operation<DocumentListIn, DocumentList>{"documents.list", "置き場の資料の一覧", "documents.list", Access::read, 1024,
                                                             gate::no_preparation<DocumentListIn>(), [this](gate::Context& c, DocumentListIn& in) -> Result<DocumentList> {
                                                               SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
                                                               return list_documents(c, in, *shelf);
                                                             }});
  registry.add(gate::Operation<DocumentIdIn, DocumentView>{"documents.describe", "資料の状態を見る", "documents.list", Access::read, 1024,
                                                           gate::no_preparation<DocumentIdIn>(), [this](gate::Context& c, DocumentIdIn& in) -> Result<DocumentView> {
                                                             SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
                                                             SK_TRY(const Document d, require_document(c, in.id));
                                                             return document_view(c, d, *shelf);
                                                           }});
  registry.add(gate::Operation<DocumentIdIn, DocumentText>{"documents.text", "資料の本文を読む", "documents.read", Access::read, 1024,
                                                           gate::no_preparation<DocumentIdIn>(), [this](gate::Context& c, DocumentIdIn& in) -> Result<DocumentText> {
                                                             SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
                                                             return document_text(c, in, *shelf);
                                                           }});
  registry.add(gate::Operation<DocumentIdIn, Nothing>{"documents.delete", "資料を消す", "documents.delete", Access::write, 1024,
                                                      gate::no_preparation<DocumentIdIn>(), delete_document});
  registry.add(gate::Operation<EncodingIn, DocumentView>{"documents.reread", "文字コードを指定して読み直す", "documents.upload", Access::write, 1024,
                                                         gate::no_preparation<EncodingIn>(), [this](gate::Context& c, EncodingIn& in) -> Result<DocumentView> {
                                                           SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
                                                           c.after_commit([s = state_.get()] { s->signal(); });
                                                           return reread(c, in, *shelf);
                                                         }});
  register_class_operations(registry, [this](const gate::Body& body) { return state_->require_shelf(body); });
  registry.add(gate::Operation<UploadListIn, UploadList>{"uploads.list", "置き場への取り込みの一覧", "documents.list", Access::read, 1024,
                                                         gate::no_preparation<UploadListIn>(), [](gate::Context& c, UploadListIn& in) -> Result<UploadList> {
                                                           SK_CHECK(require_collection(c, in.collection));
                                                           SK_TRY(const auto readable, gate::LabelTable::readable(c.tx, *c.body.labels, c.permit()));
                                                           SK_TRY(const auto rows, Table::uploads(c.tx, in.collection, readable, c.permit().person().user_id));
                                                           UploadList out;
                                                           for (const Upload& u : rows) out.items.push_back(view_of(u));
                                                           return out;
                                                         }});
  registry.add(gate::Operation<UploadIdIn, UploadDetail>{"uploads.describe", "取り込みの進み具合を見る", "documents.list", Access::read, 1024,
                                                         gate::no_preparation<UploadIdIn>(), [this](gate::Context& c, UploadIdIn& in) -> Result<UploadDetail> {
                                                           SK_TRY(Shelf* const shelf, state_->require_shelf(c.body));
                                                           return describe_upload(c, in, *shelf);
                                                         }});
  registry.add(gate::Operation<UploadIdIn, UploadView>{"uploads.stop", "取り込みを止める", "documents.upload", Access::write, 1024,
                                                       gate::no_preparation<UploadIdIn>(),
                                                       [](gate::Context& c, UploadIdIn& in) -> Result<UploadView> { return set_stopped(c, in.id, true); }});
  registry.add(gate::Operation<UploadIdIn, UploadView>{"uploads.resume", "取り込みを続ける", "documents.upload", Access::write, 1024, gate::no_preparation<UploadIdIn>(),
                                                       [this](gate::Context& c, UploadIdIn& in) -> Result<UploadView> {
                                                         c.after_commit([s = state_.get()] { s->signal(); });
                                                         return set_stopped(c, in.id, false);
                                                       }});
}

}  // namespace sekisho::library
