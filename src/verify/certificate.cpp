#include "verify/certificate.h"

#include "json/json.h"
#include "tlog/checkpoint.h"
#include "tlog/disposal.h"

namespace sekisho::verify {
namespace {

Unexpected malformed(const char* what) { return fail(Code::corrupt, "certificate.malformed", what); }

// A member on the way down; null where there is none of that kind.
const json::Value* member(const json::Value* value, std::string_view name) {
  const json::Object* const object = value == nullptr ? nullptr : value->if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}
std::string text_at(const json::Value* value, std::string_view name) {
  const json::Value* const found = member(value, name);
  return found != nullptr && found->is_string() ? std::string(std::string_view(found->get_string())) : std::string();
}
std::optional<std::int64_t> number_at(const json::Value* value, std::string_view name) {
  const json::Value* const found = member(value, name);
  if (found == nullptr) return std::nullopt;
  if (found->is_int64()) return found->get_int64();
  return found->is_uint64() && found->get_uint64() < (1ull << 53) ? std::optional(static_cast<std::int64_t>(found->get_uint64())) : std::nullopt;
}

}  // namespace

Result<Certified> check_certificate(const std::string& file, const tlog::TrustPolicy& trust) {
  const auto parsed = json::parse(file);
  const json::Value* const certificate = parsed ? member(&*parsed, "certificate") : nullptr;
  const auto signature_bytes = from_base64(text_at(parsed ? &*parsed : nullptr, "signature"));
  if (certificate == nullptr || !signature_bytes || parsed->get_object().size() != 2) return malformed("certificate and signature");
  const json::Value* const log = member(certificate, "log");
  const json::Value* const verification = member(certificate, "verification");
  const json::Value* const remaining = member(certificate, "remaining");
  const auto size = number_at(log, "size"), number = number_at(certificate, "number"), found = number_at(verification, "found");
  if (!size || *size < 0 || !number || !found || remaining == nullptr || !remaining->is_array()) return malformed("log, number, verification, remaining");
  const std::string origin = text_at(log, "origin");
  const tlog::VerifierKey* const key = trust.log(origin);
  if (key == nullptr) return fail(Code::corrupt, "certificate.unknown_log", origin);
  const auto signature = crypto::Signature::from_bytes(*signature_bytes);
  if (!signature) return malformed("signature");
  if (!crypto::verify(key->key(), std::string(tlog::kCertificateContext) + json::canonical(*certificate), *signature))
    return fail(Code::corrupt, "certificate.unverified", origin);
  const auto head = tlog::open_checkpoint(text_at(log, "checkpoint"), *key);
  if (!head || head->checkpoint.size != static_cast<std::uint64_t>(*size) || to_hex(head->checkpoint.root) != text_at(log, "root"))
    return fail(Code::corrupt, "certificate.head", std::to_string(*size));
  Certified out;
  out.id = text_at(certificate, "id");
  out.number = *number;
  out.body = text_at(member(certificate, "body"), "name");
  out.scope = text_at(certificate, "scope");
  out.found = *found;
  out.remaining = static_cast<std::int64_t>(remaining->get_array().size());
  out.head = {head->checkpoint.size, head->checkpoint.root, "certificate " + out.id};
  return out;
}

}  // namespace sekisho::verify
