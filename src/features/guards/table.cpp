#include "features/guards/table.h"

namespace sekisho::guards {
namespace {

constexpr const char* kRules = "SELECT rule FROM guard_rule ORDER BY position LIMIT 200";
constexpr const char* kDeleteRules = "DELETE FROM guard_rule";
constexpr const char* kInsertRule = "INSERT INTO guard_rule (position, rule) VALUES (:position, :rule)";
constexpr const char* kWords =
    "SELECT normal, word, note FROM ng_word WHERE normal > :after AND (:part = '' OR normal LIKE :like ESCAPE '\\') ORDER BY normal LIMIT :limit";
constexpr const char* kCountWords = "SELECT COUNT(*) FROM ng_word";
constexpr const char* kPutWord =
    "INSERT INTO ng_word (normal, word, note, created_at) VALUES (:normal, :word, :note, :now) "
    "ON CONFLICT (normal) DO UPDATE SET word = excluded.word, note = excluded.note";
constexpr const char* kRemoveWord = "DELETE FROM ng_word WHERE normal = :normal";
constexpr const char* kRemoveWords = "DELETE FROM ng_word";
constexpr const char* kRevision = "SELECT revision FROM guard_state WHERE id = 1";
constexpr const char* kSetRevision =
    "INSERT INTO guard_state (id, revision, updated_at) VALUES (1, :revision, :now) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, updated_at = excluded.updated_at";

std::string like(const std::string& part) {
  std::string out = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + "%";
}

}  // namespace

Result<std::vector<std::string>> Table::rules(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kRules).all<std::string>());
  std::vector<std::string> out;
  for (auto& [rule] : rows) out.push_back(std::move(rule));
  return out;
}

Status Table::replace_rules(sql::Tx& tx, const std::vector<std::string>& rules) {
  SK_CHECK(tx.query(kDeleteRules).run());
  for (std::size_t i = 0; i < rules.size(); ++i) SK_CHECK(tx.query(kInsertRule).bind("position", static_cast<std::int64_t>(i)).bind("rule", rules[i]).run());
  return ok();
}

Result<std::vector<Word>> Table::words(sql::Tx& tx, const std::string& part, const std::string& after, int limit) {
  SK_TRY(auto rows, tx.query(kWords).bind("after", after).bind("part", part).bind("like", like(part)).bind("limit", limit).all<std::string, std::string, std::string>());
  std::vector<Word> out;
  for (auto& [normal, word, note] : rows) out.push_back({normal, word, note});
  return out;
}

Result<std::int64_t> Table::count_words(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kCountWords).all<std::int64_t>());
  return rows.empty() ? 0 : std::get<0>(rows.front());
}

Status Table::put_word(sql::Tx& tx, const Word& word, Timestamp now) {
  SK_CHECK(tx.query(kPutWord).bind("normal", word.normal).bind("word", word.word).bind("note", word.note).bind("now", now).run());
  return ok();
}

Status Table::remove_word(sql::Tx& tx, const std::string& normal) {
  SK_CHECK(tx.query(kRemoveWord).bind("normal", normal).run());
  return ok();
}

Status Table::remove_words(sql::Tx& tx) {
  SK_CHECK(tx.query(kRemoveWords).run());
  return ok();
}

Result<std::string> Table::revision(sql::Tx& tx) {
  SK_TRY(auto rows, tx.query(kRevision).all<std::string>());
  return rows.empty() ? std::string() : std::get<0>(rows.front());
}

Status Table::set_revision(sql::Tx& tx, const std::string& revision, Timestamp now) {
  SK_CHECK(tx.query(kSetRevision).bind("revision", revision).bind("now", now).run());
  return ok();
}

}  // namespace sekisho::guards
