// Permitted flows between segments and to endpoints. No record, no flow.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "json/json.h"
#include "policy/decide.h"
#include "sql/db.h"

namespace sekisho::flows {

struct FlowTag;
using FlowId = Id<FlowTag>;

struct Flow {
  FlowId id;
  std::string from_segment;  // code
  std::string to_segment;    // code: to every endpoint that lives there; or empty
  std::string to_endpoint;   // id: to this one; or empty
  std::string purpose;
  std::vector<std::string> content;  // forms that may pass: "text", "pixels", "sanitised_file", "verified_file", "file"
  std::string route;         // addresses, ports and protocol that it is narrowed to
  std::string permitted_by;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  std::string opened_by;
  Timestamp opened_at;
  std::optional<std::string> ended_by;
  std::optional<Timestamp> ended_at;
  std::optional<std::string> end_reason;
  std::optional<std::string> waits_for;  // the request for a second person's check; until it is granted this has no effect

  bool in_force(Timestamp now) const { return !ended_at && !waits_for && valid_from <= now && (!valid_to || now < *valid_to); }
  std::uint8_t forms() const;  // of policy::Form
};

// The form of that name, 0 for none.
std::uint8_t form_named(const std::string& name);

class Table {
 public:
  static Status insert(sql::Tx& tx, const Flow& flow);
  static Result<bool> end(sql::Tx& tx, const FlowId& id, const std::string& by, const std::string& reason, Timestamp now);
  // `changed` asks for a check by another, or one gave it. Persons, not accounts.
  static Status wait(sql::Tx& tx, const FlowId& id, const std::string& request, const std::string& changed);
  static Status checked(sql::Tx& tx, const FlowId& id, const std::string& by);
  static Result<std::optional<Flow>> find(sql::Tx& tx, const FlowId& id);
  static Result<std::vector<Flow>> all(sql::Tx& tx);  // newest first
  // Those from the segment that are not ended; in force or not is the caller's question.
  static Result<std::vector<Flow>> from(sql::Tx& tx, const std::string& segment);
};

}  // namespace sekisho::flows
