// The way of a version, from draft to in force:
//
//   draft -> opinions -> committee -> decided -> in force -> superseded        withdrawn from every state before it is in force
//
// A version is put before the committee as a request of the kind policy_version (packs/approvals/kinds.json), bound to the SHA-256 of its tree;
// whoever asks does not sign. An edit sends the version back to draft, and a signature on the old request is then refused. What is decided comes into
// force at the first moment of its 施行日 in Japan; the version before it is superseded in the same transaction.
// Threads: the operations are thread-safe. Failures: policies.* and approvals.* keys.
#pragma once
#include "features/approvals/approvals.h"
#include "features/standard/operations.h"
#include "features/standard/version_table.h"

namespace sekisho::standard {

inline constexpr const char* kVersionKind = "policy_version";

struct VersionStateView {
  static constexpr const char* kSchemaName = "PolicyVersionState";
  VersionId version;
  int number = 1;
  std::string title;
  std::string state;
  std::optional<VersionId> base;
  std::string reason;
  std::optional<std::string> effective_on;
  std::optional<std::string> decided_by;
  std::optional<Timestamp> decided_at;
  std::string decision;
  std::optional<Timestamp> ended_at;
  std::optional<std::string> request;
  std::optional<std::string> request_state;  // submitted, returned, refused, …: of the approval
  int opinions = 0;
  int open_opinions = 0;
  int open_repairs = 0;
  ChangeCounts changes;
  std::vector<std::string> can;  // what the caller may do next: opinions, draft, committee, withdrawn, declare, edit, opinion, answer
};
BOOST_DESCRIBE_STRUCT(VersionStateView, (), (version, number, title, state, base, reason, effective_on, decided_by, decided_at, decision, ended_at, request, request_state, opinions,
                                             open_opinions, open_repairs, changes, can))
struct HistoryView {
  static constexpr const char* kSchemaName = "PolicyHistory";
  DocumentId document;
  std::string title;
  std::vector<VersionStateView> items;  // newest first
  std::vector<std::string> can;         // begin
};
BOOST_DESCRIBE_STRUCT(HistoryView, (), (document, title, items, can))

struct DocumentIn {
  DocumentId document;
};
BOOST_DESCRIBE_STRUCT(DocumentIn, (), (document))
struct BeginIn {
  DocumentId document;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(BeginIn, (), (document, reason))
struct AdvanceIn {
  VersionId version;
  std::string to;                           // draft, opinions, committee, withdrawn
  std::optional<std::string> reason;        // of the amendment, or of going back
  std::optional<std::string> effective_on;  // of committee: YYYY-MM-DD
};
BOOST_DESCRIBE_STRUCT(AdvanceIn, (), (version, to, reason, effective_on))
struct DeclareIn {
  VersionId version;
  std::string effective_on;  // past or today
  std::string decision;      // when and by whom it was decided
};
BOOST_DESCRIBE_STRUCT(DeclareIn, (), (version, effective_on, decision))
struct VersionIn {
  VersionId version;
};
BOOST_DESCRIBE_STRUCT(VersionIn, (), (version))

// What signatures are bound to.
std::string tree_hash(const Content& content);
// Clauses by their ids, which versions of a document share.
clauses::Alignment same_ids(const Content& before, const Content& after);
// By the ids within a document, else by the words.
clauses::Alignment alignment_of(const Content& before, const Content& after);
Result<Content> require_version(gate::Context& context, const VersionId& version);
Result<Progress> require_progress(gate::Context& context, const VersionId& version);
// Refuses where the text is fixed; a version that lies before the committee goes back to draft.
Status begin_edit(gate::Context& context, const VersionId& version);
// The first moment of a day in Japan. invalid_argument "policies.day".
Result<Timestamp> day_begins(const std::string& day);

// Versions whose day has come.
gate::Operation<VersionIn, VersionStateView> come_into_force();

void register_versions(gate::Registry& registry, approvals::Approvals& approvals);

}  // namespace sekisho::standard
