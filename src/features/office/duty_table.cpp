#include "features/office/duty_table.h"

namespace sekisho::office {
namespace {

constexpr const char* kPut =
    "INSERT INTO office_duty (definition, duty, period, about, title, fiscal_year, opens_on, due_on) VALUES (:definition, :duty, :period, :about, :title, :year, :opens, :due) "
    "ON CONFLICT (definition, duty, period, about) DO NOTHING";
constexpr const char* kHas = "SELECT count(*) FROM office_duty WHERE definition = :definition AND duty = :duty AND period = :period AND about = :about";
constexpr const char* kOpened =
    "UPDATE office_duty SET case_id = :id WHERE definition = :definition AND duty = :duty AND period = :period AND about = :about AND case_id IS NULL";
#define SK_DUTIES                                                                                                                                                    \
  "SELECT d.definition, d.duty, d.period, d.about, d.title, d.fiscal_year, d.opens_on, d.due_on, d.case_id, COALESCE(c.state, ''), COALESCE(c.kind, '') FROM office_duty d " \
  "LEFT JOIN office_case c ON c.id = d.case_id "
constexpr const char* kToOpen = SK_DUTIES "WHERE d.case_id IS NULL AND d.opens_on <= :today ORDER BY d.opens_on, d.definition, d.about LIMIT :limit";
constexpr const char* kOfCase = SK_DUTIES "WHERE d.case_id = :id ORDER BY d.due_on LIMIT 1";
constexpr const char* kOfYear = SK_DUTIES "WHERE d.fiscal_year = :year ORDER BY d.due_on, d.definition, d.duty, d.about LIMIT :limit";

Result<std::vector<DutyRow>> rows_of(sql::Query query) {
  SK_TRY(auto rows, query.all<std::string, std::string, std::string, std::string, std::string, int, std::string, std::string, std::optional<CaseId>, std::string, std::string>());
  std::vector<DutyRow> out;
  for (auto& [definition, duty, period, about, title, year, opens, due, id, state, kind] : rows) out.push_back({definition, duty, period, about, title, year, opens, due, id, state, kind});
  return out;
}

}  // namespace

Result<bool> DutyTable::put(sql::Tx& tx, const DutyRow& r) {
  SK_TRY(const auto rows, tx.query(kPut).bind("definition", r.definition).bind("duty", r.duty).bind("period", r.period).bind("about", r.about).bind("title", r.title)
                              .bind("year", r.fiscal_year).bind("opens", r.opens_on).bind("due", r.due_on).run());
  return rows == 1;
}
Result<bool> DutyTable::has(sql::Tx& tx, const DutyRow& r) {
  SK_TRY(const auto rows, tx.query(kHas).bind("definition", r.definition).bind("duty", r.duty).bind("period", r.period).bind("about", r.about).all<int>());
  return !rows.empty() && std::get<0>(rows.front()) > 0;
}
Status DutyTable::opened(sql::Tx& tx, const DutyRow& r, const CaseId& id) {
  SK_CHECK(tx.query(kOpened).bind("id", id).bind("definition", r.definition).bind("duty", r.duty).bind("period", r.period).bind("about", r.about).run());
  return ok();
}
Result<std::optional<DutyRow>> DutyTable::of_case(sql::Tx& tx, const CaseId& id) {
  sql::Query query = tx.query(kOfCase);
  query.bind("id", id);
  SK_TRY(auto rows, rows_of(std::move(query)));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}
Result<std::vector<DutyRow>> DutyTable::to_open(sql::Tx& tx, const std::string& today, int limit) {
  sql::Query query = tx.query(kToOpen);
  query.bind("today", today).bind("limit", limit);
  return rows_of(std::move(query));
}
Result<std::vector<DutyRow>> DutyTable::of_year(sql::Tx& tx, int fiscal_year, int limit) {
  sql::Query query = tx.query(kOfYear);
  query.bind("year", fiscal_year).bind("limit", limit);
  return rows_of(std::move(query));
}

}  // namespace sekisho::office
