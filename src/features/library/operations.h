// What a client sees of the library (the JSON of the HTTP interface), and the views of its rows.
#pragma once
#include "features/bodies/label_view.h"
#include "features/library/table.h"
#include "gate/operation.h"

namespace sekisho::library {

using bodies::LabelView;
using bodies::Nothing;

struct CollectionView {
  static constexpr const char* kSchemaName = "Collection";
  CollectionId id;
  std::string name;
  std::string description;
  std::string department;
  std::int64_t documents = 0;
  std::int64_t bytes = 0;
  LabelView label;
  std::string readers;  // words for people: the whole body, or the department's name
  bool can_manage = false;
};
BOOST_DESCRIBE_STRUCT(CollectionView, (), (id, name, description, department, documents, bytes, label, readers, can_manage))

struct DocumentView {
  static constexpr const char* kSchemaName = "Document";
  DocumentId id;
  CollectionId collection_id;
  std::string name;
  std::string type;
  std::optional<std::string> encoding;
  bool encoding_certain = true;
  std::string state;  // "waiting", "reading", "ready", "failed", "stopped"
  std::optional<std::string> reason;
  std::optional<std::string> reason_key;
  std::int64_t bytes = 0;
  std::int64_t characters = 0;
  std::optional<int> pages;
  std::int64_t chunks = 0;
  Timestamp created_at;
  LabelView label;
};
BOOST_DESCRIBE_STRUCT(DocumentView, (), (id, collection_id, name, type, encoding, encoding_certain, state, reason, reason_key, bytes, characters, pages, chunks, created_at, label))

struct UploadView {
  static constexpr const char* kSchemaName = "Upload";
  UploadId id;
  CollectionId collection_id;
  std::string state;  // "open", "running", "stopped", "done"
  std::int64_t received = 0;
  std::int64_t ready = 0;
  std::int64_t failed = 0;
  std::int64_t waiting = 0;
  bool class_unknown = false;
};
BOOST_DESCRIBE_STRUCT(UploadView, (), (id, collection_id, state, received, ready, failed, waiting, class_unknown))
struct UploadFile {
  DocumentId document_id;
  std::string name;
  std::int64_t bytes = 0;
  std::string state;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(UploadFile, (), (document_id, name, bytes, state, reason))
struct UploadDetail {
  UploadId id;
  CollectionId collection_id;
  std::string state;
  std::int64_t received = 0;
  std::int64_t ready = 0;
  std::int64_t failed = 0;
  std::int64_t waiting = 0;
  std::vector<UploadFile> files;
};
BOOST_DESCRIBE_STRUCT(UploadDetail, (), (id, collection_id, state, received, ready, failed, waiting, files))

struct SectionView {
  static constexpr const char* kSchemaName = "Section";
  int n = 0;
  std::string heading;
  int level = 0;
  std::optional<int> page;
  std::optional<std::string> label;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string text;
};
BOOST_DESCRIBE_STRUCT(SectionView, (), (n, heading, level, page, label, start, end, text))
struct DocumentText {
  DocumentView document;
  int version = 1;
  std::vector<SectionView> sections;
};
BOOST_DESCRIBE_STRUCT(DocumentText, (), (document, version, sections))

struct SearchHit {
  static constexpr const char* kSchemaName = "SearchHit";
  int rank = 0;
  std::string document;
  DocumentId document_id;
  CollectionId collection_id;
  std::int64_t chunk_id = 0;
  std::string section;
  std::optional<int> page;
  double score = 0;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string text;
  std::vector<std::vector<std::int64_t>> marks;
  LabelView label;
};
BOOST_DESCRIBE_STRUCT(SearchHit, (), (rank, document, document_id, collection_id, chunk_id, section, page, score, start, end, text, marks, label))

struct CollectionCreateIn {
  std::string name;
  std::optional<std::string> description;
  int confidentiality = 0;
  std::string readers;  // "all", "department"
  std::optional<std::string> department;  // code; another unit's collection, for the operator
};
BOOST_DESCRIBE_STRUCT(CollectionCreateIn, (), (name, description, confidentiality, readers, department))
struct CollectionIdIn {
  CollectionId id;
};
BOOST_DESCRIBE_STRUCT(CollectionIdIn, (), (id))
struct CollectionList {
  std::vector<CollectionView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(CollectionList, (), (items, next))
struct DocumentListIn {
  CollectionId collection_id;
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(DocumentListIn, (), (collection_id, after, limit))
struct DocumentList {
  std::vector<DocumentView> items;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(DocumentList, (), (items, next))
struct DocumentIdIn {
  DocumentId id;
};
BOOST_DESCRIBE_STRUCT(DocumentIdIn, (), (id))
struct EncodingIn {
  DocumentId id;
  std::string encoding;
};
BOOST_DESCRIBE_STRUCT(EncodingIn, (), (id, encoding))
struct UploadCreateIn {
  CollectionId collection_id;
  std::optional<bool> class_unknown;
};
BOOST_DESCRIBE_STRUCT(UploadCreateIn, (), (collection_id, class_unknown))
struct UploadListIn {
  CollectionId collection;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(UploadListIn, (), (collection, limit))
struct UploadList {
  std::vector<UploadView> items;
};
BOOST_DESCRIBE_STRUCT(UploadList, (), (items))
struct UploadIdIn {
  UploadId id;
};
BOOST_DESCRIBE_STRUCT(UploadIdIn, (), (id))
struct SearchIn {
  std::string query;
  std::optional<std::vector<CollectionId>> collections;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(SearchIn, (), (query, collections, limit))
struct SearchOut {
  std::vector<SearchHit> hits;
  double ms = 0;
};
BOOST_DESCRIBE_STRUCT(SearchOut, (), (hits, ms))

struct Ranks {
  static constexpr const char* kSchemaName = "Ranks";
  int confidentiality = 0;
  int integrity = 0;
  int availability = 0;
};
BOOST_DESCRIBE_STRUCT(Ranks, (), (confidentiality, integrity, availability))

// What a manager sees of what waits for its class: names, no content.
struct UnruledView {
  static constexpr const char* kSchemaName = "Unruled";
  std::string id;
  std::string what;       // "document", "collection"
  std::string waits_for;  // "class": nobody knew it; "choice": another scheme left several
  std::string name;
  CollectionId collection_id;
  std::string collection;
  std::string department;
  std::int64_t bytes = 0;
  Timestamp created_at;
  bool own = false;  // uploaded by whoever asks: another person rules
  std::optional<Ranks> given;  // of a choice: as it counts until then,
  std::optional<Ranks> least;  // and the least that it may be
};
BOOST_DESCRIBE_STRUCT(UnruledView, (), (id, what, waits_for, name, collection_id, collection, department, bytes, created_at, own, given, least))
struct UnruledListIn {
  std::optional<std::string> after;
  std::optional<int> limit;
};
BOOST_DESCRIBE_STRUCT(UnruledListIn, (), (after, limit))
struct UnruledList {
  std::vector<UnruledView> items;
  std::optional<std::string> next;
  // The scheme to rule in, lowest first.
  std::vector<std::string> confidentiality;
  std::vector<std::string> integrity;
  std::vector<std::string> availability;
};
BOOST_DESCRIBE_STRUCT(UnruledList, (), (items, next, confidentiality, integrity, availability))
struct RuleClassIn {
  DocumentId id;
  int confidentiality = 0;
  std::optional<int> integrity;
  std::optional<int> availability;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(RuleClassIn, (), (id, confidentiality, integrity, availability, reason))

struct RaiseClassIn {
  DocumentId id;
  int confidentiality = 0;
  std::optional<int> integrity;
  std::optional<int> availability;
};
BOOST_DESCRIBE_STRUCT(RaiseClassIn, (), (id, confidentiality, integrity, availability))

// A stored document as received: recorded by documents.upload. The bytes are in the blob store already.
struct ReceiveIn {
  UploadId id;
  std::string name;
  std::string sha256;
  std::string blob_id;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(ReceiveIn, (), (id, name, sha256, blob_id, bytes))

}  // namespace sekisho::library
