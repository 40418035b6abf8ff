#include "features/office/definitions.h"

namespace sekisho::office {
namespace {

constexpr const char* kInsert =
    "INSERT INTO office_definition (id, name, number, own, source, sha256, note, put_by, put_at) VALUES (:id, :name, :number, :own, :source, :sha, :note, :by, :at)";
constexpr const char* kApart = "INSERT INTO office_apart (definition_id, transition, other) VALUES (:id, :transition, :other) ON CONFLICT (definition_id, transition, other) DO NOTHING";
#define SK_VERSION_COLUMNS "id, name, number, own, source, sha256, note, put_by, put_at, withdrawn_at"
constexpr const char* kFind = "SELECT " SK_VERSION_COLUMNS " FROM office_definition WHERE id = :id";
constexpr const char* kByText = "SELECT " SK_VERSION_COLUMNS " FROM office_definition WHERE name = :name AND sha256 = :sha AND own = :own ORDER BY number DESC LIMIT 1";
constexpr const char* kAll = "SELECT id, name, number, own, '', sha256, note, put_by, put_at, withdrawn_at FROM office_definition ORDER BY name, number DESC LIMIT 2000";
constexpr const char* kOwn =
    "SELECT " SK_VERSION_COLUMNS " FROM office_definition d WHERE d.own = 1 AND d.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM office_definition n WHERE n.name = d.name AND n.own = 1 "
    "AND n.withdrawn_at IS NULL AND n.number > d.number) ORDER BY d.name LIMIT 1000";
constexpr const char* kWithdraw = "UPDATE office_definition SET withdrawn_at = :at WHERE name = :name AND own = 1 AND withdrawn_at IS NULL";
constexpr const char* kLast = "SELECT COALESCE(MAX(number), 0) FROM office_definition WHERE name = :name";

Result<std::vector<Version>> versions(sql::Query query) {
  SK_TRY(auto rows, query.all<DefinitionId, std::string, int, bool, std::string, std::string, std::string, std::string, Timestamp, std::optional<Timestamp>>());
  std::vector<Version> out;
  for (auto& [id, name, number, own, source, sha, note, by, at, withdrawn] : rows) out.push_back({id, name, number, own, source, sha, note, by, at, withdrawn});
  return out;
}

Result<std::optional<Version>> one(sql::Query query) {
  SK_TRY(auto found, versions(std::move(query)));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

}  // namespace

Status DefinitionTable::insert(sql::Tx& tx, const Version& v) {
  SK_CHECK(tx.query(kInsert).bind("id", v.id).bind("name", v.name).bind("number", v.number).bind("own", v.own).bind("source", v.source).bind("sha", v.sha256).bind("note", v.note)
               .bind("by", v.put_by).bind("at", v.put_at).run());
  return ok();
}
Status DefinitionTable::keep_apart(sql::Tx& tx, const DefinitionId& id, const std::string& transition, const std::string& other) {
  SK_CHECK(tx.query(kApart).bind("id", id).bind("transition", transition).bind("other", other).run());
  return ok();
}
Result<std::optional<Version>> DefinitionTable::find(sql::Tx& tx, const DefinitionId& id) {
  sql::Query query = tx.query(kFind);
  query.bind("id", id);
  return one(std::move(query));
}
Result<std::optional<Version>> DefinitionTable::by_text(sql::Tx& tx, const std::string& name, const std::string& sha256, bool own) {
  sql::Query query = tx.query(kByText);
  query.bind("name", name).bind("sha", sha256).bind("own", own);
  return one(std::move(query));
}
Result<std::vector<Version>> DefinitionTable::all(sql::Tx& tx) { return versions(tx.query(kAll)); }
Result<std::vector<Version>> DefinitionTable::own(sql::Tx& tx) { return versions(tx.query(kOwn)); }
Result<bool> DefinitionTable::withdraw(sql::Tx& tx, const std::string& name, Timestamp now) {
  SK_TRY(const auto rows, tx.query(kWithdraw).bind("at", now).bind("name", name).run());
  return rows > 0;
}
Result<int> DefinitionTable::last_number(sql::Tx& tx, const std::string& name) {
  SK_TRY(const auto row, tx.query(kLast).bind("name", name).one<int>());
  return std::get<0>(row);
}

}  // namespace sekisho::office
