#include "gate/log_read_table.h"

#include <algorithm>
#include <map>

#include "crypto/seal.h"
#include "gate/payload_table.h"
#include "tlog/leaf.h"

namespace sekisho::gate {
namespace {

constexpr const char* kLeafTexts = "SELECT seq, leaf FROM log_leaf WHERE seq >= :first ORDER BY seq LIMIT :limit";
constexpr const char* kHashesBetween = "SELECT hash FROM log_leaf WHERE seq >= :first AND seq < :end ORDER BY seq";
constexpr const char* kTilesBetween = "SELECT hashes FROM log_tile WHERE level = :level AND number >= :first AND number < :end ORDER BY number";
constexpr const char* kHeadsAfter = "SELECT size, at, note FROM log_checkpoint WHERE size > :after ORDER BY size LIMIT :limit";
constexpr const char* kNewestHead = "SELECT size, at, note FROM log_checkpoint ORDER BY size DESC LIMIT 1";
constexpr const char* kCosignatures = "SELECT line FROM log_cosignature WHERE size = :size ORDER BY witness";
constexpr const char* kInsertCosignature = "INSERT OR IGNORE INTO log_cosignature (size, witness, at, line) VALUES (:size, :witness, :at, :line)";
constexpr const char* kCosignedSize = "SELECT COALESCE(MAX(size), 0) FROM log_cosignature WHERE witness = :witness";
constexpr const char* kPayloadsBetween = "SELECT seq, period, sealed FROM log_payload WHERE seq >= :first AND seq < :end ORDER BY seq";

constexpr std::size_t kKeptTiles = 128;  // 8 KiB each

Unexpected broken(const std::string& what) { return fail(Code::corrupt, "log.broken", what); }

// The root of a full tile's hashes.
Result<Hash> root_of(std::string_view bytes) {
  if (bytes.size() != tlog::kTileWidth * sizeof(Hash)) return broken("a tile of the wrong length");
  tlog::CompactRange range;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Hash)) {
    Hash hash;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), sizeof(Hash), hash.begin());
    range.append(hash);
  }
  return range.root();
}

// The head's note with its witnesses' lines below the log's own.
Result<HeadRow> with_cosignatures(sql::Tx& tx, std::int64_t size, Timestamp at, std::string note) {
  SK_TRY(const auto lines, tx.query(kCosignatures).bind("size", size).all<std::string>());
  for (const auto& [line] : lines) note += line + "\n";
  return HeadRow{static_cast<std::uint64_t>(size), at, std::move(note)};
}

}  // namespace

Result<tlog::VerifierKey> log_verifier(const LogKeys& keys) {
  return tlog::VerifierKey::create(keys.origin, tlog::KeyType::ed25519, keys.signing.public_key());
}

Result<std::vector<LeafRow>> leaves_from(sql::Tx& tx, std::uint64_t first, std::uint64_t limit) {
  SK_TRY(auto rows, tx.query(kLeafTexts).bind("first", static_cast<std::int64_t>(first)).bind("limit", static_cast<std::int64_t>(limit)).all<std::int64_t, std::string>());
  std::vector<LeafRow> out;
  out.reserve(rows.size());
  for (auto& [seq, leaf] : rows) out.push_back({static_cast<std::uint64_t>(seq), std::move(leaf)});
  return out;
}

Result<std::vector<PayloadRow>> payloads_between(sql::Tx& tx, const LogKeys& keys, std::uint64_t first, std::uint64_t end) {
  SK_TRY(const auto rows, tx.query(kPayloadsBetween).bind("first", static_cast<std::int64_t>(first)).bind("end", static_cast<std::int64_t>(end)).all<std::int64_t, std::string, sql::Blob>());
  std::map<std::string, std::optional<Secret>> opened;
  std::vector<PayloadRow> out;
  out.reserve(rows.size());
  for (const auto& [seq, period, sealed] : rows) {
    if (!opened.contains(period)) {
      SK_TRY(opened[period], PayloadTable::key(tx, keys.payload, period));
    }
    const auto& key = opened[period];
    if (!key) continue;  // erased
    const auto plain = crypto::open(*key, sealed.bytes, payload_place(static_cast<std::uint64_t>(seq)));
    if (!plain || plain->size() < tlog::kSaltBytes) return broken("payload " + std::to_string(seq) + " does not open");
    out.push_back({static_cast<std::uint64_t>(seq), plain->substr(0, tlog::kSaltBytes), plain->substr(tlog::kSaltBytes)});
  }
  return out;
}

Result<std::vector<HeadRow>> heads_after(sql::Tx& tx, std::uint64_t after, std::uint64_t limit) {
  SK_TRY(auto rows, tx.query(kHeadsAfter).bind("after", static_cast<std::int64_t>(after)).bind("limit", static_cast<std::int64_t>(limit)).all<std::int64_t, Timestamp, std::string>());
  std::vector<HeadRow> out;
  for (auto& [size, at, note] : rows) {
    SK_TRY(HeadRow head, with_cosignatures(tx, size, at, std::move(note)));
    out.push_back(std::move(head));
  }
  return out;
}

Result<std::optional<HeadRow>> newest_head(sql::Tx& tx) {
  SK_TRY(auto row, tx.query(kNewestHead).maybe_one<std::int64_t, Timestamp, std::string>());
  if (!row) return std::optional<HeadRow>();
  SK_TRY(HeadRow head, with_cosignatures(tx, std::get<0>(*row), std::get<1>(*row), std::move(std::get<2>(*row))));
  return std::optional<HeadRow>(std::move(head));
}

Result<std::string> tile_bytes(sql::Tx& tx, const tlog::Tile& tile) {
  const auto first = static_cast<std::int64_t>(tile.index * tlog::kTileWidth);
  const auto end = first + static_cast<std::int64_t>(tile.width);
  std::string out;
  if (tile.level == 0) {
    SK_TRY(const auto rows, tx.query(kHashesBetween).bind("first", first).bind("end", end).all<sql::Blob>());
    for (const auto& [hash] : rows) out += hash.bytes;
  } else {
    SK_TRY(const auto rows, tx.query(kTilesBetween).bind("level", static_cast<std::int64_t>(tile.level - 1)).bind("first", first).bind("end", end).all<sql::Blob>());
    for (const auto& [hashes] : rows) {
      SK_TRY(const Hash root, root_of(hashes.bytes));
      out += as_view(root);
    }
  }
  if (out.size() != tile.width * sizeof(Hash)) return broken(tlog::tile_path(tile) + " is not whole");
  return out;
}

tlog::HashReader stored_hashes(sql::Tx& tx, std::uint64_t size) {
  // A proof asks for many nodes of the same few tiles, and one above the ground is hashed anew from up to 65,536 stored hashes.
  const auto kept = std::make_shared<std::map<std::string, std::string>>();
  return tlog::read_from_tiles(size, [&tx, kept](const tlog::Tile& tile) -> Result<std::string> {
    const std::string name = tlog::tile_path(tile);
    const auto found = kept->find(name);
    if (found != kept->end()) return found->second;
    SK_TRY(std::string bytes, tile_bytes(tx, tile));
    if (kept->size() == kKeptTiles) kept->clear();
    kept->emplace(name, bytes);
    return bytes;
  });
}

Status add_cosignature(sql::Tx& tx, std::uint64_t size, const tlog::NoteSignature& line, Timestamp at) {
  // The line as a note would show it.
  SK_TRY(const std::string note, tlog::encode_note({"x\n", {line}}));
  const std::string text = note.substr(3, note.size() - 4);
  SK_CHECK(tx.query(kInsertCosignature).bind("size", static_cast<std::int64_t>(size)).bind("witness", line.name).bind("at", at).bind("line", text).run());
  return ok();
}

Result<std::uint64_t> cosigned_size(sql::Tx& tx, const std::string& witness) {
  SK_TRY(const auto row, tx.query(kCosignedSize).bind("witness", witness).one<std::int64_t>());
  return static_cast<std::uint64_t>(std::get<0>(row));
}

}  // namespace sekisho::gate
