#include "features/office/kept_table.h"

namespace sekisho::office {
namespace {

constexpr const char* kOf = "SELECT name, content FROM office_kept WHERE case_id = :id ORDER BY position, name";
constexpr const char* kPut =
    "INSERT INTO office_kept (case_id, name, position, content) VALUES (:id, :name, :position, :content) ON CONFLICT (case_id, name) DO UPDATE SET content = :content2";
constexpr const char* kHolds =
    "SELECT c.id FROM office_case c JOIN office_kept k ON k.case_id = c.id WHERE c.definition = :definition AND k.name = :name AND k.content = :content LIMIT 1";
constexpr const char* kDrop = "DELETE FROM office_kept WHERE case_id = :id AND name = :name";

}  // namespace

Result<std::vector<Kept>> KeptTable::of(sql::Tx& tx, const CaseId& id) {
  SK_TRY(const auto rows, tx.query(kOf).bind("id", id).all<std::string, std::string>());
  std::vector<Kept> out;
  for (const auto& [name, content] : rows) out.push_back({name, content});
  return out;
}

Result<bool> KeptTable::holds(sql::Tx& tx, const std::string& definition, const std::string& name, const std::string& content) {
  SK_TRY(const auto row, tx.query(kHolds).bind("definition", definition).bind("name", name).bind("content", content).maybe_one<CaseId>());
  return row.has_value();
}

Status KeptTable::put(sql::Tx& tx, const CaseId& id, const std::vector<Kept>& kept) {
  int position = 0;
  for (const Kept& k : kept) {
    ++position;
    if (k.content.empty()) {
      SK_CHECK(tx.query(kDrop).bind("id", id).bind("name", k.name).run());
      continue;
    }
    SK_CHECK(tx.query(kPut).bind("id", id).bind("name", k.name).bind("position", position).bind("content", k.content).bind("content2", k.content).run());
  }
  return ok();
}

}  // namespace sekisho::office
