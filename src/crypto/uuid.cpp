#include "crypto/uuid.h"

#include <openssl/evp.h>

#include <array>

#include "core/bytes.h"

namespace sekisho::crypto {

std::string uuid_v5(std::string_view space, std::string_view name) {
  const std::string bytes = std::string(space) + std::string(name);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  // The digest is part of every build of the library; should it be missing the bytes stay zero, and every uuid is the same visible one.
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha1(), nullptr);
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0F) | 0x50);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3F) | 0x80);
  const std::string hex = to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), 16));
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace sekisho::crypto
