// Steps that the operations of this feature share.
#pragma once
#include "features/factors/operations.h"

namespace sekisho::factors {

inline constexpr const char* kEnrolPurpose = "enrol";
inline constexpr const char* kProvePurpose = "prove";

// The session behind the caller; unauthenticated without one (API keys and the command line give no factors).
Result<Hash> session_of(const gate::Caller& caller);
PersonId self(const gate::Context& context);
FactorView view_of(const Factor& factor);

// The person's factor with this id; not_found "factors.not_found".
Result<Factor> own_factor(sql::Tx& tx, const PersonId& person, const FactorId& id);

// Counts a wrong code (kept although the operation is refused) and forgets the count after a right one.
Status count_code(gate::Context& context, const PersonId& person, bool right);
// Counts a wrong password. A right one forgets nothing: who knows the password alone must not get new guesses at the codes.
Status count_password(gate::Context& context, const PersonId& person, bool right);
// Whoever has enrolled enrols another only where one was given: asked when it begins, and again when it is confirmed.
Status check_may_enrol(sql::Tx& tx, const PersonId& person, const Hash& session);
Status check_not_locked(sql::Tx& tx, const PersonId& person, Timestamp now);

Result<Secret> totp_key(const gate::Body& body);
std::string totp_place(const FactorId& id);
// New codes in place of the old; the table keeps their hashes.
Result<std::vector<std::string>> make_recovery_codes(gate::Context& context, const PersonId& person);
Result<Hash> recovery_hash(const gate::Body& body, std::string_view plain);
std::string new_challenge();

// Giving the second factor (prove.cpp).
Result<KeyChallenge> challenge_for_proof(gate::Context& context, Nothing& in);
Result<Nothing> prove(gate::Context& context, ProofIn& in);
// Confirming what was begun (operations.cpp begins).
Result<Enrolled> confirm_totp(gate::Context& context, TotpConfirmIn& in);
Result<Enrolled> confirm_key(gate::Context& context, KeyConfirmIn& in);

}  // namespace sekisho::factors
