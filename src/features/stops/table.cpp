#include "features/stops/table.h"

namespace sekisho::stops {
namespace {

constexpr const char* kInsert =
    "INSERT INTO stop_record (id, kind, target, whole_service, basis, basis_by, reason, told, incident, set_by, set_at) VALUES "
    "(:id, :kind, :target, :whole, :basis, :basis_by, :reason, :told, :incident, :by, :at) ON CONFLICT (id) DO NOTHING";
constexpr const char* kRelease =
    "UPDATE stop_record SET released_by = :by, released_at = :at, release_reason = :reason WHERE id = :id AND released_at IS NULL";
constexpr const char* kReleased =
    "SELECT id, kind, target, whole_service, basis, basis_by, reason, told, incident, set_by, set_at, released_by, released_at, release_reason "
    "FROM stop_record WHERE released_at IS NOT NULL ORDER BY released_at DESC, id DESC LIMIT :limit";

}  // namespace

Status Table::insert(sql::Tx& tx, const StopFile& f, Timestamp now) {
  const Details& d = f.details;
  SK_CHECK(tx.query(kInsert).bind("id", f.id).bind("kind", gate::name_of(f.stop.kind)).bind("target", f.stop.target).bind("whole", f.stop.body.empty())
               .bind("basis", d.basis).bind("basis_by", d.basis_by).bind("reason", d.reason).bind("told", json::write(d.told)).bind("incident", d.incident)
               .bind("by", d.set_by).bind("at", d.set_at.value_or(now)).run());
  return ok();
}

Status Table::release(sql::Tx& tx, const std::string& id, const std::string& by, const std::string& reason, Timestamp now) {
  SK_CHECK(tx.query(kRelease).bind("by", by).bind("at", now).bind("reason", reason).bind("id", id).run());
  return ok();
}

Result<std::vector<StopRecord>> Table::released(sql::Tx& tx, int limit) {
  SK_TRY(auto rows, tx.query(kReleased).bind("limit", limit).all<std::string, std::string, std::string, bool, std::string, std::string, std::string, std::string,
                                                                  std::string, std::string, Timestamp, std::optional<std::string>, std::optional<Timestamp>, std::optional<std::string>>());
  std::vector<StopRecord> out;
  for (auto& [id, kind, target, whole, basis, basis_by, reason, told, incident, by, at, released_by, released_at, release_reason] : rows) {
    SK_TRY(auto people, json::read_text<std::vector<std::string>>(told));
    out.push_back({id, kind, target, whole, {basis, basis_by, reason, std::move(people), incident, by, at, true}, released_by, released_at, release_reason});
  }
  return out;
}

}  // namespace sekisho::stops
