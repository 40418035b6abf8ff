// Lowering the class of a document or a collection, or widening who reads it: asked for by a reader, permitted by those who answer for the information.
//
// A request names what shall be lowered, its content and both labels; its signatures cover all of them. The content of a document is its file
// (SHA-256), that of a collection the list of its documents with their files and labels. One place is signed for the unit that it lies in, and one
// for each reader clause that goes, by whoever decides for that unit or for the whole body (DESIGN section 4). Neither the requester nor whoever
// brought it in signs. The last signature makes the change, in its own transaction, through policy::approve() and policy::declassify(): when the
// content or the label is no longer the one that was signed for, that signature is refused and nothing happens. The change uses the grant up.
// With a collection go the documents that bear exactly its label; what was classified by itself stays.
// The request holds no text and not even a name: who decides sees the name where she may read it.
//
// Where another classification scheme left several classes (library/classes.h), choosing one at least as strict as what counts now is done at once;
// choosing a lower one files such a request.
// Threads: the operations are thread-safe. Failures: documents.*, collections.*, approvals.*, policy.lowering_* keys, each with its clause.
#pragma once
#include "features/approvals/approvals.h"
#include "features/library/operations.h"

namespace sekisho::lowering {

inline constexpr const char* kKind = "declassify";
inline constexpr const char* kCollectionKind = "declassify_collection";

// What may be asked for one document or collection: the scheme of the body, lowest first.
struct ChoiceView {
  static constexpr const char* kSchemaName = "LoweringChoice";
  std::string id;
  std::string name;
  bodies::LabelView label;
  std::vector<std::string> confidentiality;
  std::vector<std::string> integrity;
  std::vector<std::string> availability;
  std::optional<std::int64_t> documents;  // of a collection: how many would go with it
};
BOOST_DESCRIBE_STRUCT(ChoiceView, (), (id, name, label, confidentiality, integrity, availability, documents))

struct Wanted {
  std::optional<int> confidentiality;  // what is not named stays
  std::optional<int> integrity;
  std::optional<int> availability;
  std::optional<bool> everyone;  // the whole body may read it
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (confidentiality, integrity, availability, everyone, reason))
struct AskIn : Wanted {
  library::DocumentId id;
};
BOOST_DESCRIBE_STRUCT(AskIn, (Wanted), (id))
struct AskCollectionIn : Wanted {
  library::CollectionId id;
};
BOOST_DESCRIBE_STRUCT(AskCollectionIn, (Wanted), (id))
struct AskedView {
  static constexpr const char* kSchemaName = "LoweringAsked";
  approvals::RequestId approval;
};
BOOST_DESCRIBE_STRUCT(AskedView, (), (approval))

// The class that somebody chooses for what waits for a choice; what is not named stays as it counts now.
struct Choice {
  std::optional<int> confidentiality;
  std::optional<int> integrity;
  std::optional<int> availability;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(Choice, (), (confidentiality, integrity, availability, reason))
struct ChooseIn : Choice {
  library::DocumentId id;
};
BOOST_DESCRIBE_STRUCT(ChooseIn, (Choice), (id))
struct ChooseCollectionIn : Choice {
  library::CollectionId id;
};
BOOST_DESCRIBE_STRUCT(ChooseCollectionIn, (Choice), (id))
struct ChosenView {
  static constexpr const char* kSchemaName = "ClassChosen";
  bodies::LabelView label;                       // as it counts now
  std::optional<approvals::RequestId> approval;  // lower than that: the request that has to be granted first
};
BOOST_DESCRIBE_STRUCT(ChosenView, (), (label, approval))

// Registers the operations and what grants of the kinds do. Before the first operation runs.
void register_operations(gate::Registry& registry, approvals::Approvals& approvals);

}  // namespace sekisho::lowering
