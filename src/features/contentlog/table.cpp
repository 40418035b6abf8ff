#include "features/contentlog/table.h"

namespace sekisho::contentlog {
namespace {

constexpr const char* kPeople = "SELECT id, login, name, unit_id FROM person_unit ORDER BY name, id LIMIT 20000";
constexpr const char* kAskedIn = "SELECT unit_id FROM asked_in WHERE id = :id";

}  // namespace

Result<std::vector<Person>> Table::people(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kPeople).all<std::string, std::string, std::string, std::string>());
  std::vector<Person> out;
  for (const auto& [id, login, name, unit] : rows) out.push_back({id, login, name, unit});
  return out;
}

Result<std::optional<std::string>> Table::asked_in(sql::Tx& tx, const std::string& object) {
  SK_TRY(const auto row, tx.query(kAskedIn).bind("id", object).maybe_one<std::string>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}

}  // namespace sekisho::contentlog
