// A passage: one chunk of a document as search and chat use it. The text is the stored text; start and end are Unicode code points in
// the document's text (version `version`).
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/id.h"

namespace sekisho::library {

struct CollectionTag;
using CollectionId = Id<CollectionTag>;
struct DocumentTag;
using DocumentId = Id<DocumentTag>;

struct Passage {
  std::int64_t chunk_id = 0;  // counted within the document, from 1: a number of the whole body would tell how much others have
  DocumentId document_id;
  CollectionId collection_id;
  std::string document;  // its name
  int version = 1;
  std::string section;   // heading path, " > " between levels
  std::optional<int> page;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string text;
  double score = 0;
  std::int64_t row = 0;  // of the chunk table and the index; for the log
};

}  // namespace sekisho::library
