// Policy documents, their versions, clauses and repairs as rows. A clause keeps its id through the versions of its document.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "clauses/model.h"
#include "json/json.h"
#include "sql/db.h"

namespace sekisho::standard {

struct DocumentTag;
using DocumentId = Id<DocumentTag>;
struct VersionTag;
using VersionId = Id<VersionTag>;
struct ClauseTag;
using ClauseId = Id<ClauseTag>;

struct PolicyDocument {
  DocumentId id;
  std::string title;
  std::string created_by;
  Timestamp created_at;
};

struct Version {
  VersionId id;
  DocumentId document_id;
  std::int64_t number = 1;
  std::string title;
  std::string file_name;
  std::string sha256;  // of the file as it came
  std::int64_t attributed_millionths = 0;
  std::string imported_by;
  Timestamp imported_at;
};

struct VersionCount {
  Version version;
  std::int64_t clauses = 0;
  std::int64_t open_repairs = 0;
};

struct Edited {
  std::string by;
  Timestamp at;
};

struct StoredRepair {
  clauses::Repair repair;
  std::string state = "open";  // open, confirmed, rejected
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
};

// A version as a whole; `ids` and `edited` go with document.clauses, `repairs` with document.repairs.
struct Content {
  Version version;
  clauses::Document document;
  std::vector<ClauseId> ids;
  std::vector<std::optional<Edited>> edited;
  std::vector<StoredRepair> repairs;
};

// "clause", "row", ….
std::string_view kind_name(clauses::Kind kind);

class Table {
 public:
  static Status insert_document(sql::Tx& tx, const PolicyDocument& document);
  static Result<std::optional<PolicyDocument>> document(sql::Tx& tx, const DocumentId& id);
  static Result<std::vector<PolicyDocument>> documents(sql::Tx& tx);               // newest first
  static Result<std::vector<VersionCount>> versions(sql::Tx& tx);                  // of all documents, newest first
  static Result<std::optional<VersionId>> latest(sql::Tx& tx, const DocumentId& id);
  static Status insert(sql::Tx& tx, const Content& content, const std::string& source);
  static Result<std::optional<Content>> content(sql::Tx& tx, const VersionId& id);
  // Of every other document, whatever the version.
  static Result<std::set<ClauseId>> clause_ids_elsewhere(sql::Tx& tx, const DocumentId& document);
  static Result<std::string> source(sql::Tx& tx, const VersionId& id);
  // The text as edited, and the reference it has now.
  static Status update_clause(sql::Tx& tx, const VersionId& version, std::size_t position, const clauses::Clause& clause, const std::optional<Edited>& edited);
  // The clauses of a version in another order, some new, some gone (under their ids), and where its repairs lie now.
  static Status rearrange(sql::Tx& tx, const Content& content, const std::vector<ClauseId>& gone);
  // False: it is decided already, or there is none.
  static Result<bool> decide_repair(sql::Tx& tx, const VersionId& version, std::size_t position, const std::string& state, const std::string& by, Timestamp at);
};

}  // namespace sekisho::standard
