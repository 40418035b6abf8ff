#include "features/backup/table.h"

namespace sekisho::backup {
namespace {

#define SK_SET_COLUMNS "file, at, kind, place, label, database_bytes, originals, original_bytes, new_bytes, took_ms, gone_at"
constexpr const char* kAddSet =
    "INSERT INTO backup_set (" SK_SET_COLUMNS ") VALUES (:file, :at, :kind, :place, :label, :database, :originals, :bytes, :new, :took, NULL)";
constexpr const char* kGone = "UPDATE backup_set SET gone_at = :at WHERE file = :file AND gone_at IS NULL";
constexpr const char* kSets = "SELECT " SK_SET_COLUMNS " FROM backup_set ORDER BY at DESC, file DESC LIMIT :limit";
constexpr const char* kThere = "SELECT " SK_SET_COLUMNS " FROM backup_set WHERE gone_at IS NULL ORDER BY at, file";
constexpr const char* kAddTest =
    "INSERT INTO restore_test (at, file, good, restore_ms, compare_ms, bytes, report) VALUES (:at, :file, :good, :restore, :compare, :bytes, :report)";
constexpr const char* kTests = "SELECT at, file, good, restore_ms, compare_ms, bytes, report FROM restore_test ORDER BY at DESC LIMIT :limit";
constexpr const char* kBeginAlarm = "INSERT INTO backup_alarm (begun_at, reason, ended_at) VALUES (:at, :reason, NULL)";
constexpr const char* kEndAlarm = "UPDATE backup_alarm SET ended_at = :at WHERE ended_at IS NULL";
constexpr const char* kOpenAlarm = "SELECT begun_at, reason, ended_at FROM backup_alarm WHERE ended_at IS NULL ORDER BY begun_at LIMIT 1";

Result<std::vector<SetRow>> read_sets(sql::Query&& query) {
  SK_TRY(auto rows, query.all<std::string, Timestamp, std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                              std::optional<Timestamp>>());
  std::vector<SetRow> out;
  for (auto& [file, at, kind, place, label, database, originals, bytes, fresh, took, gone] : rows)
    out.push_back({std::move(file), at, std::move(kind), std::move(place), std::move(label), database, originals, bytes, fresh, took, gone});
  return out;
}

Status changed(Result<std::int64_t> rows) { return rows ? ok() : Status(Unexpected(rows.error())); }

}  // namespace

Status Table::add_set(sql::Tx& tx, const SetRow& s) {
  return changed(tx.query(kAddSet).bind("file", s.file).bind("at", s.at).bind("kind", s.kind).bind("place", s.place).bind("label", s.label).bind("database", s.database_bytes)
                     .bind("originals", s.originals).bind("bytes", s.original_bytes).bind("new", s.new_bytes).bind("took", s.took_ms).run());
}

Status Table::set_gone(sql::Tx& tx, const std::string& file, Timestamp at) { return changed(tx.query(kGone).bind("at", at).bind("file", file).run()); }

Result<std::vector<SetRow>> Table::sets(sql::Tx& tx, int limit) { return read_sets(std::move(tx.query(kSets).bind("limit", limit))); }
Result<std::vector<SetRow>> Table::there(sql::Tx& tx) { return read_sets(tx.query(kThere)); }

Status Table::add_test(sql::Tx& tx, const TestRow& t) {
  return changed(tx.query(kAddTest).bind("at", t.at).bind("file", t.file).bind("good", t.good).bind("restore", t.restore_ms).bind("compare", t.compare_ms).bind("bytes", t.bytes)
                     .bind("report", json::write(t.report)).run());
}

Result<std::vector<TestRow>> Table::tests(sql::Tx& tx, int limit) {
  SK_TRY(const auto rows, tx.query(kTests).bind("limit", limit).all<Timestamp, std::string, bool, std::int64_t, std::int64_t, std::int64_t, std::string>());
  std::vector<TestRow> out;
  for (const auto& [at, file, good, restore, compare, bytes, report] : rows) {
    SK_TRY(auto read, json::read_text<Comparison>(report));
    out.push_back({at, file, good, restore, compare, bytes, std::move(read)});
  }
  return out;
}

Status Table::begin_alarm(sql::Tx& tx, const AlarmRow& alarm) { return changed(tx.query(kBeginAlarm).bind("at", alarm.begun_at).bind("reason", alarm.reason).run()); }

Result<bool> Table::end_alarm(sql::Tx& tx, Timestamp at) {
  SK_TRY(const std::int64_t rows, tx.query(kEndAlarm).bind("at", at).run());
  return rows > 0;
}

Result<std::optional<AlarmRow>> Table::open_alarm(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kOpenAlarm).maybe_one<Timestamp, std::string, std::optional<Timestamp>>());
  if (!row) return std::optional<AlarmRow>();
  return std::optional(AlarmRow{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)});
}

}  // namespace sekisho::backup
