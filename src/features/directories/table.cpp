#include "features/directories/table.h"

namespace sekisho::directories {
namespace {

constexpr const char* kPut = "INSERT INTO directory (one, record) VALUES (1, :record) ON CONFLICT (one) DO UPDATE SET record = excluded.record";
constexpr const char* kGet = "SELECT record FROM directory WHERE one = 1";
constexpr const char* kAssign = "INSERT INTO directory_account (account_id) VALUES (:person) ON CONFLICT (account_id) DO NOTHING";
constexpr const char* kTakeBack = "DELETE FROM directory_account WHERE account_id = :person";
constexpr const char* kUses = "SELECT account_id FROM directory_account WHERE account_id = :person";

}  // namespace

Status Table::put(sql::Tx& tx, const Record& record) {
  SK_CHECK(tx.query(kPut).bind("record", json::write(record)).run());
  return ok();
}

Result<std::optional<Record>> Table::get(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kGet).maybe_one<std::string>());
  if (!row) return std::optional<Record>();
  SK_TRY(auto record, json::read_text<Record>(std::get<0>(*row)));
  return std::optional<Record>(std::move(record));
}

Status Table::assign(sql::Tx& tx, const PersonId& person, bool uses) {
  SK_CHECK(tx.query(uses ? kAssign : kTakeBack).bind("person", person).run());
  return ok();
}

Result<bool> Table::uses(sql::Tx& tx, const PersonId& person) {
  SK_TRY(const auto row, tx.query(kUses).bind("person", person).maybe_one<PersonId>());
  return row.has_value();
}

}  // namespace sekisho::directories
