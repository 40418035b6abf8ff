#include "gate/entry_table.h"

namespace sekisho::gate {
namespace {

// The conditions are those of the partial indexes of migration 0024, word for word: only so are the indexes used.
constexpr const char* kQuestions =
    "SELECT leaf FROM log_leaf WHERE substr(leaf, 1, 18) IN ('{\"act\":\"chats.ask\"', '{\"act\":\"completion') AND seq >= :from AND seq < :before "
    "ORDER BY seq DESC LIMIT :limit";
constexpr const char* kAnswers =
    "SELECT leaf FROM log_leaf WHERE substr(leaf, 1, 20) = '{\"act\":\"chats.close\"' AND seq >= :from ORDER BY seq LIMIT :limit";
constexpr const char* kLeaf = "SELECT leaf FROM log_leaf WHERE seq = :seq";
constexpr const char* kSize = "SELECT COALESCE(MAX(seq) + 1, 0) FROM log_leaf";

Result<std::vector<tlog::Leaf>> leaves_of(sql::Query query) {
  SK_TRY(const auto rows, query.all<std::string>());
  std::vector<tlog::Leaf> out;
  out.reserve(rows.size());
  for (const auto& [text] : rows) {
    SK_TRY(auto leaf, tlog::decode_leaf(text));
    out.push_back(std::move(leaf));
  }
  return out;
}

}  // namespace

Result<std::uint64_t> EntryTable::size(sql::Tx& tx) {
  SK_TRY(const auto row, tx.query(kSize).one<std::int64_t>());
  return static_cast<std::uint64_t>(std::get<0>(row));
}

Result<std::uint64_t> EntryTable::seq_at(sql::Tx& tx, Timestamp at) {
  SK_TRY(std::uint64_t end, size(tx));
  std::uint64_t begin = 0;
  while (begin < end) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    SK_TRY(const auto found, leaves_of(std::move(tx.query(kLeaf).bind("seq", static_cast<std::int64_t>(middle)))));
    if (found.empty()) return fail(Code::corrupt, "log.corrupt", "a leaf is missing");
    if (found.front().ts < at) begin = middle + 1;
    else end = middle;
  }
  return begin;
}

Result<std::vector<tlog::Leaf>> EntryTable::questions(sql::Tx& tx, std::uint64_t from, std::uint64_t before, int limit) {
  return leaves_of(std::move(tx.query(kQuestions).bind("from", static_cast<std::int64_t>(from)).bind("before", static_cast<std::int64_t>(before)).bind("limit", limit)));
}

Result<std::vector<tlog::Leaf>> EntryTable::answers(sql::Tx& tx, std::uint64_t from, int limit) {
  return leaves_of(std::move(tx.query(kAnswers).bind("from", static_cast<std::int64_t>(from)).bind("limit", limit)));
}

}  // namespace sekisho::gate
