// Authenticated encryption: XChaCha20-Poly1305 (IETF construction with 192-bit nonces, draft-irtf-cfrg-xchacha), and key derivation.
// Pure but for random nonces; thread-safe. Every key here has kKeyBytes bytes; another length is invalid_argument.
//
// Associated data is not stored: the reader must give the same bytes again. It binds a value to its place (table, row, column), so
// that a sealed value moved elsewhere does not open. Anything that does not verify is Code::corrupt, with key "crypto.corrupt".
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::crypto {

inline constexpr std::size_t kKeyBytes = 32;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kNonceBytes = 24;
inline constexpr std::size_t kSealOverhead = kNonceBytes + kTagBytes;

Secret random_key();

// nonce(24, random) ‖ ciphertext ‖ tag(16).
Result<std::string> seal(const Secret& key, std::string_view plain, std::string_view associated);
Result<std::string> open(const Secret& key, std::string_view sealed, std::string_view associated);

// Numbered frames under a key that seals ONE stream only (derive it from a fresh salt): the nonce is the frame's number, so a frame
// opens only at its own place, and frames can be read in any order.
// Invariant: a (key, number) pair is sealed at most once.
Result<std::string> seal_frame(const Secret& key, std::uint64_t number, std::string_view plain, std::string_view associated);
Result<std::string> open_frame(const Secret& key, std::uint64_t number, std::string_view sealed, std::string_view associated);

// Subkeys of one master key. context: exactly 8 characters, one per purpose, for example "payloads".
Result<Secret> derive_key(const Secret& master, std::string_view context, std::uint64_t id);
// The same from any label (BLAKE2b keyed with the master).
Result<Secret> derive_key(const Secret& master, std::string_view label);

}  // namespace sekisho::crypto
