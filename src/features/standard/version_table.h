// How far each version of a policy document is, and what people say to drafts, as rows (migration 0038). A version without a row does not exist.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/standard/table.h"

namespace sekisho::standard {

struct OpinionTag;
using OpinionId = Id<OpinionTag>;

// In comparison with the version that was in force before.
struct ChangeCounts {
  static constexpr const char* kSchemaName = "PolicyChanges";
  int added = 0;
  int dropped = 0;
  int changed = 0;
  int renumbered = 0;
  int moved = 0;
};
BOOST_DESCRIBE_STRUCT(ChangeCounts, (), (added, dropped, changed, renumbered, moved))

struct Progress {
  VersionId version;
  DocumentId document;
  std::string state = "draft";  // draft, opinions, committee, decided, in_force, superseded, withdrawn
  std::optional<VersionId> base;  // copied from
  std::string reason;             // of the amendment
  std::optional<std::string> request;  // by which it was put before the committee
  std::optional<std::string> tree_hash;
  std::optional<std::string> effective_on;  // YYYY-MM-DD, a day in Japan
  std::optional<Timestamp> effective_at;    // its first moment
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
  std::string decision;  // where and how it was decided
  std::optional<Timestamp> ended_at;
  ChangeCounts counts;
};

struct Opinion {
  OpinionId id;
  VersionId version;
  std::optional<ClauseId> clause;  // none: on the whole
  std::string ref;
  std::string content;
  std::string given_by;
  Timestamp given_at;
  std::string state = "open";  // open, adopted, not_adopted
  std::string answer;
  std::optional<std::string> answered_by;
  std::optional<Timestamp> answered_at;
};

class Versions {
 public:
  static Status begin(sql::Tx& tx, const VersionId& version, const DocumentId& document);
  static Result<std::optional<Progress>> find(sql::Tx& tx, const VersionId& version);
  static Result<std::vector<Progress>> of(sql::Tx& tx, const DocumentId& document);  // newest first
  static Result<std::vector<Progress>> all(sql::Tx& tx);
  static Result<std::optional<Progress>> in_force(sql::Tx& tx, const DocumentId& document);
  // The version in force, else the newest that was not withdrawn; of each document that has one. Newest document first.
  static Result<std::vector<VersionId>> current(sql::Tx& tx);
  // Everything but the ids. A second version in force is refused by the schema.
  static Status save(sql::Tx& tx, const Progress& progress);
  static Result<std::vector<VersionId>> due(sql::Tx& tx, Timestamp now);

  static Status add(sql::Tx& tx, const Opinion& opinion);
  static Result<std::optional<Opinion>> opinion(sql::Tx& tx, const OpinionId& id);
  static Result<std::vector<Opinion>> opinions(sql::Tx& tx, const VersionId& version);
  static Result<bool> answer(sql::Tx& tx, const Opinion& opinion);  // false: it has an answer already
};

}  // namespace sekisho::standard
