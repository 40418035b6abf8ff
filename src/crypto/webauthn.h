// Security keys: what the server checks of Web Authentication, Level 2 (sections 7.1 and 7.2), over libfido2. Pure; thread-safe.
//
// The caller has already checked the client data (type, challenge, origin); here is its hash signed over, the relying party's id
// (the host name), the flags "user present" and "user verified", and the signature. Keys are ES256, EdDSA or RS256. No statement about the
// authenticator's make is asked for: "none", and "packed" signed by the new key itself, are taken; every other kind is refused.
// Failures: invalid_argument "crypto.webauthn" (malformed, or another key's or host's); the detail says which.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"

namespace sekisho::crypto {

// COSE algorithm identifiers (RFC 9053), in the order in which they are offered.
inline constexpr int kEs256 = -7;
inline constexpr int kEdDsa = -8;
inline constexpr int kRs256 = -257;
inline constexpr std::size_t kMaxWebauthnBytes = 16384;

struct SecurityKey {
  std::string credential_id;
  int algorithm = 0;
  std::string public_key;  // libfido2's raw form: ES256 x‖y, EdDSA 32 bytes, RS256 modulus‖exponent
  std::uint32_t counter = 0;
};

Result<SecurityKey> verify_registration(const std::string& rp_id, std::string_view client_data, std::string_view attestation_object);

struct Assertion {
  std::string_view client_data;
  std::string_view authenticator_data;
  std::string_view signature;
};
// The signature counter. Whether it may be what it is, the caller decides (0 both times: the key does not count).
Result<std::uint32_t> verify_assertion(const std::string& rp_id, int algorithm, std::string_view public_key, const Assertion& assertion);

// The three parts of an attestation object, as views into it: a CBOR map (RFC 8949) in its definite form. Public for its fuzz target.
struct AttestationParts {
  std::string_view format;
  std::string_view statement;  // encoded
  std::string_view authenticator_data;
};
Result<AttestationParts> split_attestation(std::string_view object);

}  // namespace sekisho::crypto
