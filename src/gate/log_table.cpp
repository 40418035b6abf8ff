#include "gate/log_table.h"

#include <algorithm>
#include <set>

#include "crypto/nonce.h"
#include "crypto/seal.h"
#include "gate/disposal_table.h"
#include "tlog/checkpoint.h"

namespace sekisho::gate {
namespace {

constexpr const char* kInsertLeaf = "INSERT INTO log_leaf (seq, leaf, hash) VALUES (:seq, :leaf, :hash)";
constexpr const char* kInsertPayload = "INSERT INTO log_payload (seq, period, sealed) VALUES (:seq, :period, :sealed)";
constexpr const char* kInsertTile = "INSERT INTO log_tile (level, number, hashes) VALUES (:level, :number, :hashes)";
constexpr const char* kInsertCheckpoint = "INSERT INTO log_checkpoint (size, at, note) VALUES (:size, :at, :note)";
constexpr const char* kReplaceHead = "INSERT OR REPLACE INTO log_head (one, size, edge) VALUES (1, :size, :edge)";
constexpr const char* kSelectHead = "SELECT size, edge FROM log_head WHERE one = 1";
constexpr const char* kCountLeaves = "SELECT COALESCE(MAX(seq) + 1, 0) FROM log_leaf";
constexpr const char* kTailHashes = "SELECT hash FROM log_leaf WHERE seq >= :first ORDER BY seq";
constexpr const char* kTileFrom = "SELECT hashes FROM log_tile WHERE level = :level AND number >= :first ORDER BY number";
constexpr const char* kLastCheckpoint = "SELECT size, at FROM log_checkpoint ORDER BY size DESC LIMIT 1";
constexpr const char* kLeavesFrom = "SELECT seq, leaf, hash FROM log_leaf WHERE seq >= :first ORDER BY seq LIMIT 4096";
constexpr const char* kPayloadsFrom = "SELECT seq, period, sealed FROM log_payload WHERE seq >= :first AND seq < :end ORDER BY seq";
constexpr const char* kAllTiles = "SELECT level, number, hashes FROM log_tile ORDER BY level, number";
constexpr const char* kAllCheckpoints = "SELECT size, note FROM log_checkpoint ORDER BY size";

constexpr std::uint64_t kCheckpointLeaves = 256;

std::string bytes_of(const std::vector<Hash>& hashes) {
  std::string out;
  out.reserve(hashes.size() * 32);
  for (const Hash& h : hashes) out += as_view(h);
  return out;
}

Result<std::vector<Hash>> hashes_of(std::string_view bytes) {
  if (bytes.size() % 32 != 0) return fail(Code::corrupt, "log.corrupt", "hash length");
  std::vector<Hash> out(bytes.size() / 32);
  for (std::size_t i = 0; i < out.size(); ++i) std::copy_n(bytes.data() + i * 32, 32, reinterpret_cast<char*>(out[i].data()));
  return out;
}

Hash tile_root(const std::vector<Hash>& hashes) {
  tlog::CompactRange range;
  for (const Hash& h : hashes) range.append(h);
  return range.root();
}

}  // namespace

Result<LogTable> LogTable::open(sql::Tx& tx, std::shared_ptr<const LogKeys> keys) {
  LogTable table(std::move(keys));
  SK_CHECK(table.load(tx));
  table.committed();
  return table;
}

Status LogTable::load(sql::Tx& tx) {
  SK_TRY(const auto count, tx.query(kCountLeaves).one<std::int64_t>());
  const auto size = static_cast<std::uint64_t>(std::get<0>(count));
  SK_TRY(const auto head, tx.query(kSelectHead).maybe_one<std::int64_t, sql::Blob>());
  if (!head) {
    if (size != 0) return fail(Code::corrupt, "log.corrupt", "leaves without a head");
  } else {
    if (static_cast<std::uint64_t>(std::get<0>(*head)) != size) return fail(Code::corrupt, "log.corrupt", "head and leaves differ in number");
    SK_TRY(auto hashes, hashes_of(std::get<1>(*head).bytes));
    SK_TRY(edge_.range, tlog::CompactRange::from(size, std::move(hashes)));
  }
  edge_.open_tiles.clear();
  std::uint64_t width = size;
  for (std::size_t level = 0; width > 0; ++level, width >>= 8) {
    std::vector<Hash>& open = edge_.open_tiles.emplace_back();
    const auto first = static_cast<std::int64_t>(width & ~std::uint64_t{255});
    if (level == 0) {
      SK_TRY(const auto rows, tx.query(kTailHashes).bind("first", first).all<sql::Blob>());
      for (const auto& [hash] : rows) {
        SK_TRY(const auto one, hashes_of(hash.bytes));
        open.insert(open.end(), one.begin(), one.end());
      }
    } else {
      SK_TRY(const auto rows, tx.query(kTileFrom).bind("level", static_cast<std::int64_t>(level - 1)).bind("first", first).all<sql::Blob>());
      for (const auto& [hashes] : rows) {
        SK_TRY(const auto tile, hashes_of(hashes.bytes));
        open.push_back(tile_root(tile));
      }
    }
    if (open.size() != (width & 255)) return fail(Code::corrupt, "log.corrupt", "tiles and leaves differ");
  }
  SK_TRY(const auto last, tx.query(kLastCheckpoint).maybe_one<std::int64_t, Timestamp>());
  if (last) {
    edge_.checkpoint_size = static_cast<std::uint64_t>(std::get<0>(*last));
    edge_.checkpoint_at = std::get<1>(*last);
  }
  return ok();
}

Result<Prepared> prepare(Record record) {
  std::string salt_and_payload = crypto::nonce_bytes(tlog::kSaltBytes).append(record.payload);
  SK_TRY(const Hash commit, tlog::commitment(salt_and_payload));
  SK_TRY(std::string leaf, tlog::begin_leaf({0, {}, std::move(record.actor), record.act, std::move(record.clause), std::move(record.object), std::move(record.label),
                                             std::move(record.decision), std::move(record.policy_version), commit}));
  return Prepared{std::move(record.act), std::move(leaf), std::move(salt_and_payload)};
}

Status LogTable::append(sql::Tx& tx, Timestamp at, const Prepared& prepared) {
  const std::uint64_t seq = edge_.range.size();
  SK_TRY(std::string leaf, tlog::end_leaf(prepared.leaf, seq, at));
  std::string period = tlog::payload_period(prepared.act, at);
  SK_TRY(const Secret* const key, payload_keys_.writing(tx, keys_->payload, period, seq));
  SK_TRY(std::string sealed, crypto::seal(*key, prepared.salt_and_payload, payload_place(seq)));
  const Hash hash = tlog::leaf_hash(leaf);
  const auto row = static_cast<std::int64_t>(seq);
  SK_CHECK(tx.query(kInsertLeaf).bind("seq", row).bind("leaf", std::move(leaf)).bind("hash", sql::Blob{std::string(as_view(hash))}).run());
  SK_CHECK(tx.query(kInsertPayload).bind("seq", row).bind("period", std::move(period)).bind("sealed", sql::Blob{std::move(sealed)}).run());
  std::vector<tlog::NodeHash> completed;
  edge_.range.append(hash, completed);
  for (const tlog::NodeHash& node : completed) {
    if (node.node.level % 8 != 0) continue;
    const std::size_t level = node.node.level / 8;
    if (edge_.open_tiles.size() <= level) edge_.open_tiles.resize(level + 1);
    std::vector<Hash>& open = edge_.open_tiles[level];
    open.push_back(node.hash);
    if (open.size() < 256) continue;
    SK_CHECK(tx.query(kInsertTile)
                 .bind("level", static_cast<std::int64_t>(level))
                 .bind("number", static_cast<std::int64_t>(node.node.index / 256))
                 .bind("hashes", sql::Blob{bytes_of(open)})
                 .run());
    open.clear();
  }
  return ok();
}

Status LogTable::flush(sql::Tx& tx) {
  SK_CHECK(tx.query(kReplaceHead)
               .bind("size", static_cast<std::int64_t>(edge_.range.size()))
               .bind("edge", sql::Blob{bytes_of(edge_.range.hashes())})
               .run());
  return ok();
}

Status LogTable::checkpoint(sql::Tx& tx, Timestamp at, bool force) {
  const std::uint64_t size = edge_.range.size();
  if (size == edge_.checkpoint_size) return ok();
  if (!force && size < edge_.checkpoint_size + kCheckpointLeaves) return ok();
  SK_TRY(const std::string note, tlog::sign_checkpoint({keys_->origin, size, edge_.range.root(), {}}, keys_->signing));
  SK_CHECK(tx.query(kInsertCheckpoint).bind("size", static_cast<std::int64_t>(size)).bind("at", at).bind("note", note).run());
  edge_.checkpoint_size = size;
  edge_.checkpoint_at = at;
  return ok();
}

void LogTable::committed() { durable_ = edge_; }
void LogTable::restore() {
  edge_ = durable_;
  payload_keys_.forget();
}

LogStatus LogTable::status() const {
  return {durable_.range.size(), to_hex(durable_.range.root()), durable_.checkpoint_size, durable_.checkpoint_at};
}

namespace {

Result<tlog::VerifierKey> verifier(const LogKeys& keys) {
  return tlog::VerifierKey::create(keys.origin, tlog::KeyType::ed25519, keys.signing.public_key());
}

Unexpected broken(const std::string& what) { return fail(Code::corrupt, "log.broken", what); }

// Everything that verification rebuilds.
struct Rebuilt {
  tlog::CompactRange range;
  std::vector<std::vector<Hash>> open;
  std::map<std::pair<std::int64_t, std::int64_t>, std::string> tiles;
};

void add_leaf(Rebuilt& r, const Hash& hash) {
  std::vector<tlog::NodeHash> completed;
  r.range.append(hash, completed);
  for (const tlog::NodeHash& node : completed) {
    if (node.node.level % 8 != 0) continue;
    const std::size_t level = node.node.level / 8;
    if (r.open.size() <= level) r.open.resize(level + 1);
    r.open[level].push_back(node.hash);
    if (r.open[level].size() < 256) continue;
    r.tiles[{static_cast<std::int64_t>(level), static_cast<std::int64_t>(node.node.index / 256)}] = bytes_of(r.open[level]);
    r.open[level].clear();
  }
}

struct Committed {
  Hash commit;
  std::string period;
};

using Absent = std::map<std::string, std::vector<tlog::NumberRange>>;  // by period

// What is there must open and match. What is not is noted: lawful when the log itself says that its period was erased or that it was disposed of.
Status verify_payloads(sql::Tx& tx, const LogKeys& keys, std::map<std::int64_t, Committed> leaves, Absent& absent, Verification& out) {
  if (leaves.empty()) return ok();
  SK_TRY(const auto rows, tx.query(kPayloadsFrom)
                              .bind("first", leaves.begin()->first)
                              .bind("end", leaves.rbegin()->first + 1)
                              .all<std::int64_t, std::string, sql::Blob>());
  std::map<std::string, std::optional<Secret>> period_keys;
  for (const auto& [seq, period, sealed] : rows) {
    const auto leaf = leaves.find(seq);
    if (leaf == leaves.end() || (has_kind(period) && leaf->second.period != period)) return broken("payload " + std::to_string(seq) + " is not the recorded one");
    if (!period_keys.contains(period)) {
      SK_TRY(period_keys[period], PayloadTable::key(tx, keys.payload, period));
    }
    if (const auto& key = period_keys[period]) {
      const auto plain = crypto::open(*key, sealed.bytes, payload_place(static_cast<std::uint64_t>(seq)));
      if (!plain || plain->size() < tlog::kSaltBytes) return broken("payload " + std::to_string(seq) + " does not open");
      SK_TRY(const Hash commit, tlog::commitment(*plain));
      if (leaf->second.commit != commit) return broken("payload " + std::to_string(seq) + " is not the recorded one");
      ++out.payloads;
      leaves.erase(leaf);
    }
  }
  for (const auto& [row, leaf] : leaves) {
    const auto seq = static_cast<std::uint64_t>(row);
    std::vector<tlog::NumberRange>& gaps = absent[leaf.period];
    if (!gaps.empty() && gaps.back().last + 1 == seq) gaps.back().last = seq;
    else gaps.push_back({seq, seq});
  }
  out.erased += leaves.size();
  return ok();
}

// Each absent payload belongs to an erased period, or to a disposal whose leaf holds the hash of the numbers that it names.
Status judge_absent(sql::Tx& tx, const Absent& absent, const std::set<std::string>& erased, const std::set<std::string>& disposals) {
  std::vector<std::vector<tlog::NumberRange>> covered;
  std::vector<Disposed> stored;
  if (!disposals.empty()) {
    SK_TRY(stored, DisposalTable::all(tx));
  }
  for (const Disposed& d : stored) {
    const auto ranges = tlog::parse_numbers(d.numbers);
    if (!ranges || !disposals.contains(d.object) || tlog::disposal_object(tlog::disposal_id(d.object), d.numbers) != d.object) return broken("disposal " + d.object);
    covered.push_back(*ranges);
  }
  for (const auto& [period, gaps] : absent) {
    if (erased.contains(period)) continue;
    for (const tlog::NumberRange& gap : gaps)
      for (std::uint64_t seq = gap.first; seq <= gap.last; ++seq)
        if (std::none_of(covered.begin(), covered.end(), [&](const auto& ranges) { return tlog::covers(ranges, seq); }))
          return broken("payload " + std::to_string(seq) + " is missing");
  }
  return ok();
}

}  // namespace

Result<Verification> verify_log(sql::Tx& tx, const LogKeys& keys) {
  Verification out;
  Rebuilt rebuilt;
  SK_TRY(const tlog::VerifierKey signer, verifier(keys));
  Absent absent;
  std::set<std::string> erased;
  std::set<std::string> disposals;
  SK_TRY(const auto checkpoints, tx.query(kAllCheckpoints).all<std::int64_t, std::string>());
  auto next_checkpoint = checkpoints.begin();
  for (;;) {
    SK_TRY(const auto rows, tx.query(kLeavesFrom).bind("first", static_cast<std::int64_t>(out.leaves)).all<std::int64_t, std::string, sql::Blob>());
    if (rows.empty()) break;
    std::map<std::int64_t, Committed> commits;
    for (const auto& [seq, text, stored] : rows) {
      if (seq != static_cast<std::int64_t>(out.leaves)) return broken("leaf " + std::to_string(out.leaves) + " is missing");
      SK_TRY(const tlog::Leaf leaf, tlog::decode_leaf(text));
      const Hash hash = tlog::leaf_hash(text);
      if (leaf.seq != out.leaves || as_view(hash) != stored.bytes) return broken("leaf " + std::to_string(seq) + " does not match its hash");
      if (leaf.act == tlog::kErasingAct && leaf.decision == "allow") erased.insert(leaf.object);
      if (leaf.act == tlog::kDisposingAct && leaf.decision == "allow") disposals.insert(leaf.object);
      commits.emplace(seq, Committed{leaf.commit, tlog::payload_period(leaf.act, leaf.ts)});
      add_leaf(rebuilt, hash);
      ++out.leaves;
      if (next_checkpoint == checkpoints.end() || std::get<0>(*next_checkpoint) != static_cast<std::int64_t>(out.leaves)) continue;
      const auto opened = tlog::open_checkpoint(std::get<1>(*next_checkpoint), signer);
      if (!opened || opened->checkpoint.size != out.leaves || opened->checkpoint.root != rebuilt.range.root())
        return broken("checkpoint " + std::to_string(out.leaves) + " does not sign this tree");
      ++out.checkpoints;
      ++next_checkpoint;
    }
    SK_CHECK(verify_payloads(tx, keys, std::move(commits), absent, out));
  }
  SK_CHECK(judge_absent(tx, absent, erased, disposals));
  if (next_checkpoint != checkpoints.end()) return broken("a checkpoint signs more leaves than there are");
  SK_TRY(const auto tiles, tx.query(kAllTiles).all<std::int64_t, std::int64_t, sql::Blob>());
  if (tiles.size() != rebuilt.tiles.size()) return broken("number of tiles");
  for (const auto& [level, number, hashes] : tiles)
    if (rebuilt.tiles[{level, number}] != hashes.bytes) return broken("tile " + std::to_string(level) + "/" + std::to_string(number));
  SK_TRY(const auto head, tx.query(kSelectHead).maybe_one<std::int64_t, sql::Blob>());
  if (!head && out.leaves > 0) return broken("head");
  if (head && (std::get<0>(*head) != static_cast<std::int64_t>(out.leaves) || std::get<1>(*head).bytes != bytes_of(rebuilt.range.hashes())))
    return broken("head does not match the leaves");
  out.root_hex = to_hex(rebuilt.range.root());
  return out;
}

}  // namespace sekisho::gate
