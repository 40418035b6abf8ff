// Arbitrary bytes as a registration: split, then read by libfido2. Nothing of it may be accepted as a signed statement by chance or crash.
#include <cstddef>
#include <cstdint>

#include "crypto/hash.h"
#include "crypto/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  const std::string_view object(reinterpret_cast<const char*>(data), size);
  const auto parts = crypto::split_attestation(object);
  if (parts && (parts->format.size() + parts->statement.size() + parts->authenticator_data.size() > size)) __builtin_trap();
  const auto key = crypto::verify_registration("example.lg.jp", "{}", object);
  if (key && (key->credential_id.empty() || key->public_key.empty())) __builtin_trap();
  return 0;
}
