// Operations on model endpoints. The key is written, never read back; what may be sent where is decided by the record's ceiling.
#pragma once
#include "features/bodies/operations.h"
#include "features/bodies/second_person.h"
#include "features/endpoints/table.h"
#include "features/flows/table.h"
#include "gate/operation.h"

namespace sekisho::endpoints {

struct EndpointView {
  static constexpr const char* kSchemaName = "Endpoint";
  EndpointId id;
  std::string name;
  std::string protocol;
  std::string url;
  std::string model;
  int ceiling = 0;
  std::vector<std::string> segments;
  bool has_api_key = false;
  std::string region;
  std::string governing_law;
  std::optional<services::ServiceId> service;
  std::string approval;  // its number
  std::string home;      // code of the segment that it lives in, or empty
  bool enabled = false;
  std::string state;  // from this session: "usable", "waiting" (for a second person), "not approved", "no flow", "disabled"
  std::optional<std::string> waits_for;  // the request for the check
};
BOOST_DESCRIBE_STRUCT(EndpointView, (), (id, name, protocol, url, model, ceiling, segments, has_api_key, region, governing_law, service, approval, home, enabled, state, waits_for))

struct EndpointList {
  std::vector<EndpointView> items;
};
BOOST_DESCRIBE_STRUCT(EndpointList, (), (items))

struct CreateIn {
  std::string name;
  std::string protocol;
  std::string url;
  std::string model;
  int ceiling = 0;
  std::vector<std::string> segments;
  std::optional<Secret> api_key;
  std::optional<std::string> region;
  std::optional<std::string> governing_law;
  std::optional<services::ServiceId> service;
  std::optional<std::string> approval;  // instead: the number of an approved service
  std::optional<std::string> home;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(CreateIn, (), (name, protocol, url, model, ceiling, segments, api_key, region, governing_law, service, approval, home, enabled))

struct UpdateIn {
  EndpointId id;
  std::optional<std::string> name;
  std::optional<std::string> protocol;
  std::optional<std::string> url;
  std::optional<std::string> model;
  std::optional<int> ceiling;
  std::optional<std::vector<std::string>> segments;
  std::optional<Secret> api_key;
  std::optional<std::string> region;
  std::optional<std::string> governing_law;
  std::optional<std::string> service;   // empty: none
  std::optional<std::string> approval;  // instead: a number; empty: none
  std::optional<std::string> home;
  std::optional<bool> enabled;
};
BOOST_DESCRIBE_STRUCT(UpdateIn, (), (id, name, protocol, url, model, ceiling, segments, api_key, region, governing_law, service, approval, home, enabled))

struct IdIn {
  EndpointId id;
};
BOOST_DESCRIBE_STRUCT(IdIn, (), (id))

// What a check by a second person is of.
std::string content_of(const Endpoint& endpoint);
void register_operations(gate::Registry& registry, const bodies::AskSecond& ask_second);

// What the endpoint may receive from this session at this moment: its own record, the service's, the flow. Read at every use. Fails with the
// reason where it may receive nothing: stopped in an emergency, or no flow that lets text through.
Result<policy::Ceiling> ceiling_now(gate::Context& context, const Endpoint& endpoint);

// The key in clear, for the one call that needs it. Empty when there is none.
Result<Secret> open_key(const gate::Body& body, const Endpoint& endpoint);

}  // namespace sekisho::endpoints
