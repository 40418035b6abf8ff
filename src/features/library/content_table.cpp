// What was read from documents: text, sections, chunks, and which chunks the index is to know.
#include <algorithm>

#include "features/library/own.h"
#include "features/library/table.h"
#include "gate/label_table.h"
#include "text/utf8.h"

namespace sekisho::library {
namespace {

constexpr const char* kPutText = "INSERT OR REPLACE INTO document_text (document_id, text) VALUES (:id, :text)";
constexpr const char* kText = "SELECT text FROM document_text WHERE document_id = :id";
constexpr const char* kTextOfChunks =
    "SELECT text FROM chunk WHERE id >= (SELECT first_chunk FROM document WHERE id = :id) AND id <= (SELECT last_chunk FROM document WHERE id = :id2) "
    "AND lead IS NOT NULL ORDER BY id";
constexpr const char* kInsertSection =
    "INSERT INTO section (document_id, n, heading, level, label, page, begins, ends) VALUES (:id, :n, :heading, :level, :label, :page, :start, :end)";
constexpr const char* kSections = "SELECT n, heading, level, label, page, begins, ends FROM section WHERE document_id = :id ORDER BY n";
constexpr const char* kInsertChunk =
    "INSERT INTO chunk (id, document_id, section, context, page, begins, ends, lead, text) VALUES (:chunk, :id, :section, :context, :page, :start, :end, :lead, :text)";
constexpr const char* kLastChunk = "SELECT last FROM chunk_sequence WHERE one = 1";
constexpr const char* kTakeChunks = "UPDATE chunk_sequence SET last = last + :count WHERE one = 1";
constexpr const char* kPassage =
    "SELECT k.id, k.id - d.first_chunk + 1, k.document_id, d.collection_id, d.name, d.version, k.section, k.page, k.begins, k.ends, k.lead, k.text, d.label "
    "FROM chunk k JOIN document d ON d.id = k.document_id WHERE k.id = :id AND d.state = 'ready' AND " SK_OWN_COLLECTION("d");
constexpr const char* kChunksAfter =
    "SELECT k.id, d.name, k.section, k.context, k.lead, k.text FROM chunk k JOIN document d ON d.id = k.document_id WHERE k.id > :after ORDER BY k.id LIMIT :limit";
constexpr const char* kDeleteText = "DELETE FROM document_text WHERE document_id = :id";
constexpr const char* kDeleteSections = "DELETE FROM section WHERE document_id = :id";
constexpr const char* kDeleteChunks =
    "DELETE FROM chunk WHERE id >= (SELECT first_chunk FROM document WHERE id = :id) AND id <= (SELECT last_chunk FROM document WHERE id = :id2)";
constexpr const char* kBump = "UPDATE library_revision SET revision = revision + 1 WHERE one = 1";
constexpr const char* kRevision = "SELECT revision FROM library_revision WHERE one = 1";
constexpr const char* kNoteChange = "INSERT INTO library_change (revision, first_chunk) SELECT revision, :first FROM library_revision WHERE one = 1";
constexpr const char* kForgetChanges = "DELETE FROM library_change WHERE revision < (SELECT revision FROM library_revision WHERE one = 1) - :keep";
constexpr const char* kRanges =
    "SELECT d.first_chunk, d.last_chunk, d.collection_id, " SK_LABEL_NUMBER("d") " FROM document d WHERE d.state = 'ready' AND d.first_chunk IS NOT NULL AND " SK_IN_OWN_COLLECTION("d") " "
    "ORDER BY d.first_chunk";
constexpr const char* kChangesAfter =
    "SELECT c.first_chunk, d.last_chunk, d.collection_id, " SK_LABEL_NUMBER("d") " FROM library_change c LEFT JOIN document d ON d.first_chunk = c.first_chunk "
    "AND d.state = 'ready' AND " SK_IN_OWN_COLLECTION("d") " WHERE c.revision > :known ORDER BY c.revision";

constexpr std::int64_t kKeptChanges = 4096;

// What stands with a chunk, without what stands before it.
std::string chunk_text(std::string stored, std::optional<std::int64_t> lead) {
  stored.erase(0, text::byte_offset(stored, static_cast<std::size_t>(lead.value_or(0))));
  return stored;
}

Result<std::vector<RangeRow>> ranges_of(sql::Query query) {
  SK_TRY(auto rows, query.all<std::int64_t, std::optional<std::int64_t>, std::optional<CollectionId>, std::optional<std::int64_t>>());
  std::vector<RangeRow> out;
  out.reserve(rows.size());
  for (auto& [first, last, collection, label] : rows) out.push_back({first, last, std::move(collection), label});
  return out;
}

}  // namespace

Status Table::delete_content(sql::Tx& tx, const DocumentId& id) {
  SK_CHECK(tx.query(kDeleteText).bind("id", id).run());
  SK_CHECK(tx.query(kDeleteSections).bind("id", id).run());
  SK_CHECK(tx.query(kDeleteChunks).bind("id", id).bind("id2", id).run());
  return ok();
}

Status Table::put_text(sql::Tx& tx, const DocumentId& id, std::string_view rest) {
  SK_CHECK(tx.query(kPutText).bind("id", id).bind("text", rest).run());
  return ok();
}

Result<std::string> Table::text(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(const auto parts, tx.query(kTextOfChunks).bind("id", id).bind("id2", id).all<std::string>());
  SK_TRY(const auto rest, tx.query(kText).bind("id", id).maybe_one<std::string>());
  std::string out;
  for (const auto& [part] : parts) out += part;
  if (rest) out += std::get<0>(*rest);
  return out;
}

Status Table::insert_section(sql::Tx& tx, const DocumentId& id, const SectionRow& s) {
  SK_CHECK(tx.query(kInsertSection).bind("id", id).bind("n", s.n).bind("heading", s.heading).bind("level", s.level).bind("label", s.label)
               .bind("page", s.page).bind("start", s.start).bind("end", s.end).run());
  return ok();
}

Result<std::vector<SectionRow>> Table::sections(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(auto rows, tx.query(kSections).bind("id", id).all<int, std::string, int, std::string, std::optional<int>, std::int64_t, std::int64_t>());
  std::vector<SectionRow> out;
  for (auto& [n, heading, level, label, page, start, end] : rows) out.push_back({n, heading, level, label, page, start, end});
  return out;
}

Status Table::insert_chunk(sql::Tx& tx, const DocumentId& id, const ChunkRow& c) {
  SK_CHECK(tx.query(kInsertChunk).bind("chunk", c.id).bind("id", id).bind("section", c.section).bind("context", c.context).bind("page", c.page)
               .bind("start", c.start).bind("end", c.end).bind("lead", c.lead).bind("text", c.text).run());
  return ok();
}

Result<std::int64_t> Table::last_chunk(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kLastChunk).one<std::int64_t>());
  return std::get<0>(row);
}

Result<std::int64_t> Table::take_chunk_ids(sql::Tx& tx, std::int64_t count) {
  SK_TRY(const auto last, last_chunk(tx));
  SK_CHECK(tx.query(kTakeChunks).bind("count", count).run());
  return last + 1;
}

Result<std::optional<policy::Labelled<Passage>>> Table::passage(sql::Tx& tx, std::int64_t chunk, double score) {
  SK_TRY(auto row, tx.query(kPassage).bind("id", chunk).maybe_one<std::int64_t, std::int64_t, DocumentId, CollectionId, std::string, int, std::string, std::optional<int>,
                                                                 std::int64_t, std::int64_t, std::optional<std::int64_t>, std::string, std::string>());
  if (!row) return std::optional<policy::Labelled<Passage>>();
  auto& [id, number, document, collection, name, version, section, page, start, end, lead, text, label] = *row;
  SK_TRY(auto decoded, policy::decode(label));
  return std::optional(policy::Labelled<Passage>(std::move(decoded), Passage{number, document, collection, name, version, section, page, start, end, chunk_text(std::move(text), lead), score, id}));
}

Result<std::vector<IndexRow>> Table::chunks_after(sql::Tx& tx, std::int64_t chunk, int limit) {
  SK_TRY(auto rows, tx.query(kChunksAfter).bind("after", chunk).bind("limit", limit).all<std::int64_t, std::string, std::string, std::string, std::optional<std::int64_t>, std::string>());
  std::vector<IndexRow> out;
  out.reserve(rows.size());
  for (auto& [id, document, section, context, lead, text] : rows) out.push_back({id, std::move(document), std::move(section), std::move(context), chunk_text(std::move(text), lead)});
  return out;
}

Status Table::changed(sql::Tx& tx, const std::optional<std::int64_t>& first_chunk) {
  if (!first_chunk) return ok();  // nothing of it could be found
  SK_CHECK(tx.query(kBump).run());
  SK_CHECK(tx.query(kNoteChange).bind("first", *first_chunk).run());
  if (*first_chunk % kKeptChanges == 0) SK_CHECK(tx.query(kForgetChanges).bind("keep", 2 * kKeptChanges).run());
  return ok();
}

Status Table::changed_anything(sql::Tx& tx) { return changed(tx, 0); }

Result<std::int64_t> Table::revision(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kRevision).one<std::int64_t>());
  return std::get<0>(row);
}

Result<std::vector<RangeRow>> Table::ranges(sql::Tx& tx) { return ranges_of(tx.query(kRanges)); }

Result<std::optional<std::vector<RangeRow>>> Table::changes_after(sql::Tx& tx, std::int64_t known, std::int64_t revision) {
  using Changes = std::optional<std::vector<RangeRow>>;
  if (known > revision || revision - known > kKeptChanges) return Changes();
  SK_TRY(auto rows, ranges_of(std::move(tx.query(kChangesAfter).bind("known", known))));
  // A row for every revision, or some are forgotten; the first chunk 0 stands for any.
  const bool whole = static_cast<std::int64_t>(rows.size()) == revision - known &&
                     std::none_of(rows.begin(), rows.end(), [](const RangeRow& r) { return r.first == 0; });
  return whole ? Changes(std::move(rows)) : Changes();
}

}  // namespace sekisho::library
