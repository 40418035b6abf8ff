// Collections, uploads, documents, sections and chunks: rows of the library.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "features/bodies/table.h"
#include "features/library/passage.h"
#include "policy/witness.h"
#include "sql/db.h"

namespace sekisho::library {

struct UploadTag;
using UploadId = Id<UploadTag>;

struct Collection {
  CollectionId id;
  std::string name;
  std::string description;
  bodies::UnitId unit_id;
  std::string readers;  // "all", or "department": the unit that made it
  policy::Label label;
  Timestamp created_at;
};

struct CollectionSize {
  std::int64_t documents = 0;
  std::int64_t bytes = 0;
};

struct Upload {
  UploadId id;
  CollectionId collection_id;
  bool stopped = false;
};

struct UploadProgress {
  Upload upload;
  std::int64_t received = 0;
  std::int64_t ready = 0;
  std::int64_t failed = 0;
  std::int64_t waiting = 0;
};

struct Document {
  DocumentId id;
  CollectionId collection_id;
  UploadId upload_id;
  std::string name;
  std::string sha256;
  std::string blob_id;
  std::int64_t bytes = 0;
  std::string state;  // "waiting", "reading", "ready", "failed"
  std::optional<std::string> reason_key;
  std::string type;
  std::optional<std::string> encoding;
  bool encoding_certain = true;
  std::optional<std::string> chosen_encoding;
  int version = 1;
  std::int64_t characters = 0;
  std::optional<int> pages;
  std::optional<std::int64_t> first_chunk;
  std::optional<std::int64_t> last_chunk;
  policy::Label label;
  std::string created_by;
  Timestamp created_at;
};

struct SectionRow {
  int n = 0;
  std::string heading;
  int level = 0;
  std::string label;
  std::optional<int> page;
  std::int64_t start = 0;
  std::int64_t end = 0;
};

struct ChunkRow {
  std::int64_t id = 0;
  std::string section;
  std::string context;
  std::optional<int> page;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string text;
};

// What search needs to know of a document: where its chunks are and who may read them.
struct Range {
  std::int64_t first = 0;
  std::int64_t last = 0;
  CollectionId collection_id;
  std::string label;  // encoded
};

// A chunk to be indexed.
struct IndexRow {
  std::int64_t chunk = 0;
  std::string document;
  std::string section;
  std::string context;
  std::string text;
};

class Table {
 public:
  static Status insert_collection(sql::Tx& tx, const Collection& collection, const std::string& created_by);
  static Status delete_collection(sql::Tx& tx, const CollectionId& id);
  static Result<std::optional<policy::Labelled<Collection>>> collection(sql::Tx& tx, const CollectionId& id);
  static Result<std::vector<policy::Labelled<Collection>>> collections(sql::Tx& tx);
  // Counts every document: for lists that people look at, not for what happens once a file. Empty collections are absent.
  static Result<std::map<CollectionId, CollectionSize>> collection_sizes(sql::Tx& tx);

  static Status insert_upload(sql::Tx& tx, const Upload& upload, const std::string& created_by, Timestamp now);
  static Status stop_upload(sql::Tx& tx, const UploadId& id, bool stopped);
  static Result<std::optional<Upload>> upload(sql::Tx& tx, const UploadId& id);
  // These count the upload's documents.
  static Result<std::optional<UploadProgress>> upload_progress(sql::Tx& tx, const UploadId& id);
  static Result<std::vector<UploadProgress>> uploads(sql::Tx& tx, const CollectionId& id);

  static Status insert_document(sql::Tx& tx, const Document& document);
  static Status set_state(sql::Tx& tx, const DocumentId& id, const std::string& state, const std::optional<std::string>& reason_key);
  // What reading found: state, type, encoding, version, characters, pages, chunk range.
  static Status store_result(sql::Tx& tx, const Document& document);
  static Status set_chosen_encoding(sql::Tx& tx, const DocumentId& id, const std::string& encoding);
  static Status delete_document(sql::Tx& tx, const DocumentId& id);  // and what was made of it
  static Status delete_content(sql::Tx& tx, const DocumentId& id);   // text, sections, chunks
  static Result<std::optional<policy::Labelled<Document>>> document(sql::Tx& tx, const DocumentId& id);
  static Result<std::optional<Document>> same_file(sql::Tx& tx, const UploadId& upload, const std::string& name, const std::string& sha256);
  static Result<std::vector<policy::Labelled<Document>>> documents(sql::Tx& tx, const CollectionId& id, const std::string& after, int limit);
  static Result<std::vector<Document>> documents_of_upload(sql::Tx& tx, const UploadId& id);
  static Result<std::vector<Document>> waiting(sql::Tx& tx, int limit);
  static Result<bool> any_waiting(sql::Tx& tx);
  // Files that were being read when the program died are read again.
  static Status requeue_reading(sql::Tx& tx);

  static Result<std::vector<std::string>> blob_ids(sql::Tx& tx);

  static Status put_text(sql::Tx& tx, const DocumentId& id, const std::string& text);
  static Result<std::string> text(sql::Tx& tx, const DocumentId& id);
  static Status insert_section(sql::Tx& tx, const DocumentId& id, const SectionRow& section);
  static Result<std::vector<SectionRow>> sections(sql::Tx& tx, const DocumentId& id);
  static Status insert_chunk(sql::Tx& tx, const DocumentId& id, const ChunkRow& chunk);
  // Reserves `count` ids and returns the first.
  static Result<std::int64_t> take_chunk_ids(sql::Tx& tx, std::int64_t count);
  static Result<std::optional<policy::Labelled<Passage>>> passage(sql::Tx& tx, std::int64_t chunk, double score);
  static Result<std::vector<IndexRow>> chunks_after(sql::Tx& tx, std::int64_t chunk, int limit);
  static Result<std::int64_t> last_chunk(sql::Tx& tx);

  static Status bump_revision(sql::Tx& tx);
  static Result<std::int64_t> revision(sql::Tx& tx);
  static Result<std::vector<Range>> ranges(sql::Tx& tx);
};

}  // namespace sekisho::library
