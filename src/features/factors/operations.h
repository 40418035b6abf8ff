// Second factors: enrolling them, giving one after the password, losing one, and starting again. What is due for a session is decided
// here; accounts asks on every request (apply) and shows it (view).
//
// Invariants: 1. nothing is enrolled, stopped or removed without the password; 2. whoever has a factor (active or stopped) enrols
// another only in a session that gave one; 3. a code, an assertion and a recovery code work once; 4. a wrong one counts, and the
// count outlives the session; 5. only another person with the power resets, and that ends every session and leaves nothing behind but
// the duty to enrol. Thread-safe; no state of its own.
#pragma once
#include <functional>

#include "features/bodies/table.h"
#include "features/factors/rules.h"
#include "gate/operation.h"

namespace sekisho::factors {

using bodies::Nothing;

struct FactorView {
  static constexpr const char* kSchemaName = "Factor";
  FactorId id;
  Kind kind = Kind::totp;
  std::string name;
  State state = State::waiting;
  Timestamp created_at;
  std::optional<Timestamp> last_used_at;
};
BOOST_DESCRIBE_STRUCT(FactorView, (), (id, kind, name, state, created_at, last_used_at))
struct FactorList {
  std::vector<FactorView> items;
  int recovery_codes_left = 0;
  bool must_enrol = false;
};
BOOST_DESCRIBE_STRUCT(FactorList, (), (items, recovery_codes_left, must_enrol))

struct EnrolIn {
  Secret password;
  std::string name;
  bool verified = false;  // by the preparation; not described
};
BOOST_DESCRIBE_STRUCT(EnrolIn, (), (password, name))
struct TotpBegun {
  FactorId id;
  std::string secret;
  std::string uri;
};
BOOST_DESCRIBE_STRUCT(TotpBegun, (), (id, secret, uri))
struct TotpConfirmIn {
  FactorId id;
  Secret code;
};
BOOST_DESCRIBE_STRUCT(TotpConfirmIn, (), (id, code))
struct Enrolled {
  FactorView factor;
  std::vector<std::string> recovery_codes;  // with the first factor; shown once
};
BOOST_DESCRIBE_STRUCT(Enrolled, (), (factor, recovery_codes))
struct KeyBegun {
  std::string challenge;
  std::string rp_id;
  std::string rp_name;
  std::string user_id;
  std::string user_name;
  std::vector<int> algorithms;
  std::vector<std::string> exclude;
  int timeout_ms = 0;
};
BOOST_DESCRIBE_STRUCT(KeyBegun, (), (challenge, rp_id, rp_name, user_id, user_name, algorithms, exclude, timeout_ms))
struct KeyConfirmIn {
  std::string client_data;
  std::string attestation_object;
};
BOOST_DESCRIBE_STRUCT(KeyConfirmIn, (), (client_data, attestation_object))

struct KeyChallenge {
  std::string challenge;
  std::string rp_id;
  std::vector<std::string> credentials;
  int timeout_ms = 0;
};
BOOST_DESCRIBE_STRUCT(KeyChallenge, (), (challenge, rp_id, credentials, timeout_ms))
struct ProofIn {
  Kind kind = Kind::totp;
  std::optional<Secret> code;  // totp, recovery
  std::optional<std::string> credential_id;
  std::optional<std::string> client_data;
  std::optional<std::string> authenticator_data;
  std::optional<std::string> signature;
};
BOOST_DESCRIBE_STRUCT(ProofIn, (), (kind, code, credential_id, client_data, authenticator_data, signature))

struct FactorIn {
  FactorId id;
  Secret password;
  bool verified = false;
};
BOOST_DESCRIBE_STRUCT(FactorIn, (), (id, password))
struct PasswordIn {
  Secret password;
  bool verified = false;
};
BOOST_DESCRIBE_STRUCT(PasswordIn, (), (password))
struct RecoveryCodes {
  std::vector<std::string> codes;
};
BOOST_DESCRIBE_STRUCT(RecoveryCodes, (), (codes))

struct PersonIn {
  PersonId id;
};
BOOST_DESCRIBE_STRUCT(PersonIn, (), (id))
struct PersonFactorIn {
  PersonId id;
  FactorId factor_id;
};
BOOST_DESCRIBE_STRUCT(PersonFactorIn, (), (id, factor_id))
struct ResetIn {
  PersonId id;
  std::string identity_check;  // how it was made sure that it is the person
};
BOOST_DESCRIBE_STRUCT(ResetIn, (), (id, identity_check))

// What the session's view says of it.
struct SecondFactor {
  Due due = Due::not_needed;
  bool enrolled = false;
  std::vector<Kind> kinds;  // that can be given now
};

// What this feature needs of the one above it.
struct People {
  // Is this the password of the person behind the preparation's caller? Slow.
  std::function<Result<bool>(gate::Preparation&, const Secret&)> password_right;
  std::function<Status(sql::Tx&, const PersonId&)> end_sessions;
  std::function<Result<std::string>(sql::Tx&, const PersonId&)> login_of;  // not_found: no such person
};

class Factors {
 public:
  // Sets person.factors, or second_factor_due and no powers. The command line on the machine itself is left as it is.
  static Status apply(sql::Tx& tx, const gate::Caller& caller, policy::Person& person);
  static Result<SecondFactor> view(sql::Tx& tx, const policy::Person& person, const Hash& session);

  // Proof once more, for one act. Whoever has an active factor gives it in this session, after `spent` and within two minutes before the act
  // (denied "factors.again" otherwise); everybody else the password, whose comparison the preparation brings. A wrong password counts.
  static Status prove_again(gate::Context& context, bool password_right, Timestamp spent);
  static Result<bool> has_active(sql::Tx& tx, const PersonId& person);

  void register_operations(gate::Registry& registry, People people);

 private:
  Status check_password(gate::Preparation& preparation, const Secret& password, bool& verified) const;
  Result<TotpBegun> begin_totp(gate::Context& context, EnrolIn& in) const;
  Result<KeyBegun> begin_key(gate::Context& context, EnrolIn& in) const;
  Result<FactorList> list_of(gate::Context& context, PersonIn& in) const;
  Result<Nothing> stop_of(gate::Context& context, PersonFactorIn& in) const;
  Result<Nothing> reset(gate::Context& context, ResetIn& in) const;
  void register_own(gate::Registry& registry);
  void register_of_people(gate::Registry& registry);
  People people_;
};

}  // namespace sekisho::factors
