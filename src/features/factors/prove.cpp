// Giving the second factor in a session, and confirming one that was begun (which gives it too: it was just proved).
#include <algorithm>

#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/totp.h"
#include "crypto/webauthn.h"
#include "features/factors/own.h"

namespace sekisho::factors {
namespace {

// Proofs of sessions that ended are of no use to anybody; no session lives longer.
constexpr std::int64_t kProofMicros = 7LL * 86'400'000'000;
// One that is given for one act.
constexpr std::int64_t kFreshMicros = 120'000'000;

Error refused_key(const Error& why) { return {Code::denied, "factors.key_refused", why.detail, "9(4)ウ", "system_manager"}; }

Status give(gate::Context& context, const Hash& session, const PersonId& person, const std::optional<FactorId>& factor, Kind kind) {
  SK_CHECK(Table::remove_proofs_before(context.tx, {context.now.micros - kProofMicros}));
  SK_CHECK(Table::put_proof(context.tx, session, person, factor, kind, context.now));
  context.note("kind", json::to_value(kind));
  if (factor) context.about(factor->str());
  return ok();
}

Result<std::optional<std::int64_t>> match(const gate::Context& context, const Factor& factor, std::string_view code) {
  SK_TRY(const Secret key, totp_key(context.body));
  SK_TRY(std::string secret, crypto::open(key, factor.secret, totp_place(factor.id)));
  return crypto::totp_match(Secret(std::move(secret)), code, context.now, factor.counter);
}

Result<Nothing> prove_totp(gate::Context& context, const Hash& session, const PersonId& person, const ProofIn& in) {
  const std::string code = in.code ? plain_code(in.code->reveal()) : "";
  SK_CHECK(check_not_locked(context.tx, person, context.now));
  SK_TRY(const auto factors, Table::of_person(context.tx, person));
  for (const Factor& factor : factors) {
    if (factor.kind != Kind::totp || factor.state != State::active) continue;
    SK_TRY(const auto step, match(context, factor, code));
    if (!step) continue;
    SK_CHECK(count_code(context, person, true));
    SK_CHECK(Table::use(context.tx, factor.id, State::active, *step, context.now));
    SK_CHECK(give(context, session, person, factor.id, Kind::totp));
    return Nothing{};
  }
  SK_CHECK(count_code(context, person, false));
  return Nothing{};
}

Result<Nothing> prove_recovery(gate::Context& context, const Hash& session, const PersonId& person, const ProofIn& in) {
  SK_CHECK(check_not_locked(context.tx, person, context.now));
  SK_TRY(const Hash hash, recovery_hash(context.body, plain_recovery(in.code ? in.code->reveal() : "")));
  SK_TRY(const bool right, Table::take_recovery(context.tx, person, hash));
  SK_CHECK(count_code(context, person, right));
  SK_CHECK(give(context, session, person, std::nullopt, Kind::recovery));
  return Nothing{};
}

Result<std::uint32_t> check_assertion(const gate::Context& context, const Factor& factor, const std::string& challenge, const ProofIn& in) {
  SK_TRY(const std::string client_data, from_base64url(in.client_data.value_or("")));
  SK_TRY(const std::string authenticator_data, from_base64url(in.authenticator_data.value_or("")));
  SK_TRY(const std::string signature, from_base64url(in.signature.value_or("")));
  SK_CHECK(check_client_data(client_data, "webauthn.get", challenge, context.caller.origin));
  SK_TRY(const std::string host, host_of(context.caller.origin));
  if (host != factor.host) return fail(Code::invalid_argument, "crypto.webauthn", "the key belongs to another host name");
  SK_TRY(const std::uint32_t counter, crypto::verify_assertion(host, factor.algorithm, factor.secret, {client_data, authenticator_data, signature}));
  if (!counter_may_follow(factor.counter, counter)) return fail(Error{Code::denied, "factors.counter", "the signature counter went back", "9(4)ウ", "system_manager"});
  return counter;
}

// The challenge is gone whether or not the answer is right.
Result<Challenge> spend_challenge(gate::Context& context, const Hash& session, const char* purpose) {
  SK_TRY(auto challenge, Table::take_challenge(context.tx, session, purpose));
  if (!challenge || challenge->expires_at <= context.now) return fail(Code::conflict, "factors.challenge", "no challenge waits in this session");
  return std::move(*challenge);
}

Result<Nothing> prove_key(gate::Context& context, const Hash& session, const PersonId& person, const ProofIn& in) {
  SK_CHECK(check_not_locked(context.tx, person, context.now));
  SK_TRY(const Challenge challenge, spend_challenge(context, session, kProvePurpose));
  SK_TRY(const auto factors, Table::of_person(context.tx, person));
  SK_TRY(const Attempts before, Table::attempts(context.tx, person));
  // A refusal undoes the operation: the count and the spent challenge are kept.
  context.when_refused([person, session, after = failed_again(before, context.now)](sql::Tx& tx) -> Status {
    SK_CHECK(Table::take_challenge(tx, session, kProvePurpose));
    return Table::put_attempts(tx, person, after);
  });
  for (const Factor& factor : factors) {
    if (factor.kind != Kind::webauthn || factor.state != State::active || factor.credential != in.credential_id) continue;
    context.about(factor.id.str());
    const auto counter = check_assertion(context, factor, challenge.challenge, in);
    if (!counter) return fail(counter.error().code == Code::denied || counter.error().code == Code::conflict ? counter.error() : refused_key(counter.error()));
    if (before.failures > 0) SK_CHECK(Table::put_attempts(context.tx, person, {}));
    SK_CHECK(Table::use(context.tx, factor.id, State::active, *counter, context.now));
    SK_CHECK(give(context, session, person, factor.id, Kind::webauthn));
    return Nothing{};
  }
  return fail(refused_key({Code::denied, "", "no such active key of this person", {}, {}}));
}

// The first factor brings recovery codes with it.
Result<Enrolled> enrolled(gate::Context& context, const Hash& session, Factor factor) {
  SK_CHECK(Table::put_duty(context.tx, factor.person_id, false));
  SK_CHECK(give(context, session, factor.person_id, factor.id, factor.kind));
  factor.state = State::active;
  factor.last_used_at = context.now;
  Enrolled out{view_of(factor), {}};
  SK_TRY(const int left, Table::recovery_left(context.tx, factor.person_id));
  if (left == 0) {
    SK_TRY(out.recovery_codes, make_recovery_codes(context, factor.person_id));
  }
  return out;
}

}  // namespace

Result<bool> Factors::has_active(sql::Tx& tx, const PersonId& person) {
  SK_TRY(const auto factors, Table::of_person(tx, person));
  return std::any_of(factors.begin(), factors.end(), [](const Factor& f) { return f.state == State::active; });
}

Status Factors::prove_again(gate::Context& context, bool password_right, Timestamp spent) {
  SK_TRY(const bool factor, has_active(context.tx, self(context)));
  if (!factor) return count_password(context, self(context), password_right);
  SK_TRY(const Hash session, session_of(context.caller));
  SK_TRY(const auto given, Table::proof_at(context.tx, session));
  if (!given || *given <= spent || context.now.micros - given->micros > kFreshMicros)
    return fail(Error{Code::denied, "factors.again", "a fresh second factor", "9(4)ウ", {}});
  return ok();
}

Result<KeyChallenge> challenge_for_proof(gate::Context& context, Nothing&) {
  SK_TRY(const Hash session, session_of(context.caller));
  SK_TRY(const std::string host, host_of(context.caller.origin));
  SK_TRY(const auto factors, Table::of_person(context.tx, self(context)));
  KeyChallenge out{new_challenge(), host, {}, static_cast<int>(kChallengeMicros / 1000)};
  for (const Factor& factor : factors)
    if (factor.kind == Kind::webauthn && factor.state == State::active && factor.host == host) out.credentials.push_back(*factor.credential);
  if (out.credentials.empty()) return fail(Code::not_found, "factors.no_key", "no security key of this host");
  SK_CHECK(Table::remove_challenges_before(context.tx, context.now));
  SK_CHECK(Table::put_challenge(context.tx, session, kProvePurpose, {out.challenge, "", {context.now.micros + kChallengeMicros}}));
  return out;
}

Result<Nothing> prove(gate::Context& context, ProofIn& in) {
  SK_TRY(const Hash session, session_of(context.caller));
  switch (in.kind) {
    case Kind::totp: return prove_totp(context, session, self(context), in);
    case Kind::webauthn: return prove_key(context, session, self(context), in);
    case Kind::recovery: return prove_recovery(context, session, self(context), in);
  }
  return fail(Code::invalid_argument, "json.shape", "kind");
}

Result<Enrolled> confirm_totp(gate::Context& context, TotpConfirmIn& in) {
  SK_TRY(const Hash session, session_of(context.caller));
  SK_TRY(Factor factor, own_factor(context.tx, self(context), in.id));
  if (factor.kind != Kind::totp || factor.state != State::waiting) return fail(Code::not_found, "factors.not_found", "nothing to confirm");
  SK_CHECK(check_may_enrol(context.tx, factor.person_id, session));
  SK_CHECK(check_not_locked(context.tx, factor.person_id, context.now));
  SK_TRY(const auto step, match(context, factor, plain_code(in.code.reveal())));
  SK_CHECK(count_code(context, factor.person_id, step.has_value()));
  SK_CHECK(Table::use(context.tx, factor.id, State::active, *step, context.now));
  return enrolled(context, session, std::move(factor));
}

Result<Enrolled> confirm_key(gate::Context& context, KeyConfirmIn& in) {
  SK_TRY(const Hash session, session_of(context.caller));
  SK_TRY(const Challenge challenge, spend_challenge(context, session, kEnrolPurpose));
  context.when_refused([session](sql::Tx& tx) -> Status {
    SK_CHECK(Table::take_challenge(tx, session, kEnrolPurpose));
    return ok();
  });
  SK_CHECK(check_may_enrol(context.tx, self(context), session));
  SK_TRY(const std::string host, host_of(context.caller.origin));
  SK_TRY(const std::string client_data, from_base64url(in.client_data));
  SK_TRY(const std::string object, from_base64url(in.attestation_object));
  SK_CHECK(check_client_data(client_data, "webauthn.create", challenge.challenge, context.caller.origin));
  const auto key = crypto::verify_registration(host, client_data, object);
  if (!key) return fail(refused_key(key.error()));
  Factor factor{context.new_id<FactorTag>(), self(context), Kind::webauthn, challenge.name, State::active, key->public_key, to_base64url(key->credential_id),
                key->algorithm, host, key->counter, context.now, std::nullopt};
  SK_CHECK(Table::insert(context.tx, factor));
  return enrolled(context, session, std::move(factor));
}

}  // namespace sekisho::factors
