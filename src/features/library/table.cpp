#include "features/library/table.h"

#include "crypto/hash.h"
#include "features/library/own.h"
#include "gate/label_table.h"

namespace sekisho::library {
namespace {

#define SK_DOCUMENT_COLUMNS                                                                                                        \
  "d.id, d.collection_id, d.upload_id, d.name, d.sha256, d.blob_id, d.bytes, d.state, d.reason_key, d.type, d.encoding, d.encoding_certain, " \
  "d.chosen_encoding, d.version, d.characters, d.pages, d.first_chunk, d.last_chunk, d.label, d.created_by, d.created_at, d.unruled, d.choosing"
#define SK_COLLECTION_COLUMNS "c.id, c.name, c.description, c.unit_id, c.readers, c.label, c.choosing, c.created_at"
#define SK_UPLOAD_COLUMNS                                                                                                          \
  "u.id, u.collection_id, u.created_by, u.class_unknown, u.stopped, COUNT(d.id), COALESCE(SUM(CASE WHEN d.state = 'ready' THEN 1 ELSE 0 END), 0), "               \
  "COALESCE(SUM(CASE WHEN d.state = 'failed' THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN d.state IN ('waiting', 'reading') THEN 1 ELSE 0 END), 0)"

constexpr const char* kInsertCollection =
    "INSERT INTO collection (id, name, description, unit_id, readers, label, created_by, created_at) VALUES "
    "(:id, :name, :description, :unit, :readers, :label, :by, :now)";
constexpr const char* kDeleteCollectionUploads = "DELETE FROM upload WHERE collection_id = :id";
constexpr const char* kDeleteCollection = "DELETE FROM collection WHERE id = :id";
constexpr const char* kCollection = "SELECT " SK_COLLECTION_COLUMNS ", 0, 0 FROM collection c WHERE c.id = :id AND " SK_OWN_UNIT("c");
// Counted from what the reader may read alone.
constexpr const char* kCollections =
    "SELECT " SK_COLLECTION_COLUMNS ", COALESCE(SUM(g.documents), 0), COALESCE(SUM(g.bytes), 0) FROM collection c LEFT JOIN "
    "(SELECT collection_id, label, COUNT(*) AS documents, SUM(bytes) AS bytes FROM document GROUP BY collection_id, label) g "
    "ON g.collection_id = c.id AND " SK_READABLE("g", ":readable") " WHERE " SK_READABLE("c", ":readable_too") " AND " SK_OWN_UNIT("c") " GROUP BY c.id ORDER BY c.name, c.id LIMIT 1000";
constexpr const char* kInsertUpload =
    "INSERT INTO upload (id, collection_id, class_unknown, stopped, created_by, created_at) VALUES (:id, :collection, :unknown, :stopped, :by, :now)";
constexpr const char* kStopUpload = "UPDATE upload SET stopped = :stopped WHERE id = :id";
constexpr const char* kUpload = "SELECT id, collection_id, created_by, class_unknown, stopped, 0, 0, 0, 0 FROM upload WHERE id = :id";
constexpr const char* kUploadProgress = "SELECT " SK_UPLOAD_COLUMNS " FROM upload u LEFT JOIN document d ON d.upload_id = u.id WHERE u.id = :id GROUP BY u.id";
constexpr const char* kUploads =
    "SELECT " SK_UPLOAD_COLUMNS " FROM upload u LEFT JOIN document d ON d.upload_id = u.id AND (d.created_by = :me OR " SK_READABLE("d", ":readable") ") "
    "WHERE u.collection_id = :id GROUP BY u.id HAVING COUNT(d.id) > 0 OR u.created_by = :me_too ORDER BY u.id DESC LIMIT 50";
constexpr const char* kInsertDocument =
    "INSERT INTO document (id, collection_id, upload_id, name, sha256, blob_id, bytes, state, type, encoding_certain, version, characters, label, "
    "created_by, created_at, unruled) VALUES (:id, :collection, :upload, :name, :sha256, :blob, :bytes, :state, :type, 1, 1, 0, :label, :by, :now, :unruled)";
constexpr const char* kSetState = "UPDATE document SET state = :state, reason_key = :reason WHERE id = :id";
constexpr const char* kStoreResult =
    "UPDATE document SET state = :state, reason_key = :reason, type = :type, encoding = :encoding, encoding_certain = :certain, version = :version, "
    "characters = :characters, pages = :pages, first_chunk = :first, last_chunk = :last WHERE id = :id";
constexpr const char* kSetEncoding = "UPDATE document SET chosen_encoding = :encoding, state = 'waiting', reason_key = NULL WHERE id = :id";
#define SK_WAITING_DOCUMENT                                                                                                              \
  "SELECT d.id AS id, 0 AS whole, d.name AS name, c.id AS collection_id, c.name AS collection, c.unit_id AS unit_id, d.bytes AS bytes, d.created_by AS created_by, " \
  "d.created_at AS created_at, d.label AS label, d.choosing AS choosing FROM document d JOIN collection c ON c.id = d.collection_id "
// Collections come first: choosing for one settles its documents of the same class too.
constexpr const char* kUnruled =
    "SELECT id, whole, name, collection_id, collection, unit_id, bytes, created_by, created_at, label, choosing FROM ("
    SK_WAITING_DOCUMENT "WHERE d.unruled = 1 AND " SK_OWN_UNIT("c") " UNION ALL "
    SK_WAITING_DOCUMENT "WHERE d.choosing IS NOT NULL AND d.unruled IS NULL AND " SK_OWN_UNIT("c") " UNION ALL "
    "SELECT c.id, 1, c.name, c.id, c.name, c.unit_id, 0, c.created_by, c.created_at, c.label, c.choosing FROM collection c WHERE c.choosing IS NOT NULL AND " SK_OWN_UNIT("c") ") w "
    "WHERE whole < :whole OR (whole = :whole_too AND id > :after) ORDER BY whole DESC, id LIMIT :limit";
constexpr const char* kRelabel = "UPDATE document SET label = :label, unruled = NULL, choosing = NULL WHERE id = :id";
constexpr const char* kRelabelCollection = "UPDATE collection SET label = :label, readers = :readers, choosing = NULL WHERE id = :id";
constexpr const char* kRelabelWithCollection = "UPDATE document SET label = :label, choosing = NULL WHERE collection_id = :id AND label = :before";
constexpr const char* kListing = "SELECT id, sha256, label FROM document WHERE collection_id = :id AND id > :after ORDER BY id LIMIT :limit";
constexpr const char* kMakers =
    "SELECT created_by FROM collection WHERE id = :id UNION SELECT created_by FROM document WHERE collection_id = :id_too AND label = :label ORDER BY 1";
constexpr const char* kCountWithLabel = "SELECT COUNT(*) FROM document WHERE collection_id = :id AND label = :label";
constexpr const char* kDocumentLabels = "SELECT DISTINCT label, COALESCE(choosing, '') FROM document";
constexpr const char* kMoveDocuments =
    "UPDATE document SET label = " SK_MOVED("after_label", "document.label", "COALESCE(document.choosing, '')") ", choosing = "
    SK_MOVED("least", "document.label", "COALESCE(document.choosing, '')") " WHERE " SK_MOVES("document.label", "COALESCE(document.choosing, '')");
constexpr const char* kCollectionLabels = "SELECT DISTINCT label, COALESCE(choosing, '') FROM collection";
constexpr const char* kMoveCollections =
    "UPDATE collection SET label = " SK_MOVED("after_label", "collection.label", "COALESCE(collection.choosing, '')") ", choosing = "
    SK_MOVED("least", "collection.label", "COALESCE(collection.choosing, '')") " WHERE " SK_MOVES("collection.label", "COALESCE(collection.choosing, '')");
constexpr const char* kDeleteDocument = "DELETE FROM document WHERE id = :id";
constexpr const char* kDocument = "SELECT " SK_DOCUMENT_COLUMNS " FROM document d WHERE d.id = :id AND " SK_OWN_COLLECTION("d");
constexpr const char* kSameFile =
    "SELECT " SK_DOCUMENT_COLUMNS " FROM document d WHERE d.upload_id = :upload AND d.name = :name AND d.sha256 = :sha256 ORDER BY d.id LIMIT 1";
constexpr const char* kDocuments =
    "SELECT " SK_DOCUMENT_COLUMNS " FROM document d WHERE d.collection_id = :id AND d.id > :after AND " SK_READABLE("d", ":readable") " ORDER BY d.id LIMIT :limit";
constexpr const char* kAllDocuments =
    "SELECT " SK_DOCUMENT_COLUMNS " FROM document d WHERE d.collection_id = :id AND d.id > :after ORDER BY d.id LIMIT :limit";
constexpr const char* kDocumentsOfUpload = "SELECT " SK_DOCUMENT_COLUMNS " FROM document d WHERE d.upload_id = :id ORDER BY d.id LIMIT 20000";
// The first condition is that of the index document_waiting, word for word: without it every document ever read is walked over.
constexpr const char* kWaiting =
    "SELECT " SK_DOCUMENT_COLUMNS " FROM document d JOIN upload u ON u.id = d.upload_id "
    "WHERE d.state IN ('waiting', 'reading') AND d.state = 'waiting' AND u.stopped = 0 ORDER BY d.id LIMIT :limit";
constexpr const char* kAnyWaiting =
    "SELECT 1 FROM document d JOIN upload u ON u.id = d.upload_id WHERE d.state IN ('waiting', 'reading') AND u.stopped = 0 LIMIT 1";
constexpr const char* kRequeue = "UPDATE document SET state = 'waiting' WHERE state IN ('waiting', 'reading') AND state = 'reading'";
constexpr const char* kStoredBytes = "SELECT bytes FROM storage_total WHERE id = 1";
// Whoever else keeps originals in the body's store is asked here too: what no row names is removed at the start.
constexpr const char* kBlobIds = "SELECT blob_id FROM document UNION SELECT blob FROM office_attachment ORDER BY 1";
constexpr int kListingPage = 1000;

template <class Row>
policy::Labelled<Row> labelled(Row row) {
  policy::Label label = row.label;
  return {std::move(label), std::move(row)};
}

Result<std::optional<policy::Label>> label_or_none(const std::optional<std::string>& text) {
  if (!text) return std::optional<policy::Label>();
  SK_TRY(auto label, policy::decode(*text));
  return std::optional(std::move(label));
}

Result<std::vector<Collection>> collections_of(sql::Query query) {
  SK_TRY(auto rows, query.all<CollectionId, std::string, std::string, bodies::UnitId, std::string, std::string, std::optional<std::string>, Timestamp, std::int64_t, std::int64_t>());
  std::vector<Collection> out;
  for (auto& [id, name, description, unit, readers, label, waits, created, documents, bytes] : rows) {
    SK_TRY(auto decoded, policy::decode(label));
    SK_TRY(auto choosing, label_or_none(waits));
    out.push_back({id, name, description, unit, readers, std::move(decoded), created, documents, bytes, std::move(choosing)});
  }
  return out;
}

Result<std::vector<Document>> documents_of(sql::Query query) {
  using Text = std::string;
  SK_TRY(auto rows, query.all<DocumentId, CollectionId, UploadId, Text, Text, Text, std::int64_t, Text, std::optional<Text>, Text, std::optional<Text>, bool,
                              std::optional<Text>, int, std::int64_t, std::optional<int>, std::optional<std::int64_t>, std::optional<std::int64_t>, Text, Text,
                              Timestamp, std::optional<bool>, std::optional<Text>>());
  std::vector<Document> out;
  for (auto& [id, collection, upload, name, sha256, blob, bytes, state, reason, type, encoding, certain, chosen, version, characters, pages, first, last, label,
              by, created, unruled, waits] : rows) {
    SK_TRY(auto decoded, policy::decode(label));
    SK_TRY(auto choosing, label_or_none(waits));
    out.push_back({id, collection, upload, name, sha256, blob, bytes, state, reason, type, encoding, certain, chosen, version, characters, pages, first, last,
                   std::move(decoded), by, created, unruled.value_or(false), std::move(choosing)});
  }
  return out;
}

Result<std::vector<Upload>> uploads_of(sql::Query query) {
  SK_TRY(auto rows, query.all<UploadId, CollectionId, std::string, std::optional<bool>, bool, std::int64_t, std::int64_t, std::int64_t, std::int64_t>());
  std::vector<Upload> out;
  for (auto& [id, collection, by, unknown, stopped, received, ready, failed, waiting] : rows)
    out.push_back({id, collection, by, unknown.value_or(false), stopped, received, ready, failed, waiting});
  return out;
}

}  // namespace

Status Table::insert_collection(sql::Tx& tx, const Collection& c, const std::string& created_by) {
  SK_CHECK(gate::LabelTable::learn(tx, c.label));
  SK_CHECK(tx.query(kInsertCollection).bind("id", c.id).bind("name", c.name).bind("description", c.description).bind("unit", c.unit_id)
               .bind("readers", c.readers).bind("label", policy::encode(c.label)).bind("by", created_by).bind("now", c.created_at).run());
  return ok();
}

Status Table::delete_collection(sql::Tx& tx, const CollectionId& id) {
  SK_CHECK(tx.query(kDeleteCollectionUploads).bind("id", id).run());
  SK_CHECK(tx.query(kDeleteCollection).bind("id", id).run());
  return ok();
}

Result<std::optional<policy::Labelled<Collection>>> Table::collection(sql::Tx& tx, const CollectionId& id) {
  SK_TRY(auto rows, collections_of(std::move(tx.query(kCollection).bind("id", id))));
  if (rows.empty()) return std::optional<policy::Labelled<Collection>>();
  return std::optional(labelled(std::move(rows.front())));
}

Result<std::vector<policy::Labelled<Collection>>> Table::collections(sql::Tx& tx, const policy::Readable& readable) {
  const std::string list = readable.as_list();
  SK_TRY(auto rows, collections_of(std::move(tx.query(kCollections).bind("readable", list).bind("readable_too", list))));
  std::vector<policy::Labelled<Collection>> out;
  for (Collection& c : rows) out.push_back(labelled(std::move(c)));
  return out;
}

Status Table::insert_upload(sql::Tx& tx, const Upload& u, Timestamp now) {
  SK_CHECK(tx.query(kInsertUpload).bind("id", u.id).bind("collection", u.collection_id).bind("unknown", u.class_unknown).bind("stopped", u.stopped).bind("by", u.created_by).bind("now", now).run());
  return ok();
}

Status Table::stop_upload(sql::Tx& tx, const UploadId& id, bool stopped) {
  SK_CHECK(tx.query(kStopUpload).bind("stopped", stopped).bind("id", id).run());
  return ok();
}

Result<std::optional<Upload>> Table::upload(sql::Tx& tx, const UploadId& id) {
  SK_TRY(auto rows, uploads_of(std::move(tx.query(kUpload).bind("id", id))));
  if (rows.empty()) return std::optional<Upload>();
  return std::optional(std::move(rows.front()));
}
Result<std::optional<Upload>> Table::upload_progress(sql::Tx& tx, const UploadId& id) {
  SK_TRY(auto rows, uploads_of(std::move(tx.query(kUploadProgress).bind("id", id))));
  if (rows.empty()) return std::optional<Upload>();
  return std::optional(std::move(rows.front()));
}

Result<std::vector<Upload>> Table::uploads(sql::Tx& tx, const CollectionId& id, const policy::Readable& readable, const std::string& me) {
  return uploads_of(std::move(tx.query(kUploads).bind("me", me).bind("readable", readable.as_list()).bind("id", id).bind("me_too", me)));
}

Status Table::insert_document(sql::Tx& tx, const Document& d) {
  SK_CHECK(gate::LabelTable::learn(tx, d.label));
  SK_CHECK(tx.query(kInsertDocument).bind("id", d.id).bind("collection", d.collection_id).bind("upload", d.upload_id).bind("name", d.name)
               .bind("sha256", d.sha256).bind("blob", d.blob_id).bind("bytes", d.bytes).bind("state", d.state).bind("type", d.type)
               .bind("label", policy::encode(d.label)).bind("by", d.created_by).bind("now", d.created_at)
               .bind("unruled", d.unruled ? std::optional(true) : std::nullopt).run());
  return ok();
}

Status Table::set_state(sql::Tx& tx, const DocumentId& id, const std::string& state, const std::optional<std::string>& reason_key) {
  SK_CHECK(tx.query(kSetState).bind("state", state).bind("reason", reason_key).bind("id", id).run());
  return ok();
}

Status Table::store_result(sql::Tx& tx, const Document& d) {
  SK_CHECK(tx.query(kStoreResult).bind("state", d.state).bind("reason", d.reason_key).bind("type", d.type).bind("encoding", d.encoding)
               .bind("certain", d.encoding_certain).bind("version", d.version).bind("characters", d.characters).bind("pages", d.pages)
               .bind("first", d.first_chunk).bind("last", d.last_chunk).bind("id", d.id).run());
  return ok();
}

Status Table::set_chosen_encoding(sql::Tx& tx, const DocumentId& id, const std::string& encoding) {
  SK_CHECK(tx.query(kSetEncoding).bind("encoding", encoding).bind("id", id).run());
  return ok();
}

Result<std::vector<Unruled>> Table::unruled(sql::Tx& tx, const std::string& after, int limit) {
  // The cursor: "c" or "d", and the id.
  const int whole = after.empty() ? 2 : after.front() == 'c' ? 1 : 0;
  SK_TRY(auto rows, tx.query(kUnruled).bind("whole", whole).bind("whole_too", whole).bind("after", after.empty() ? after : after.substr(1)).bind("limit", limit)
                        .all<std::string, bool, std::string, CollectionId, std::string, bodies::UnitId, std::int64_t, std::string, Timestamp, std::string, std::optional<std::string>>());
  std::vector<Unruled> out;
  for (auto& [id, of_collection, name, collection, collection_name, unit, bytes, by, at, label, waits] : rows) {
    SK_TRY(auto decoded, policy::decode(label));
    SK_TRY(auto choosing, label_or_none(waits));
    out.push_back({id, of_collection, name, collection, collection_name, unit, bytes, by, at, std::move(decoded), std::move(choosing)});
  }
  return out;
}

Result<std::optional<Collection>> Table::collection_to_relabel(sql::Tx& tx, const CollectionId& id) {
  SK_TRY(auto rows, collections_of(std::move(tx.query(kCollection).bind("id", id))));
  if (rows.empty()) return std::optional<Collection>();
  return std::optional(std::move(rows.front()));
}

Result<std::string> Table::listing_hash(sql::Tx& tx, const Collection& c) {
  crypto::Sha256 hash;
  hash.update(policy::encode(c.label) + "\n");
  std::string after;
  for (;;) {
    SK_TRY(const auto rows, tx.query(kListing).bind("id", c.id).bind("after", after).bind("limit", kListingPage).all<std::string, std::string, std::string>());
    for (const auto& [id, sha256, label] : rows) {
      hash.update(id + " " + sha256 + " " + label + "\n");
      after = id;
    }
    if (static_cast<int>(rows.size()) < kListingPage) return to_hex(hash.finish());
  }
}

Result<std::int64_t> Table::count_with_label(sql::Tx& tx, const Collection& c) {
  SK_TRY(const auto row, tx.query(kCountWithLabel).bind("id", c.id).bind("label", policy::encode(c.label)).one<std::int64_t>());
  return std::get<0>(row);
}

Result<std::vector<std::string>> Table::makers(sql::Tx& tx, const Collection& c) {
  SK_TRY(auto rows, tx.query(kMakers).bind("id", c.id).bind("id_too", c.id).bind("label", policy::encode(c.label)).all<std::string>());
  std::vector<std::string> out;
  for (auto& [account] : rows) out.push_back(std::move(account));
  return out;
}

Status Table::carry_over(sql::Tx& tx, const policy::SchemeChange& change) {
  SK_CHECK(gate::LabelTable::carry_over(tx, kDocumentLabels, kMoveDocuments, change));
  SK_CHECK(gate::LabelTable::carry_over(tx, kCollectionLabels, kMoveCollections, change));
  return changed_anything(tx);
}

Result<std::optional<Table::ToRule>> Table::unruled_document(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(auto documents, documents_of(std::move(tx.query(kDocument).bind("id", id))));
  if (documents.empty()) return std::optional<ToRule>();
  SK_TRY(auto collections, collections_of(std::move(tx.query(kCollection).bind("id", documents.front().collection_id))));
  if (collections.empty()) return std::optional<ToRule>();
  return std::optional(ToRule{std::move(documents.front()), std::move(collections.front())});
}

Result<std::optional<Document>> Table::document_to_relabel(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(auto rows, documents_of(std::move(tx.query(kDocument).bind("id", id))));
  if (rows.empty()) return std::optional<Document>();
  return std::optional(std::move(rows.front()));
}

Status Table::relabel(sql::Tx& tx, const Document& d, const policy::Relabelled& label) {
  SK_CHECK(gate::LabelTable::learn(tx, label.label()));
  SK_CHECK(tx.query(kRelabel).bind("label", policy::encode(label.label())).bind("id", d.id).run());
  return changed(tx, d.first_chunk);
}

Status Table::relabel(sql::Tx& tx, const Collection& c, const policy::Relabelled& label) {
  SK_CHECK(gate::LabelTable::learn(tx, label.label()));
  const std::string text = policy::encode(label.label());
  const std::string readers = label.label().readers.clauses().empty() ? "all" : c.readers;
  SK_CHECK(tx.query(kRelabelCollection).bind("label", text).bind("readers", readers).bind("id", c.id).run());
  SK_CHECK(tx.query(kRelabelWithCollection).bind("label", text).bind("id", c.id).bind("before", policy::encode(c.label)).run());
  return changed_anything(tx);
}

Status Table::delete_document(sql::Tx& tx, const DocumentId& id) {
  SK_CHECK(delete_content(tx, id));
  SK_CHECK(tx.query(kDeleteDocument).bind("id", id).run());
  return ok();
}

Result<std::optional<policy::Labelled<Document>>> Table::document(sql::Tx& tx, const DocumentId& id) {
  SK_TRY(auto rows, documents_of(std::move(tx.query(kDocument).bind("id", id))));
  if (rows.empty()) return std::optional<policy::Labelled<Document>>();
  return std::optional(labelled(std::move(rows.front())));
}

Result<std::optional<Document>> Table::same_file(sql::Tx& tx, const UploadId& upload, const std::string& name, const std::string& sha256) {
  SK_TRY(auto rows, documents_of(std::move(tx.query(kSameFile).bind("upload", upload).bind("name", name).bind("sha256", sha256))));
  if (rows.empty()) return std::optional<Document>();
  return std::optional(std::move(rows.front()));
}

Result<std::vector<policy::Labelled<Document>>> Table::documents(sql::Tx& tx, const CollectionId& id, const policy::Readable& readable, const std::string& after,
                                                                 int limit) {
  SK_TRY(auto rows, documents_of(std::move(tx.query(kDocuments).bind("id", id).bind("after", after).bind("readable", readable.as_list()).bind("limit", limit))));
  std::vector<policy::Labelled<Document>> out;
  for (Document& d : rows) out.push_back(labelled(std::move(d)));
  return out;
}

Result<std::vector<policy::Labelled<Document>>> Table::all_documents(sql::Tx& tx, const CollectionId& id, const std::string& after, int limit) {
  SK_TRY(auto rows, documents_of(std::move(tx.query(kAllDocuments).bind("id", id).bind("after", after).bind("limit", limit))));
  std::vector<policy::Labelled<Document>> out;
  for (Document& d : rows) out.push_back(labelled(std::move(d)));
  return out;
}

Result<std::vector<Document>> Table::documents_of_upload(sql::Tx& tx, const UploadId& id) { return documents_of(std::move(tx.query(kDocumentsOfUpload).bind("id", id))); }
Result<std::vector<Document>> Table::waiting(sql::Tx& tx, int limit) { return documents_of(std::move(tx.query(kWaiting).bind("limit", limit))); }

Result<bool> Table::any_waiting(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kAnyWaiting).maybe_one<int>());
  return row.has_value();
}

Status Table::requeue_reading(sql::Tx& tx) {
  SK_CHECK(tx.query(kRequeue).run());
  return ok();
}

Result<std::int64_t> Table::stored_bytes(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kStoredBytes).one<std::int64_t>());
  return std::get<0>(row);
}

Result<std::vector<std::string>> Table::blob_ids(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kBlobIds).all<std::string>());
  std::vector<std::string> out;
  for (auto& [id] : rows) out.push_back(std::move(id));
  return out;
}

}  // namespace sekisho::library
