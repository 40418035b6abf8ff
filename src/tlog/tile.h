// The tree as files: C2SP tlog-tiles (https://c2sp.org/tlog-tiles). Pure; thread-safe.
//
// A hash tile of level L and index N holds up to 256 consecutive hashes of tree level 8L, 32 bytes each; an entry bundle N holds the up to
// 256 entries whose hashes tile (0, N) holds, each after its length as a big-endian uint16. Paths:
//   tile/0/x001/067          full tile 1067 of level 0          tile/entries/x001/067.p/40   the first 40 entries of bundle 1067
// A full tile never changes. A partial one is replaced by a wider one; it is needed for as long as a checkpoint of its size counts.
//
// Failures: invalid_argument for what a client asked wrongly, corrupt for stored bytes that cannot be right.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "tlog/merkle.h"

namespace sekisho::tlog {

inline constexpr unsigned kTileHeight = 8;
inline constexpr unsigned kTileWidth = 256;

struct Tile {
  unsigned level = 0;
  std::uint64_t index = 0;
  unsigned width = kTileWidth;  // 1 to 256
  bool partial() const { return width < kTileWidth; }
  friend bool operator==(const Tile&, const Tile&) = default;
};

enum class TileKind { hashes, entries };
struct TileName {
  TileKind kind = TileKind::hashes;
  Tile tile;  // level 0 for entries
  friend bool operator==(const TileName&, const TileName&) = default;
};

// "tile/…" without a leading slash. Invariant: parse_tile_path(tile_path(x)) == x, and no other text parses to x.
std::string tile_path(const Tile& tile);
std::string bundle_path(std::uint64_t index, unsigned width);
Result<TileName> parse_tile_path(std::string_view path);

// Hash tiles that exist for new_size and not, or narrower, for old_size; lower levels first. Those of level 0 name the entry bundles too.
std::vector<Tile> tiles_added(std::uint64_t old_size, std::uint64_t new_size);
// The tile that holds `node` in a tree of `size` leaves; invalid_argument when the tree has no such complete node.
Result<Tile> tile_of(const Node& node, std::uint64_t size);

Result<std::string> tile_data(const Tile& tile, const HashReader& read);
// The hash of `node`, computed from the bytes of the tile that holds it.
Result<Hash> node_in_tile(const Node& node, const Tile& tile, std::string_view data);

// Proofs over stored tiles: reads each tile by its widest form in a tree of `size`.
using TileReader = std::function<Result<std::string>(const Tile&)>;
HashReader read_from_tiles(std::uint64_t size, TileReader read);

// 1 to 256 entries of at most 65,535 bytes.
Result<std::string> encode_bundle(const std::vector<std::string>& entries);
// Views into `data`. The bundle must hold exactly `width` entries and nothing else.
Result<std::vector<std::string_view>> parse_bundle(std::string_view data, unsigned width);

}  // namespace sekisho::tlog
