#include "tlog/tile.h"

#include <algorithm>
#include <charconv>

namespace sekisho::tlog {
namespace {

constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMaxEntry = 65535;

Unexpected bad_path() { return fail(Code::invalid_argument, "tlog.tile_path", "not the path of a tile"); }
Unexpected bad_bundle(const char* what) { return fail(Code::corrupt, "tlog.bundle_corrupt", what); }

// How many complete nodes of 8 * level the tree has.
std::uint64_t hashes_at(std::uint64_t size, unsigned level) { return level >= 8 ? 0 : size >> (kTileHeight * level); }

void append_index(std::string& out, std::uint64_t index, unsigned width) {
  std::string digits = std::to_string(index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  for (std::size_t at = 0; at < digits.size(); at += 3) {
    out += at + 3 < digits.size() ? "/x" : "/";
    out.append(digits, at, 3);
  }
  if (width < kTileWidth) out.append(".p/").append(std::to_string(width));
}

// Decimal without sign or leading zeros, at most `limit`.
bool take_number(std::string_view text, std::uint64_t limit, std::uint64_t& out) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out <= limit;
}

// "x001/x234/067" -> 1234067. Leading groups of zeros are refused: each index has one path.
bool parse_index(std::string_view text, std::uint64_t& out) {
  std::string digits;
  while (text.starts_with('x')) {
    if (text.size() < 5 || text[4] != '/' || digits.size() > 18) return false;
    digits.append(text.substr(1, 3));
    text.remove_prefix(5);
  }
  if (text.size() != 3) return false;
  digits.append(text);
  if (digits.size() > 3 && digits.starts_with("000")) return false;
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
  const auto first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return take_number(std::string_view(digits).substr(first), ~std::uint64_t{0}, out);
}

}  // namespace

std::string tile_path(const Tile& tile) {
  std::string out = "tile/" + std::to_string(tile.level);
  append_index(out, tile.index, tile.width);
  return out;
}

std::string bundle_path(std::uint64_t index, unsigned width) {
  std::string out = "tile/entries";
  append_index(out, index, width);
  return out;
}

Result<TileName> parse_tile_path(std::string_view path) {
  constexpr std::string_view kPrefix = "tile/";
  if (path.size() > 100 || !path.starts_with(kPrefix)) return bad_path();
  path.remove_prefix(kPrefix.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return bad_path();
  const std::string_view level = path.substr(0, slash);
  path.remove_prefix(slash + 1);
  TileName name;
  std::uint64_t number = 0;
  if (level == "entries") name.kind = TileKind::entries;
  else if (take_number(level, 63, number)) name.tile.level = static_cast<unsigned>(number);
  else return bad_path();
  if (const auto partial = path.find(".p/"); partial != std::string_view::npos) {
    if (!take_number(path.substr(partial + 3), kTileWidth - 1, number) || number == 0) return bad_path();
    name.tile.width = static_cast<unsigned>(number);
    path = path.substr(0, partial);
  }
  if (!parse_index(path, name.tile.index)) return bad_path();
  return name;
}

std::vector<Tile> tiles_added(std::uint64_t old_size, std::uint64_t new_size) {
  std::vector<Tile> out;
  for (unsigned level = 0; hashes_at(new_size, level) > hashes_at(old_size, level); ++level) {
    const std::uint64_t count = hashes_at(new_size, level);
    for (std::uint64_t index = hashes_at(old_size, level) / kTileWidth; index * kTileWidth < count; ++index) {
      const std::uint64_t width = std::min<std::uint64_t>(kTileWidth, count - index * kTileWidth);
      out.push_back({level, index, static_cast<unsigned>(width)});
    }
  }
  return out;
}

Result<Tile> tile_of(const Node& node, std::uint64_t size) {
  if (node.level >= 64 || node.index >= size >> node.level)
    return fail(Code::invalid_argument, "tlog.range", "the tree has no such complete node");
  const unsigned level = node.level / kTileHeight;
  const std::uint64_t index = node.index >> (kTileHeight - node.level % kTileHeight);
  const std::uint64_t width = std::min<std::uint64_t>(kTileWidth, hashes_at(size, level) - index * kTileWidth);
  return Tile{level, index, static_cast<unsigned>(width)};
}

Result<std::string> tile_data(const Tile& tile, const HashReader& read) {
  std::string out;
  out.reserve(tile.width * kHashBytes);
  for (unsigned i = 0; i < tile.width; ++i) {
    const Node node{tile.level * kTileHeight, tile.index * kTileWidth + i};
    SK_TRY(const Hash hash, read(node));
    out.append(as_view(hash));
  }
  return out;
}

Result<Hash> node_in_tile(const Node& node, const Tile& tile, std::string_view data) {
  if (data.size() != tile.width * kHashBytes) return fail(Code::corrupt, "tlog.tile_corrupt", "tile has the wrong length");
  const unsigned depth = node.level % kTileHeight;
  const std::uint64_t per_tile = std::uint64_t{kTileWidth} >> depth;
  const std::uint64_t first = (node.index % per_tile) << depth;
  const std::uint64_t count = std::uint64_t{1} << depth;
  if (node.level / kTileHeight != tile.level || node.index / per_tile != tile.index || first + count > tile.width)
    return fail(Code::invalid_argument, "tlog.range", "node is not in this tile");
  CompactRange range;
  for (std::uint64_t i = first; i < first + count; ++i) {
    Hash hash;
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(i * kHashBytes), kHashBytes, hash.begin());
    range.append(hash);
  }
  return range.root();
}

HashReader read_from_tiles(std::uint64_t size, TileReader read) {
  return [size, read = std::move(read)](const Node& node) -> Result<Hash> {
    SK_TRY(const Tile tile, tile_of(node, size));
    SK_TRY(const std::string data, read(tile));
    return node_in_tile(node, tile, data);
  };
}

Result<std::string> encode_bundle(const std::vector<std::string>& entries) {
  if (entries.empty() || entries.size() > kTileWidth)
    return fail(Code::invalid_argument, "tlog.bundle_invalid", "a bundle has 1 to 256 entries");
  std::string out;
  for (const std::string& entry : entries) {
    if (entry.size() > kMaxEntry) return fail(Code::too_large, "tlog.leaf_too_large", "entry is longer than 65535 bytes");
    out += static_cast<char>(entry.size() >> 8);
    out += static_cast<char>(entry.size() & 255);
    out += entry;
  }
  return out;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view data, unsigned width) {
  std::vector<std::string_view> out;
  if (width == 0 || width > kTileWidth) return bad_bundle("a bundle has 1 to 256 entries");
  while (!data.empty()) {
    if (out.size() == width) return bad_bundle("more entries than the bundle's width");
    if (data.size() < 2) return bad_bundle("cut inside a length");
    const std::size_t length = static_cast<std::size_t>(static_cast<std::uint8_t>(data[0])) << 8 | static_cast<std::uint8_t>(data[1]);
    data.remove_prefix(2);
    if (data.size() < length) return bad_bundle("cut inside an entry");
    out.push_back(data.substr(0, length));
    data.remove_prefix(length);
  }
  if (out.size() != width) return bad_bundle("fewer entries than the bundle's width");
  return out;
}

}  // namespace sekisho::tlog
