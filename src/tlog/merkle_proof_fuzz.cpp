// Proofs from outside, over a fixed tree: whatever the bytes say, only true claims verify and verification ends.
// Input: byte 0 kind, then three big-endian uint64, then 32 bytes of claimed hash, then the proof.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tlog/merkle.h"

using namespace sekisho;
using namespace sekisho::tlog;

namespace {

constexpr std::uint64_t kSize = 37;

std::uint64_t number_at(const std::uint8_t* data) {
  std::uint64_t out = 0;
  for (int i = 0; i < 8; ++i) out = out << 8 | data[i];
  return out;
}

Hash leaf_at(std::uint64_t i) { return leaf_hash("entry " + std::to_string(i)); }
Hash root_of(std::uint64_t n) {
  CompactRange range;
  for (std::uint64_t i = 0; i < n; ++i) range.append(leaf_at(i));
  return range.root();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 57) return 0;
  static const Hash root = root_of(kSize);
  const std::uint64_t a = number_at(data + 1), b = number_at(data + 9), c = number_at(data + 17);
  Hash claim;
  std::copy_n(data + 25, 32, claim.begin());
  Proof proof;
  for (std::size_t at = 57; at + 32 <= size; at += 32) std::copy_n(data + at, 32, proof.emplace_back().begin());
  switch (data[0] % 4) {
    case 0:  // a leaf of the tree
      if (verify_inclusion(a, kSize, claim, proof, root).has_value() && claim != leaf_at(a)) std::abort();
      break;
    case 1:  // an earlier head of the tree
      if (verify_consistency(a, kSize, claim, root, proof).has_value() && (a > kSize || claim != root_of(a))) std::abort();
      break;
    case 2:
      (void)verify_subtree_inclusion(a, b, c, claim, proof, root);
      break;
    default:
      (void)verify_subtree_consistency(a, b, c, claim, root, proof);
  }
  return 0;
}
