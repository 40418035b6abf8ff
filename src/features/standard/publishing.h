// 公表: which documents and clauses the public may read, and the reading itself. Without a publication nothing of a document is shown; of a published one
// the version in force, without the clauses that are withheld and what is below them. Operations of reading (policies.public_*) are for everybody of the
// body; they see public_copy() and nothing else, so that drafts and withheld words cannot reach them. What is withheld stays so through versions, moves
// and renumbering; a version that was imported while something is withheld is not shown until a person has looked.
//
// A publication may name a collection of the library: the public text is then a document there, searched and cited as every other. It goes at once
// when the text is no longer the right one, and the program puts the new one in its place.
// Threads: the operations are thread-safe. Failures: policies.*, collections.* keys.
#pragma once
#include "features/library/table.h"
#include "features/standard/public_copy.h"
#include "features/standard/publication_table.h"
#include "features/standard/versions.h"
#include "gate/run.h"

namespace sekisho::standard {

struct PublishIn {
  DocumentId document;
  std::optional<library::CollectionId> collection;
};
BOOST_DESCRIBE_STRUCT(PublishIn, (), (document, collection))
struct PublicationIn {
  DocumentId document;
  std::optional<VersionId> version;  // whose clauses; left out: of the version in force, else the newest
};
BOOST_DESCRIBE_STRUCT(PublicationIn, (), (document, version))
struct WithholdIn {
  DocumentId document;
  ClauseId clause;
  Secret reason;  // may say what the words are about: read, never written, so that the record holds its hash alone
};
BOOST_DESCRIBE_STRUCT(WithholdIn, (), (document, clause, reason))
struct DiscloseIn {
  DocumentId document;
  ClauseId clause;
};
BOOST_DESCRIBE_STRUCT(DiscloseIn, (), (document, clause))

struct ClausePublicityView {
  static constexpr const char* kSchemaName = "ClausePublicity";
  ClauseId id;
  std::string ref;
  std::string title;
  bool withheld = false;   // by itself
  bool inherited = false;  // by one above it
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ClausePublicityView, (), (id, ref, title, withheld, inherited, reason))
struct PublicationView {
  static constexpr const char* kSchemaName = "PolicyPublication";
  DocumentId document;
  std::optional<VersionId> version;  // whose clauses these are
  bool in_force = false;             // there is a version that the public could read
  bool published = false;
  bool held = false;
  std::optional<std::string> published_by;
  std::optional<Timestamp> published_at;
  std::optional<std::string> collection;
  bool placed = false;  // in the library
  std::vector<ClausePublicityView> clauses;
};
BOOST_DESCRIBE_STRUCT(PublicationView, (), (document, version, in_force, published, held, published_by, published_at, collection, placed, clauses))

struct PublicItem {
  static constexpr const char* kSchemaName = "PublicPolicy";
  DocumentId document;
  std::string title;
  int number = 1;
  std::string effective_on;
};
BOOST_DESCRIBE_STRUCT(PublicItem, (), (document, title, number, effective_on))
struct PublicList {
  std::vector<PublicItem> items;
};
BOOST_DESCRIBE_STRUCT(PublicList, (), (items))
struct PublicTextOut {
  static constexpr const char* kSchemaName = "PublicPolicyText";
  DocumentId document;
  std::string title;
  int number = 1;
  std::string effective_on;
  std::vector<PublicClause> clauses;
};
BOOST_DESCRIBE_STRUCT(PublicTextOut, (), (document, title, number, effective_on, clauses))
struct PublicFileIn {
  DocumentId document;
  std::string format;  // html, pdf
};
BOOST_DESCRIBE_STRUCT(PublicFileIn, (), (document, format))

// What is hidden in `before` stays hidden in `after`, wherever it was moved.
Status keep_withheld(gate::Context& context, const Content& before, const Content& after);
// A version came into force. `amended`: it was made from an earlier one by edits, not by import.
Status renew_publication(gate::Context& context, const std::optional<Content>& before, const Content& after, bool amended);
// Public texts that the library lacks; each by an operation of the program. One that fails is logged.
Status place_publications(gate::Gate& gate, gate::Body& body, const gate::Caller& program);

void register_publishing(gate::Registry& registry);

}  // namespace sekisho::standard
