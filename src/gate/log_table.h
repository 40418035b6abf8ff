// The tamper-evident log of one body: rows, tree and checkpoints (DESIGN section 5). The construction is tlog's; this is its storage.
//
// One LogTable per body, used by that body's writer thread alone; append() goes into the transaction of the act that it records. After a
// transaction that did not commit, call restore(). verify() reads everything again and trusts nothing in memory; it may run anywhere.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/secret.h"
#include "crypto/sign.h"
#include "gate/payload_table.h"
#include "sql/db.h"
#include "tlog/leaf.h"
#include "tlog/merkle.h"

namespace sekisho::gate {

struct LogKeys {
  std::string origin;  // "sekisho/<body>": the checkpoint's origin line and key name
  crypto::SigningKey signing;
  Secret payload;  // seals the monthly payload keys
};

// What an act says of itself; sequence, time and commitment are added here.
struct Record {
  std::string actor;
  std::string act;
  std::string clause;
  std::string object;
  std::string label;
  std::string decision;
  std::string policy_version;
  std::string payload;  // canonical JSON; stored sealed
};

// A record as far as it can be made without its place in the log: by whoever asks, so that those who wait for the writer do not wait for this as well.
struct Prepared {
  std::string act;
  std::string leaf;              // begun
  std::string salt_and_payload;  // what the leaf commits to; sealed and stored beside it
};
Result<Prepared> prepare(Record record);

struct LogStatus {
  std::uint64_t size = 0;
  std::string root_hex;
  std::uint64_t checkpoint_size = 0;
  Timestamp checkpoint_at;
};

struct Verification {
  std::uint64_t leaves = 0;
  std::uint64_t payloads = 0;   // present and matching their commitment
  std::uint64_t erased = 0;     // gone with their period, as the record of erasures says
  std::uint64_t checkpoints = 0;
  std::string root_hex;
};

class LogTable {
 public:
  static Result<LogTable> open(sql::Tx& tx, std::shared_ptr<const LogKeys> keys);

  Status append(sql::Tx& tx, Timestamp at, const Prepared& prepared);
  // Writes what the batch completed (tiles, the edge). Call once before commit.
  Status flush(sql::Tx& tx);
  // Signs the head when it grew by 256 leaves or `force`; nothing to sign is fine.
  Status checkpoint(sql::Tx& tx, Timestamp at, bool force);
  void committed();  // the batch is durable
  void restore();    // the batch is gone

  LogStatus status() const;

 private:
  struct Edge {
    tlog::CompactRange range;
    std::vector<std::vector<Hash>> open_tiles;  // per tile level, the hashes of the tile that is not complete
    std::uint64_t checkpoint_size = 0;
    Timestamp checkpoint_at;
  };
  explicit LogTable(std::shared_ptr<const LogKeys> keys) : keys_(std::move(keys)) {}
  Status load(sql::Tx& tx);
  std::shared_ptr<const LogKeys> keys_;
  Edge edge_;
  Edge durable_;
  PayloadKeys payload_keys_;
};

// Rebuilds the tree from the stored leaves and checks hashes, commitments, tiles, edge and every signed checkpoint.
Result<Verification> verify_log(sql::Tx& tx, const LogKeys& keys);

}  // namespace sekisho::gate
