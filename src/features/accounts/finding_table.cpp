#include "features/accounts/finding.h"

namespace sekisho::accounts {
namespace {

// Three words narrow any name down; more are not looked at. An empty word fits all.
constexpr const char* kFind =
    "SELECT a.id FROM account a JOIN unit u ON u.id = a.unit_id WHERE a.enabled = 1 "
    "AND LOWER(REPLACE(REPLACE(a.name || a.login || u.name, '　', ''), ' ', '')) LIKE :one ESCAPE '\\' "
    "AND LOWER(REPLACE(REPLACE(a.name || a.login || u.name, '　', ''), ' ', '')) LIKE :two ESCAPE '\\' "
    "AND LOWER(REPLACE(REPLACE(a.name || a.login || u.name, '　', ''), ' ', '')) LIKE :three ESCAPE '\\' ORDER BY a.login LIMIT :limit";

std::string like(const std::string& word) {
  std::string out = "%";
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

}  // namespace

Result<std::vector<AccountId>> find_accounts(sql::Tx& tx, const std::vector<std::string>& words, int limit) {
  const auto at = [&](std::size_t n) { return n < words.size() ? like(words[n]) : std::string("%"); };
  SK_TRY(const auto rows, tx.query(kFind).bind("one", at(0)).bind("two", at(1)).bind("three", at(2)).bind("limit", limit).all<AccountId>());
  std::vector<AccountId> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

}  // namespace sekisho::accounts
