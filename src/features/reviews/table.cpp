#include "features/reviews/table.h"

namespace sekisho::reviews {
namespace {

constexpr const char* kInsert =
    "INSERT INTO review (period, months, made_at, due_at, result) VALUES (:period, :months, :made, :due, :result) ON CONFLICT (period) DO NOTHING";
constexpr const char* kConclude = "UPDATE review SET concluded_by = :by, concluded_at = :at, conclusion = :text WHERE period = :period AND concluded_at IS NULL";
constexpr const char* kFind = "SELECT period, months, made_at, due_at, result, concluded_by, concluded_at, conclusion FROM review WHERE period = :period";
constexpr const char* kAll = "SELECT period, months, made_at, due_at, result, concluded_by, concluded_at, conclusion FROM review ORDER BY period DESC LIMIT 120";
constexpr const char* kUnits = "SELECT id, unit_id FROM person_unit ORDER BY id LIMIT 100000";

Result<std::vector<Review>> all_of(sql::Query query) {
  SK_TRY(const auto rows, query.all<std::string, int, Timestamp, Timestamp, std::string, std::optional<std::string>, std::optional<Timestamp>, std::optional<std::string>>());
  std::vector<Review> out;
  for (const auto& [period, months, made, due, result, by, at, conclusion] : rows) out.push_back({period, months, made, due, result, by, at, conclusion});
  return out;
}

}  // namespace

Result<bool> Table::insert(sql::Tx& tx, const Review& r) {
  SK_TRY(const auto rows,
         tx.query(kInsert).bind("period", r.period).bind("months", r.months).bind("made", r.made_at).bind("due", r.due_at).bind("result", r.result).run());
  return rows == 1;
}

Result<bool> Table::conclude(sql::Tx& tx, const std::string& period, const std::string& by, const std::string& conclusion, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kConclude).bind("by", by).bind("at", now).bind("text", conclusion).bind("period", period).run());
  return rows == 1;
}

Result<std::optional<Review>> Table::find(sql::Tx& tx, const std::string& period) {
  sql::Query query = tx.query(kFind);
  query.bind("period", period);
  SK_TRY(const auto rows, all_of(std::move(query)));
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

Result<std::vector<Review>> Table::all(sql::Tx& tx) { return all_of(tx.query(kAll)); }

Result<std::vector<std::pair<std::string, std::string>>> Table::units_of_people(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kUnits).all<std::string, std::string>());
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [id, unit] : rows) out.emplace_back(id, unit);
  return out;
}

}  // namespace sekisho::reviews
