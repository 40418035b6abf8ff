// Entry bundles and tile paths. Input: byte 0 width, then the bytes.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "tlog/tile.h"

using namespace sekisho::tlog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned width = data[0] + 1u;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (const auto views = parse_bundle(bytes, width); views.has_value()) {
    const auto again = encode_bundle(std::vector<std::string>(views->begin(), views->end()));
    if (!again.has_value() || *again != bytes) std::abort();
  }
  if (const auto name = parse_tile_path(bytes); name.has_value()) {
    const Tile& tile = name->tile;
    if ((name->kind == TileKind::hashes ? tile_path(tile) : bundle_path(tile.index, tile.width)) != bytes) std::abort();
  }
  return 0;
}
