#include "gate/disposal_table.h"

namespace sekisho::gate {
namespace {

constexpr const char* kAdd = "INSERT INTO log_disposal (object, numbers, at) VALUES (:object, :numbers, :at) ON CONFLICT (object) DO NOTHING";
constexpr const char* kAll = "SELECT object, numbers FROM log_disposal ORDER BY at, object LIMIT 100000";
constexpr const char* kTake = "DELETE FROM log_payload WHERE seq >= :first AND seq <= :last";
constexpr const char* kPresent = "SELECT seq FROM log_payload WHERE seq >= :first AND seq < :end ORDER BY seq";

}  // namespace

Status DisposalTable::add(sql::Tx& tx, const Disposed& disposed, Timestamp at) {
  SK_CHECK(tx.query(kAdd).bind("object", disposed.object).bind("numbers", disposed.numbers).bind("at", at).run());
  return ok();
}

Result<std::vector<Disposed>> DisposalTable::all(sql::Tx& tx) {
  SK_TRY(const auto rows, tx.query(kAll).all<std::string, std::string>());
  std::vector<Disposed> out;
  for (const auto& [object, numbers] : rows) out.push_back({object, numbers});
  return out;
}

Result<std::int64_t> DisposalTable::take(sql::Tx& tx, const std::vector<tlog::NumberRange>& ranges) {
  std::int64_t out = 0;
  for (const tlog::NumberRange& r : ranges) {
    SK_TRY(const std::int64_t rows, tx.query(kTake).bind("first", static_cast<std::int64_t>(r.first)).bind("last", static_cast<std::int64_t>(r.last)).run());
    out += rows;
  }
  return out;
}

Result<std::vector<std::int64_t>> DisposalTable::present(sql::Tx& tx, std::uint64_t first, std::uint64_t end) {
  SK_TRY(const auto rows, tx.query(kPresent).bind("first", static_cast<std::int64_t>(first)).bind("end", static_cast<std::int64_t>(end)).all<std::int64_t>());
  std::vector<std::int64_t> out;
  for (const auto& [seq] : rows) out.push_back(seq);
  return out;
}

}  // namespace sekisho::gate
