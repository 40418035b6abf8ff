// Lowering the class of a document, or widening who reads it: asked for by a reader, permitted by those who answer for the information.
//
// A request of kind "declassify" names the document, its content (SHA-256 of the file) and both labels; its signatures cover all of them. One
// place is signed for the unit that the document lies in, and one for each reader clause that goes, by whoever decides for that unit or for the
// whole body (DESIGN section 4). Neither the requester nor whoever uploaded the document signs. The last signature makes the change, in its own
// transaction, through policy::approve() and policy::declassify(): when the content or the label is no longer the one that was signed for, that
// signature is refused and nothing happens. The change uses the grant up.
// The request holds no text of the document and not even its name: who decides sees the name where she may read it.
// Threads: the operations are thread-safe. Failures: documents.*, approvals.*, policy.lowering_* keys, each with its clause.
#pragma once
#include "features/approvals/approvals.h"
#include "features/library/operations.h"

namespace sekisho::lowering {

inline constexpr const char* kKind = "declassify";

// What may be asked for one document: the scheme of the body, lowest first.
struct ChoiceView {
  static constexpr const char* kSchemaName = "LoweringChoice";
  library::DocumentId id;
  std::string name;
  bodies::LabelView label;
  std::vector<std::string> confidentiality;
  std::vector<std::string> integrity;
  std::vector<std::string> availability;
};
BOOST_DESCRIBE_STRUCT(ChoiceView, (), (id, name, label, confidentiality, integrity, availability))

struct AskIn {
  library::DocumentId id;
  std::optional<int> confidentiality;  // what is not named stays
  std::optional<int> integrity;
  std::optional<int> availability;
  std::optional<bool> everyone;  // the whole body may read it
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(AskIn, (), (id, confidentiality, integrity, availability, everyone, reason))
struct AskedView {
  static constexpr const char* kSchemaName = "LoweringAsked";
  approvals::RequestId approval;
};
BOOST_DESCRIBE_STRUCT(AskedView, (), (approval))

// Registers the operations and what a grant of the kind does. Before the first operation runs.
void register_operations(gate::Registry& registry, approvals::Approvals& approvals);

}  // namespace sekisho::lowering
