// The leaf: one act, as it is hashed into the tree for ever. Pure; thread-safe.
//
// Its bytes are canonical JSON (RFC 8785): keys in this order, no spaces, UTF-8, only the escapes that the RFC names. Example (one line):
//   {"act":"chat.ask","actor":"01J…","clause":"10(1)","commit":"<64 hex digits>","decision":"allow","label":"…","object":"01J…",
//    "policy_version":"2026-04-01","seq":7,"ts":"2026-03-30T01:02:03.000004Z","v":1}
//
// Nothing personal belongs here: actor and object are pseudonymous ids; what was typed, answered or named lies beside the leaf, encrypted,
// and `commit` binds it. Deleting salt and payload leaves every proof valid and the leaf meaningless.
//
// Invariants: 1. encode(decode(b)) == b for every b that decode accepts. 2. An encoded leaf fits an entry bundle (65,535 bytes).
// Failures: invalid_argument (not UTF-8, out of range), too_large, corrupt (bytes that this module cannot have written).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"
#include "core/time.h"

namespace sekisho::tlog {

inline constexpr int kLeafVersion = 1;
inline constexpr std::uint64_t kMaxSeq = (std::uint64_t{1} << 53) - 1;  // RFC 8785 numbers are IEEE doubles
inline constexpr std::size_t kMaxEntryBytes = 65535;
inline constexpr std::size_t kSaltBytes = 32;

struct Leaf {
  std::uint64_t seq = 0;  // index in the tree, from 0
  Timestamp ts;           // years 1970 to 9999
  std::string actor;
  std::string act;
  std::string clause;
  std::string object;
  std::string label;
  std::string decision;
  std::string policy_version;
  Hash commit{};
  friend bool operator==(const Leaf&, const Leaf&) = default;
};

Result<std::string> encode_leaf(const Leaf& leaf);
// The same in two steps, for who learns number and time last: they stand at the end. begin_leaf does not look at the leaf's own.
Result<std::string> begin_leaf(const Leaf& leaf);
Result<std::string> end_leaf(std::string begun, std::uint64_t seq, Timestamp ts);
Result<Leaf> decode_leaf(std::string_view bytes);

// SHA-256(salt ‖ payload). The salt has exactly kSaltBytes (so that the boundary is fixed) and is random per leaf (so that a short
// payload cannot be guessed from its commitment).
Result<Hash> commitment(std::string_view salt, std::string_view payload);
// The same of both in one piece.
Result<Hash> commitment(std::string_view salt_and_payload);

}  // namespace sekisho::tlog
