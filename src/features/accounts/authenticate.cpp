// Who is behind a credential. Runs inside the transaction that will act, so that an end of rights holds at the next request.
#include "core/network.h"
#include "crypto/hash.h"
#include "crypto/password.h"
#include "crypto/random.h"
#include "features/accounts/operations.h"
#include "features/accounts/people.h"
#include "features/switches/switches.h"

namespace sekisho::accounts {
namespace {

constexpr std::int64_t kMinuteMicros = 60'000'000;
constexpr std::size_t kManySessions = 10'000;

policy::Person program() {
  policy::Person out;
  out.user_id = "program";
  out.program = true;
  out.powers = {"program"};
  return out;
}

// Sets up every unit's collections; has no power to read or search them.
Result<policy::Person> operator_of(sql::Tx& tx, policy::SegmentSet segment) {
  policy::Person out;
  out.user_id = "operator";
  out.name = "運用者";
  out.powers = {"bodies.set_up", "users.manage", "endpoints.manage", "collections.manage", "documents.manage", "log.read", "stops.manage", "directory.manage", "profile.manage"};
  SK_TRY(const auto units, bodies::Table::units(tx));
  for (const auto& unit : units) out.principals.insert("unit:" + unit.id.str());
  out.clearance = policy::kTopRank;
  out.session_segment = out.accepted_origins = segment;
  out.elevated = true;
  return out;
}

// A key is bound to segments and, when it names some, to source networks.
Result<bool> key_belongs(const ApiKeyRow& key, const gate::Caller& caller) {
  if (!key.segments || (caller.segment & ~*key.segments) != 0) return false;
  if (key.sources.empty()) return true;
  SK_TRY(const Networks networks, parse_networks(key.sources));
  const auto source = Address::parse(caller.peer);
  return source && contains(networks, *source);
}

}  // namespace

const std::string* token_of(const gate::Caller& caller) {
  const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
  return session == nullptr ? nullptr : &session->token;
}

Accounts::Accounts(Settings settings, Passwords passwords, ReadingsOf readings)
    : settings_(std::move(settings)), passwords_(std::move(passwords)), readings_(std::move(readings)), pool_(settings_.hashing) {
  decoy_ = crypto::password_decoy();
}

bool Accounts::privileged(const std::set<std::string>& powers) const {
  return std::any_of(powers.begin(), powers.end(), [this](const std::string& power) { return settings_.privileged_powers.contains(power); });
}

Result<bool> Accounts::privileged(sql::Tx& tx, const AccountId& id, Timestamp now) const {
  SK_TRY(const auto powers, powers_of(tx, id, now));
  return privileged(powers);
}

Result<SessionTimes> Accounts::times_for(sql::Tx& tx, const policy::Person& person) const {
  SessionTimes out = privileged(person.powers) ? settings_.privileged : settings_.ordinary;
  SK_TRY(const auto traits, bodies::Table::traits(tx, person.session_segment));
  if (traits.idle_minutes) out.idle_micros = std::min(out.idle_micros, *traits.idle_minutes * kMinuteMicros);
  if (traits.absolute_minutes) out.absolute_micros = std::min(out.absolute_micros, *traits.absolute_minutes * kMinuteMicros);
  return out;
}

// Also counts this request as activity.
bool Accounts::in_time(const Hash& token, const Session& session, const SessionTimes& times, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (seen_.size() > kManySessions)
    std::erase_if(seen_, [&](const auto& entry) { return now.micros - entry.second.micros > settings_.ordinary.idle_micros; });
  Timestamp& seen = seen_[to_hex(token)];
  seen = std::max(seen, session.seen_at);
  if (now.micros - seen.micros > times.idle_micros || now.micros - session.created_at.micros > times.absolute_micros) {
    seen_.erase(to_hex(token));
    return false;
  }
  seen = now;
  return true;
}

Timestamp Accounts::seen_at(const Hash& token, const Session& session) const {
  const std::lock_guard lock(mutex_);
  const auto it = seen_.find(to_hex(token));
  return it == seen_.end() ? session.seen_at : std::max(it->second, session.seen_at);
}

Result<std::optional<Accounts::Found>> Accounts::account_behind(sql::Tx& tx, const gate::Caller& caller, Timestamp now) {
  std::optional<Session> session;
  std::optional<Account> account;
  bool elsewhere = false;
  if (const std::string* token = token_of(caller)) {
    SK_TRY(session, Table::find_session(tx, crypto::sha256(*token)));
    if (session && !session->segment) session.reset();
    if (session) {
      elsewhere = *session->segment != caller.segment;
      SK_TRY(account, Table::find(tx, session->account_id));
    }
  } else if (const auto* key = std::get_if<gate::ApiKey>(&caller.credential)) {
    SK_TRY(const auto row, Table::find_key(tx, crypto::sha256(key->key)));
    // "Last used" is for people: to the minute, and only where something is written anyway.
    if (row && tx.writes() && (!row->last_used_at || now.micros - row->last_used_at->micros > kMinuteMicros)) SK_CHECK(Table::touch_key(tx, row->id, now));
    if (row) {
      SK_TRY(const bool here, key_belongs(*row, caller));
      elsewhere = !here;
      SK_TRY(account, Table::find(tx, row->account_id));
    }
  } else if (const auto* local = std::get_if<gate::LocalUser>(&caller.credential)) {
    SK_TRY(account, Table::find_login(tx, local->login));
    if (!account) return fail(Code::not_found, "accounts.not_found", "no such login");
  }
  if (!account || !account->open_at(now)) return std::optional<Found>();
  SK_TRY(const auto measure, switches::stopped(tx, account->id.str(), now));
  if (measure) return std::optional<Found>();
  if (!std::holds_alternative<gate::LocalUser>(caller.credential)) {
    // Whoever needs a permit to come from there and has none any more is as one whose session is over; the login says why.
    const Status may = switches::may_come(tx, account->id.str(), caller.peer, now);
    if (!may && may.error().code != Code::denied) return Unexpected(may.error());
    if (!may) return std::optional<Found>();
  }
  return std::optional<Found>(Found{std::move(*account), std::move(session), elsewhere});
}

Result<std::optional<policy::Person>> Accounts::authenticate(sql::Tx& tx, const gate::Caller& caller, Timestamp now) {
  if (std::holds_alternative<gate::Program>(caller.credential)) return std::optional(program());
  if (std::holds_alternative<gate::Operator>(caller.credential)) {
    SK_TRY(auto person, operator_of(tx, caller.segment));
    return std::optional(std::move(person));
  }
  SK_TRY(const auto found, account_behind(tx, caller, now));
  if (!found) return std::optional<policy::Person>();
  SK_TRY(auto person, person_of(tx, found->account, caller.segment, now));
  if (!person) return std::optional<policy::Person>();
  person->elsewhere = found->elsewhere;
  if (found->session) SK_CHECK(take_deputyship(tx, *person, now));
  // Through another segment's listener the cookie is refused, and that is no activity.
  if (found->session && !found->elsewhere) {
    SK_TRY(const SessionTimes times, times_for(tx, *person));
    if (!in_time(crypto::sha256(*token_of(caller)), *found->session, times, now)) return std::optional<policy::Person>();
  }
  SK_CHECK(factors::Factors::apply(tx, caller, *person));
  SK_CHECK(take_elevation(tx, caller, *person, now));
  // With a provisional password nothing but changing it is open (9(4), 10(4)ウ(カ)).
  if (found->account.must_change && !std::holds_alternative<gate::LocalUser>(caller.credential)) {
    SK_TRY(const bool elsewhere, in_directory(tx, found->account.id));
    if (!elsewhere) person->powers.clear();
  }
  return person;
}

Result<std::optional<std::string>> csrf_of(sql::Tx& tx, const std::string& token) {
  SK_TRY(const auto session, Table::find_session(tx, crypto::sha256(token)));
  return session ? std::optional<std::string>(session->csrf) : std::nullopt;
}

}  // namespace sekisho::accounts
