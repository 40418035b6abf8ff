#include "features/services/table.h"

#include "features/bodies/scheme.h"

namespace sekisho::services {
namespace {

#define SK_SERVICE_COLUMNS \
  "id, provider, name, ceiling, region, governing_law, approved_by, approval, valid_from, valid_to, registered_by, registered_at, ended_by, ended_at, end_reason, waits_for"

constexpr const char* kInsert =
    "INSERT INTO service (id, provider, name, ceiling, region, governing_law, approved_by, approval, valid_from, valid_to, registered_by, registered_at) VALUES "
    "(:id, :provider, :name, :ceiling, :region, :law, :approved_by, :approval, :from, :to, :by, :at)";
constexpr const char* kEnd = "UPDATE service SET ended_by = :by, ended_at = :at, end_reason = :reason WHERE id = :id AND ended_at IS NULL";
constexpr const char* kMoveCeilings = "UPDATE service SET ceiling = " SK_PERMITTED_RANK("ceiling");
constexpr const char* kWait = "UPDATE service SET waits_for = :request, changed_person = :person, checked_person = NULL WHERE id = :id";
constexpr const char* kChecked = "UPDATE service SET waits_for = NULL, checked_person = :person WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_SERVICE_COLUMNS " FROM service WHERE id = :id";
constexpr const char* kAll = "SELECT " SK_SERVICE_COLUMNS " FROM service ORDER BY registered_at DESC, id DESC LIMIT 500";

Result<std::vector<Service>> rows_of(sql::Query query) {
  SK_TRY(auto rows, query.all<ServiceId, std::string, std::string, int, std::string, std::string, std::string, std::string, Timestamp, std::optional<Timestamp>,
                              std::string, Timestamp, std::optional<std::string>, std::optional<Timestamp>, std::optional<std::string>, std::optional<std::string>>());
  std::vector<Service> out;
  for (auto& [id, provider, name, ceiling, region, law, approved_by, approval, from, to, by, at, ended_by, ended_at, reason, waits_for] : rows)
    out.push_back({id, provider, name, ceiling, region, law, approved_by, approval, from, to, by, at, ended_by, ended_at, reason, waits_for});
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Service& s) {
  SK_CHECK(tx.query(kInsert).bind("id", s.id).bind("provider", s.provider).bind("name", s.name).bind("ceiling", s.ceiling).bind("region", s.region)
               .bind("law", s.governing_law).bind("approved_by", s.approved_by).bind("approval", s.approval).bind("from", s.valid_from).bind("to", s.valid_to)
               .bind("by", s.registered_by).bind("at", s.registered_at).run());
  return ok();
}

Result<bool> Table::end(sql::Tx& tx, const ServiceId& id, const std::string& by, const std::string& reason, Timestamp now) {
  SK_TRY(const auto n, tx.query(kEnd).bind("by", by).bind("at", now).bind("reason", reason).bind("id", id).run());
  return n == 1;
}

Status Table::carry_over(sql::Tx& tx, const policy::AxisChange& confidentiality) { return bodies::move_permitted(tx, kMoveCeilings, confidentiality); }

Status Table::wait(sql::Tx& tx, const ServiceId& id, const std::string& request, const std::string& changed) {
  SK_CHECK(tx.query(kWait).bind("request", request).bind("person", changed).bind("id", id).run());
  return ok();
}

Status Table::checked(sql::Tx& tx, const ServiceId& id, const std::string& by) {
  SK_CHECK(tx.query(kChecked).bind("person", by).bind("id", id).run());
  return ok();
}

Result<std::optional<Service>> Table::find(sql::Tx& tx, const ServiceId& id) {
  SK_TRY(auto rows, rows_of(std::move(tx.query(kFind).bind("id", id))));
  if (rows.empty()) return std::optional<Service>();
  return std::optional<Service>(std::move(rows.front()));
}

Result<std::vector<Service>> Table::all(sql::Tx& tx) { return rows_of(tx.query(kAll)); }

}  // namespace sekisho::services
