#include "features/alarms/table.h"

namespace sekisho::alarms {
namespace {

constexpr const char* kInsert =
    "INSERT INTO alarm (id, kind, detail, opened_at, times, recorded_at) VALUES (:id, :kind, :detail, :opened, :times, :now) ON CONFLICT (id) DO NOTHING";
constexpr const char* kConfirm = "UPDATE alarm SET confirmed_by = :by, confirmed_at = :at, finding = :finding WHERE id = :id AND confirmed_at IS NULL";
constexpr const char* kFind =
    "SELECT id, kind, detail, opened_at, times, recorded_at, confirmed_by, confirmed_at, finding FROM alarm WHERE id = :id";
constexpr const char* kStanding =
    "SELECT id, kind, detail, opened_at, times, recorded_at, confirmed_by, confirmed_at, finding FROM alarm "
    "WHERE confirmed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT :limit";
constexpr const char* kConfirmed =
    "SELECT id, kind, detail, opened_at, times, recorded_at, confirmed_by, confirmed_at, finding FROM alarm "
    "WHERE confirmed_at IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT :limit";

using Row = std::tuple<AlarmId, std::string, std::string, Timestamp, std::int64_t, Timestamp, std::optional<std::string>, std::optional<Timestamp>, std::optional<std::string>>;

Recorded recorded_of(const Row& row) {
  const auto& [id, kind, detail, opened, times, recorded, by, at, finding] = row;
  return {{id, kind, detail, opened, times}, recorded, by, at, finding};
}

Result<std::vector<Recorded>> all(sql::Query query) {
  SK_TRY(const auto rows, query.all<AlarmId, std::string, std::string, Timestamp, std::int64_t, Timestamp, std::optional<std::string>, std::optional<Timestamp>,
                                    std::optional<std::string>>());
  std::vector<Recorded> out;
  for (const Row& row : rows) out.push_back(recorded_of(row));
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Alarm& a, Timestamp now) {
  SK_CHECK(tx.query(kInsert).bind("id", a.id).bind("kind", a.kind).bind("detail", a.detail).bind("opened", a.opened_at).bind("times", a.times).bind("now", now).run());
  return ok();
}

Result<bool> Table::confirm(sql::Tx& tx, const AlarmId& id, const std::string& by, const std::string& finding, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kConfirm).bind("by", by).bind("at", now).bind("finding", finding).bind("id", id).run());
  return rows == 1;
}

Result<std::optional<Recorded>> Table::find(sql::Tx& tx, const AlarmId& id) {
  sql::Query query = tx.query(kFind);
  query.bind("id", id);
  SK_TRY(const auto rows, all(std::move(query)));
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

Result<std::vector<Recorded>> Table::standing(sql::Tx& tx, int limit) {
  sql::Query query = tx.query(kStanding);
  query.bind("limit", limit);
  return all(std::move(query));
}

Result<std::vector<Recorded>> Table::confirmed(sql::Tx& tx, int limit) {
  sql::Query query = tx.query(kConfirmed);
  query.bind("limit", limit);
  return all(std::move(query));
}

}  // namespace sekisho::alarms
