// Payloads of the log: what an act was about, sealed beside its leaf, under a key of its month and kind.
//
// The keys are random, each sealed under the body's payload key and stored in a row of its own; a period ("2026-11/content") is that of
// tlog/period.h. Deleting the row of a key is the erasure of everything it sealed (with SQLite's secure_delete the bytes
// are overwritten); the payload rows themselves are swept afterwards, in steps. Leaves, tree and proofs are not touched: a leaf commits to
// its payload by a salted hash, and says nothing without it.
// Invariant: a payload that is absent or has no key belongs to a period that a leaf of the act "retention.erase" names as its object; else
// the log is broken. The rows of `log_erasure` only steer the sweeping: they prove nothing.
// Threads: PayloadKeys belongs to the body's writer; the rest works on the transaction that it is given.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"
#include "core/time.h"
#include "sql/db.h"
#include "tlog/period.h"

namespace sekisho::gate {

bool has_kind(std::string_view period);
std::string payload_place(std::uint64_t seq);  // associated data of a sealed payload

// The keys that are written with now.
class PayloadKeys {
 public:
  // Makes the key when the period has none. The pointer holds until the next call.
  Result<const Secret*> writing(sql::Tx& tx, const Secret& master, const std::string& period, std::uint64_t seq);
  // After a transaction that did not commit: a key that was made in it is gone.
  void forget() { keys_.clear(); }

 private:
  std::map<std::string, Secret> keys_;
};

struct Erasure {
  std::string period;
  Timestamp erased_at;
  std::int64_t payloads = 0;   // how many it was
  std::int64_t first_seq = 0;  // where they lie: [first_seq, end_seq)
  std::int64_t end_seq = 0;
  std::int64_t swept_to = 0;   // rows before this are gone
};

struct PeriodSize {
  std::int64_t payloads = 0;
  std::int64_t bytes = 0;  // sealed
};

class PayloadTable {
 public:
  // nullopt: erased, or never written.
  static Result<std::optional<Secret>> key(sql::Tx& tx, const Secret& master, const std::string& period);
  // The payload of one leaf, opened; nullopt when it was erased. Its commitment is not checked here (verify_log does).
  static Result<std::optional<std::string>> open(sql::Tx& tx, const Secret& master, std::uint64_t seq);

  // Periods that can be read, oldest first.
  static Result<std::vector<std::string>> periods(sql::Tx& tx);
  static Result<PeriodSize> size(sql::Tx& tx, const std::string& period);
  static Result<std::vector<Erasure>> erasures(sql::Tx& tx);
  // The key goes now. `payloads`: how many it is, counted before (the month is over). not_found when the period has none.
  static Status erase(sql::Tx& tx, const std::string& period, std::int64_t payloads, Timestamp at);
  // Deletes rows of an erased period, as many leaves further as given; true when it is done with.
  static Result<bool> sweep(sql::Tx& tx, const std::string& period, std::int64_t leaves);
};

}  // namespace sekisho::gate
