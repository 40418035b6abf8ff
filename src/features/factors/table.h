// Second factors of one body's people. Secrets come here sealed or hashed. People are opaque ids: the accounts feature knows who they are.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "json/json.h"
#include "sql/db.h"

namespace sekisho::factors {

struct PersonTag;
using PersonId = Id<PersonTag>;
struct FactorTag;
using FactorId = Id<FactorTag>;

enum class Kind { totp, webauthn, recovery };
BOOST_DESCRIBE_ENUM(Kind, totp, webauthn, recovery)
// waiting: begun, its first code not yet given. stopped: lost; proves nothing, but the person counts as enrolled.
enum class State { waiting, active, stopped };
BOOST_DESCRIBE_ENUM(State, waiting, active, stopped)

struct Factor {
  FactorId id;
  PersonId person_id;
  Kind kind = Kind::totp;
  std::string name;
  State state = State::waiting;
  std::string secret;                     // totp: sealed secret; webauthn: public key
  std::optional<std::string> credential;  // webauthn: credential id, base64url
  int algorithm = 0;
  std::string host;          // webauthn: the relying party's id
  std::int64_t counter = 0;  // totp: last step used; webauthn: signature counter
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};

struct Challenge {
  std::string challenge;
  std::string name;
  Timestamp expires_at;
};

struct Attempts {
  int failures = 0;
  Timestamp locked_until;
};

// All that a request needs to know, in one look.
struct Standing {
  bool enrolled = false;    // active or stopped
  bool must_enrol = false;
  bool given = false;       // in the session asked about
};

class Table {
 public:
  static Result<Standing> standing(sql::Tx& tx, const PersonId& person, const Hash& session);

  static Status insert(sql::Tx& tx, const Factor& factor);
  static Result<std::vector<Factor>> of_person(sql::Tx& tx, const PersonId& person);
  static Status use(sql::Tx& tx, const FactorId& id, State state, std::int64_t counter, Timestamp now);
  static Status stop(sql::Tx& tx, const FactorId& id);
  static Status remove(sql::Tx& tx, const FactorId& id);
  static Status remove_waiting(sql::Tx& tx, const PersonId& person);
  static Status remove_all(sql::Tx& tx, const PersonId& person);  // factors, recovery codes, proofs

  static Status put_recovery(sql::Tx& tx, const PersonId& person, const std::vector<Hash>& codes);
  static Result<int> recovery_left(sql::Tx& tx, const PersonId& person);
  // false: no such code.
  static Result<bool> take_recovery(sql::Tx& tx, const PersonId& person, const Hash& code);

  static Status put_challenge(sql::Tx& tx, const Hash& session, std::string_view purpose, const Challenge& challenge);
  // Gone once taken.
  static Result<std::optional<Challenge>> take_challenge(sql::Tx& tx, const Hash& session, std::string_view purpose);
  static Status remove_challenges_before(sql::Tx& tx, Timestamp expired);

  static Status put_proof(sql::Tx& tx, const Hash& session, const PersonId& person, const std::optional<FactorId>& factor, Kind kind, Timestamp now);
  // When the latest one of this session was given.
  static Result<std::optional<Timestamp>> proof_at(sql::Tx& tx, const Hash& session);
  static Status remove_proofs_of(sql::Tx& tx, const PersonId& person, const FactorId& factor);
  static Status remove_proofs_before(sql::Tx& tx, Timestamp given_before);

  static Result<Attempts> attempts(sql::Tx& tx, const PersonId& person);
  static Status put_attempts(sql::Tx& tx, const PersonId& person, const Attempts& attempts);
  static Status put_duty(sql::Tx& tx, const PersonId& person, bool must_enrol);
};

}  // namespace sekisho::factors
