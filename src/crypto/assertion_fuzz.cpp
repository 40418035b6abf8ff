// Arbitrary authenticator data and signature against one fixed key: never accepted, never a crash. The first byte divides the two.
#include <cstddef>
#include <cstdint>

#include "crypto/hash.h"
#include "crypto/webauthn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sekisho;
  if (size < 1) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t split = std::min<std::size_t>(data[0], all.size());
  // The place is right, so that the bytes reach the library.
  std::string authenticator(as_view(crypto::sha256("example.lg.jp")));
  authenticator += '\x05';
  authenticator += all.substr(0, split);
  // Not a point of the curve is refused as well; the base point of P-256 is one.
  const auto key = from_hex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
  const auto counter = crypto::verify_assertion("example.lg.jp", crypto::kEs256, *key, {"{}", authenticator, all.substr(split)});
  if (counter) __builtin_trap();
  return 0;
}
