#include <array>
#include <optional>
#include <set>

#include "sql/connection.h"
#include "sql/db.h"

namespace sekisho::sql {
namespace {

struct TypeWord {
  std::string_view word;
  std::string_view sqlite;
};
constexpr std::array kTypeWords = {
    TypeWord{"{serial}", "INTEGER PRIMARY KEY"}, TypeWord{"{id}", "TEXT COLLATE BINARY"}, TypeWord{"{text}", "TEXT"},
    TypeWord{"{int}", "INTEGER"},                TypeWord{"{real}", "REAL"},              TypeWord{"{blob}", "BLOB"},
    TypeWord{"{time}", "INTEGER"},               TypeWord{"{bool}", "INTEGER"},           TypeWord{"{strict}", "STRICT"},
};

// Statements end with a semicolon at the end of a line; a trigger's body is indented and its inner lines are not at column 0 ends.
std::vector<std::string> statements(const std::string& text) {
  std::vector<std::string> out;
  std::string current;
  bool in_trigger = false;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("--") || line.empty()) continue;
    if (line.find("CREATE TRIGGER") == 0) in_trigger = true;
    current += line + "\n";
    const bool ends = in_trigger ? line.starts_with("END;") : line.back() == ';';
    if (!ends) continue;
    out.push_back(std::move(current));
    current.clear();
    in_trigger = false;
  }
  if (!current.empty()) out.push_back(std::move(current));
  return out;
}

// A step that cannot carry some data over says so in a line of its own: "--refuse KEY: QUERY". A row found leaves the data as it is.
struct Refusal {
  std::string key;
  std::string query;
};
std::optional<Refusal> refusal_of(std::string_view text) {
  constexpr std::string_view kMark = "\n--refuse ";
  const std::size_t at = text.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(at + kMark.size(), text.find('\n', at + 1) - at - kMark.size());
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return Refusal{"sql.migration", std::string(line)};  // a mistake in the step: its query fails
  return Refusal{std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))};
}

constexpr const char* kCreate = "CREATE TABLE IF NOT EXISTS schema_step (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT";
constexpr const char* kTaken = "SELECT number FROM schema_step ORDER BY number";
constexpr const char* kRecord = "INSERT INTO schema_step (number, name) VALUES (:number, :name)";

}  // namespace

std::string expand_types_sqlite(std::string_view migration) {
  std::string out(migration);
  for (const TypeWord& t : kTypeWords)
    for (std::size_t at = out.find(t.word); at != std::string::npos; at = out.find(t.word, at)) out.replace(at, t.word.size(), t.sqlite);
  return out;
}

Status Db::migrated(const std::vector<Migration>& migrations) {
  SK_TRY(auto tx, begin_read());
  SK_TRY(const auto rows, tx->query(kTaken).all<std::int64_t>());
  std::set<std::int64_t> taken;
  for (const auto& [number] : rows) taken.insert(number);
  for (const Migration& m : migrations)
    if (taken.erase(m.number) == 0) return fail(Code::unavailable, "sql.schema_older", "step " + std::string(m.name) + " is not applied yet");
  if (!taken.empty()) return fail(Code::unavailable, "sql.schema_newer", "the data was written by a newer version of the program");
  return ok();
}

Status Db::migrate(const std::vector<Migration>& migrations) {
  std::set<std::int64_t> taken;
  {
    SK_TRY(auto tx, begin_write());
    SK_TRY(const auto created, tx->query(kCreate).run());
    static_cast<void>(created);
    SK_TRY(const auto rows, tx->query(kTaken).all<std::int64_t>());
    for (const auto& [number] : rows) taken.insert(number);
    SK_CHECK(tx->commit());
  }
  const int known = migrations.empty() ? 0 : migrations.back().number;
  if (!taken.empty() && *taken.rbegin() > known) return fail(Code::unavailable, "sql.schema_newer", "the data was written by a newer version of the program");
  for (const Migration& m : migrations) {
    if (taken.contains(m.number)) continue;  // a lower number than the newest may still be due: steps are written side by side
    SK_TRY(auto tx, begin_write());
    if (const auto refusal = refusal_of(m.text)) {
      SK_TRY(const auto found, tx->query(refusal->query).all<std::int64_t>().context("migration " + std::string(m.name)));
      if (!found.empty()) return fail(Code::unavailable, refusal->key, "migration " + std::string(m.name));
    }
    for (const std::string& statement : statements(expand_types_sqlite(m.text))) {
      SK_TRY(const auto n, tx->query(statement).run().context("migration " + std::string(m.name)));
      static_cast<void>(n);
    }
    SK_TRY(const auto n, tx->query(kRecord).bind("number", m.number).bind("name", m.name).run());
    static_cast<void>(n);
    SK_CHECK(tx->commit());
  }
  return ok();
}

}  // namespace sekisho::sql
