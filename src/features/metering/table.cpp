#include "features/metering/table.h"

namespace sekisho::metering {
namespace {

// The last total of a month, of the body or of one department or person: the end of an index.
#define SK_LAST(column, of) "COALESCE((SELECT l." column " FROM usage_event l WHERE l.month = " of " ORDER BY l.seq DESC LIMIT 1), 0)"
// What a reservation is decided by: the person's department, the budgets, the totals so far. Written apart from the row itself: a statement that
// inserts from what it reads, or returns what it wrote, makes SQLite open temporary tables, which cost more than the rest of it.
constexpr const char* kStanding =
    "SELECT n.unit_id, COALESCE((SELECT monthly FROM usage_budget WHERE scope = 'body' AND target = ''), CAST(:usual AS BIGINT)), "
    "(SELECT b.monthly FROM usage_budget b WHERE b.scope = 'department' AND b.target = n.unit_id), "
    "(SELECT b.monthly FROM usage_budget b WHERE b.scope = 'person' AND b.target = :person), "
    SK_LAST("body_total", ":month") ", " SK_LAST("unit_total", ":month2 AND l.unit_id = n.unit_id") ", "
    SK_LAST("person_total", ":month3 AND l.person_id = :person2")
    " FROM (SELECT COALESCE((SELECT u.unit_id FROM person_unit u WHERE u.id = :person3), '') AS unit_id) n";
// Who, where and which month a settled row takes from its reservation, and the totals it moves.
constexpr const char* kReserved =
    "SELECT r.at, r.month, r.purpose, r.person_id, r.unit_id, r.endpoint_id, r.endpoint, r.counted, r.body_limit, " SK_LAST("body_total", "r.month") ", "
    SK_LAST("unit_total", "r.month AND l.unit_id = r.unit_id") ", " SK_LAST("person_total", "r.month AND l.person_id = r.person_id")
    " FROM usage_event r WHERE r.id = :id AND r.step = 0 AND NOT EXISTS (SELECT 1 FROM usage_event s WHERE s.id = :id2 AND s.step = 1)";
constexpr const char* kInsert =
    "INSERT INTO usage_event (id, step, at, recorded_at, month, purpose, outcome, person_id, unit_id, endpoint_id, endpoint, characters_in, characters_out, "
    "characters_context, counted, moved, body_total, unit_total, person_total, body_limit) VALUES (:id, :step, :at, :recorded, :month, :purpose, :outcome, "
    ":person, :unit, :endpoint_id, :endpoint, :in, :out, :context, :counted, :moved, :body_total, :unit_total, :person_total, :body_limit)";
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

// One row of the ledger, but for its number.
struct Row {
  std::string id;
  int step = 0;
  Timestamp at;
  Timestamp recorded;
  std::string month;
  std::string purpose;
  std::string outcome;
  std::string person_id;
  std::string unit_id;
  std::string endpoint_id;
  std::string endpoint;
  std::int64_t in = 0;
  std::int64_t out = 0;
  std::int64_t context = 0;
  std::int64_t counted = 0;
  std::int64_t moved = 0;
  Totals before;
  std::int64_t body_limit = 0;
};

Result<Moved> append(sql::Tx& tx, const Row& r) {
  const Totals after{r.before.body + r.moved, r.before.unit + r.moved, r.before.person + r.moved};
  SK_CHECK(tx.query(kInsert).bind("id", r.id).bind("step", r.step).bind("at", r.at).bind("recorded", r.recorded).bind("month", r.month).bind("purpose", r.purpose)
               .bind("outcome", r.outcome).bind("person", r.person_id).bind("unit", r.unit_id).bind("endpoint_id", r.endpoint_id).bind("endpoint", r.endpoint)
               .bind("in", r.in).bind("out", r.out).bind("context", r.context).bind("counted", r.counted).bind("moved", r.moved).bind("body_total", after.body)
               .bind("unit_total", after.unit).bind("person_total", after.person).bind("body_limit", r.body_limit).run());
  return Moved{r.before.body, after.body, r.body_limit};
}

}  // namespace

Result<Reserved> Table::reserve(sql::Tx& tx, const Reservation& r, std::int64_t default_limit) {
  using Limit = std::optional<std::int64_t>;
  SK_TRY(const auto standing, tx.query(kStanding).bind("usual", default_limit).bind("person", r.person_id).bind("month", r.month).bind("month2", r.month)
                                  .bind("month3", r.month).bind("person2", r.person_id).bind("person3", r.person_id)
                                  .one<std::string, std::int64_t, Limit, Limit, std::int64_t, std::int64_t, std::int64_t>());
  const auto& [unit_id, body_limit, unit_limit, person_limit, body, unit, person] = standing;
  const auto over = [&](std::int64_t total, const Limit& limit) { return r.amount > 0 && limit && total + r.amount > *limit; };
  if (over(body, body_limit)) return Reserved{{}, "body"};
  if (over(unit, unit_limit)) return Reserved{{}, "department"};
  if (over(person, person_limit)) return Reserved{{}, "person"};
  SK_TRY(const Moved moved, append(tx, {r.id, 0, r.at, r.at, r.month, r.purpose, "open", r.person_id, unit_id, r.endpoint_id, r.endpoint, r.characters_in, 0, 0, r.amount,
                                        r.amount, {body, unit, person}, body_limit}));
  return Reserved{moved, {}};
}

Result<std::optional<Moved>> Table::settle(sql::Tx& tx, const Settlement& s) {
  SK_TRY(const auto row, tx.query(kReserved).bind("id", s.id).bind("id2", s.id)
                             .maybe_one<Timestamp, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t,
                                        std::int64_t, std::int64_t, std::int64_t>());
  if (!row) return std::optional<Moved>();
  const auto& [at, month, purpose, person_id, unit_id, endpoint_id, endpoint, reserved, body_limit, body, unit, person] = *row;
  SK_TRY(const Moved moved,
         append(tx, {s.id, 1, at, s.at, month, purpose, s.outcome, person_id, unit_id, s.built_in ? "" : endpoint_id, s.built_in ? "" : endpoint, s.characters_in,
                     s.characters_out, s.characters_context, s.counted, s.counted - reserved, {body, unit, person}, body_limit}));
  return std::optional(moved);
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
