#include "features/switches/table.h"

namespace sekisho::switches {
namespace {

#define SK_STANDING_COLUMNS "id, case_id, number, name, person, person_name, unit_id, value, arguments, clause, since, until, set_by, set_at, ended_by, ended_at"

constexpr const char* kInsert =
    "INSERT INTO switch_standing (id, case_id, number, name, person, person_name, unit_id, value, arguments, clause, since, until, set_by, set_at) VALUES "
    "(:id, :case, :number, :name, :person, :person_name, :unit, :value, :arguments, :clause, :since, :until, :by, :at)";
constexpr const char* kEnd = "UPDATE switch_standing SET ended_by = :by, ended_at = :at WHERE id = :id AND ended_at IS NULL";
constexpr const char* kOfCase = "SELECT " SK_STANDING_COLUMNS " FROM switch_standing WHERE case_id = :case AND ended_at IS NULL ORDER BY id LIMIT 2000";
constexpr const char* kOfPerson = "SELECT " SK_STANDING_COLUMNS " FROM switch_standing WHERE person = :person AND ended_at IS NULL ORDER BY id LIMIT 500";
constexpr const char* kOfUnit = "SELECT " SK_STANDING_COLUMNS " FROM switch_standing WHERE unit_id = :unit AND ended_at IS NULL ORDER BY id LIMIT 500";
constexpr const char* kAll =
    "SELECT " SK_STANDING_COLUMNS " FROM switch_standing ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, set_at DESC, id DESC LIMIT :limit";
constexpr const char* kWish = "SELECT document FROM switch_wish WHERE id = 1";
constexpr const char* kPutWish =
    "INSERT INTO switch_wish (id, document, set_by, set_at) VALUES (1, :document, :by, :at) "
    "ON CONFLICT (id) DO UPDATE SET document = excluded.document, set_by = excluded.set_by, set_at = excluded.set_at";

Result<std::vector<Standing>> rows_of(sql::Query query) {
  SK_TRY(auto rows, query.all<StandingId, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, Timestamp,
                              std::optional<Timestamp>, std::string, Timestamp, std::optional<std::string>, std::optional<Timestamp>>());
  std::vector<Standing> out;
  for (auto& [id, about, number, name, person, person_name, unit, value, arguments, clause, since, until, by, at, ended_by, ended_at] : rows)
    out.push_back({id, about, number, name, person, person_name, unit, value, arguments, clause, since, until, by, at, ended_by, ended_at});
  return out;
}

}  // namespace

Status Table::insert(sql::Tx& tx, const Standing& s) {
  SK_CHECK(tx.query(kInsert).bind("id", s.id).bind("case", s.case_id).bind("number", s.number).bind("name", s.name).bind("person", s.person).bind("person_name", s.person_name).bind("unit", s.unit)
               .bind("value", s.value).bind("arguments", s.arguments).bind("clause", s.clause).bind("since", s.since).bind("until", s.until).bind("by", s.set_by)
               .bind("at", s.set_at).run());
  return ok();
}

Status Table::end(sql::Tx& tx, const StandingId& id, const std::string& by, Timestamp now) {
  SK_CHECK(tx.query(kEnd).bind("by", by).bind("at", now).bind("id", id).run());
  return ok();
}

Result<std::vector<Standing>> Table::of_case(sql::Tx& tx, const std::string& case_id) { return rows_of(std::move(tx.query(kOfCase).bind("case", case_id))); }
Result<std::vector<Standing>> Table::of_person(sql::Tx& tx, const std::string& person) { return rows_of(std::move(tx.query(kOfPerson).bind("person", person))); }
Result<std::vector<Standing>> Table::of_unit(sql::Tx& tx, const std::string& unit) { return rows_of(std::move(tx.query(kOfUnit).bind("unit", unit))); }
Result<std::vector<Standing>> Table::all(sql::Tx& tx, int limit) { return rows_of(std::move(tx.query(kAll).bind("limit", limit))); }

Result<std::optional<std::string>> Table::wish(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kWish).all<std::string>());
  if (rows.empty()) return std::optional<std::string>();
  return std::optional(std::get<0>(rows.front()));
}

Status Table::put_wish(sql::Tx& tx, const std::string& document, const std::string& by, Timestamp now) {
  SK_CHECK(tx.query(kPutWish).bind("document", document).bind("by", by).bind("at", now).run());
  return ok();
}

}  // namespace sekisho::switches
