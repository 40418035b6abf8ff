// A case and what happened to it, as they are stored.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/id.h"
#include "core/time.h"
#include "json/json.h"
#include "policy/label.h"
#include "workflow/definition.h"

namespace sekisho::office {

struct CaseTag;
using CaseId = Id<CaseTag>;
struct DefinitionTag;
using DefinitionId = Id<DefinitionTag>;
struct NoticeTag;
using NoticeId = Id<NoticeTag>;
struct AttachmentTag;
using AttachmentId = Id<AttachmentTag>;
struct ExceptionTag;
struct TimerTag;

struct Case {
  CaseId id;
  std::string definition;
  DefinitionId version;
  std::string number;
  int fiscal_year = 0;
  std::string state;
  workflow::StateKind kind = workflow::StateKind::open;
  std::map<std::string, std::string> regions;  // region -> state
  json::Object fields;
  std::string hash;  // of the fields, canonical: what people decide on
  int revision = 1;  // rises with every edit and every step
  std::string subject;
  std::string unit;  // empty: the whole body's
  std::string opener;
  std::string opener_name;
  std::string assigned;  // addresses (address.h), by spaces
  policy::Label label;
  std::string facets[4];  // of the definition's indexed fields
  Timestamp opened_at;
  Timestamp entered_at;
  Timestamp updated_at;
  std::optional<Timestamp> due_at;
  std::optional<Timestamp> closed_at;
};

// One entry of the history. `hash` covers the entry and the hash before it.
struct Event {
  int n = 0;
  std::string event;  // open, move, sign, edit, comment, attach, participant, link, clock, effect
  std::string transition;
  std::string region;
  std::string from;
  std::string to;
  std::string person;
  std::string name;
  std::string note;
  std::string content_hash;
  std::optional<std::string> exception;
  Timestamp at;
  std::string hash;
};

struct Signature {
  int slot = 0;
  std::string person;
  std::string name;
  std::string note;
  Timestamp at;
};

std::string hash_of(const json::Object& fields);
// The hash that the entry should have after `before` ("" for the first).
std::string chained(const std::string& before, const CaseId& id, const Event& event);

}  // namespace sekisho::office
