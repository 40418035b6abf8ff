#include "features/factors/rules.h"

#include "crypto/hash.h"

namespace sekisho::factors {
namespace {

constexpr int kFreeFailures = 5;
constexpr std::int64_t kFirstWaitMicros = 30'000'000;
constexpr std::int64_t kLongestWaitMicros = 3'600'000'000;
constexpr std::string_view kRecoveryAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
static_assert(kRecoveryAlphabet.size() == 32);

std::string percent(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') out += c;
    else out += {'%', kHex[byte >> 4], kHex[byte & 15]};
  }
  return out;
}

std::string_view text_of(const json::Object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

}  // namespace

bool demanded(int segment_factors, const std::vector<std::string>& two_factor_powers, const std::set<std::string>& powers) {
  return segment_factors > 1 || std::any_of(two_factor_powers.begin(), two_factor_powers.end(), [&](const std::string& power) { return powers.contains(power); });
}

Result<std::string> from_base64url(std::string_view text) {
  std::string padded;
  for (const char c : text) padded += c == '-' ? '+' : c == '_' ? '/' : c == '+' || c == '/' || c == '=' ? '!' : c;
  padded.append((4 - padded.size() % 4) % 4, '=');
  auto out = from_base64(padded);
  if (!out) return fail(Code::invalid_argument, "factors.client_data", "not base64url");
  return out;
}

Due due(const Standing& standing, bool demanded) {
  if (standing.given && !standing.must_enrol) return Due::given;
  return demanded || standing.enrolled || standing.must_enrol ? Due::needed : Due::not_needed;
}

Attempts failed_again(const Attempts& before, Timestamp now) {
  Attempts out{before.failures + 1, {0}};
  if (out.failures >= kFreeFailures) out.locked_until = {now.micros + std::min(kLongestWaitMicros, kFirstWaitMicros << std::min(out.failures - kFreeFailures, 20))};
  return out;
}

std::string plain_code(std::string_view typed) {
  std::string out;
  for (std::size_t i = 0; i < typed.size(); ++i) {
    const auto byte = static_cast<unsigned char>(typed[i]);
    // U+FF10 to U+FF19 is EF BC 90 to EF BC 99; U+3000 is E3 80 80.
    if (byte == 0xef && i + 2 < typed.size() && typed[i + 1] == '\xbc' && static_cast<unsigned char>(typed[i + 2]) >= 0x90 && static_cast<unsigned char>(typed[i + 2]) <= 0x99) {
      out += static_cast<char>('0' + (static_cast<unsigned char>(typed[i + 2]) - 0x90));
      i += 2;
    } else if (typed.substr(i).starts_with("\xe3\x80\x80")) {
      i += 2;
    } else if (typed[i] != ' ' && typed[i] != '-') {
      out += typed[i];
    }
  }
  return out;
}

std::string recovery_code(std::string_view entropy) {
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += kRecoveryAlphabet[static_cast<unsigned char>(entropy[i]) & 31];
  }
  return out;
}

std::string plain_recovery(std::string_view typed) {
  std::string out;
  for (const char c : plain_code(typed)) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret_base32) {
  return "otpauth://totp/" + percent(issuer) + ":" + percent(account) + "?secret=" + std::string(secret_base32) + "&issuer=" + percent(issuer) +
         "&algorithm=SHA1&digits=6&period=30";
}

Status check_client_data(std::string_view client_data, std::string_view type, std::string_view challenge, std::string_view origin) {
  auto parsed = json::parse(client_data);
  if (!parsed || !parsed->is_object()) return fail(Code::invalid_argument, "factors.client_data", "client data is no JSON object");
  const json::Object& object = parsed->get_object();
  if (text_of(object, "type") != type) return fail(Code::invalid_argument, "factors.client_data", "client data of another ceremony");
  if (challenge.empty() || !crypto::equal(text_of(object, "challenge"), challenge)) return fail(Code::conflict, "factors.challenge", "another challenge");
  const auto* cross = object.if_contains("crossOrigin");
  if (origin.empty() || text_of(object, "origin") != origin || (cross != nullptr && *cross != json::Value(false)))
    return fail(Error{Code::denied, "factors.origin", "signed for another site", "9(4)ウ", "system_manager"});
  return ok();
}

Result<std::string> host_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  std::string_view host = scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
  host = host.substr(0, host.find(':'));
  const bool letters = host.find_first_of("abcdefghijklmnopqrstuvwxyz") != std::string_view::npos;
  if (!letters || host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != std::string_view::npos)
    return fail(Code::invalid_argument, "factors.host", "security keys are bound to a host name");
  return std::string(host);
}

bool counter_may_follow(std::int64_t stored, std::uint32_t seen) { return (stored == 0 && seen == 0) || static_cast<std::int64_t>(seen) > stored; }

}  // namespace sekisho::factors
