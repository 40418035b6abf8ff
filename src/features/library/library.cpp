#include "features/library/library.h"

#include <array>

#include "core/bytes.h"
#include "core/log.h"
#include "crypto/hash.h"
#include "features/library/classes.h"
#include "features/library/state.h"
#include "gate/label_table.h"
#include "features/library/views.h"
#include "text/utf8.h"

namespace sekisho::library {
namespace {

constexpr std::size_t kMaxNameBytes = 500;
const std::set<std::string_view> kHidden = {policy::key_of(policy::Axis::unknown_label), policy::key_of(policy::Axis::clearance),
                                            policy::key_of(policy::Axis::readers), policy::key_of(policy::Axis::segment)};

// The original as a file on the person's machine.
const policy::Exit kDownload{"download", {}};

struct ContentOut {
  std::optional<policy::Released<Document>> document;
};
BOOST_DESCRIBE_STRUCT(ContentOut, (), ())

// A file's name, with the folders it came from ("様式/第1号.docx"): it is shown and searched, never used as a path.
Status check_name(const std::string& name) {
  const bool control = std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\'; });
  if (name.empty() || name.size() > kMaxNameBytes || control || name.front() == '/' || name.back() == '/' || !text::is_valid_utf8(name))
    return fail(Code::invalid_argument, "documents.name", "not a file name");
  return ok();
}

bool over_storage(const Settings& settings, std::int64_t stored, std::int64_t more) {
  return more > settings.max_stored_bytes || stored > settings.max_stored_bytes - more;
}

// One clear refusal when the body's files would take more than they may; what crosses a threshold is told of.
Status take_storage(gate::Context& context, const Settings& settings, std::int64_t more) {
  constexpr std::array kThresholds = {80, 90, 100};  // per cent, as the gauge of the usage screen has them
  SK_TRY(const std::int64_t stored, Table::stored_bytes(context.tx));
  if (over_storage(settings, stored, more)) {
    Error error{Code::denied, "storage.over_limit", "the body's files take " + std::to_string(stored) + " bytes of " + std::to_string(settings.max_stored_bytes), "", ""};
    if (const auto* rule = context.permit().matrix().find("usage.manage")) {
      error.clause = rule->clause;
      error.who_can_permit = rule->who_can_permit;
    }
    return fail(std::move(error));
  }
  for (const int percent : kThresholds) {
    const std::int64_t mark = settings.max_stored_bytes / 100 * percent;
    if (stored >= mark || stored + more < mark) continue;
    context.note("storage_percent", percent);
    context.after_commit([percent] { log::warn("storage.threshold", {{"percent", percent}}); });
  }
  return ok();
}

// The row of a received file, for a person who may add to the collection. The bytes are stored by the preparation, which runs only for
// those who have the power: a stranger must not fill the disk. The operation decides again, with the collection.
gate::Operation<ReceiveIn, DocumentView> receive_operation(Shelf& shelf, const Settings& settings, const std::string& bytes, std::string& blob_id, bool& known) {
  return {"documents.upload", "資料を加える", "documents.upload", gate::Access::write, 0,
          [&bytes, &blob_id, &settings](gate::Preparation& preparation, ReceiveIn& in) -> Status {
            SK_TRY(auto tx, preparation.body.db->begin_read());
            SK_TRY(const auto upload, Table::upload(*tx, in.id));
            SK_TRY(const std::int64_t stored, Table::stored_bytes(*tx));
            tx.reset();
            if (!upload) return fail(Code::not_found, "uploads.not_found", "no such upload");
            in.sha256 = to_hex(crypto::sha256(bytes));
            // Nothing is written to the disk for what there is no room for; the operation refuses it, with its record.
            if (over_storage(settings, stored, in.bytes)) return ok();
            SK_TRY(blob_id, preparation.body.blobs->put(bytes));
            in.blob_id = blob_id;
            return ok();
          },
          [&shelf, &known, &settings](gate::Context& context, ReceiveIn& in) -> Result<DocumentView> {
            SK_TRY(const auto upload, Table::upload(context.tx, in.id));
            if (!upload) return fail(Code::not_found, "uploads.not_found", "no such upload");
            SK_TRY(auto found, Table::collection(context.tx, upload->collection_id));
            if (!found) return fail(Code::not_found, "uploads.not_found", "no such collection");
            auto opened = std::move(*found).open(context.permit());
            if (!opened) return fail(Code::not_found, "uploads.not_found", "not readable: " + opened.error().key);
            const Collection& collection = *opened;
            SK_CHECK(require_own_unit(context, collection));
            SK_CHECK(context.not_stopped(gate::StopKind::collection, collection.id.str()));
            SK_TRY(const ViewContext with, view_context(context, shelf.covered()));
            context.label(upload->class_unknown ? unknown_class(collection.label) : collection.label);
            SK_TRY(const auto same, Table::same_file(context.tx, in.id, in.name, in.sha256));
            if (same) {
              known = true;
              context.about(same->id.str());
              return view_of(*same, with, upload->stopped);
            }
            SK_CHECK(take_storage(context, settings, in.bytes));
            if (in.blob_id.empty()) return fail(Code::conflict, "storage.retry", "room was made while the file came");
            Document d;
            d.id = context.new_id<DocumentTag>();
            d.collection_id = upload->collection_id;
            d.upload_id = in.id;
            d.name = in.name;
            d.sha256 = in.sha256;
            d.blob_id = in.blob_id;
            d.bytes = in.bytes;
            d.state = "waiting";
            d.type = "";
            d.label = upload->class_unknown ? unknown_class(collection.label) : collection.label;
            d.unruled = upload->class_unknown;
            d.created_by = context.permit().person().user_id;
            d.created_at = context.now;
            SK_CHECK(Table::insert_document(context.tx, d));
            context.about(d.id.str());
            return view_of(d, with, upload->stopped);
          }};
}

// A file that was stored while the program died before its row was committed belongs to nobody.
Status remove_orphans(gate::Body& body) {
  SK_TRY(auto tx, body.db->begin_read());
  SK_TRY(const auto known, Table::blob_ids(*tx));  // in order
  tx.reset();
  SK_TRY(const auto stored, body.blobs->list());
  for (const std::string& id : stored)
    if (!std::binary_search(known.begin(), known.end(), id)) SK_CHECK(body.blobs->remove(id));
  return ok();
}

}  // namespace

// While something is stopped: the collections that are not. A chosen one that is stopped refuses the search; of all, it is left out.
static Result<std::vector<CollectionId>> open_collections(gate::Context& context, const std::vector<CollectionId>& chosen) {
  for (const CollectionId& id : chosen) SK_CHECK(context.not_stopped(gate::StopKind::collection, id.str()));
  if (!chosen.empty()) return chosen;
  SK_TRY(const auto readable, gate::LabelTable::readable(context.tx, *context.body.labels, context.permit()));
  SK_TRY(auto rows, Table::collections(context.tx, readable));
  std::vector<CollectionId> out;
  for (auto& labelled : rows) {
    SK_TRY(const Collection c, std::move(labelled).open(context.permit()));
    if (context.not_stopped(gate::StopKind::collection, c.id.str())) out.push_back(c.id);
  }
  return out;
}

Status require_own_unit(gate::Context& context, const Collection& collection) {
  if (context.permit().person().principals.contains("unit:" + collection.unit_id.str())) return ok();
  return fail(Error{Code::denied, "collections.other_unit", "the collection is another unit's", "11(1)ア(イ)", "manager"});
}

Library::Library(const text::Analyzer& analyzer, files::Extractor* extractor, gate::Gate& gate, Settings settings)
    : state_(std::make_unique<State>(analyzer, extractor, gate, settings)) {
  for (std::size_t i = 0; extractor != nullptr && i < std::max<std::size_t>(1, settings.ingest_threads); ++i) state_->ingesters.emplace_back([s = state_.get()] { s->ingest_loop(); });
}

Library::~Library() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->wake.notify_all();
  for (auto& thread : state_->ingesters) thread.join();
}

Shelf* Library::State::shelf(const gate::Body& body) {
  const std::lock_guard lock(mutex);
  const auto it = shelves.find(body.code);
  return it == shelves.end() ? nullptr : it->second.get();
}

Result<Shelf*> Library::State::require_shelf(const gate::Body& body) {
  Shelf* const found = shelf(body);
  if (found == nullptr) return fail(Code::unavailable, "library.not_open", "the body's library is not open");
  return found;
}

std::vector<Shelf*> Library::State::all_shelves() {
  const std::lock_guard lock(mutex);
  std::vector<Shelf*> out;
  for (const auto& [code, shelf] : shelves) out.push_back(shelf.get());
  return out;
}

void Library::State::signal() {
  {
    const std::lock_guard lock(mutex);
    ++signals;
  }
  wake.notify_all();
}

Status Library::attach(gate::Body& body) {
  bool waiting = false;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(waiting, Table::any_waiting(*tx));
  }
  SK_CHECK(remove_orphans(body));
  SK_TRY(auto shelf, Shelf::open(body, state_->analyzer, [s = state_.get()] { s->signal(); }));
  {
    const std::lock_guard lock(state_->mutex);
    state_->shelves[body.code] = std::move(shelf);
    if (waiting) state_->requeue.insert(body.code);
  }
  state_->signal();
  return ok();
}

Result<json::Value> Library::receive(gate::Gate& gate, const gate::Caller& caller, const std::string& upload_id, const std::string& name, std::string bytes) {
  SK_TRY(auto id, UploadId::parse(upload_id));
  SK_CHECK(check_name(name));
  Shelf* const shelf = state_->shelf(*caller.body);
  if (shelf == nullptr) return fail(Code::unavailable, "library.not_open", "the body's library is not open");
  if (bytes.size() > state_->settings.max_file_bytes) return fail(Code::too_large, "files.too_large", "larger than upload.max_bytes");
  std::string blob_id;
  bool known = false;
  auto received = gate.run(receive_operation(*shelf, state_->settings, bytes, blob_id, known), caller, ReceiveIn{id, name, "", "", static_cast<std::int64_t>(bytes.size())});
  if ((!received || known) && !blob_id.empty()) {
    const Status removed = caller.body->blobs->remove(blob_id);  // nobody refers to it
    static_cast<void>(removed);
  }
  if (!received) return Unexpected(std::move(received.error()));
  state_->signal();
  return json::to_value(*received);
}

Result<Content> Library::content(gate::Gate& gate, const gate::Caller& caller, const std::string& document_id) {
  SK_TRY(auto id, DocumentId::parse(document_id));
  const gate::Operation<DocumentIdIn, ContentOut> read{"documents.content", "元の資料を取り出す", "documents.content", gate::Access::read, 0,
                                                       gate::no_preparation<DocumentIdIn>(), [](gate::Context& context, DocumentIdIn& in) -> Result<ContentOut> {
                                                         SK_TRY(auto found, Table::document(context.tx, in.id));
                                                         if (!found) return fail(Code::not_found, "documents.not_found", "no such document");
                                                         context.about(in.id.str());
                                                         context.label(found->label());
                                                         SK_TRY(auto released, policy::release(std::move(*found), kDownload, context.permit()));
                                                         SK_CHECK(context.not_stopped(gate::StopKind::collection, released.get().collection_id.str()));
                                                         return ContentOut{std::optional(std::move(released))};
                                                       }};
  auto opened = gate.run(read, caller, DocumentIdIn{id});
  if (!opened) {
    // Existence is not told to those who may not read.
    if (kHidden.contains(opened.error().key)) return fail(Code::not_found, "documents.not_found", "not readable: " + opened.error().key);
    return Unexpected(std::move(opened.error()));
  }
  const Document& document = opened->document->get();
  SK_TRY(auto bytes, caller.body->blobs->get(document.blob_id));
  return Content{document.name, std::move(bytes)};
}

Progress Library::progress(gate::Body& body, const std::string& upload_id) {
  const auto look = [&]() -> Result<Progress> {
    SK_TRY(auto id, UploadId::parse(upload_id));
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto upload, Table::upload_progress(*tx, id));
    if (!upload) return Progress{"{}", true};
    const UploadView view = view_of(*upload);
    return Progress{json::write(view), view.state == "done" || view.state == "stopped"};
  };
  return look().value_or(Progress{"{}", true});
}

void Library::wait_until_idle(gate::Body& body) {
  Shelf* const shelf = state_->shelf(body);
  if (shelf == nullptr) return;
  for (;;) {
    auto tx = body.db->begin_read();
    if (!tx) return;
    const auto waiting = Table::any_waiting(**tx);
    tx->reset();
    if (!waiting) return;
    const auto indexed = shelf->caught_up();
    if (!indexed || (!*waiting && *indexed)) return;
    shelf->wake();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

Status Library::forget(gate::Body& body) {
  SK_TRY(Shelf* const shelf, state_->require_shelf(body));
  return shelf->forget();
}

std::uint64_t Library::indexed(const gate::Body& body, const search::Bitmap& chunks) {
  const Shelf* const shelf = state_->shelf(body);
  return shelf == nullptr ? 0 : shelf->index().count(chunks);
}

std::vector<std::uint64_t> Library::terms_only_of(const gate::Body& body, const search::Bitmap& chunks, std::size_t limit) {
  const Shelf* const shelf = state_->shelf(body);
  return shelf == nullptr ? std::vector<std::uint64_t>() : shelf->index().terms_only_of(chunks, limit);
}

bool Library::has_any_term(const gate::Body& body, const std::vector<std::uint64_t>& terms, std::uint32_t last_chunk) {
  const Shelf* const shelf = state_->shelf(body);
  return shelf != nullptr && shelf->index().has_any(terms, last_chunk);
}

Result<std::vector<policy::Labelled<Passage>>> Library::retrieve(gate::Context& context, const std::string& question, const std::vector<CollectionId>& collections,
                                                                 std::size_t limit) {
  Shelf* const shelf = state_->shelf(context.body);
  if (shelf == nullptr) return fail(Code::unavailable, "library.not_open", "the body's library is not open");
  std::vector<CollectionId> open = collections;
  if (context.any_stop()) {
    SK_TRY(open, open_collections(context, collections));
    if (open.empty()) return std::vector<policy::Labelled<Passage>>();
  }
  SK_TRY(const auto permitted, shelf->permitted().of(context.tx, context.permit(), open));
  SK_TRY(const auto hits, shelf->index().search(question, *permitted, limit));
  std::vector<policy::Labelled<Passage>> out;
  for (const search::Hit& hit : hits) {
    SK_TRY(auto passage, Table::passage(context.tx, hit.chunk, hit.score));
    if (passage) out.push_back(std::move(*passage));
  }
  return out;
}

}  // namespace sekisho::library
