// Approved external services: the record that stands behind a model endpoint. The gate of use reads it each time.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "json/json.h"
#include "policy/label.h"
#include "policy/scheme.h"
#include "sql/db.h"

namespace sekisho::services {

struct ServiceTag;
using ServiceId = Id<ServiceTag>;

struct Service {
  ServiceId id;
  std::string provider;
  std::string name;
  policy::Rank ceiling = 0;
  std::string region;
  std::string governing_law;
  std::string approved_by;
  std::string approval;  // number
  Timestamp valid_from;
  std::optional<Timestamp> valid_to;  // first moment at which it is over
  std::string registered_by;
  Timestamp registered_at;
  std::optional<std::string> ended_by;
  std::optional<Timestamp> ended_at;
  std::optional<std::string> end_reason;
  std::optional<std::string> waits_for;  // the request for a second person's check; until it is granted this has no effect

  bool in_force(Timestamp now) const { return !ended_at && !waits_for && valid_from <= now && (!valid_to || now < *valid_to); }
};

class Table {
 public:
  static Status insert(sql::Tx& tx, const Service& service);
  static Result<bool> end(sql::Tx& tx, const ServiceId& id, const std::string& by, const std::string& reason, Timestamp now);
  // Ceilings of another scheme.
  static Status carry_over(sql::Tx& tx, const policy::AxisChange& confidentiality);
  // `changed` asks for a check by another, or one gave it. Persons, not accounts.
  static Status wait(sql::Tx& tx, const ServiceId& id, const std::string& request, const std::string& changed);
  static Status checked(sql::Tx& tx, const ServiceId& id, const std::string& by);
  static Result<std::optional<Service>> find(sql::Tx& tx, const ServiceId& id);
  static Result<std::vector<Service>> all(sql::Tx& tx);  // newest first
};

}  // namespace sekisho::services
