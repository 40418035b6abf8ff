// The stored log, read: leaves, payloads, tiles and heads for proofs, exports and witnesses; and the witnesses' lines, which this file
// owns. Appending is LogTable's (log_table.h).
//
// Functions of a transaction; nothing is kept. What is read is checked where it is used, not here.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/log_table.h"
#include "tlog/note.h"
#include "tlog/tile.h"

namespace sekisho::gate {

struct LeafRow {
  std::uint64_t seq = 0;
  std::string leaf;
};
struct PayloadRow {
  std::uint64_t seq = 0;
  std::string salt;
  std::string payload;
};
struct HeadRow {
  std::uint64_t size = 0;
  Timestamp at;
  std::string note;  // signed by the log, and by every witness that did
};

// At most `limit` leaves from `first` on, ascending.
Result<std::vector<LeafRow>> leaves_from(sql::Tx& tx, std::uint64_t first, std::uint64_t limit);
// The payloads of [first, end) that are still there, opened. One that does not open is corrupt "log.broken".
Result<std::vector<PayloadRow>> payloads_between(sql::Tx& tx, const LogKeys& keys, std::uint64_t first, std::uint64_t end);
// Signed heads of more than `after` leaves, ascending.
Result<std::vector<HeadRow>> heads_after(sql::Tx& tx, std::uint64_t after, std::uint64_t limit);
Result<std::optional<HeadRow>> newest_head(sql::Tx& tx);

// A tile of the tree as it was with `tile`'s width, and hashes of a tree of `size` leaves for proofs. The reader refers to tx, keeps the tiles it read (1 MiB at
// most), and belongs to one thread.
Result<std::string> tile_bytes(sql::Tx& tx, const tlog::Tile& tile);
tlog::HashReader stored_hashes(sql::Tx& tx, std::uint64_t size);

// The verifier key that this log's heads are signed under.
Result<tlog::VerifierKey> log_verifier(const LogKeys& keys);

// A witness's line (C2SP cosignature) under the head of `size` leaves; the same witness and size twice keeps the first.
Status add_cosignature(sql::Tx& tx, std::uint64_t size, const tlog::NoteSignature& line, Timestamp at);
// The largest head that this witness (by key name) signed; 0: none.
Result<std::uint64_t> cosigned_size(sql::Tx& tx, const std::string& witness);

}  // namespace sekisho::gate
