#include "features/endpoints/table.h"

#include "features/bodies/scheme.h"

namespace sekisho::endpoints {
namespace {

#define SK_ENDPOINT_COLUMNS "id, name, protocol, url, model, ceiling, segments, api_key, region, governing_law, service_id, home, enabled"

constexpr const char* kInsert =
    "INSERT INTO endpoint (" SK_ENDPOINT_COLUMNS ", created_at, updated_at) VALUES "
    "(:id, :name, :protocol, :url, :model, :ceiling, :segments, :key, :region, :law, :service, :home, :enabled, :now, :now2)";
constexpr const char* kUpdate =
    "UPDATE endpoint SET name = :name, protocol = :protocol, url = :url, model = :model, ceiling = :ceiling, segments = :segments, api_key = :key, "
    "region = :region, governing_law = :law, service_id = :service, home = :home, enabled = :enabled, updated_at = :now WHERE id = :id";
constexpr const char* kDelete = "DELETE FROM endpoint WHERE id = :id";
constexpr const char* kMoveCeilings = "UPDATE endpoint SET ceiling = " SK_PERMITTED_RANK("ceiling");
constexpr const char* kWait = "UPDATE endpoint SET waits_for = :request, changed_person = :person, checked_person = NULL WHERE id = :id";
constexpr const char* kChecked = "UPDATE endpoint SET waits_for = NULL, checked_person = :person WHERE id = :id";
constexpr const char* kFind = "SELECT " SK_ENDPOINT_COLUMNS ", waits_for FROM endpoint WHERE id = :id";
constexpr const char* kAll = "SELECT " SK_ENDPOINT_COLUMNS ", waits_for FROM endpoint ORDER BY name LIMIT 200";

Result<std::vector<Endpoint>> rows_of(sql::Query query) {
  SK_TRY(auto rows, query.all<EndpointId, std::string, std::string, std::string, std::string, int, std::int64_t, std::optional<sql::Blob>, std::string,
                              std::string, std::optional<services::ServiceId>, std::optional<std::int64_t>, bool, std::optional<std::string>>());
  std::vector<Endpoint> out;
  for (auto& [id, name, protocol, url, model, ceiling, segments, key, region, law, service, home, enabled, waits_for] : rows)
    out.push_back({id, name, protocol, url, model, ceiling, static_cast<policy::SegmentSet>(segments), key, region, law, service,
                   static_cast<policy::SegmentSet>(home.value_or(0)), enabled, waits_for});
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Endpoint& e, Timestamp now) {
  SK_CHECK(tx.query(kInsert).bind("id", e.id).bind("name", e.name).bind("protocol", e.protocol).bind("url", e.url).bind("model", e.model)
               .bind("ceiling", e.ceiling).bind("segments", e.segments).bind("key", e.sealed_key).bind("region", e.region)
               .bind("law", e.governing_law).bind("service", e.service_id).bind("home", e.home).bind("enabled", e.enabled).bind("now", now).bind("now2", now).run());
  return ok();
}

Status Table::update(sql::Tx& tx, const Endpoint& e, Timestamp now) {
  SK_CHECK(tx.query(kUpdate).bind("name", e.name).bind("protocol", e.protocol).bind("url", e.url).bind("model", e.model).bind("ceiling", e.ceiling)
               .bind("segments", e.segments).bind("key", e.sealed_key).bind("region", e.region).bind("law", e.governing_law)
               .bind("service", e.service_id).bind("home", e.home).bind("enabled", e.enabled).bind("now", now).bind("id", e.id).run());
  return ok();
}

Status Table::carry_over(sql::Tx& tx, const policy::AxisChange& confidentiality) { return bodies::move_permitted(tx, kMoveCeilings, confidentiality); }

Status Table::wait(sql::Tx& tx, const EndpointId& id, const std::string& request, const std::string& changed) {
  SK_CHECK(tx.query(kWait).bind("request", request).bind("person", changed).bind("id", id).run());
  return ok();
}

Status Table::checked(sql::Tx& tx, const EndpointId& id, const std::string& by) {
  SK_CHECK(tx.query(kChecked).bind("person", by).bind("id", id).run());
  return ok();
}

Result<bool> Table::remove(sql::Tx& tx, const EndpointId& id) {
  SK_TRY(const auto n, tx.query(kDelete).bind("id", id).run());
  return n == 1;
}

Result<std::optional<Endpoint>> Table::find(sql::Tx& tx, const EndpointId& id) {
  SK_TRY(auto rows, rows_of(std::move(tx.query(kFind).bind("id", id))));
  if (rows.empty()) return std::optional<Endpoint>();
  return std::optional<Endpoint>(std::move(rows.front()));
}

Result<std::vector<Endpoint>> Table::all(sql::Tx& tx) { return rows_of(tx.query(kAll)); }

}  // namespace sekisho::endpoints
