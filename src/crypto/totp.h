// One-time codes that follow the clock. Pure; thread-safe.
// Sources: RFC 4226 (HOTP), RFC 6238 (TOTP) with HMAC-SHA-1, steps of 30 seconds and 6 digits, which is what every authenticator app and
// hardware token speaks; RFC 4648 section 6 (base32).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.h"
#include "core/time.h"

namespace sekisho::crypto {

inline constexpr std::size_t kTotpSecretBytes = 20;
inline constexpr std::int64_t kTotpStepSeconds = 30;
inline constexpr int kTotpDigits = 6;

// digits: 6 to 8.
std::string hotp(const Secret& secret, std::uint64_t counter, int digits);
std::int64_t totp_step(Timestamp at);

// The step that `code` belongs to: the present one, or one before or after it for clocks that differ. Only steps after `last_step` count,
// so that a code works once (RFC 6238 section 5.2). nullopt: not a code of now. Compares in constant time.
std::optional<std::int64_t> totp_match(const Secret& secret, std::string_view code, Timestamp now, std::int64_t last_step);

// Without padding, upper case.
std::string to_base32(std::string_view bytes);

}  // namespace sekisho::crypto
