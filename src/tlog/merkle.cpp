#include "tlog/merkle.h"

#include <algorithm>
#include <array>
#include <bit>

#include "crypto/hash.h"

namespace sekisho::tlog {
namespace {

Unexpected bad_proof(const char* what) { return fail(Code::corrupt, "tlog.proof_invalid", what); }
Unexpected bad_range(const char* what) { return fail(Code::invalid_argument, "tlog.range", what); }

// Where RFC 6962 splits n >= 2 leaves: the largest power of two below n.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

bool is_subtree(std::uint64_t start, std::uint64_t end) {
  if (start > end) return false;
  if (start == end) return true;
  const std::uint64_t length = end - start;
  // bit_ceil is undefined where it does not fit; such a subtree can only start at 0.
  if (length > std::uint64_t{1} << 63) return start == 0;
  return start % std::bit_ceil(length) == 0;
}

// MTH of [start, end), a non-empty valid subtree.
Result<Hash> range_hash(std::uint64_t start, std::uint64_t end, const HashReader& read) {
  const std::uint64_t length = end - start;
  if (std::has_single_bit(length)) {
    const auto level = static_cast<unsigned>(std::countr_zero(length));
    const Node node{level, start >> level};
    return read(node);
  }
  const std::uint64_t k = split(length);
  SK_TRY(const Hash left, range_hash(start, start + k, read));
  SK_TRY(const Hash right, range_hash(start + k, end, read));
  return node_hash(left, right);
}

Result<Proof> path(std::uint64_t index, std::uint64_t size, const HashReader& read) {
  Proof proof;
  std::uint64_t low = 0;
  std::uint64_t high = size;
  while (high - low > 1) {
    const std::uint64_t middle = low + split(high - low);
    const bool left = index < middle;
    SK_TRY(Hash sibling, left ? range_hash(middle, high, read) : range_hash(low, middle, read));
    proof.push_back(sibling);
    (left ? high : low) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace

Hash leaf_hash(std::string_view entry) {
  // In one piece, which is much faster; a leaf is rarely longer.
  std::array<char, 1024> bytes;
  if (entry.size() < bytes.size()) {
    bytes[0] = 0;
    std::copy(entry.begin(), entry.end(), bytes.begin() + 1);
    return crypto::sha256(std::string_view(bytes.data(), entry.size() + 1));
  }
  crypto::Sha256 hash;
  hash.update(std::string_view("\0", 1));
  hash.update(entry);
  return hash.finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<char, 65> bytes;
  bytes[0] = 1;
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 33);
  return crypto::sha256(std::string_view(bytes.data(), bytes.size()));
}

Hash empty_root() { return crypto::sha256({}); }

Result<CompactRange> CompactRange::from(std::uint64_t size, std::vector<Hash> hashes) {
  if (hashes.size() != static_cast<std::size_t>(std::popcount(size)))
    return fail(Code::corrupt, "tlog.range_corrupt", "number of hashes does not fit the tree size");
  CompactRange range;
  range.size_ = size;
  range.hashes_ = std::move(hashes);
  return range;
}

Hash CompactRange::root() const {
  if (hashes_.empty()) return empty_root();
  Hash root = hashes_.back();
  for (auto it = hashes_.rbegin() + 1; it != hashes_.rend(); ++it) root = node_hash(*it, root);
  return root;
}

void CompactRange::append(const Hash& leaf) {
  Hash hash = leaf;
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  ++size_;
}

void CompactRange::append(const Hash& leaf, std::vector<NodeHash>& completed) {
  Hash hash = leaf;
  unsigned level = 0;
  completed.push_back({{0, size_}, hash});
  for (std::uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
    ++level;
    completed.push_back({{level, size_ >> level}, hash});
  }
  hashes_.push_back(hash);
  ++size_;
}

Result<CompactRange> range_at(std::uint64_t size, const HashReader& read) {
  std::vector<Hash> hashes;
  std::uint64_t start = 0;
  for (std::uint64_t rest = size; rest != 0; rest -= std::bit_floor(rest)) {
    const std::uint64_t length = std::bit_floor(rest);
    SK_TRY(const Hash hash, range_hash(start, start + length, read));
    hashes.push_back(hash);
    start += length;
  }
  return CompactRange::from(size, std::move(hashes));
}

Result<Hash> root_at(std::uint64_t size, const HashReader& read) {
  if (size == 0) return empty_root();
  return range_hash(0, size, read);
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size, const HashReader& read) {
  if (index >= size) return bad_range("leaf index is not below the tree size");
  return path(index, size, read);
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t new_size, const HashReader& read) {
  if (old_size > new_size) return bad_range("old tree is larger than the new one");
  return subtree_consistency_proof(0, old_size, new_size, read);
}

Result<Proof> subtree_consistency_proof(std::uint64_t start, std::uint64_t end, std::uint64_t size, const HashReader& read) {
  if (!is_subtree(start, end) || end > size) return bad_range("not a subtree of the tree");
  Proof proof;
  if (start == end) return proof;
  std::uint64_t low = 0;
  std::uint64_t high = size;
  bool known = true;  // the verifier knows the hash of [max(start, low), end): it is the subtree itself
  while (std::max(start, low) != low || end != high) {
    const std::uint64_t middle = low + split(high - low);
    const bool left = end <= middle;
    SK_TRY(Hash sibling, left ? range_hash(middle, high, read) : range_hash(low, middle, read));
    proof.push_back(sibling);
    if (!left && start < middle) known = false;
    (left ? high : low) = middle;
  }
  if (!known) {
    SK_TRY(Hash seed, range_hash(low, high, read));
    proof.push_back(seed);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

Result<Hash> subtree_root(std::uint64_t start, std::uint64_t end, const HashReader& read) {
  if (!is_subtree(start, end)) return bad_range("not a subtree");
  if (start == end) return empty_root();
  return range_hash(start, end, read);
}

// RFC 9162 section 2.1.3.2.
Status verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, const Proof& proof, const Hash& root) {
  if (index >= size) return bad_proof("leaf index is not below the tree size");
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash r = leaf;
  for (const Hash& p : proof) {
    if (sn == 0) return bad_proof("proof is too long");
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1, sn >>= 1;
  }
  if (sn != 0) return bad_proof("proof is too short");
  if (r != root) return bad_proof("leaf and proof do not give the root");
  return ok();
}

Status verify_consistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root, const Hash& new_root, const Proof& proof) {
  if (old_size > new_size) return bad_proof("old tree is larger than the new one");
  if (new_size == 0 && new_root != empty_root()) return bad_proof("root of the empty tree is wrong");
  return verify_subtree_consistency(0, old_size, new_size, old_root, new_root, proof);
}

Status verify_subtree_inclusion(std::uint64_t index, std::uint64_t start, std::uint64_t end, const Hash& leaf, const Proof& proof,
                                const Hash& root) {
  if (!is_subtree(start, end)) return bad_proof("not a subtree");
  if (index < start || index >= end) return bad_proof("leaf is outside the subtree");
  return verify_inclusion(index - start, end - start, leaf, proof, root);
}

// draft-ietf-plants-merkle-tree-certs, "Verifying a Subtree Consistency Proof"; with start 0 it is RFC 9162 section 2.1.4.2.
Status verify_subtree_consistency(std::uint64_t start, std::uint64_t end, std::uint64_t size, const Hash& subtree, const Hash& root,
                                  const Proof& proof) {
  if (!is_subtree(start, end) || end > size) return bad_proof("not a subtree of the tree");
  if (start == end) {
    if (!proof.empty() || subtree != empty_root()) return bad_proof("an empty subtree has the empty root and an empty proof");
    return ok();
  }
  std::uint64_t fn = start;
  std::uint64_t sn = end - 1;
  std::uint64_t tn = size - 1;
  const bool at_right_edge = sn == tn;
  while (fn != sn && (at_right_edge || (sn & 1) != 0)) fn >>= 1, sn >>= 1, tn >>= 1;
  auto next = proof.begin();
  if (fn != sn && next == proof.end()) return bad_proof("proof is too short");
  Hash fr = fn == sn ? subtree : *next++;
  Hash sr = fr;
  for (; next != proof.end(); ++next) {
    if (tn == 0) return bad_proof("proof is too long");
    if ((sn & 1) != 0 || sn == tn) {
      if (fn < sn) fr = node_hash(*next, fr);
      sr = node_hash(*next, sr);
      while ((sn & 1) == 0) fn >>= 1, sn >>= 1, tn >>= 1;  // sn is not 0 here: it is odd, or equal to tn
    } else {
      sr = node_hash(sr, *next);
    }
    fn >>= 1, sn >>= 1, tn >>= 1;
  }
  if (tn != 0) return bad_proof("proof is too short");
  if (fr != subtree) return bad_proof("proof does not give the old root");
  if (sr != root) return bad_proof("proof does not give the new root");
  return ok();
}

}  // namespace sekisho::tlog
