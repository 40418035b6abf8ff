#include "features/office/overview_table.h"

#include <set>

namespace sekisho::office {
namespace {

constexpr const char* kOfUnit = "SELECT id FROM office_case WHERE unit_id = :unit AND kind <> 'closed' AND id > :after ORDER BY id LIMIT :limit";
constexpr const char* kOfAll = "SELECT id FROM office_case WHERE kind <> 'closed' AND id > :after ORDER BY id LIMIT :limit";
constexpr const char* kOpened = "SELECT id FROM office_case WHERE opened_at >= :from AND opened_at < :to AND (:any = 1 OR definition = :definition)";
constexpr const char* kClosed = "SELECT id FROM office_case WHERE closed_at >= :from AND closed_at < :to AND (:any = 1 OR definition = :definition)";

Result<std::vector<CaseId>> ids(sql::Query& query) {
  SK_TRY(const auto rows, query.all<CaseId>());
  std::vector<CaseId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

}  // namespace

Result<std::vector<CaseId>> OverviewTable::at_work(sql::Tx& tx, const std::string& unit, const std::string& after, int limit) {
  return ids(tx.query(kOfUnit).bind("unit", unit).bind("after", after).bind("limit", limit));
}

Result<std::vector<CaseId>> OverviewTable::at_work(sql::Tx& tx, const std::string& after, int limit) { return ids(tx.query(kOfAll).bind("after", after).bind("limit", limit)); }

Result<std::vector<CaseId>> OverviewTable::moved(sql::Tx& tx, const std::string& definition, Timestamp from, Timestamp to) {
  std::set<CaseId> all;
  for (const char* statement : {kOpened, kClosed}) {
    SK_TRY(const auto some, ids(tx.query(statement).bind("from", from).bind("to", to).bind("any", definition.empty()).bind("definition", definition)));
    all.insert(some.begin(), some.end());
  }
  return std::vector<CaseId>(all.begin(), all.end());
}

}  // namespace sekisho::office
