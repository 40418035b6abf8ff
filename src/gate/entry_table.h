// Reading the log by what its leaves say: questions and answers, newest first, without reading what lies between them.
//
// Rows are those of log_table.h; nothing is written here. Times of leaves never go back within one log but for a clock that was set back:
// seq_at() then finds one of the two places.
// Threads: on the transaction that they are given.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "gate/payload_table.h"
#include "tlog/leaf.h"

namespace sekisho::gate {

class EntryTable {
 public:
  static Result<std::uint64_t> size(sql::Tx& tx);
  // The first leaf at or after that time; the log's size when there is none.
  static Result<std::uint64_t> seq_at(sql::Tx& tx, Timestamp at);
  // Leaves that ask ("chats.ask", "completions.ask") in [from, before), newest first.
  static Result<std::vector<tlog::Leaf>> questions(sql::Tx& tx, std::uint64_t from, std::uint64_t before, int limit);
  // Leaves that close an answer ("chats.close") from `from` on, oldest first.
  static Result<std::vector<tlog::Leaf>> answers(sql::Tx& tx, std::uint64_t from, int limit);
};

}  // namespace sekisho::gate
