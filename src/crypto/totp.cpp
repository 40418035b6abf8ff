#include "crypto/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "crypto/hash.h"

namespace sekisho::crypto {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kWindow = 1;
constexpr std::size_t kSha1Bytes = 20;

std::array<unsigned char, kSha1Bytes> hmac_sha1(const Secret& key, std::string_view message) {
  std::array<unsigned char, kSha1Bytes> out{};
  unsigned int length = 0;
  const std::string_view bytes = key.reveal();
  const auto* done = HMAC(EVP_sha1(), bytes.data(), static_cast<int>(bytes.size()), reinterpret_cast<const unsigned char*>(message.data()), message.size(), out.data(), &length);
  if (done == nullptr || length != out.size()) throw std::runtime_error("HMAC-SHA-1 is not there");
  return out;
}

}  // namespace

std::string hotp(const Secret& secret, std::uint64_t counter, int digits) {
  std::string message(8, '\0');
  for (int i = 7; i >= 0; --i, counter >>= 8) message[static_cast<std::size_t>(i)] = static_cast<char>(counter & 0xff);
  const auto mac = hmac_sha1(secret, message);
  const std::size_t at = mac.back() & 0x0f;
  std::uint32_t value = (mac[at] & 0x7fu) << 24 | static_cast<std::uint32_t>(mac[at + 1]) << 16 | static_cast<std::uint32_t>(mac[at + 2]) << 8 | mac[at + 3];
  std::string out(static_cast<std::size_t>(digits), '0');
  for (auto digit = out.rbegin(); digit != out.rend(); ++digit, value /= 10) *digit = static_cast<char>('0' + value % 10);
  return out;
}

std::int64_t totp_step(Timestamp at) { return at.micros / kMicros / kTotpStepSeconds; }

std::optional<std::int64_t> totp_match(const Secret& secret, std::string_view code, Timestamp now, std::int64_t last_step) {
  std::optional<std::int64_t> found;
  const std::int64_t present = totp_step(now);
  for (std::int64_t step = present - kWindow; step <= present + kWindow; ++step)
    if (step > last_step && step >= 0 && equal(hotp(secret, static_cast<std::uint64_t>(step), kTotpDigits), code)) found = step;
  return found;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) out += kAlphabet[bits >> (count - 5) & 31];
  }
  if (count > 0) out += kAlphabet[bits << (5 - count) & 31];
  return out;
}

}  // namespace sekisho::crypto
