// Payloads of single leaves, taken away by a disposal (tlog/disposal.h): the record that makes it lawful, and the rows themselves.
//
// add() goes into the transaction of the act "disposal.erase" whose object it is; take() follows in steps. A program that dies between them
// leaves payloads that are there although they need not be: take() again removes them, and the log verifies at every moment.
// Threads: on the transaction that they are given.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/time.h"
#include "sql/db.h"
#include "tlog/disposal.h"

namespace sekisho::gate {

struct Disposed {
  std::string object;
  std::string numbers;
};

class DisposalTable {
 public:
  static Status add(sql::Tx& tx, const Disposed& disposed, Timestamp at);
  static Result<std::vector<Disposed>> all(sql::Tx& tx);
  // Deletes the payloads that lie in one of the ranges; how many rows there were.
  static Result<std::int64_t> take(sql::Tx& tx, const std::vector<tlog::NumberRange>& ranges);
  // The numbers in [first, end) that have a payload, ascending.
  static Result<std::vector<std::int64_t>> present(sql::Tx& tx, std::uint64_t first, std::uint64_t end);
};

}  // namespace sekisho::gate
