// Drafts of a field of a case: help from the model, never by the model.
//
// Which fields may have one, and what it is made of, stands in the definition (workflow: Draft). The case's own fields that the caller may see, and
// nothing else, go to the model by the door of every question: guard, label and ceiling, reservation, the record, and the stream. Nothing is written into
// the case: the text is shown beside the field, and a person takes it over, edits it and submits it; the case's history then says where it began
// (Office::edit, Office::move). Without an endpoint the fields are set out one below the other, and the first event says that no model was asked.
//
//   POST /api/v1/office/cases/{id}/drafts -> open {stream_id, draft_id, engine, model, notice} -> delta … -> done | error
//
// Threads: any. Failures: office.*, chat.*, guards.*, usage.*, policy.* keys; "office.no_draft": the field has none; "office.not_your_field".
#pragma once
#include "features/chat/operations.h"
#include "features/office/draft_table.h"
#include "features/office/operations.h"

namespace sekisho::drafts {

struct DraftIn {
  office::CaseId id;
  std::string field;
  std::optional<endpoints::EndpointId> endpoint;  // none: the built-in engine
  std::optional<bool> confirm;                    // what the guard warns of is to be sent all the same
};
BOOST_DESCRIBE_STRUCT(DraftIn, (), (id, field, endpoint, confirm))

class Drafts {
 public:
  Drafts(const office::Office& office, const text::Analyzer& analyzer, const guards::Guards& guards, chat::Admit admit, chat::Settings settings);
  // Blocks; for a worker thread. The plan's close records the text.
  Result<gate::Plan> begin(gate::Gate& gate, const gate::Caller& caller, DraftIn in) const;

 private:
  const office::Office& office_;
  const text::Analyzer& analyzer_;
  const guards::Guards& guards_;
  const chat::Admit admit_;
  const chat::Settings settings_;
};

}  // namespace sekisho::drafts
