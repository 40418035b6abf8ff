#include "features/metering/table.h"

namespace sekisho::metering {
namespace {

// The last total of a month, of the body or of one department or person: the end of an index.
#define SK_LAST(column, of) "COALESCE((SELECT l." column " FROM usage_event l WHERE l.month = " of " ORDER BY l.seq DESC LIMIT 1), 0)"
// Where a use stands before it begins: what is asked, the person's department, the totals so far, the body's budget.
#define SK_STANDING                                                                                                                        \
  "FROM (SELECT q.*, " SK_LAST("body_total", "q.month") " AS body_total, "                                                                \
  SK_LAST("unit_total", "q.month AND l.unit_id = q.unit_id") " AS unit_total, "                                                            \
  SK_LAST("person_total", "q.month AND l.person_id = q.person_id") " AS person_total, "                                                    \
  "COALESCE((SELECT monthly FROM usage_budget WHERE scope = 'body' AND target = ''), q.usual) AS body_limit "                              \
  "FROM (SELECT p.*, COALESCE((SELECT u.unit_id FROM person_unit u WHERE u.id = p.person_id), '') AS unit_id FROM "                        \
  "(SELECT CAST(:month AS TEXT) AS month, CAST(:person AS TEXT) AS person_id, CAST(:amount AS BIGINT) AS amount, CAST(:usual AS BIGINT) AS usual) p) q) n "
#define SK_BODY_OVER "n.body_total + n.amount > n.body_limit"
#define SK_OVER(scope, total, target) \
  "EXISTS (SELECT 1 FROM usage_budget b WHERE b.scope = '" scope "' AND b.target = n." target " AND n." total " + n.amount > b.monthly)"

constexpr const char* kReserve =
    "INSERT INTO usage_event (id, step, at, recorded_at, month, purpose, outcome, person_id, unit_id, endpoint_id, endpoint, characters_in, characters_out, "
    "characters_context, counted, moved, body_total, unit_total, person_total, body_limit) "
    "SELECT :id, 0, :at, :recorded, n.month, :purpose, 'open', n.person_id, n.unit_id, :endpoint_id, :endpoint, :in, 0, 0, n.amount, n.amount, "
    "n.body_total + n.amount, n.unit_total + n.amount, n.person_total + n.amount, n.body_limit " SK_STANDING
    "WHERE n.amount = 0 OR NOT (" SK_BODY_OVER " OR " SK_OVER("department", "unit_total", "unit_id") " OR " SK_OVER("person", "person_total", "person_id") ") "
    "RETURNING body_total, moved, body_limit";
constexpr const char* kExceeded =
    "SELECT CASE WHEN " SK_BODY_OVER " THEN 'body' WHEN " SK_OVER("department", "unit_total", "unit_id") " THEN 'department' WHEN "
    SK_OVER("person", "person_total", "person_id") " THEN 'person' ELSE '' END " SK_STANDING;
// The settled row takes who, where and which month from the reservation; the totals move by the difference.
constexpr const char* kSettle =
    "INSERT INTO usage_event (id, step, at, recorded_at, month, purpose, outcome, person_id, unit_id, endpoint_id, endpoint, characters_in, characters_out, "
    "characters_context, counted, moved, body_total, unit_total, person_total, body_limit) "
    "SELECT r.id, 1, r.at, :recorded, r.month, r.purpose, :outcome, r.person_id, r.unit_id, CASE WHEN q.built_in = 1 THEN '' ELSE r.endpoint_id END, "
    "CASE WHEN q.built_in = 1 THEN '' ELSE r.endpoint END, :in, :out, :context, q.counted, q.counted - r.counted, "
    SK_LAST("body_total", "r.month") " + q.counted - r.counted, "
    SK_LAST("unit_total", "r.month AND l.unit_id = r.unit_id") " + q.counted - r.counted, "
    SK_LAST("person_total", "r.month AND l.person_id = r.person_id") " + q.counted - r.counted, r.body_limit "
    "FROM usage_event r, (SELECT CAST(:id AS TEXT) AS id, CAST(:built_in AS BIGINT) AS built_in, CAST(:counted AS BIGINT) AS counted) q "
    "WHERE r.id = q.id AND r.step = 0 AND NOT EXISTS (SELECT 1 FROM usage_event s WHERE s.id = q.id AND s.step = 1) "
    "RETURNING body_total, moved, body_limit";
constexpr const char* kOpen =
    "SELECT r.id, r.characters_in, r.counted FROM usage_event r WHERE r.step = 0 AND NOT EXISTS (SELECT 1 FROM usage_event s WHERE s.id = r.id AND s.step = 1) "
    "ORDER BY r.seq LIMIT 10000";
constexpr const char* kTotals =
    "SELECT " SK_LAST("body_total", ":month") ", " SK_LAST("unit_total", ":month2 AND l.unit_id = :unit") ", "
    SK_LAST("person_total", ":month3 AND l.person_id = :person");

#define SK_SUMS "COUNT(*), COALESCE(SUM(e.characters_in), 0), COALESCE(SUM(e.characters_out), 0), COALESCE(SUM(e.characters_context), 0), COALESCE(SUM(e.counted), 0)"
constexpr const char* kSums = "SELECT " SK_SUMS " FROM usage_event e WHERE e.month = :month AND e.step = 1";
// Days of Japan's calendar.
constexpr const char* kByDay =
    "SELECT (e.at + 32400000000) / 86400000000, " SK_SUMS " FROM usage_event e WHERE e.month >= :from AND e.month <= :to AND e.step = 1 GROUP BY 1 ORDER BY 1";
constexpr const char* kByMonth =
    "SELECT e.month, " SK_SUMS " FROM usage_event e WHERE e.month >= :from AND e.month <= :to AND e.step = 1 GROUP BY e.month ORDER BY e.month";
constexpr const char* kByDepartment =
    "SELECT e.unit_id, '', '', " SK_SUMS " FROM usage_event e WHERE e.month = :month AND e.step = 1 AND (:unit = '' OR e.unit_id = :unit2) GROUP BY e.unit_id "
    "ORDER BY SUM(e.counted) DESC, e.unit_id LIMIT 5000";
constexpr const char* kByPerson =
    "SELECT e.person_id, COALESCE((SELECT p.name FROM person_unit p WHERE p.id = e.person_id), e.person_id), e.unit_id, " SK_SUMS
    " FROM usage_event e WHERE e.month = :month AND e.step = 1 AND (:unit = '' OR e.unit_id = :unit2) GROUP BY e.person_id, e.unit_id "
    "ORDER BY SUM(e.counted) DESC, e.person_id, e.unit_id LIMIT 5000";
constexpr const char* kByEndpoint =
    "SELECT e.endpoint_id, MAX(e.endpoint), '', " SK_SUMS " FROM usage_event e WHERE e.month = :month AND e.step = 1 AND (:unit = '' OR e.unit_id = :unit2) "
    "GROUP BY e.endpoint_id ORDER BY SUM(e.counted) DESC, e.endpoint_id LIMIT 5000";
constexpr const char* kByPurpose =
    "SELECT e.purpose, '', '', " SK_SUMS " FROM usage_event e WHERE e.month = :month AND e.step = 1 AND (:unit = '' OR e.unit_id = :unit2) GROUP BY e.purpose "
    "ORDER BY SUM(e.counted) DESC, e.purpose LIMIT 5000";
constexpr const char* kFirst = "SELECT at FROM usage_event ORDER BY seq LIMIT 1";
constexpr const char* kReached = "SELECT recorded_at FROM usage_event WHERE month = :month AND body_total >= :characters ORDER BY seq LIMIT 1";

constexpr const char* kPutBudget =
    "INSERT INTO usage_budget (scope, target, monthly, set_by, set_at) VALUES (:scope, :target, :monthly, :by, :at) "
    "ON CONFLICT (scope, target) DO UPDATE SET monthly = excluded.monthly, set_by = excluded.set_by, set_at = excluded.set_at";
constexpr const char* kDropBudget = "DELETE FROM usage_budget WHERE scope = :scope AND target = :target";
constexpr const char* kBudgets = "SELECT scope, target, monthly, set_by, set_at FROM usage_budget ORDER BY scope, target LIMIT 10000";
constexpr const char* kBudget = "SELECT monthly FROM usage_budget WHERE scope = :scope AND target = :target";
constexpr const char* kPerson = "SELECT id, name, unit_id FROM person_unit WHERE id = :id";
constexpr const char* kStored = "SELECT unit_id, SUM(bytes) FROM stored_document GROUP BY unit_id ORDER BY unit_id";

using SumsRow = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;

const char* statement_of(By by) {
  switch (by) {
    case By::department: return kByDepartment;
    case By::person: return kByPerson;
    case By::endpoint: return kByEndpoint;
    case By::purpose: return kByPurpose;
  }
  return kByDepartment;
}

}  // namespace

namespace {

Result<std::optional<Moved>> moved_by(sql::Query query) {
  SK_TRY(const auto row, query.maybe_one<std::int64_t, std::int64_t, std::int64_t>());
  if (!row) return std::optional<Moved>();
  const auto& [total, moved, limit] = *row;
  return std::optional(Moved{total - moved, total, limit});
}

}  // namespace

Result<std::optional<Moved>> Table::reserve(sql::Tx& tx, const Reservation& r, std::int64_t default_limit) {
  return moved_by(std::move(tx.query(kReserve).bind("id", r.id).bind("at", r.at).bind("recorded", r.at).bind("purpose", r.purpose).bind("endpoint_id", r.endpoint_id)
                                .bind("endpoint", r.endpoint).bind("in", r.characters_in).bind("month", r.month).bind("person", r.person_id).bind("amount", r.amount)
                                .bind("usual", default_limit)));
}

Result<std::string> Table::exceeded(sql::Tx& tx, const Reservation& r, std::int64_t default_limit) {
  SK_TRY(const auto row, tx.query(kExceeded).bind("month", r.month).bind("person", r.person_id).bind("amount", r.amount).bind("usual", default_limit).one<std::string>());
  return std::get<0>(row);
}

Result<std::optional<Moved>> Table::settle(sql::Tx& tx, const Settlement& s) {
  return moved_by(std::move(tx.query(kSettle).bind("recorded", s.at).bind("outcome", s.outcome).bind("in", s.characters_in).bind("out", s.characters_out)
                                .bind("context", s.characters_context).bind("id", s.id).bind("built_in", s.built_in).bind("counted", s.counted)));
}

Result<std::vector<OpenUse>> Table::open_uses(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kOpen).all<std::string, std::int64_t, std::int64_t>());
  std::vector<OpenUse> out;
  for (const auto& [id, in, reserved] : rows) out.push_back({id, in, reserved});
  return out;
}

Result<Totals> Table::totals(sql::Tx& tx, const std::string& month, const std::string& unit_id, const std::string& person_id) {
  SK_TRY(const auto row, tx.query(kTotals).bind("month", month).bind("month2", month).bind("unit", unit_id).bind("month3", month).bind("person", person_id)
                             .one<std::int64_t, std::int64_t, std::int64_t>());
  return Totals{std::get<0>(row), std::get<1>(row), std::get<2>(row)};
}

Result<Sums> Table::sums(sql::Tx& tx, const std::string& month) {
  SK_TRY(const auto row, tx.query(kSums).bind("month", month).one<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>());
  return std::make_from_tuple<Sums>(row);
}

Result<std::map<std::int64_t, Sums>> Table::by_day(sql::Tx& tx, const std::string& from_month, const std::string& to_month) {
  SK_TRY(const auto rows, tx.query(kByDay).bind("from", from_month).bind("to", to_month)
                              .all<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>());
  std::map<std::int64_t, Sums> out;
  for (const auto& [day, uses, in, written, context, counted] : rows) out.emplace(day, Sums{uses, in, written, context, counted});
  return out;
}

Result<std::map<std::string, Sums>> Table::by_month(sql::Tx& tx, const std::string& from_month, const std::string& to_month) {
  SK_TRY(const auto rows, tx.query(kByMonth).bind("from", from_month).bind("to", to_month)
                              .all<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>());
  std::map<std::string, Sums> out;
  for (const auto& [month, uses, in, written, context, counted] : rows) out.emplace(month, Sums{uses, in, written, context, counted});
  return out;
}

Result<std::vector<Group>> Table::groups(sql::Tx& tx, const std::string& month, By by, const std::string& unit_id) {
  SK_TRY(const auto rows, tx.query(statement_of(by)).bind("month", month).bind("unit", unit_id).bind("unit2", unit_id)
                              .all<std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>());
  std::vector<Group> out;
  for (const auto& [key, name, parent, uses, in, written, context, counted] : rows) out.push_back({key, name, parent, {uses, in, written, context, counted}});
  return out;
}

Result<std::optional<Timestamp>> Table::first_use(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kFirst).maybe_one<Timestamp>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Result<std::optional<Timestamp>> Table::reached(sql::Tx& tx, const std::string& month, std::int64_t characters) {
  SK_TRY(const auto row, tx.query(kReached).bind("month", month).bind("characters", characters).maybe_one<Timestamp>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Status Table::put_budget(sql::Tx& tx, const Budget& b) {
  SK_CHECK(tx.query(kPutBudget).bind("scope", b.scope).bind("target", b.target).bind("monthly", b.monthly).bind("by", b.set_by).bind("at", b.set_at).run());
  return ok();
}

Status Table::drop_budget(sql::Tx& tx, const std::string& scope, const std::string& target) {
  SK_CHECK(tx.query(kDropBudget).bind("scope", scope).bind("target", target).run());
  return ok();
}

Result<std::vector<Budget>> Table::budgets(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kBudgets).all<std::string, std::string, std::int64_t, std::string, Timestamp>());
  std::vector<Budget> out;
  for (const auto& [scope, target, monthly, by, at] : rows) out.push_back({scope, target, monthly, by, at});
  return out;
}

Result<std::optional<std::int64_t>> Table::budget(sql::Tx& tx, const std::string& scope, const std::string& target) {
  SK_TRY(const auto row, tx.query(kBudget).bind("scope", scope).bind("target", target).maybe_one<std::int64_t>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

Result<std::optional<Table::Person>> Table::person(sql::Tx& tx, const std::string& id) {
  SK_TRY(const auto row, tx.query(kPerson).bind("id", id).maybe_one<std::string, std::string, std::string>());
  if (!row) return std::optional<Person>();
  return std::optional(Person{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)});
}

Result<std::map<std::string, std::int64_t>> Table::stored(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kStored).all<std::string, std::int64_t>());
  std::map<std::string, std::int64_t> out;
  for (const auto& [unit, bytes] : rows) out.emplace(unit, bytes);
  return out;
}

}  // namespace sekisho::metering
