// Model endpoints as records: where a model is, what it may receive, and the approval behind it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/services/table.h"
#include "json/json.h"
#include "policy/decide.h"
#include "policy/scheme.h"
#include "sql/db.h"

namespace sekisho::endpoints {

struct EndpointTag;
using EndpointId = Id<EndpointTag>;

struct Endpoint {
  EndpointId id;
  std::string name;
  std::string protocol;  // "openai"
  std::string url;
  std::string model;  // what the endpoint calls it; "*": the name in the request is passed on
  policy::Rank ceiling = 0;
  policy::SegmentSet segments = 0;
  std::optional<sql::Blob> sealed_key;
  std::string region;
  std::string governing_law;
  std::optional<services::ServiceId> service_id;  // the approved external service behind it; none: not approved
  policy::SegmentSet home = 0;                    // the segment that it lives in; 0: none of the body's
  bool enabled = false;
  std::optional<std::string> waits_for;  // the request for a second person's check; until it is granted this has no effect
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Endpoint& endpoint, Timestamp now);
  static Status update(sql::Tx& tx, const Endpoint& endpoint, Timestamp now);
  static Status carry_over(sql::Tx& tx, const policy::AxisChange& confidentiality);  // ceilings of another scheme
  // `changed` asks for a check by another, or one gave it. Persons, not accounts.
  static Status wait(sql::Tx& tx, const EndpointId& id, const std::string& request, const std::string& changed);
  static Status checked(sql::Tx& tx, const EndpointId& id, const std::string& by);
  static Result<bool> remove(sql::Tx& tx, const EndpointId& id);
  static Result<std::optional<Endpoint>> find(sql::Tx& tx, const EndpointId& id);
  static Result<std::vector<Endpoint>> all(sql::Tx& tx);
};

}  // namespace sekisho::endpoints
