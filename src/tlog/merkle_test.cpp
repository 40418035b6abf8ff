#include "tlog/merkle.h"

#include <gtest/gtest.h>

#include <bit>
#include <filesystem>
#include <random>

#include "crypto/random.h"
#include "tlog/test_tree.h"

namespace sekisho::tlog {
namespace {

constexpr std::uint64_t kMaxSize = 300;

Hash hash_of(std::string_view hex) {
  const std::string bytes = from_hex(hex).value();
  Hash out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

// The tree that Certificate Transparency implementations have shared as their example since RFC 6962.
TEST(MerkleTree, RootsOfTheCertificateTransparencyExampleTree) {
  const char* entries[] = {"",         "00",       "10",               "2021",
                           "3031",     "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  EXPECT_EQ(to_hex(CompactRange().root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CompactRange range;
  for (int i = 0; i < 8; ++i) {
    range.append(leaf_hash(from_hex(entries[i]).value()));
    EXPECT_EQ(to_hex(range.root()), roots[i]);
  }
}

TEST(MerkleTree, RootEqualsDefinitionForEverySize) {
  const TestTree tree(kMaxSize);
  CompactRange range;
  for (std::uint64_t n = 0; n <= kMaxSize; ++n) {
    const Hash expected = tree.slow_root(0, n);
    EXPECT_EQ(range.root(), expected) << n;
    EXPECT_EQ(root_at(n, tree.reader()).value(), expected) << n;
    EXPECT_EQ(range_at(n, tree.reader())->hashes(), range.hashes()) << n;
    if (n < kMaxSize) range.append(leaf_hash(tree.entries[n]));
  }
}

TEST(MerkleTree, EdgeIsRestoredAndGoesOn) {
  const TestTree tree(100);
  for (std::uint64_t n = 0; n < 100; ++n) {
    const CompactRange edge = range_at(n, tree.reader()).value();
    CompactRange again = CompactRange::from(n, edge.hashes()).value();
    for (std::uint64_t i = n; i < 100; ++i) again.append(leaf_hash(tree.entries[i]));
    EXPECT_EQ(again.root(), tree.edge.root());
  }
  EXPECT_EQ(CompactRange::from(3, {Hash{}}).error().code, Code::corrupt);
}

TEST(MerkleTree, InclusionProofsVerifyForEveryLeafAndSize) {
  const TestTree tree(kMaxSize);
  for (std::uint64_t n = 1; n <= kMaxSize; n += n < 70 ? 1 : 23) {
    const Hash root = root_at(n, tree.reader()).value();
    for (std::uint64_t i = 0; i < n; ++i) {
      const Proof proof = inclusion_proof(i, n, tree.reader()).value();
      EXPECT_TRUE(verify_inclusion(i, n, leaf_hash(tree.entries[i]), proof, root).has_value()) << i << " of " << n;
    }
  }
}

TEST(MerkleTree, ConsistencyProofsVerifyForEveryPairOfSizes) {
  const TestTree tree(kMaxSize);
  std::vector<Hash> roots;
  for (std::uint64_t n = 0; n <= kMaxSize; ++n) roots.push_back(root_at(n, tree.reader()).value());
  for (std::uint64_t b = 0; b <= kMaxSize; ++b) {
    for (std::uint64_t a = 0; a <= b; ++a) {
      const Proof proof = consistency_proof(a, b, tree.reader()).value();
      EXPECT_TRUE(verify_consistency(a, b, roots[a], roots[b], proof).has_value()) << a << " to " << b;
    }
  }
}

TEST(MerkleTree, SubtreeProofsVerifyForEverySubtree) {
  const std::uint64_t size = 75;
  const TestTree tree(size);
  for (std::uint64_t n = 1; n <= size; ++n) {
    const Hash root = root_at(n, tree.reader()).value();
    for (std::uint64_t start = 0; start < n; ++start) {
      for (std::uint64_t end = start + 1; end <= n; ++end) {
        const auto proof = subtree_consistency_proof(start, end, n, tree.reader());
        const bool valid = start % std::bit_ceil(end - start) == 0;
        ASSERT_EQ(proof.has_value(), valid) << start << "-" << end << " of " << n;
        if (!valid) continue;
        const Hash part = subtree_root(start, end, tree.reader()).value();
        EXPECT_EQ(part, tree.slow_root(start, end));
        EXPECT_TRUE(verify_subtree_consistency(start, end, n, part, root, *proof).has_value()) << start << "-" << end << " of " << n;
      }
    }
  }
}

// Each change of a proof, and each neighbouring claim, must fail.
template <class Verify>
void expect_only_this_proof(const Proof& good, Verify verify) {
  ASSERT_TRUE(verify(good).has_value());
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const std::size_t bit : {0u, 77u, 255u}) {
      Proof bad = good;
      bad[i][bit / 8] = static_cast<std::uint8_t>(bad[i][bit / 8] ^ (1 << (bit % 8)));
      EXPECT_EQ(verify(bad).error().code, Code::corrupt);
    }
    Proof shorter = good;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify(shorter).has_value());
  }
  for (std::size_t i = 0; i <= good.size(); ++i) {
    Proof longer = good;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), empty_root());
    EXPECT_FALSE(verify(longer).has_value());
  }
}

TEST(TransparencyLog, RejectsEveryChangedInclusionProof) {
  const TestTree tree(70);
  for (const std::uint64_t n : {1u, 2u, 3u, 7u, 8u, 64u, 70u}) {
    const Hash root = root_at(n, tree.reader()).value();
    for (std::uint64_t i = 0; i < n; ++i) {
      const Proof proof = inclusion_proof(i, n, tree.reader()).value();
      const Hash leaf = leaf_hash(tree.entries[i]);
      expect_only_this_proof(proof, [&](const Proof& p) { return verify_inclusion(i, n, leaf, p, root); });
      EXPECT_FALSE(verify_inclusion(i, n, leaf_hash("forged"), proof, root).has_value());
      EXPECT_FALSE(verify_inclusion(i, n, leaf, proof, leaf_hash("forged")).has_value());
      for (std::uint64_t j = 0; j <= n; ++j)
        EXPECT_EQ(verify_inclusion(j, n, leaf, proof, root).has_value(), j == i) << i << " as " << j << " of " << n;
    }
  }
}

TEST(TransparencyLog, RejectsHeadInconsistentWithEarlierOne) {
  const TestTree tree(70);
  TestTree forked(20);
  forked.add("another entry 20");
  for (std::uint64_t i = 21; i < 70; ++i) forked.add(tree.entries[i]);
  for (std::uint64_t a = 1; a < 70; ++a) {
    const Hash old_root = root_at(a, tree.reader()).value();
    const Hash new_root = forked.edge.root();
    const Proof proof = consistency_proof(a, 70, forked.reader()).value();
    EXPECT_EQ(verify_consistency(a, 70, old_root, new_root, proof).has_value(), a <= 20) << a;
  }
}

TEST(TransparencyLog, RejectsEveryChangedConsistencyProof) {
  const TestTree tree(70);
  for (std::uint64_t b = 1; b <= 70; b += 3) {
    for (std::uint64_t a = 1; a <= b; ++a) {
      const Hash from = root_at(a, tree.reader()).value();
      const Hash to = root_at(b, tree.reader()).value();
      const Proof proof = consistency_proof(a, b, tree.reader()).value();
      expect_only_this_proof(proof, [&](const Proof& p) { return verify_consistency(a, b, from, to, p); });
      EXPECT_FALSE(verify_consistency(a, b, leaf_hash("x"), to, proof).has_value());
      EXPECT_FALSE(verify_consistency(a, b, from, leaf_hash("x"), proof).has_value());
      EXPECT_EQ(verify_consistency(b, a, to, from, proof).has_value(), a == b);
    }
  }
}

TEST(MerkleTree, HugeSizesNeitherOverflowNorLoop) {
  std::vector<Hash> levels(65);  // a tree of equal leaves has one hash per level
  for (std::size_t i = 1; i < levels.size(); ++i) levels[i] = node_hash(levels[i - 1], levels[i - 1]);
  const HashReader same = [&](const Node& node) -> Result<Hash> { return levels[node.level]; };
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t n = std::max<std::uint64_t>(random() >> (i % 60), 2) | (i % 2 == 0 ? std::uint64_t{1} << 63 : 0);
    const std::uint64_t a = 1 + random() % (n - 1);
    const Hash root = root_at(n, same).value();
    EXPECT_TRUE(verify_inclusion(a, n, Hash{}, inclusion_proof(a, n, same).value(), root).has_value()) << a << " " << n;
    const auto proof = consistency_proof(a, n, same).value();
    EXPECT_TRUE(verify_consistency(a, n, root_at(a, same).value(), root, proof).has_value()) << a << " " << n;
  }
  EXPECT_FALSE(verify_inclusion(~0ull, ~0ull, Hash{}, {}, Hash{}).has_value());
  EXPECT_FALSE(verify_subtree_consistency(1ull << 63, ~0ull, ~0ull, Hash{}, Hash{}, Proof(64)).has_value());
}

TEST(MerkleTree, RefusesClaimsOutOfRangeAndPassesReaderFailures) {
  const TestTree tree(4);
  EXPECT_EQ(inclusion_proof(4, 4, tree.reader()).error().code, Code::invalid_argument);
  EXPECT_EQ(consistency_proof(5, 4, tree.reader()).error().code, Code::invalid_argument);
  EXPECT_EQ(root_at(8, tree.reader()).error().key, "test.no_node");
  EXPECT_FALSE(verify_inclusion(0, 0, Hash{}, {}, empty_root()).has_value());
  EXPECT_TRUE(verify_consistency(0, 4, empty_root(), tree.edge.root(), {}).has_value());
  EXPECT_FALSE(verify_consistency(0, 4, Hash{}, tree.edge.root(), {}).has_value());
  EXPECT_FALSE(verify_consistency(0, 0, empty_root(), Hash{}, {}).has_value());
  EXPECT_EQ(hash_of(to_hex(empty_root())), empty_root());
}

}  // namespace
}  // namespace sekisho::tlog
