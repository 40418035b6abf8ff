#include "features/factors/table.h"

namespace sekisho::factors {
namespace {

#define SK_FACTOR_COLUMNS "id, account_id, kind, name, state, secret, credential, algorithm, host, counter, created_at, last_used_at"

constexpr const char* kStanding =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM factor WHERE account_id = :person AND state <> 'waiting') THEN 1 ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM factor_account WHERE account_id = :person2 AND must_enrol = 1) THEN 1 ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM factor_proof WHERE token_hash = :token AND account_id = :person3) THEN 1 ELSE 0 END";
constexpr const char* kInsert =
    "INSERT INTO factor (" SK_FACTOR_COLUMNS ") VALUES (:id, :person, :kind, :name, :state, :secret, :credential, :algorithm, :host, :counter, :now, NULL)";
constexpr const char* kOfPerson = "SELECT " SK_FACTOR_COLUMNS " FROM factor WHERE account_id = :person ORDER BY id LIMIT 100";
constexpr const char* kUse = "UPDATE factor SET state = :state, counter = :counter, last_used_at = :now WHERE id = :id";
constexpr const char* kStop = "UPDATE factor SET state = 'stopped' WHERE id = :id";
constexpr const char* kRemove = "DELETE FROM factor WHERE id = :id";
constexpr const char* kRemoveWaiting = "DELETE FROM factor WHERE account_id = :person AND state = 'waiting'";
constexpr const char* kRemoveAll = "DELETE FROM factor WHERE account_id = :person";
constexpr const char* kRemoveRecovery = "DELETE FROM factor_recovery WHERE account_id = :person";
constexpr const char* kRemoveProofs = "DELETE FROM factor_proof WHERE account_id = :person";
constexpr const char* kAddRecovery = "INSERT INTO factor_recovery (account_id, code_hash) VALUES (:person, :hash)";
constexpr const char* kRecovery = "SELECT code_hash FROM factor_recovery WHERE account_id = :person ORDER BY code_hash LIMIT 100";
constexpr const char* kTakeRecovery = "DELETE FROM factor_recovery WHERE account_id = :person AND code_hash = :hash";
constexpr const char* kPutChallenge =
    "INSERT INTO factor_challenge (token_hash, purpose, challenge, name, expires_at) VALUES (:token, :purpose, :challenge, :name, :until) "
    "ON CONFLICT (token_hash, purpose) DO UPDATE SET challenge = excluded.challenge, name = excluded.name, expires_at = excluded.expires_at";
constexpr const char* kChallenge = "SELECT challenge, name, expires_at FROM factor_challenge WHERE token_hash = :token AND purpose = :purpose";
constexpr const char* kRemoveChallenge = "DELETE FROM factor_challenge WHERE token_hash = :token AND purpose = :purpose";
constexpr const char* kRemoveChallengesBefore = "DELETE FROM factor_challenge WHERE expires_at < :before";
constexpr const char* kPutProof =
    "INSERT INTO factor_proof (token_hash, account_id, factor_id, kind, given_at) VALUES (:token, :person, :factor, :kind, :now) "
    "ON CONFLICT (token_hash) DO UPDATE SET account_id = excluded.account_id, factor_id = excluded.factor_id, kind = excluded.kind, given_at = excluded.given_at";
constexpr const char* kProofAt = "SELECT given_at FROM factor_proof WHERE token_hash = :token";
constexpr const char* kRemoveProofsOf = "DELETE FROM factor_proof WHERE account_id = :person AND factor_id = :factor";
constexpr const char* kRemoveProofsBefore = "DELETE FROM factor_proof WHERE given_at < :before";
constexpr const char* kAttempts = "SELECT failures, locked_until FROM factor_account WHERE account_id = :person";
constexpr const char* kPutAttempts =
    "INSERT INTO factor_account (account_id, must_enrol, failures, locked_until) VALUES (:person, 0, :failures, :until) "
    "ON CONFLICT (account_id) DO UPDATE SET failures = excluded.failures, locked_until = excluded.locked_until";
constexpr const char* kPutDuty =
    "INSERT INTO factor_account (account_id, must_enrol, failures, locked_until) VALUES (:person, :must, 0, 0) "
    "ON CONFLICT (account_id) DO UPDATE SET must_enrol = excluded.must_enrol, failures = 0, locked_until = 0";

sql::Blob blob(const Hash& hash) { return {std::string(as_view(hash))}; }
std::string_view text(Kind kind) { return boost::describe::enum_to_string(kind, ""); }
std::string_view text(State state) { return boost::describe::enum_to_string(state, ""); }

template <class E>
Result<E> named(const std::string& text) {
  E out{};
  if (!boost::describe::enum_from_string(text.c_str(), out)) return fail(Code::corrupt, "factors.corrupt", "an unknown name in the table");
  return out;
}

}  // namespace

Result<Standing> Table::standing(sql::Tx& tx, const PersonId& person, const Hash& session) {
  SK_TRY(const auto row, tx.query(kStanding).bind("person", person).bind("person2", person).bind("person3", person).bind("token", blob(session)).one<int, int, int>());
  return Standing{std::get<0>(row) == 1, std::get<1>(row) == 1, std::get<2>(row) == 1};
}

Status Table::insert(sql::Tx& tx, const Factor& f) {
  SK_CHECK(tx.query(kInsert).bind("id", f.id).bind("person", f.person_id).bind("kind", text(f.kind)).bind("name", f.name).bind("state", text(f.state))
               .bind("secret", sql::Blob{f.secret}).bind("credential", f.credential).bind("algorithm", f.algorithm).bind("host", f.host)
               .bind("counter", f.counter).bind("now", f.created_at).run());
  return ok();
}

Result<std::vector<Factor>> Table::of_person(sql::Tx& tx, const PersonId& person) {
  SK_TRY(auto rows, tx.query(kOfPerson).bind("person", person).all<FactorId, PersonId, std::string, std::string, std::string, sql::Blob, std::optional<std::string>, int,
                                                                   std::string, std::int64_t, Timestamp, std::optional<Timestamp>>());
  std::vector<Factor> out;
  for (auto& [id, owner, kind, name, state, secret, credential, algorithm, host, counter, created, used] : rows) {
    SK_TRY(const Kind k, named<Kind>(kind));
    SK_TRY(const State s, named<State>(state));
    out.push_back({id, owner, k, name, s, std::move(secret.bytes), credential, algorithm, host, counter, created, used});
  }
  return out;
}

Status Table::use(sql::Tx& tx, const FactorId& id, State state, std::int64_t counter, Timestamp now) {
  SK_CHECK(tx.query(kUse).bind("state", text(state)).bind("counter", counter).bind("now", now).bind("id", id).run());
  return ok();
}
Status Table::stop(sql::Tx& tx, const FactorId& id) {
  SK_CHECK(tx.query(kStop).bind("id", id).run());
  return ok();
}
Status Table::remove(sql::Tx& tx, const FactorId& id) {
  SK_CHECK(tx.query(kRemove).bind("id", id).run());
  return ok();
}
Status Table::remove_waiting(sql::Tx& tx, const PersonId& person) {
  SK_CHECK(tx.query(kRemoveWaiting).bind("person", person).run());
  return ok();
}
Status Table::remove_all(sql::Tx& tx, const PersonId& person) {
  SK_CHECK(tx.query(kRemoveAll).bind("person", person).run());
  SK_CHECK(tx.query(kRemoveRecovery).bind("person", person).run());
  SK_CHECK(tx.query(kRemoveProofs).bind("person", person).run());
  return ok();
}

Status Table::put_recovery(sql::Tx& tx, const PersonId& person, const std::vector<Hash>& codes) {
  SK_CHECK(tx.query(kRemoveRecovery).bind("person", person).run());
  for (const Hash& code : codes) SK_CHECK(tx.query(kAddRecovery).bind("person", person).bind("hash", blob(code)).run());
  return ok();
}
Result<int> Table::recovery_left(sql::Tx& tx, const PersonId& person) {
  SK_TRY(const auto rows, tx.query(kRecovery).bind("person", person).all<sql::Blob>());
  return static_cast<int>(rows.size());
}
Result<bool> Table::take_recovery(sql::Tx& tx, const PersonId& person, const Hash& code) {
  SK_TRY(const auto n, tx.query(kTakeRecovery).bind("person", person).bind("hash", blob(code)).run());
  return n == 1;
}

Status Table::put_challenge(sql::Tx& tx, const Hash& session, std::string_view purpose, const Challenge& challenge) {
  SK_CHECK(tx.query(kPutChallenge).bind("token", blob(session)).bind("purpose", purpose).bind("challenge", challenge.challenge)
               .bind("name", challenge.name).bind("until", challenge.expires_at).run());
  return ok();
}
Result<std::optional<Challenge>> Table::take_challenge(sql::Tx& tx, const Hash& session, std::string_view purpose) {
  SK_TRY(auto row, tx.query(kChallenge).bind("token", blob(session)).bind("purpose", purpose).maybe_one<std::string, std::string, Timestamp>());
  if (!row) return std::optional<Challenge>();
  SK_CHECK(tx.query(kRemoveChallenge).bind("token", blob(session)).bind("purpose", purpose).run());
  return std::optional<Challenge>(Challenge{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)});
}
Status Table::remove_challenges_before(sql::Tx& tx, Timestamp expired) {
  SK_CHECK(tx.query(kRemoveChallengesBefore).bind("before", expired).run());
  return ok();
}

Status Table::put_proof(sql::Tx& tx, const Hash& session, const PersonId& person, const std::optional<FactorId>& factor, Kind kind, Timestamp now) {
  SK_CHECK(tx.query(kPutProof).bind("token", blob(session)).bind("person", person).bind("factor", factor).bind("kind", text(kind)).bind("now", now).run());
  return ok();
}
Result<std::optional<Timestamp>> Table::proof_at(sql::Tx& tx, const Hash& session) {
  SK_TRY(const auto row, tx.query(kProofAt).bind("token", blob(session)).maybe_one<Timestamp>());
  return row ? std::optional(std::get<0>(*row)) : std::nullopt;
}
Status Table::remove_proofs_of(sql::Tx& tx, const PersonId& person, const FactorId& factor) {
  SK_CHECK(tx.query(kRemoveProofsOf).bind("person", person).bind("factor", factor).run());
  return ok();
}
Status Table::remove_proofs_before(sql::Tx& tx, Timestamp given_before) {
  SK_CHECK(tx.query(kRemoveProofsBefore).bind("before", given_before).run());
  return ok();
}

Result<Attempts> Table::attempts(sql::Tx& tx, const PersonId& person) {
  SK_TRY(const auto row, tx.query(kAttempts).bind("person", person).maybe_one<int, Timestamp>());
  return row ? Attempts{std::get<0>(*row), std::get<1>(*row)} : Attempts{};
}
Status Table::put_attempts(sql::Tx& tx, const PersonId& person, const Attempts& attempts) {
  SK_CHECK(tx.query(kPutAttempts).bind("person", person).bind("failures", attempts.failures).bind("until", attempts.locked_until).run());
  return ok();
}
Status Table::put_duty(sql::Tx& tx, const PersonId& person, bool must_enrol) {
  SK_CHECK(tx.query(kPutDuty).bind("person", person).bind("must", must_enrol).run());
  return ok();
}

}  // namespace sekisho::factors
