// Signed notes: C2SP signed-note (https://c2sp.org/signed-note), with Ed25519 (type 1) and timestamped witness cosignatures (type 4,
// https://c2sp.org/tlog-cosignature). Pure; thread-safe.
//
// A note is UTF-8 text that ends in a newline, an empty line, and one line per signature: "— name base64(key id ‖ signature)".
// The text of a note means nothing before verify_note() has said yes.
//
// Failures: malformed bytes invalid_argument "note.malformed"; a signature that does not verify, or none by a known key, corrupt
// "note.unverified".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "crypto/sign.h"

namespace sekisho::tlog {

inline constexpr std::size_t kMaxNoteBytes = 256 * 1024;
inline constexpr std::size_t kMaxSignatures = 64;

enum class KeyType : std::uint8_t { ed25519 = 1, cosignature = 4 };

// Who may sign. Printed as "name+8 hex digits of the id+base64(type ‖ public key)"; this line goes into trust files.
class VerifierKey {
 public:
  // The name is not empty and has no Unicode space and no '+'.
  static Result<VerifierKey> create(std::string name, KeyType type, const crypto::PublicKey& key);
  static Result<VerifierKey> parse(std::string_view text);
  std::string text() const;

  const std::string& name() const { return name_; }
  KeyType type() const { return type_; }
  const crypto::PublicKey& key() const { return key_; }
  std::uint32_t id() const { return id_; }

 private:
  VerifierKey() = default;
  std::string name_;
  KeyType type_ = KeyType::ed25519;
  crypto::PublicKey key_;
  std::uint32_t id_ = 0;
};

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  std::string bytes;  // 64 for Ed25519; 8 (seconds since 1970, big-endian) + 64 for a cosignature
  friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

struct Note {
  std::string text;  // ends with a newline
  std::vector<NoteSignature> signatures;
};

// Invariant: encode_note(*parse_note(b)) == b.
Result<Note> parse_note(std::string_view bytes);
Result<std::string> encode_note(const Note& note);

// Signs as `verifier`, which must be of type ed25519 and belong to `key`.
Result<NoteSignature> sign_note(std::string_view text, const VerifierKey& verifier, const crypto::SigningKey& key);
// Signs as a witness at `unix_seconds`. The caller has verified consistency with everything it signed before.
Result<NoteSignature> cosign_note(std::string_view text, const VerifierKey& witness, const crypto::SigningKey& key,
                                  std::uint64_t unix_seconds);

struct VerifiedSignature {
  std::string name;
  KeyType type = KeyType::ed25519;
  std::uint64_t unix_seconds = 0;  // of a cosignature, as its witness claims; else 0
};
// The signatures by `known` keys, at least one. One that is by a known key and wrong fails the whole note; unknown ones are ignored.
Result<std::vector<VerifiedSignature>> verify_note(const Note& note, const std::vector<VerifierKey>& known);

}  // namespace sekisho::tlog
