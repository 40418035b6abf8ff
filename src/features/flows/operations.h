// Operations on permitted flows: open one (with purpose, what may pass, who permitted it, until when), end it, list.
#pragma once
#include "features/bodies/operations.h"
#include "features/bodies/second_person.h"
#include "features/flows/table.h"
#include "gate/operation.h"

namespace sekisho::flows {

struct FlowView {
  static constexpr const char* kSchemaName = "Flow";
  FlowId id;
  std::string from_segment;
  std::string to_segment;
  std::string to_endpoint;
  std::string purpose;
  std::vector<std::string> content;
  std::string route;
  std::string permitted_by;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  std::string state;  // "waiting" (for a second person), "in force", "not yet", "expired", "ended"
  std::string opened_by;
  Timestamp opened_at;
  std::optional<std::string> ended_by;
  std::optional<Timestamp> ended_at;
  std::optional<std::string> end_reason;
  std::optional<std::string> waits_for;  // the request for the check
};
BOOST_DESCRIBE_STRUCT(FlowView, (), (id, from_segment, to_segment, to_endpoint, purpose, content, route, permitted_by, valid_from, valid_to, state, opened_by,
                                     opened_at, ended_by, ended_at, end_reason, waits_for))
struct FlowList {
  std::vector<FlowView> items;
};
BOOST_DESCRIBE_STRUCT(FlowList, (), (items))

struct OpenIn {
  std::string from_segment;
  std::optional<std::string> to_segment;   // one of the two
  std::optional<std::string> to_endpoint;
  std::string purpose;
  std::vector<std::string> content;
  std::optional<std::string> route;
  std::string permitted_by;
  std::optional<Timestamp> valid_from;  // left out: now
  std::optional<Timestamp> valid_to;
};
BOOST_DESCRIBE_STRUCT(OpenIn, (), (from_segment, to_segment, to_endpoint, purpose, content, route, permitted_by, valid_from, valid_to))
struct EndIn {
  FlowId id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(EndIn, (), (id, reason))

// What a check by a second person is of.
std::string content_of(const Flow& flow);
void register_operations(gate::Registry& registry, const bodies::AskSecond& ask_second);

}  // namespace sekisho::flows
