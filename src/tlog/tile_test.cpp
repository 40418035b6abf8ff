#include "tlog/tile.h"

#include <gtest/gtest.h>

#include <set>

#include "tlog/test_tree.h"

namespace sekisho::tlog {
namespace {

TEST(TilePaths, MatchTheSpecificationsExamples) {
  EXPECT_EQ(tile_path({0, 1234067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path({0, 0, 256}), "tile/0/000");
  EXPECT_EQ(tile_path({2, 67, 17}), "tile/2/067.p/17");
  EXPECT_EQ(bundle_path(1067, 40), "tile/entries/x001/067.p/40");
}

TEST(TilePaths, RoundTrip) {
  for (std::uint64_t index : {0ull, 1ull, 999ull, 1000ull, 999999ull, 1000000ull, 1234067ull, ~0ull}) {
    for (const unsigned width : {1u, 99u, 255u, 256u}) {
      const Tile tile{index % 64 == 0 ? 0 : 63u, index, width};
      EXPECT_EQ(parse_tile_path(tile_path(tile)).value(), (TileName{TileKind::hashes, tile})) << tile_path(tile);
      EXPECT_EQ(parse_tile_path(bundle_path(index, width)).value(), (TileName{TileKind::entries, {0, index, width}}));
    }
  }
}

TEST(TilePaths, RefuseEveryOtherSpelling) {
  for (const char* bad :
       {"", "tile", "tile/", "tile/0", "tile/0/", "tile/64/000", "tile/00/000", "tile/-1/000", "tile/0/0", "tile/0/0000", "tile/0/x000/000",
        "tile/0/x001", "tile/0/001/002", "tile/0/x001/x002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/",
        "tile/0/000.p", "tile/0/00a", "/tile/0/000", "tile/0/000/", "tile/0/000.p/1/", "tile/entry/000", "tile/0/../000",
        "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999", "tile/0/+01"})
    EXPECT_FALSE(parse_tile_path(bad).has_value()) << bad;
}

TEST(Tiles, TreeOf70000IsTheSpecificationsExample) {
  std::vector<unsigned> full(3), partial_width(3);
  for (const Tile& t : tiles_added(0, 70000)) (t.partial() ? partial_width[t.level] : full[t.level]) += t.partial() ? t.width : 1;
  EXPECT_EQ(full, (std::vector<unsigned>{273, 1, 0}));
  EXPECT_EQ(partial_width, (std::vector<unsigned>{112, 17, 1}));
  EXPECT_EQ(tiles_added(0, 256), (std::vector<Tile>{{0, 0, 256}, {1, 0, 1}}));
  EXPECT_TRUE(tiles_added(5, 5).empty());
  EXPECT_EQ(tiles_added(255, 256), (std::vector<Tile>{{0, 0, 256}, {1, 0, 1}}));
  EXPECT_EQ(tiles_added(256, 257), (std::vector<Tile>{{0, 1, 1}}));
}

TEST(Tiles, GrowthInStepsGivesTheTilesOfTheWhole) {
  std::set<std::string> steps;
  std::uint64_t size = 0;
  for (const std::uint64_t grow : {1u, 3u, 251u, 1u, 1u, 700u, 65000u, 5000u}) {
    for (const Tile& t : tiles_added(size, size + grow)) steps.insert(tile_path(t));
    size += grow;
  }
  for (const Tile& t : tiles_added(0, size)) EXPECT_TRUE(steps.count(tile_path(t)) == 1) << tile_path(t);
}

class StoredTiles : public ::testing::Test {
 protected:
  void store(std::uint64_t from, std::uint64_t to) {
    for (const Tile& t : tiles_added(from, to)) files_[tile_path(t)] = tile_data(t, tree_.reader()).value();
  }
  TileReader files() {
    return [this](const Tile& t) -> Result<std::string> {
      const auto it = files_.find(tile_path(t));
      if (it == files_.end()) return fail(Code::not_found, "test.no_tile", tile_path(t));
      return it->second;
    };
  }
  TestTree tree_{70001};
  std::map<std::string, std::string> files_;
};

TEST_F(StoredTiles, ProofsFromTilesEqualProofsFromNodes) {
  store(0, 70001);
  const HashReader read = read_from_tiles(70001, files());
  EXPECT_EQ(root_at(70001, read).value(), tree_.edge.root());
  for (std::uint64_t i = 0; i < 70001; i += 997)
    EXPECT_EQ(inclusion_proof(i, 70001, read).value(), inclusion_proof(i, 70001, tree_.reader()).value());
  for (std::uint64_t a = 1; a <= 70001; a += 1009)
    EXPECT_EQ(consistency_proof(a, 70001, read).value(), consistency_proof(a, 70001, tree_.reader()).value());
}

TEST_F(StoredTiles, AnyChangedTileChangesTheRoot) {
  store(0, 1000);
  const Hash root = root_at(1000, read_from_tiles(1000, files())).value();
  EXPECT_EQ(root, tree_.slow_root(0, 1000));
  // Level 1 is read for the full tiles, level 0 for the last, partial one.
  for (const char* path : {"tile/1/000.p/3", "tile/0/003.p/232"}) {
    const std::string good = files_[path];
    for (std::size_t i = 0; i < good.size(); ++i) {
      files_[path][i] = static_cast<char>(good[i] ^ 1);
      EXPECT_NE(root_at(1000, read_from_tiles(1000, files())).value(), root);
      files_[path] = good;
    }
    files_[path].pop_back();
    EXPECT_EQ(root_at(1000, read_from_tiles(1000, files())).error().code, Code::corrupt);
    files_[path] = good;
  }
}

TEST(Tiles, NodesOutsideTheTreeOrTileAreRefused) {
  EXPECT_FALSE(tile_of({0, 5}, 5).has_value());
  EXPECT_FALSE(tile_of({64, 0}, ~0ull).has_value());
  EXPECT_EQ(tile_of({63, 0}, ~0ull).value(), (Tile{7, 0, 255}));
  const Tile tile{0, 1, 2};
  EXPECT_FALSE(node_in_tile({0, 0}, tile, std::string(64, 'x')).has_value());
  EXPECT_FALSE(node_in_tile({0, 258}, tile, std::string(64, 'x')).has_value());
  EXPECT_TRUE(node_in_tile({1, 128}, tile, std::string(64, 'x')).has_value());
  EXPECT_EQ(node_in_tile({1, 128}, tile, std::string(63, 'x')).error().code, Code::corrupt);
}

TEST(EntryBundles, RoundTripAndRefuseEveryCut) {
  std::vector<std::string> entries{"", "a", std::string(65535, 'z'), "末尾"};
  const std::string data = encode_bundle(entries).value();
  const auto back = parse_bundle(data, 4).value();
  ASSERT_EQ(back.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(back[i], entries[i]);
  EXPECT_FALSE(parse_bundle(data, 3).has_value());
  EXPECT_FALSE(parse_bundle(data, 5).has_value());
  for (std::size_t n = 0; n < data.size(); n += n < 20 ? 1 : 4001) EXPECT_FALSE(parse_bundle(data.substr(0, n), 4).has_value()) << n;
  EXPECT_FALSE(parse_bundle(data + "x", 4).has_value());
  EXPECT_FALSE(encode_bundle({std::string(65536, 'z')}).has_value());
  EXPECT_FALSE(encode_bundle({}).has_value());
  EXPECT_FALSE(encode_bundle(std::vector<std::string>(257)).has_value());
}

}  // namespace
}  // namespace sekisho::tlog
