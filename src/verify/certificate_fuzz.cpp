// No certificate verifies under a key that signed nothing.
#include <cstdint>
#include <cstdlib>

#include "verify/certificate.h"

using namespace sekisho;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto key = crypto::SigningKey::from_seed(std::string(32, 'k')).value();
  static const auto name = tlog::VerifierKey::create("sekisho/t", tlog::KeyType::ed25519, key.public_key()).value();
  static const auto trust = tlog::TrustPolicy::parse("log " + name.text() + "\nquorum none\n").value();
  if (verify::check_certificate(std::string(reinterpret_cast<const char*>(data), size), trust)) std::abort();
  return 0;
}
