#include "features/factors/own.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/seal.h"

namespace sekisho::factors {

Result<Hash> session_of(const gate::Caller& caller) {
  const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
  if (session == nullptr) return fail(Code::unauthenticated, "policy.not_signed_in", "only a session gives or changes factors");
  return crypto::sha256(session->token);
}

PersonId self(const gate::Context& context) { return PersonId::trusted(context.permit().person().user_id); }

FactorView view_of(const Factor& f) { return {f.id, f.kind, f.name, f.state, f.created_at, f.last_used_at}; }

Result<Factor> own_factor(sql::Tx& tx, const PersonId& person, const FactorId& id) {
  SK_TRY(auto factors, Table::of_person(tx, person));
  for (Factor& factor : factors)
    if (factor.id == id) return std::move(factor);
  return fail(Code::not_found, "factors.not_found", "no such factor of this person");
}

Status check_not_locked(sql::Tx& tx, const PersonId& person, Timestamp now) {
  SK_TRY(const Attempts before, Table::attempts(tx, person));
  if (before.locked_until > now) return fail(Error{Code::too_many, "factors.locked", "too many failures", "11(2)ウ", {}});
  return ok();
}

static void count(gate::Context& context, const PersonId& person, const Attempts& before) {
  context.when_refused([person, after = failed_again(before, context.now)](sql::Tx& tx) { return Table::put_attempts(tx, person, after); });
}

Status count_code(gate::Context& context, const PersonId& person, bool right) {
  SK_CHECK(check_not_locked(context.tx, person, context.now));
  SK_TRY(const Attempts before, Table::attempts(context.tx, person));
  if (right) return before.failures == 0 ? ok() : Table::put_attempts(context.tx, person, {});
  count(context, person, before);
  return fail(Error{Code::denied, "factors.wrong_code", "code", "9(4)ウ", "system_manager"});
}

Status count_password(gate::Context& context, const PersonId& person, bool right) {
  SK_CHECK(check_not_locked(context.tx, person, context.now));
  if (right) return ok();
  SK_TRY(const Attempts before, Table::attempts(context.tx, person));
  count(context, person, before);
  return fail(Error{Code::unauthenticated, "factors.wrong_password", "password", "9(4)イ", {}});
}

Status check_may_enrol(sql::Tx& tx, const PersonId& person, const Hash& session) {
  SK_TRY(const Standing standing, Table::standing(tx, person, session));
  if (standing.enrolled && !standing.given) return fail(Error{Code::denied, "policy.second_factor", "another factor is given first", "9(4)ウ", "system_manager"});
  return ok();
}

Result<Secret> totp_key(const gate::Body& body) { return crypto::derive_key(body.key, "factors.totp"); }
std::string totp_place(const FactorId& id) { return "factor.secret:" + id.str(); }

Result<Hash> recovery_hash(const gate::Body& body, std::string_view plain) {
  SK_TRY(const Secret key, crypto::derive_key(body.key, "factors.recovery"));
  return crypto::keyed_hash(key, plain);
}

Result<std::vector<std::string>> make_recovery_codes(gate::Context& context, const PersonId& person) {
  std::vector<std::string> codes;
  std::vector<Hash> hashes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(recovery_code(crypto::random_bytes(16)));
    SK_TRY(const Hash hash, recovery_hash(context.body, plain_recovery(codes.back())));
    hashes.push_back(hash);
  }
  SK_CHECK(Table::put_recovery(context.tx, person, hashes));
  context.note("recovery_codes", static_cast<std::int64_t>(codes.size()));
  return codes;
}

std::string new_challenge() { return to_base64url(crypto::random_bytes(32)); }

}  // namespace sekisho::factors
