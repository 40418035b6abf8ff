// Operations on approved external services: register what was approved elsewhere, end it, list.
#pragma once
#include "features/bodies/operations.h"
#include "features/bodies/second_person.h"
#include "features/services/table.h"
#include "gate/operation.h"

namespace sekisho::services {

struct ServiceView {
  static constexpr const char* kSchemaName = "ExternalService";
  ServiceId id;
  std::string provider;
  std::string name;
  int ceiling = 0;
  std::string region;
  std::string governing_law;
  std::string approved_by;
  std::string approval;
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;
  std::string state;  // "waiting" (for a second person), "in force", "not yet", "expired", "ended"
  std::string registered_by;
  Timestamp registered_at;
  std::optional<std::string> ended_by;
  std::optional<Timestamp> ended_at;
  std::optional<std::string> end_reason;
  std::optional<std::string> waits_for;  // the request for the check
};
BOOST_DESCRIBE_STRUCT(ServiceView, (), (id, provider, name, ceiling, region, governing_law, approved_by, approval, valid_from, valid_to, state, registered_by,
                                        registered_at, ended_by, ended_at, end_reason, waits_for))
struct ServiceList {
  std::vector<ServiceView> items;
};
BOOST_DESCRIBE_STRUCT(ServiceList, (), (items))

struct RegisterIn {
  std::string provider;
  std::string name;
  int ceiling = 0;
  std::optional<std::string> region;
  std::optional<std::string> governing_law;
  std::string approved_by;
  std::string approval;
  std::optional<Timestamp> valid_from;  // left out: now
  std::optional<Timestamp> valid_to;    // left out: until it is ended
};
BOOST_DESCRIBE_STRUCT(RegisterIn, (), (provider, name, ceiling, region, governing_law, approved_by, approval, valid_from, valid_to))
struct EndIn {
  ServiceId id;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(EndIn, (), (id, reason))

// What a check by a second person is of.
std::string content_of(const Service& service);
void register_operations(gate::Registry& registry, const bodies::AskSecond& ask_second);

}  // namespace sekisho::services
