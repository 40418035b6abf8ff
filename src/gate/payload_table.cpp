#include "gate/payload_table.h"

#include "crypto/seal.h"
#include "tlog/leaf.h"

namespace sekisho::gate {
namespace {

constexpr const char* kKey = "SELECT sealed FROM log_key WHERE period = :period";
constexpr const char* kFirst = "SELECT first_seq FROM log_key WHERE period = :period";
constexpr const char* kInsertKey = "INSERT INTO log_key (period, sealed, first_seq) VALUES (:period, :sealed, :first)";
constexpr const char* kDeleteKey = "DELETE FROM log_key WHERE period = :period";
constexpr const char* kPeriods = "SELECT period FROM log_key ORDER BY period LIMIT 10000";
constexpr const char* kPayload = "SELECT period, sealed FROM log_payload WHERE seq = :seq";
constexpr const char* kSize = "SELECT COUNT(*), COALESCE(SUM(LENGTH(sealed)), 0) FROM log_payload WHERE seq >= :first AND period = :period";
constexpr const char* kEnd = "SELECT COALESCE(MAX(seq) + 1, 0) FROM log_payload";
constexpr const char* kInsertErasure =
    "INSERT INTO log_erasure (period, erased_at, payloads, first_seq, end_seq, swept_to) VALUES (:period, :at, :payloads, :first, :end, :swept)";
constexpr const char* kErasures = "SELECT period, erased_at, payloads, first_seq, end_seq, swept_to FROM log_erasure ORDER BY period LIMIT 10000";
constexpr const char* kErasure = "SELECT end_seq, swept_to FROM log_erasure WHERE period = :period";
constexpr const char* kSweep = "DELETE FROM log_payload WHERE seq >= :from AND seq < :to AND period = :period";
constexpr const char* kSwept = "UPDATE log_erasure SET swept_to = :to WHERE period = :period";

std::string wrapped_for(const std::string& period) { return "log-key:" + period; }

}  // namespace

bool has_kind(std::string_view period) { return period.find('/') != std::string_view::npos; }

std::string payload_place(std::uint64_t seq) { return "log-payload:" + std::to_string(seq); }

Result<const Secret*> PayloadKeys::writing(sql::Tx& tx, const Secret& master, const std::string& period, std::uint64_t seq) {
  if (const auto it = keys_.find(period); it != keys_.end()) return &it->second;
  if (keys_.size() > 16) keys_.clear();
  SK_TRY(auto known, PayloadTable::key(tx, master, period));
  if (!known) {
    known = crypto::random_key();
    SK_TRY(std::string sealed, crypto::seal(master, known->reveal(), wrapped_for(period)));
    SK_CHECK(tx.query(kInsertKey).bind("period", period).bind("sealed", sql::Blob{std::move(sealed)}).bind("first", static_cast<std::int64_t>(seq)).run());
  }
  return &keys_.insert_or_assign(period, std::move(*known)).first->second;
}

Result<std::optional<Secret>> PayloadTable::key(sql::Tx& tx, const Secret& master, const std::string& period) {
  // Months without a kind were written before keys had rows: theirs are derived.
  if (!has_kind(period)) {
    SK_TRY(Secret derived, crypto::derive_key(master, "log-payload/" + period));
    return std::optional(std::move(derived));
  }
  SK_TRY(const auto row, tx.query(kKey).bind("period", period).maybe_one<sql::Blob>());
  if (!row) return std::optional<Secret>();
  SK_TRY(std::string plain, crypto::open(master, std::get<0>(*row).bytes, wrapped_for(period)));
  return std::optional(Secret(std::move(plain)));
}

Result<std::optional<std::string>> PayloadTable::open(sql::Tx& tx, const Secret& master, std::uint64_t seq) {
  SK_TRY(const auto row, tx.query(kPayload).bind("seq", static_cast<std::int64_t>(seq)).maybe_one<std::string, sql::Blob>());
  if (!row) return std::optional<std::string>();
  SK_TRY(const auto with, key(tx, master, std::get<0>(*row)));
  if (!with) return std::optional<std::string>();
  SK_TRY(std::string plain, crypto::open(*with, std::get<1>(*row).bytes, payload_place(seq)));
  if (plain.size() < tlog::kSaltBytes) return fail(Code::corrupt, "log.broken", "payload without salt");
  return std::optional(plain.substr(tlog::kSaltBytes));
}

Result<std::vector<std::string>> PayloadTable::periods(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kPeriods).all<std::string>());
  std::vector<std::string> out;
  for (const auto& [period] : rows) out.push_back(period);
  return out;
}

Result<PeriodSize> PayloadTable::size(sql::Tx& tx, const std::string& period) {
  SK_TRY(const auto first, tx.query(kFirst).bind("period", period).maybe_one<std::int64_t>());
  if (!first) return PeriodSize{};
  SK_TRY(const auto row, tx.query(kSize).bind("first", std::get<0>(*first)).bind("period", period).one<std::int64_t, std::int64_t>());
  return PeriodSize{std::get<0>(row), std::get<1>(row)};
}

Result<std::vector<Erasure>> PayloadTable::erasures(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kErasures).all<std::string, Timestamp, std::int64_t, std::int64_t, std::int64_t, std::int64_t>());
  std::vector<Erasure> out;
  for (const auto& [period, at, payloads, first, end, swept] : rows) out.push_back({period, at, payloads, first, end, swept});
  return out;
}

Status PayloadTable::erase(sql::Tx& tx, const std::string& period, std::int64_t payloads, Timestamp at) {
  SK_TRY(const auto first, tx.query(kFirst).bind("period", period).maybe_one<std::int64_t>());
  if (!first) return fail(Code::not_found, "log.period", "no such period");
  SK_TRY(const auto end, tx.query(kEnd).one<std::int64_t>());
  SK_CHECK(tx.query(kInsertErasure).bind("period", period).bind("at", at).bind("payloads", payloads).bind("first", std::get<0>(*first)).bind("end", std::get<0>(end))
               .bind("swept", std::get<0>(*first)).run());
  SK_CHECK(tx.query(kDeleteKey).bind("period", period).run());
  return ok();
}

Result<bool> PayloadTable::sweep(sql::Tx& tx, const std::string& period, std::int64_t leaves) {
  SK_TRY(const auto row, tx.query(kErasure).bind("period", period).maybe_one<std::int64_t, std::int64_t>());
  if (!row) return fail(Code::not_found, "log.period", "was not erased");
  const auto& [end, from] = *row;
  if (from >= end) return true;
  const std::int64_t to = std::min(end, from + leaves);
  SK_CHECK(tx.query(kSweep).bind("from", from).bind("to", to).bind("period", period).run());
  SK_CHECK(tx.query(kSwept).bind("to", to).bind("period", period).run());
  return to >= end;
}

}  // namespace sekisho::gate
