#include "features/factors/operations.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "crypto/totp.h"
#include "crypto/webauthn.h"
#include "features/factors/own.h"

namespace sekisho::factors {
namespace {

constexpr std::size_t kMostNameBytes = 120;
constexpr std::size_t kMostReasonBytes = 2000;

// What every enrolment asks first: the password, a session that gave a factor if there is one, and room for it.
Result<std::vector<Factor>> may_enrol(gate::Context& context, const EnrolIn& in) {
  const PersonId person = self(context);
  if (in.name.empty() || in.name.size() > kMostNameBytes) return fail(Code::invalid_argument, "factors.name", "1 to 120 bytes");
  SK_CHECK(count_password(context, person, in.verified));
  SK_TRY(const Hash session, session_of(context.caller));
  SK_CHECK(check_may_enrol(context.tx, person, session));
  SK_CHECK(Table::remove_waiting(context.tx, person));
  SK_TRY(auto factors, Table::of_person(context.tx, person));
  if (static_cast<int>(factors.size()) >= kMostFactors) return fail(Code::too_many, "factors.too_many", "ten factors at most");
  return factors;
}

Result<FactorList> list_for(sql::Tx& tx, const PersonId& person) {
  SK_TRY(const auto factors, Table::of_person(tx, person));
  FactorList out;
  for (const Factor& factor : factors)
    if (factor.state != State::waiting) out.items.push_back(view_of(factor));
  SK_TRY(out.recovery_codes_left, Table::recovery_left(tx, person));
  SK_TRY(const Standing standing, Table::standing(tx, person, {}));
  out.must_enrol = standing.must_enrol;
  return out;
}

Result<Nothing> stop_own(gate::Context& context, FactorIn& in) {
  SK_TRY(const Factor factor, own_factor(context.tx, self(context), in.id));
  SK_CHECK(count_password(context, factor.person_id, in.verified));
  context.about(factor.id.str());
  SK_CHECK(Table::stop(context.tx, factor.id));
  SK_CHECK(Table::remove_proofs_of(context.tx, factor.person_id, factor.id));
  return Nothing{};
}

Result<Nothing> remove_own(gate::Context& context, FactorIn& in) {
  SK_TRY(const Factor factor, own_factor(context.tx, self(context), in.id));
  SK_CHECK(count_password(context, factor.person_id, in.verified));
  context.about(factor.id.str());
  SK_CHECK(Table::remove_proofs_of(context.tx, factor.person_id, factor.id));
  SK_CHECK(Table::remove(context.tx, factor.id));
  // Codes that stand in for a factor go with the last one.
  SK_TRY(const auto left, Table::of_person(context.tx, factor.person_id));
  if (left.empty()) SK_CHECK(Table::remove_all(context.tx, factor.person_id));
  return Nothing{};
}

Result<RecoveryCodes> new_recovery(gate::Context& context, PasswordIn& in) {
  const PersonId person = self(context);
  SK_CHECK(count_password(context, person, in.verified));
  SK_TRY(auto codes, make_recovery_codes(context, person));
  return RecoveryCodes{std::move(codes)};
}

Result<int> segment_factors(const bodies::Profile& profile, policy::SegmentSet segment) {
  int most = 1;
  for (std::size_t i = 0; i < profile.segments.size(); ++i)
    if ((segment >> i & 1u) != 0) most = std::max(most, profile.segments[i].factors);
  return most;
}

Result<bool> demanded_of(sql::Tx& tx, const policy::Person& person) {
  SK_TRY(const auto body, bodies::Table::profile(tx));
  SK_TRY(const int factors, segment_factors(body.profile, person.session_segment));
  return demanded(factors, body.profile.two_factor_powers.value_or(std::vector<std::string>{}), person.powers);
}

template <class In, class Out>
gate::Operation<In, Out> write(std::string name, std::string summary, std::string action, std::size_t most, gate::Prepare<In> prepare,
                               std::function<Result<Out>(gate::Context&, In&)> run) {
  return {std::move(name), std::move(summary), std::move(action), gate::Access::write, most, std::move(prepare), std::move(run)};
}

}  // namespace

Status Factors::apply(sql::Tx& tx, const gate::Caller& caller, policy::Person& person) {
  const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
  const bool key = std::holds_alternative<gate::ApiKey>(caller.credential);
  if (session == nullptr && !key) return ok();
  SK_TRY(Standing standing, Table::standing(tx, PersonId::trusted(person.user_id), session != nullptr ? crypto::sha256(session->token) : Hash{}));
  // A key was issued in a session that had given what was due then; where the body asks for two kinds, a key alone is not enough.
  if (key) standing.enrolled = false;
  SK_TRY(const bool asked, demanded_of(tx, person));
  switch (due(standing, asked)) {
    case Due::not_needed: break;
    case Due::given: person.factors = 2; break;
    case Due::needed:
      person.second_factor_due = true;
      person.powers.clear();
      break;
  }
  return ok();
}

Result<SecondFactor> Factors::view(sql::Tx& tx, const policy::Person& person, const Hash& session) {
  const PersonId id = PersonId::trusted(person.user_id);
  SK_TRY(const Standing standing, Table::standing(tx, id, session));
  SK_TRY(const bool asked, demanded_of(tx, person));
  SecondFactor out{due(standing, asked), standing.enrolled, {}};
  SK_TRY(const auto factors, Table::of_person(tx, id));
  for (const Kind kind : {Kind::webauthn, Kind::totp})
    if (std::any_of(factors.begin(), factors.end(), [&](const Factor& f) { return f.kind == kind && f.state == State::active; })) out.kinds.push_back(kind);
  SK_TRY(const int left, Table::recovery_left(tx, id));
  if (left > 0) out.kinds.push_back(Kind::recovery);
  return out;
}

Status Factors::check_password(gate::Preparation& preparation, const Secret& password, bool& verified) const {
  SK_TRY(verified, people_.password_right(preparation, password));
  return ok();
}

Result<TotpBegun> Factors::begin_totp(gate::Context& context, EnrolIn& in) const {
  SK_CHECK(may_enrol(context, in));
  const std::string secret = crypto::random_bytes(crypto::kTotpSecretBytes);
  Factor factor{context.new_id<FactorTag>(), self(context), Kind::totp, in.name, State::waiting, "", std::nullopt, 0, "", 0, context.now, std::nullopt};
  SK_TRY(const Secret key, totp_key(context.body));
  SK_TRY(factor.secret, crypto::seal(key, secret, totp_place(factor.id)));
  SK_CHECK(Table::insert(context.tx, factor));
  context.about(factor.id.str());
  SK_TRY(const std::string login, people_.login_of(context.tx, factor.person_id));
  const std::string shown = crypto::to_base32(secret);
  return TotpBegun{factor.id, shown, otpauth_uri("Sekisho " + context.body.name, login, shown)};
}

Result<KeyBegun> Factors::begin_key(gate::Context& context, EnrolIn& in) const {
  SK_TRY(const std::string host, host_of(context.caller.origin));
  SK_TRY(const auto factors, may_enrol(context, in));
  SK_TRY(const Hash session, session_of(context.caller));
  SK_TRY(const std::string login, people_.login_of(context.tx, self(context)));
  KeyBegun out{new_challenge(), host, "Sekisho " + context.body.name, to_base64url(self(context).str()), login, {crypto::kEs256, crypto::kEdDsa, crypto::kRs256}, {},
               static_cast<int>(kChallengeMicros / 1000)};
  for (const Factor& factor : factors)
    if (factor.credential) out.exclude.push_back(*factor.credential);
  SK_CHECK(Table::remove_challenges_before(context.tx, context.now));
  SK_CHECK(Table::put_challenge(context.tx, session, kEnrolPurpose, {out.challenge, in.name, {context.now.micros + kChallengeMicros}}));
  return out;
}

Result<FactorList> Factors::list_of(gate::Context& context, PersonIn& in) const {
  SK_CHECK(people_.login_of(context.tx, in.id));
  context.about(in.id.str());
  return list_for(context.tx, in.id);
}

Result<Nothing> Factors::stop_of(gate::Context& context, PersonFactorIn& in) const {
  SK_CHECK(people_.login_of(context.tx, in.id));
  SK_TRY(const Factor factor, own_factor(context.tx, in.id, in.factor_id));
  context.about(factor.id.str());
  SK_CHECK(Table::stop(context.tx, factor.id));
  SK_CHECK(Table::remove_proofs_of(context.tx, factor.person_id, factor.id));
  return people_.end_sessions(context.tx, in.id).map([] { return Nothing{}; });
}

Result<Nothing> Factors::reset(gate::Context& context, ResetIn& in) const {
  SK_CHECK(people_.login_of(context.tx, in.id));
  context.about(in.id.str());
  if (in.id == self(context)) return fail(Error{Code::denied, "factors.self", "nobody resets his own factors", "6(8)ア", "system_manager"});
  if (in.identity_check.empty() || in.identity_check.size() > kMostReasonBytes) return fail(Code::invalid_argument, "factors.identity_check", "how the identity was checked");
  SK_CHECK(Table::remove_all(context.tx, in.id));
  SK_CHECK(Table::put_duty(context.tx, in.id, true));
  return people_.end_sessions(context.tx, in.id).map([] { return Nothing{}; });
}

void Factors::register_operations(gate::Registry& registry, People people) {
  people_ = std::move(people);
  register_own(registry);
  register_of_people(registry);
}

void Factors::register_own(gate::Registry& registry) {
  const auto prepared = [this]<class In>(In) {
    return gate::Prepare<In>([this](gate::Preparation& p, In& in) { return check_password(p, in.password, in.verified); });
  };
  registry.add(gate::Operation<Nothing, FactorList>{"factors.list", "自分の2つ目の要素の一覧", "factors.list", gate::Access::read, 1024, gate::no_preparation<Nothing>(),
                                                    [](gate::Context& c, Nothing&) { return list_for(c.tx, self(c)); }});
  registry.add(write<EnrolIn, TotpBegun>("factors.begin_totp", "ワンタイムコードの登録を始める", "factors.enrol", 4096, prepared(EnrolIn{}),
                                         [this](gate::Context& c, EnrolIn& in) { return begin_totp(c, in); }));
  registry.add(write<TotpConfirmIn, Enrolled>("factors.confirm_totp", "最初のコードでワンタイムコードを登録する", "factors.enrol", 1024, nullptr, confirm_totp));
  registry.add(write<EnrolIn, KeyBegun>("factors.begin_key", "セキュリティキーの登録を始める", "factors.enrol", 4096, prepared(EnrolIn{}),
                                        [this](gate::Context& c, EnrolIn& in) { return begin_key(c, in); }));
  registry.add(write<KeyConfirmIn, Enrolled>("factors.confirm_key", "セキュリティキーを登録する", "factors.enrol", 65536, nullptr, confirm_key));
  registry.add(write<FactorIn, Nothing>("factors.stop", "なくした要素を止める", "factors.stop", 4096, prepared(FactorIn{}), stop_own));
  registry.add(write<FactorIn, Nothing>("factors.remove", "自分の要素を外す", "factors.change", 4096, prepared(FactorIn{}), remove_own));
  registry.add(write<PasswordIn, RecoveryCodes>("factors.recovery_codes", "回復コードを作り直す", "factors.change", 4096, prepared(PasswordIn{}), new_recovery));
  registry.add(write<Nothing, KeyChallenge>("session.second_factor_challenge", "セキュリティキーに署名してもらう値を受け取る", "session.second_factor", 1024, nullptr, challenge_for_proof));
  registry.add(write<ProofIn, Nothing>("session.second_factor", "2つ目の要素を示す", "session.second_factor", 65536, nullptr, prove));
}

void Factors::register_of_people(gate::Registry& registry) {
  registry.add(gate::Operation<PersonIn, FactorList>{"users.factors", "職員の2つ目の要素を見る", "users.factors", gate::Access::read, 1024, gate::no_preparation<PersonIn>(),
                                                     [this](gate::Context& c, PersonIn& in) { return list_of(c, in); }});
  registry.add(write<PersonFactorIn, Nothing>("users.stop_factor", "職員がなくした要素を止める", "users.stop_factor", 1024, nullptr,
                                              [this](gate::Context& c, PersonFactorIn& in) { return stop_of(c, in); }));
  registry.add(write<ResetIn, Nothing>("users.reset_factors", "本人確認のうえ、職員の2つ目の要素を登録し直させる", "users.reset_factors", 8192, nullptr,
                                       [this](gate::Context& c, ResetIn& in) { return reset(c, in); }));
}

}  // namespace sekisho::factors
