// The Merkle tree of RFC 6962 section 2 / RFC 9162 section 2.1 over SHA-256. Pure; thread-safe (a CompactRange belongs to one thread).
//
// A complete subtree of 2^level leaves that starts at leaf index << level is a Node. Trees and proofs are computed from complete nodes
// only, which a HashReader supplies; where they are kept (tiles, a table, memory) is the caller's business.
//
// Proofs come from outside and are only ever verified: any mismatch in length or value is Code::corrupt, "tlog.proof_invalid".
// Subtrees [start, end) follow draft-ietf-plants-merkle-tree-certs section 4: start is a multiple of bit_ceil(end - start).
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace sekisho::tlog {

Hash leaf_hash(std::string_view entry);                   // SHA-256(0x00 ‖ entry)
Hash node_hash(const Hash& left, const Hash& right);      // SHA-256(0x01 ‖ left ‖ right)
Hash empty_root();                                        // SHA-256 of nothing

struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  friend bool operator==(const Node&, const Node&) = default;
};
struct NodeHash {
  Node node;
  Hash hash{};
};
using HashReader = std::function<Result<Hash>(const Node&)>;
using Proof = std::vector<Hash>;

// The right edge of a tree: one hash per set bit of its size, largest subtree first. Enough to append and to compute the root.
class CompactRange {
 public:
  CompactRange() = default;
  // Restores a stored edge; corrupt when the number of hashes does not fit the size.
  static Result<CompactRange> from(std::uint64_t size, std::vector<Hash> hashes);

  std::uint64_t size() const { return size_; }
  const std::vector<Hash>& hashes() const { return hashes_; }
  Hash root() const;

  void append(const Hash& leaf);
  // Also adds every node that this leaf completes (the leaf first) to `completed`.
  void append(const Hash& leaf, std::vector<NodeHash>& completed);

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// Failures of the reader are passed on. size 0 gives the empty root; out-of-range indices and sizes are invalid_argument.
Result<CompactRange> range_at(std::uint64_t size, const HashReader& read);
Result<Hash> root_at(std::uint64_t size, const HashReader& read);
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const HashReader& read);
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t new_size, const HashReader& read);
Result<Proof> subtree_consistency_proof(std::uint64_t start, std::uint64_t end, std::uint64_t size, const HashReader& read);
Result<Hash> subtree_root(std::uint64_t start, std::uint64_t end, const HashReader& read);

Status verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, const Proof& proof, const Hash& root);
// From size 0 the old root must be the empty root and the proof empty: every tree extends the empty one.
Status verify_consistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root, const Hash& new_root, const Proof& proof);
// That leaf `index` lies in the subtree [start, end) with this root.
Status verify_subtree_inclusion(std::uint64_t index, std::uint64_t start, std::uint64_t end, const Hash& leaf, const Proof& proof,
                                const Hash& root);
// That the subtree [start, end) is part of the tree of `size` leaves with this root.
Status verify_subtree_consistency(std::uint64_t start, std::uint64_t end, std::uint64_t size, const Hash& subtree, const Hash& root,
                                  const Proof& proof);

}  // namespace sekisho::tlog
