// Proofs as text. Pure; thread-safe.
//
// One leaf in one tree: C2SP tlog-proof (https://c2sp.org/tlog-proof), file ending .tlog-proof. `extra` holds the leaf's bytes, so that the
// file alone and a trusted key prove what was recorded:
//
//   c2sp.org/tlog-proof@v1
//   extra eyJhY3QiOiJ…
//   index 60
//   gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
//
//   sekisho/shiomino                    (the checkpoint, whole)
//
// One tree in a later one: the body of C2SP tlog-witness's add-checkpoint (https://c2sp.org/tlog-witness), which witnesses read and which
// serves as a file as well: "old SIZE", the proof's lines, an empty line, the later checkpoint.
//
// Invariant: encode(*parse(t)) == t. Failures: invalid_argument "proof.malformed".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "tlog/merkle.h"

namespace sekisho::tlog {

inline constexpr std::size_t kMaxProofLines = 63;

struct InclusionText {
  std::string extra;
  std::uint64_t index = 0;
  Proof proof;
  std::string checkpoint;  // signed note; not verified here
  friend bool operator==(const InclusionText&, const InclusionText&) = default;
};
std::string encode_inclusion(const InclusionText& in);
Result<InclusionText> parse_inclusion(std::string_view text);

struct ConsistencyText {
  std::uint64_t old_size = 0;
  Proof proof;
  std::string checkpoint;  // signed note; not verified here
  friend bool operator==(const ConsistencyText&, const ConsistencyText&) = default;
};
std::string encode_consistency(const ConsistencyText& in);
Result<ConsistencyText> parse_consistency(std::string_view text);

}  // namespace sekisho::tlog
