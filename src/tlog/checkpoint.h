// Checkpoints: the signed head of a log, C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint). Pure; thread-safe.
//
//   log.example.lg.jp/body        origin: which log this is
//   20852163                      tree size
//   CsUYapGGPo4dkMgIAUqom/…=      root hash, base64
//                                 (further non-empty lines are extensions)
//   — log.example.lg.jp/body Az3grl…
//
// We are stricter than the format where it only recommends: the log's key has the origin as its name.
// A log signs only heads that extend each other; that is its caller's duty, and what witnesses check.
// Failures: invalid_argument "checkpoint.malformed", corrupt "note.unverified".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/sign.h"
#include "tlog/note.h"

namespace sekisho::tlog {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
  std::vector<std::string> extensions;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The text of the note. Invariant: checkpoint_text(*parse_checkpoint_text(t)) == t.
Result<std::string> checkpoint_text(const Checkpoint& checkpoint);
Result<Checkpoint> parse_checkpoint_text(std::string_view text);

// A signed note; the verifier key is (origin, ed25519, key).
Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key);
// The note with one signature more: adds a witness's line to a checkpoint.
Result<std::string> add_signature(std::string_view signed_checkpoint, const NoteSignature& signature);

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> witnesses;  // cosignatures that verified, in the order of the note
};
// Verifies before it believes: the log's own signature must be there and right, its name must be the origin, and every cosignature
// by one of `witnesses` must verify. How many witnesses are enough is the caller's rule.
Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const VerifierKey& log, const std::vector<VerifierKey>& witnesses = {});

}  // namespace sekisho::tlog
