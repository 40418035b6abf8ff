// The library of one body's documents: collections, uploads, ingestion, search. The database is the source of truth; the index is derived.
//
// One Library serves all bodies. attach() opens a body's index, feeds it what it lacks, and takes up ingestion where the last run stopped.
// Ingestion runs on threads of its own: each file is read from the blob store, extracted in the sandboxed worker, and its text, sections
// and chunks are stored in one transaction (the close of the upload's stream); then it is indexed. A bad file is "failed" with its
// reason and stops nothing.
// Threads: every public function is thread-safe; those that take a Gate block (worker threads only).
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "features/library/operations.h"
#include "files/pool.h"
#include "gate/run.h"
#include "search/bitmap.h"
#include "text/analyse.h"

namespace sekisho::library {

struct Settings {
  std::size_t ingest_threads = 2;
  std::uint64_t max_file_bytes = 100u << 20;
  std::int64_t max_stored_bytes = 20LL << 30;  // of a body's originals
};

struct Content {
  std::string name;
  std::string bytes;
};

// What an upload's progress looks like at this moment (the Upload object of the HTTP interface).
struct Progress {
  std::string json;
  bool done = false;
};

class Library {
 public:
  // Without an extractor nothing is ingested: files wait for a program that has one.
  Library(const text::Analyzer& analyzer, files::Extractor* extractor, gate::Gate& gate, Settings settings);
  ~Library();  // stops ingestion after the files in hand
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void register_operations(gate::Registry& registry);
  gate::Operation<CollectionCreateIn, CollectionView> create_collection_operation();
  gate::Operation<bodies::WholeListIn, CollectionList> list_collections_operation();
  gate::Operation<UploadCreateIn, UploadView> create_upload_operation();
  gate::Operation<SearchIn, SearchOut> search_operation();
  Status attach(gate::Body& body);

  // One file of an upload: stored, recorded, queued. The same name and bytes again give the same document.
  Result<json::Value> receive(gate::Gate& gate, const gate::Caller& caller, const std::string& upload_id, const std::string& name, std::string bytes);
  Result<Content> content(gate::Gate& gate, const gate::Caller& caller, const std::string& document_id);
  Progress progress(gate::Body& body, const std::string& upload_id);
  // Blocks until nothing of the body waits for ingestion (command line, tests).
  void wait_until_idle(gate::Body& body);

  // For a disposal whose rows are deleted: the body's index is written anew without their chunks. Blocks until it is durable and the old files
  // are gone.
  Status forget(gate::Body& body);
  // What shows that they are gone: see search::Index.
  std::uint64_t indexed(const gate::Body& body, const search::Bitmap& chunks);
  std::vector<std::uint64_t> terms_only_of(const gate::Body& body, const search::Bitmap& chunks, std::size_t limit);
  bool has_any_term(const gate::Body& body, const std::vector<std::uint64_t>& terms, std::uint32_t last_chunk);

  // Passages that the permit's person may read, best first. No collections: all that she may read.
  Result<std::vector<policy::Labelled<Passage>>> retrieve(gate::Context& context, const std::string& question, const std::vector<CollectionId>& collections, std::size_t limit);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sekisho::library
