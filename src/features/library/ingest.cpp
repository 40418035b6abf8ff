// Ingestion: waiting files are claimed, read in the sandboxed worker, and stored. Both ends are operations of the program itself; between
// them no transaction is held. What was being read when the program died is claimed again at the next start.
#include "core/log.h"
#include "features/library/state.h"
#include "features/library/views.h"
#include "files/chunk.h"
#include "files/reasons.h"

namespace sekisho::library {
namespace {

constexpr int kBatchFiles = 16;
constexpr int kManyFiles = 10'000;  // looked through for some that no emergency stop holds back
constexpr const char* kIngest = "documents.ingest";
constexpr std::int64_t kBatchBytes = 4 << 20;
constexpr auto kPause = std::chrono::seconds(1);

struct ClaimOut {
  std::vector<Document> documents;
};
BOOST_DESCRIBE_STRUCT(ClaimOut, (), ())

struct Stored {
  DocumentId id;
  std::string state;
  std::optional<std::string> reason;
  std::int64_t characters = 0;
  std::int64_t chunks = 0;
};
BOOST_DESCRIBE_STRUCT(Stored, (), (id, state, reason, characters, chunks))
struct StoreIn {
  std::vector<Stored> documents;
  std::vector<Document> rows;  // not described: the content, which the record does not repeat
  std::vector<std::shared_ptr<const files::Chunked>> contents;
};
BOOST_DESCRIBE_STRUCT(StoreIn, (), (documents))

gate::Operation<Nothing, ClaimOut> claim_operation() {
  return {"documents.claim", "読み取る資料を選ぶ", "documents.ingest", gate::Access::write, 0, gate::no_preparation<Nothing>(),
          [](gate::Context& context, Nothing&) -> Result<ClaimOut> {
            SK_TRY(auto waiting, Table::waiting(context.tx, context.any_stop() ? kManyFiles : kBatchFiles));
            ClaimOut out;
            json::Array ids;
            std::int64_t bytes = 0;
            for (Document& d : waiting) {
              if (!context.not_stopped(gate::StopKind::collection, d.collection_id.str())) continue;
              if (out.documents.size() >= kBatchFiles || (!out.documents.empty() && bytes + d.bytes > kBatchBytes)) break;
              bytes += d.bytes;
              SK_CHECK(Table::set_state(context.tx, d.id, "reading", std::nullopt));
              ids.emplace_back(d.id.str());
              out.documents.push_back(std::move(d));
            }
            context.note("documents", std::move(ids));
            return out;
          }};
}

std::optional<int> page_of(std::uint32_t page) { return page == 0 ? std::nullopt : std::optional(static_cast<int>(page)); }

std::string place_of(const files::Chunked& content, const files::Chunk& chunk) {
  std::string path = files::path_text(content.sections[chunk.section]);
  if (!chunk.label.empty() && path.find(chunk.label) == std::string::npos) path += (path.empty() ? "" : " > ") + chunk.label;
  return path;
}

Status store_content(sql::Tx& tx, Document& row, const files::Chunked& content) {
  SK_CHECK(Table::delete_content(tx, row.id));
  for (std::size_t n = 0; n < content.sections.size(); ++n) {
    const files::Section& s = content.sections[n];
    SK_CHECK(Table::insert_section(tx, row.id, {static_cast<int>(n), s.heading, s.level, s.label, page_of(s.page), static_cast<std::int64_t>(s.span.start),
                                                static_cast<std::int64_t>(s.span.end)}));
  }
  if (content.chunks.empty()) return Table::put_text(tx, row.id, content.text);
  const auto count = static_cast<std::int64_t>(content.chunks.size());
  SK_TRY(const std::int64_t first, Table::take_chunk_ids(tx, count));
  row.first_chunk = first;
  row.last_chunk = first + count - 1;
  files::Span before;  // what stands between two chunks is kept with the second
  for (std::size_t n = 0; n < content.chunks.size(); ++n) {
    const files::Chunk& c = content.chunks[n];
    const files::Span whole{before.end, c.span.end, before.end_byte, c.span.end_byte};
    SK_CHECK(Table::insert_chunk(tx, row.id, {first + static_cast<std::int64_t>(n), place_of(content, c), c.context, page_of(c.page),
                                              static_cast<std::int64_t>(c.span.start), static_cast<std::int64_t>(c.span.end),
                                              static_cast<std::int64_t>(c.span.start - before.end), content.slice(whole)}));
    before = c.span;
  }
  return Table::put_text(tx, row.id, std::string_view(content.text).substr(before.end_byte));
}

gate::Operation<StoreIn, Nothing> store_operation(Shelf& shelf) {
  return {"documents.store", "読み取った資料を保存する", "documents.ingest", gate::Access::write, 0, gate::no_preparation<StoreIn>(),
          [&shelf](gate::Context& context, StoreIn& in) -> Result<Nothing> {
            std::int64_t last = 0;
            for (std::size_t i = 0; i < in.rows.size(); ++i) {
              Document& row = in.rows[i];
              SK_TRY(auto current, Table::document(context.tx, row.id));
              if (!current) continue;  // deleted while it was being read
              SK_TRY(const Document now, std::move(*current).open(context.permit()));
              if (now.state != "reading" || now.version != row.version) continue;
              if (!context.not_stopped(gate::StopKind::collection, row.collection_id.str())) {
                SK_CHECK(Table::set_state(context.tx, row.id, "waiting", std::nullopt));
                continue;
              }
              context.about(row.upload_id.str());
              context.label(row.label);
              if (in.documents[i].state == "ready") SK_CHECK(store_content(context.tx, row, *in.contents[i]));
              row.state = in.documents[i].state;
              row.reason_key = in.documents[i].reason;
              SK_CHECK(Table::store_result(context.tx, row));
              SK_CHECK(Table::changed(context.tx, row.first_chunk));
              last = row.last_chunk.value_or(last);
            }
            context.after_commit([&shelf, last] { shelf.stored(last); });
            return Nothing{};
          }};
}

// One file: bytes from the blob store, text from the worker. Every failure is this file's own.
Stored read_document(Document& row, files::Chunked& content, gate::Body& body, files::Extractor& extractor) {
  Stored out{row.id, "failed", std::nullopt, 0, 0};
  auto bytes = body.blobs->get(row.blob_id);
  if (!bytes) {
    log::error("library.blob_unreadable", bytes.error());
    out.reason = "files.unreadable_storage";
    return out;
  }
  files::Options options;
  options.encoding = row.chosen_encoding.value_or("");
  auto extracted = extractor.extract(row.name, *bytes, options);
  if (!extracted) {
    out.reason = extracted.error().key;
    return out;
  }
  row.type = std::string(files::type_name(extracted->type));
  row.encoding = extracted->encoding.empty() ? std::nullopt : std::optional(extracted->encoding);
  row.encoding_certain = extracted->encoding_certain;
  row.pages = page_of(extracted->pages);
  if (!extracted->warnings.empty()) out.reason = extracted->warnings.front();
  content = files::chunk(*extracted);
  row.characters = static_cast<std::int64_t>(content.characters);
  out.state = "ready";
  out.characters = row.characters;
  out.chunks = static_cast<std::int64_t>(content.chunks.size());
  return out;
}

bool wants_retry(const Error& error) { return error.code == Code::unavailable; }

}  // namespace

Status Library::State::requeue_cut_short(Shelf& shelf, const gate::Caller& program) {
  {
    const std::lock_guard lock(mutex);
    if (requeue.erase(shelf.body().code) == 0) return ok();
  }
  const gate::Operation<Nothing, Nothing> resume{"documents.resume", "途中だった資料を読み直す", kIngest, gate::Access::write, 0, gate::no_preparation<Nothing>(),
                                                 [](gate::Context& context, Nothing&) -> Result<Nothing> {
                                                   SK_CHECK(Table::requeue_reading(context.tx));
                                                   return Nothing{};
                                                 }};
  auto done = gate.run(resume, program, Nothing{});
  if (done) return ok();
  const std::lock_guard lock(mutex);
  requeue.insert(shelf.body().code);
  return Unexpected(std::move(done.error()));
}

Result<bool> Library::State::ingest_batch(Shelf& shelf) {
  gate::Body& body = shelf.body();
  const gate::Caller program{&body, gate::Program{}, body.listener_segment, "ingest", "program"};
  // Asked before any operation: a stopped queue that asked again every second would fill the log.
  if (!gate.not_stopped(kIngest, program, "program")) return false;
  if (shelf.far_behind()) return false;  // it signals when there is room
  SK_CHECK(requeue_cut_short(shelf, program));
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto waiting, Table::waiting(*tx, gate.stops().any() ? kManyFiles : 1));
    if (std::none_of(waiting.begin(), waiting.end(), [&](const Document& d) { return gate.stops().check(gate::StopKind::collection, body.code, d.collection_id.str()).has_value(); }))
      return false;
  }
  SK_TRY(ClaimOut claimed, gate.run(claim_operation(), program, Nothing{}));
  if (claimed.documents.empty()) return false;
  StoreIn batch;
  for (Document& row : claimed.documents) {
    if (!gate.not_stopped(kIngest, program, "program")) {
      const std::lock_guard lock(mutex);
      requeue.insert(body.code);
      return false;
    }
    auto content = std::make_shared<files::Chunked>();
    batch.documents.push_back(read_document(row, *content, body, *extractor));
    batch.rows.push_back(std::move(row));
    batch.contents.push_back(std::move(content));
  }
  auto stored = gate.run(store_operation(shelf), program, batch);
  if (!stored && stored.error().key.starts_with("stops.")) {
    const std::lock_guard lock(mutex);
    requeue.insert(body.code);
    return false;
  }
  if (!stored && !wants_retry(stored.error())) {
    // One row spoils a batch: store them one by one, and what cannot be stored is failed by itself.
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
      StoreIn single{{batch.documents[i]}, {batch.rows[i]}, {batch.contents[i]}};
      if (gate.run(store_operation(shelf), program, single)) continue;
      single.documents[0].state = "failed";
      single.documents[0].reason = "files.crashed";
      SK_CHECK(gate.run(store_operation(shelf), program, single));
    }
  } else if (!stored) {
    return Unexpected(std::move(stored.error()));
  }
  shelf.wake();
  return true;
}

void Library::State::ingest_loop() {
  for (;;) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard lock(mutex);
      if (stopping) return;
      seen = signals;
    }
    bool worked = false;
    for (Shelf* shelf : all_shelves()) {
      auto did = ingest_batch(*shelf);
      if (!did) log::error("library.ingest_failed", did.error());
      worked = worked || (did && *did);
    }
    std::unique_lock lock(mutex);
    if (stopping) return;
    if (!worked) wake.wait_for(lock, kPause, [&] { return stopping || signals != seen; });
  }
}

}  // namespace sekisho::library
