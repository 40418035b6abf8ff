#include "features/backup/contents_table.h"

#include <limits>

#include "crypto/hash.h"
#include "policy/label.h"

namespace sekisho::backup {
namespace {

constexpr std::int64_t kRowsAtOnce = 500;
constexpr const char* kTables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
constexpr const char* kColumns = "SELECT name FROM pragma_table_info(:name) ORDER BY cid";
constexpr const char* kSchema = "SELECT COALESCE(MAX(number), 0) FROM schema_step";
constexpr const char* kSteps = "SELECT number FROM schema_step ORDER BY number";
constexpr const char* kBytes = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
constexpr const char* kLabels = "SELECT text FROM label ORDER BY id";
constexpr const char* kIntegrity = "SELECT integrity_check FROM pragma_integrity_check(20)";
constexpr const char* kForeign = "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 20";
constexpr const char* kOriginals = "SELECT DISTINCT blob_id FROM document WHERE blob_id <> '' ORDER BY blob_id";

// Names come from the schema, which only migrations write.
std::string quoted(const std::string& name) { return "\"" + name + "\""; }

Result<std::optional<TableDigest>> digest(sql::Tx& tx, const std::string& table, const GoOn& go_on) {
  SK_TRY(const auto columns, tx.query(kColumns).bind("name", table).all<std::string>());
  std::string row;
  for (const auto& [column] : columns) row += (row.empty() ? "" : " || ',' || ") + ("quote(" + quoted(column) + ")");
  const std::string text = "SELECT rowid, " + row + " FROM " + quoted(table) + " WHERE rowid > :after ORDER BY rowid LIMIT " + std::to_string(kRowsAtOnce);
  TableDigest out{table, 0, ""};
  crypto::Sha256 hash;
  for (std::int64_t after = std::numeric_limits<std::int64_t>::min();;) {
    if (!go_on()) return std::optional<TableDigest>();
    SK_TRY(const auto rows, tx.query(text).bind("after", after).all<std::int64_t, std::string>());
    for (const auto& [id, content] : rows) {
      hash.update(content);
      hash.update("\n");
      after = id;
    }
    out.rows += static_cast<std::int64_t>(rows.size());
    if (static_cast<std::int64_t>(rows.size()) < kRowsAtOnce) break;
  }
  out.sha256 = to_hex(hash.finish());
  return std::optional(std::move(out));
}

}  // namespace

Result<std::vector<TableDigest>> digest_tables(sql::Tx& tx, const GoOn& go_on) {
  SK_TRY(const auto tables, tx.query(kTables).all<std::string>());
  std::vector<TableDigest> out;
  for (const auto& [table] : tables) {
    SK_TRY(auto one, digest(tx, table, go_on).context(table));
    if (!one) return std::vector<TableDigest>();
    out.push_back(std::move(*one));
  }
  return out;
}

Result<std::int64_t> schema_number(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kSchema).one<std::int64_t>());
  return std::get<0>(row);
}

Result<std::set<std::int64_t>> steps_taken(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kSteps).all<std::int64_t>());
  std::set<std::int64_t> out;
  for (const auto& [number] : rows) out.insert(number);
  return out;
}

Result<std::int64_t> database_bytes(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kBytes).one<std::int64_t>());
  return std::get<0>(row);
}

Result<std::string> highest_label(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kLabels).all<std::string>());
  policy::Label all;
  bool any = false;
  for (const auto& [text] : rows) {
    auto label = policy::decode(text);
    if (!label) continue;       // nobody reads what carries it
    label->readers = {};  // the classes and origins: all readers together would be nobody
    all = any ? policy::join(all, *label) : *label;
    any = true;
  }
  return any ? policy::encode(all) : std::string();
}

Result<std::vector<std::string>> integrity_faults(sql::Tx& tx) {
  std::vector<std::string> out;
  SK_TRY(const auto integrity, tx.query(kIntegrity).all<std::string>());
  for (const auto& [line] : integrity)
    if (line != "ok") out.push_back(line);
  SK_TRY(const auto foreign, tx.query(kForeign).all<std::string>());
  for (const auto& [table] : foreign) out.push_back("foreign key: " + table);
  return out;
}

Result<std::vector<std::string>> originals_named(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kOriginals).all<std::string>());
  std::vector<std::string> out;
  for (const auto& [id] : rows) out.push_back(id);
  return out;
}

}  // namespace sekisho::backup
