// What counts as a second factor and when one is due. Pure: time, randomness and keys are arguments.
#pragma once
#include <set>

#include "core/secret.h"
#include "features/factors/table.h"

namespace sekisho::factors {

inline constexpr std::size_t kRecoveryCodes = 10;
inline constexpr std::int64_t kChallengeMicros = 120'000'000;
inline constexpr int kMostFactors = 10;

enum class Due { not_needed, needed, given };
BOOST_DESCRIBE_ENUM(Due, not_needed, needed, given)

// Does the body ask for two factors of whoever holds these powers, where this session is, whatever she has enrolled?
bool demanded(int segment_factors, const std::vector<std::string>& two_factor_powers, const std::set<std::string>& powers);
// Whoever has enrolled a factor uses it; whoever must enrol has no other way.
Due due(const Standing& standing, bool demanded);

// After five failures every further one doubles the wait, from 30 seconds up to an hour.
Attempts failed_again(const Attempts& before, Timestamp now);

// RFC 4648 section 5 without padding: how browsers hand over bytes. invalid_argument "factors.client_data".
Result<std::string> from_base64url(std::string_view text);

// Digits as people write them: spaces and hyphens left out, full-width digits made ASCII.
std::string plain_code(std::string_view typed);

// Groups of four out of an alphabet without look-alikes: "7KMW-P3QD-…", 80 bits. entropy: 16 bytes (only 5 bits of each count).
std::string recovery_code(std::string_view entropy);
std::string plain_recovery(std::string_view typed);

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret_base32);

// Web Authentication, Level 2, section 5.8.1. type: "webauthn.create" or "webauthn.get"; origin: what the request was addressed to.
// Failures: invalid_argument "factors.client_data"; denied "factors.origin"; conflict "factors.challenge".
Status check_client_data(std::string_view client_data, std::string_view type, std::string_view challenge, std::string_view origin);

// "https://sekisho.example.lg.jp:8443" -> "sekisho.example.lg.jp". An address instead of a name, or no name: invalid_argument
// "factors.host", because browsers bind security keys to names only.
Result<std::string> host_of(std::string_view origin);

// A counter that does not grow means that the key was copied. Keys that do not count stay at 0.
bool counter_may_follow(std::int64_t stored, std::uint32_t seen);

}  // namespace sekisho::factors
