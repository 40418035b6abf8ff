// Collections, uploads, documents, sections and chunks: rows of the library.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/bodies/table.h"
#include "features/library/passage.h"
#include "policy/filter.h"
#include "policy/relabel.h"
#include "policy/scheme.h"
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
  std::int64_t documents = 0;
  std::int64_t bytes = 0;
  std::optional<policy::Label> choosing;  // the least that it may be: the scheme left several classes, and nobody has chosen yet
};

struct Upload {
  UploadId id;
  CollectionId collection_id;
  std::string created_by;
  bool class_unknown = false;  // of every file in it: the manager of the unit rules
  bool stopped = false;
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
  bool unruled = false;  // nobody knew its class at the upload, and nobody has ruled yet
  std::optional<policy::Label> choosing;  // as of a collection
};

// What waits for its class: a document that nobody knew one of, or a document or collection that another scheme left several classes to choose
// from. What its manager may know of it before.
struct Unruled {
  std::string id;
  bool whole_collection = false;
  std::string name;
  CollectionId collection_id;
  std::string collection;
  bodies::UnitId unit_id;
  std::int64_t bytes = 0;
  std::string created_by;
  Timestamp created_at;
  policy::Label label;
  std::optional<policy::Label> choosing;  // none: its class is unknown
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
  std::int64_t lead = 0;  // code points of the text before the chunk itself
  std::string_view text;  // from the end of the chunk before; the caller's
};

// What search needs to know of a document: where its chunks are and the number of its label. Without `last`: there is none (any more).
struct RangeRow {
  std::int64_t first = 0;
  std::optional<std::int64_t> last;
  std::optional<CollectionId> collection_id;
  std::optional<std::int64_t> label;
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
  // What a list shows is filtered in the statement, with what it counts; a single collection is not counted.
  static Result<std::vector<policy::Labelled<Collection>>> collections(sql::Tx& tx, const policy::Readable& readable);

  static Status insert_upload(sql::Tx& tx, const Upload& upload, Timestamp now);
  static Status stop_upload(sql::Tx& tx, const UploadId& id, bool stopped);
  static Result<std::optional<Upload>> upload(sql::Tx& tx, const UploadId& id);  // uncounted: once for every file
  static Result<std::optional<Upload>> upload_progress(sql::Tx& tx, const UploadId& id);
  // Counts documents that may be read and those of one's own; an upload of others without any is left out.
  static Result<std::vector<Upload>> uploads(sql::Tx& tx, const CollectionId& id, const policy::Readable& readable, const std::string& me);

  static Status insert_document(sql::Tx& tx, const Document& document);
  static Status set_state(sql::Tx& tx, const DocumentId& id, const std::string& state, const std::optional<std::string>& reason_key);
  // What reading found: state, type, encoding, version, characters, pages, chunk range.
  static Status store_result(sql::Tx& tx, const Document& document);
  static Status set_chosen_encoding(sql::Tx& tx, const DocumentId& id, const std::string& encoding);
  // Of all units, oldest first; `after`: an id.
  static Result<std::vector<Unruled>> unruled(sql::Tx& tx, const std::string& after, int limit);
  // For a ruling on its class: not read, only relabelled.
  struct ToRule {
    Document document;
    Collection collection;
  };
  static Result<std::optional<ToRule>> unruled_document(sql::Tx& tx, const DocumentId& id);
  static Result<std::optional<Collection>> collection_to_relabel(sql::Tx& tx, const CollectionId& id);
  // Everything in a collection as far as a lowering binds it: ids, contents and labels, in order, hashed.
  static Result<std::string> listing_hash(sql::Tx& tx, const Collection& collection);
  static Result<std::int64_t> count_with_label(sql::Tx& tx, const Collection& collection);  // documents that bear exactly its label
  // Accounts that made the collection or brought in a document of it with this label.
  static Result<std::vector<std::string>> makers(sql::Tx& tx, const Collection& collection);
  // For a change of its label that others decided: not read, only relabelled.
  static Result<std::optional<Document>> document_to_relabel(sql::Tx& tx, const DocumentId& id);
  // The only ways to another label: see policy/relabel.h.
  static Status relabel(sql::Tx& tx, const Document& document, const policy::Relabelled& label);
  // The collection, and with it the documents that bear exactly its label.
  static Status relabel(sql::Tx& tx, const Collection& collection, const policy::Relabelled& label);
  // Labels of another scheme, of everything. What may be one of several classes waits for a choice.
  static Status carry_over(sql::Tx& tx, const policy::SchemeChange& change);
  static Status delete_document(sql::Tx& tx, const DocumentId& id);  // and what was made of it
  static Status delete_content(sql::Tx& tx, const DocumentId& id);   // text, sections, chunks
  static Result<std::optional<policy::Labelled<Document>>> document(sql::Tx& tx, const DocumentId& id);
  static Result<std::optional<Document>> same_file(sql::Tx& tx, const UploadId& upload, const std::string& name, const std::string& sha256);
  static Result<std::vector<policy::Labelled<Document>>> documents(sql::Tx& tx, const CollectionId& id, const policy::Readable& readable, const std::string& after,
                                                                   int limit);
  // For changing the collection as a whole.
  static Result<std::vector<policy::Labelled<Document>>> all_documents(sql::Tx& tx, const CollectionId& id, const std::string& after, int limit);
  static Result<std::vector<Document>> documents_of_upload(sql::Tx& tx, const UploadId& id);
  static Result<std::vector<Document>> waiting(sql::Tx& tx, int limit);
  static Result<bool> any_waiting(sql::Tx& tx);
  // Files that were being read when the program died are read again.
  static Status requeue_reading(sql::Tx& tx);

  static Result<std::vector<std::string>> blob_ids(sql::Tx& tx);
  static Result<std::int64_t> stored_bytes(sql::Tx& tx);  // of all originals

  // The text stands with the chunks; this is what lies behind the last of them.
  static Status put_text(sql::Tx& tx, const DocumentId& id, std::string_view rest);
  static Result<std::string> text(sql::Tx& tx, const DocumentId& id);
  static Status insert_section(sql::Tx& tx, const DocumentId& id, const SectionRow& section);
  static Result<std::vector<SectionRow>> sections(sql::Tx& tx, const DocumentId& id);
  static Status insert_chunk(sql::Tx& tx, const DocumentId& id, const ChunkRow& chunk);
  // Reserves `count` ids and returns the first.
  static Result<std::int64_t> take_chunk_ids(sql::Tx& tx, std::int64_t count);
  static Result<std::optional<policy::Labelled<Passage>>> passage(sql::Tx& tx, std::int64_t chunk, double score);
  static Result<std::vector<IndexRow>> chunks_after(sql::Tx& tx, std::int64_t chunk, int limit);
  static Result<std::int64_t> last_chunk(sql::Tx& tx);

  // What search may show has changed: of the document whose first chunk this is, or of any. In the transaction of the change.
  static Status changed(sql::Tx& tx, const std::optional<std::int64_t>& first_chunk);
  static Status changed_anything(sql::Tx& tx);
  static Result<std::int64_t> revision(sql::Tx& tx);
  static Result<std::vector<RangeRow>> ranges(sql::Tx& tx);
  // What changed after one revision up to another, as it is now. nullopt: too much, or not known any more: read ranges().
  static Result<std::optional<std::vector<RangeRow>>> changes_after(sql::Tx& tx, std::int64_t known, std::int64_t revision);
};

}  // namespace sekisho::library
