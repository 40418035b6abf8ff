#include "features/privileges/privileges.h"

#include <algorithm>

#include "crypto/hash.h"
#include "features/bodies/table.h"
#include "text/graphemes.h"

namespace sekisho::privileges {
namespace {

using bodies::Nothing;
using gate::Access;

constexpr std::int64_t kMinuteMicros = 60'000'000;
constexpr std::size_t kMaxReason = 4000;    // bytes
constexpr std::size_t kShortestReason = 5;  // characters
constexpr int kPage = 100;
constexpr const char* kDeputyKind = "privilege_deputy";
constexpr const char* kClauseTime = "11(2)オ";
constexpr const char* kClauseFew = "11(2)ア(ウ)a";
constexpr const char* kClauseDeputy = "11(2)ア(ウ)b";
constexpr const char* kClauseContractor = "11(2)ア(ウ)d";
constexpr const char* kClauseSeparation = "6(8)ア";

Result<std::string> session_of(const gate::Caller& caller) {
  const auto* session = std::get_if<gate::SessionToken>(&caller.credential);
  if (session == nullptr) return fail(Error{Code::denied, "privileges.session_only", "only in a session", kClauseTime, {}});
  return to_hex(crypto::sha256(session->token));
}

Unexpected no_deputy(const char* key, const char* detail, const char* clause = kClauseDeputy) { return fail(Error{Code::denied, key, detail, clause, "top"}); }

}  // namespace

Result<Rule> rule_of(sql::Tx& tx, int program_minutes) {
  SK_TRY(const auto body, bodies::Table::profile(tx));
  const auto& own = body.profile.elevation;
  return Rule{!own || own->asked, own && own->most_minutes ? std::min(*own->most_minutes, program_minutes) : program_minutes};
}

Result<ElevationView> view_of(sql::Tx& tx, const Rule& rule, const std::vector<std::string>& held, const std::string& account, const std::string& session, Timestamp now) {
  ElevationView out;
  out.most_minutes = rule.most_minutes;
  if (!rule.asked || held.empty()) return out;
  out.asked = true;
  out.powers = held;
  SK_TRY(out.by_factor, factors::Factors::has_active(tx, factors::PersonId::trusted(account)));
  SK_TRY(const auto open, Table::open_of(tx, session, now));
  if (!open) return out;
  out.id = open->id;
  out.reason = open->reason;
  out.from_at = open->from_at;
  out.to_at = open->to_at;
  out.seconds_left = static_cast<int>((open->to_at.micros - now.micros) / 1'000'000);
  return out;
}

bool Privileges::privileged(const std::set<std::string>& powers) const {
  return std::any_of(powers.begin(), powers.end(), [&](const auto& p) { return settings_.powers.contains(p); });
}

Result<ElevationView> Privileges::begin(gate::Context& context, BeginIn& in) const {
  SK_TRY(const std::string session, session_of(context.caller));
  const policy::Person& person = context.permit().person();
  SK_TRY(const Rule rule, rule_of(context.tx, settings_.most_minutes));
  if (!privileged(person.powers)) return fail(Error{Code::denied, "privileges.none", "holds no privileged power", kClauseFew, "head"});
  if (!rule.asked) return fail(Error{Code::conflict, "privileges.not_asked", "the body does without", kClauseTime, {}});
  if (in.minutes < 1 || in.minutes > rule.most_minutes)
    return fail(Error{Code::invalid_argument, "privileges.minutes", "1 to " + std::to_string(rule.most_minutes), kClauseTime, "head"});
  if (in.reason.size() > kMaxReason || text::count_graphemes(in.reason) < kShortestReason)
    return fail(Error{Code::invalid_argument, "privileges.reason", "a reason of 5 characters or more", kClauseTime, {}});
  SK_TRY(const auto last, Table::last_begin(context.tx, session));
  SK_CHECK(factors::Factors::prove_again(context, in.verified, last.value_or(Timestamp{0})));
  SK_CHECK(Table::end(context.tx, session, context.now));
  const Elevation row{context.new_id<ElevationTag>(), session, person.user_id, person.name, in.reason, in.minutes, context.now, Timestamp{context.now.micros + in.minutes * kMinuteMicros}};
  SK_CHECK(Table::open(context.tx, row));
  context.about(row.id.str());
  return people_.view(context);
}

Result<ElevationView> Privileges::end(gate::Context& context) const {
  SK_TRY(const std::string session, session_of(context.caller));
  SK_TRY(const auto open, Table::open_of(context.tx, session, context.now));
  if (open) context.about(open->id.str());
  SK_CHECK(Table::end(context.tx, session, context.now));
  return people_.view(context);
}

// Asked when the request is sent. Who signs it is checked by the engine; here, that a nomination does not favour whoever makes or recognises it.
Status Privileges::check_deputy(gate::Context& context, const approvals::Content& content, const approvals::Directory& directory) const {
  SK_TRY(const auto deputy, directory.standing(context.tx, content.fields.at("deputy"), context.now));
  SK_TRY(const auto principal, directory.standing(context.tx, content.fields.at("principal"), context.now));
  if (!deputy || !principal) return no_deputy("privileges.deputy_gone", "not in office");
  if (deputy->person == principal->person) return no_deputy("privileges.deputy_same", "a deputy is another person");
  if (!privileged(principal->powers)) return no_deputy("privileges.no_principal", "the principal holds no privileged power");
  if (deputy->account == context.permit().person().user_id) return no_deputy("privileges.deputy_own", "nobody nominates himself", kClauseSeparation);
  for (const approvals::Slot& slot : content.slots)
    if (deputy->powers.contains(slot.power)) return no_deputy("privileges.deputy_signs", "whoever recognises deputies is none", kClauseSeparation);
  SK_TRY(const bool contractor, people_.contractor(context.tx, deputy->account));
  if (contractor) return no_deputy("privileges.deputy_contractor", "a contractor's staff", kClauseContractor);
  return ok();
}

Result<PrivilegeList> Privileges::list(gate::Context& context, const ListIn& in, const approvals::Directory& directory) const {
  PrivilegeList out;
  const int limit = std::clamp(in.limit.value_or(kPage), 1, kPage);
  SK_TRY(const auto rows, Table::page(context.tx, in.before.value_or(""), limit));
  for (const Elevation& e : rows) out.items.push_back({e.id, e.name, e.reason, e.minutes, e.from_at, e.to_at, e.to_at > context.now});
  if (static_cast<int>(rows.size()) == limit) out.next = rows.back().id.str();
  std::set<std::string> seen;
  for (const std::string& power : settings_.powers) {
    SK_TRY(const auto accounts, directory.holders(context.tx, power, context.now));
    for (const std::string& account : accounts) {
      if (!seen.insert(account).second) continue;
      SK_TRY(const auto who, directory.standing(context.tx, account, context.now));
      if (!who || !privileged(who->powers)) continue;
      Holder holder{who->login, who->name, {}};
      for (const std::string& p : who->powers)
        if (settings_.powers.contains(p)) holder.powers.push_back(p);
      out.holders.push_back(std::move(holder));
    }
  }
  SK_TRY(const auto deputies, Table::deputies(context.tx, context.now));
  for (const Deputy& d : deputies) {
    SK_TRY(const auto deputy, directory.standing(context.tx, d.deputy, context.now));
    SK_TRY(const auto principal, directory.standing(context.tx, d.principal, context.now));
    out.deputies.push_back({d.approval, deputy ? deputy->name : "", principal ? principal->name : "", d.from_at, d.to_at, d.from_at <= context.now});
  }
  return out;
}

void Privileges::register_operations(gate::Registry& registry, approvals::Approvals& engine, People people) {
  people_ = std::move(people);
  const approvals::Directory& directory = engine.directory();
  engine.handle(kDeputyKind, {[this, &directory](gate::Context& context, const approvals::Content& content) { return check_deputy(context, content, directory); },
                              [](gate::Context& context, const approvals::Grant& grant) {
                                const auto& fields = grant.content.fields;
                                return Table::put_deputy(context.tx, {grant.id.str(), fields.at("deputy"), fields.at("principal"), grant.content.starts_at.value_or(context.now),
                                                                      grant.content.ends_at.value_or(context.now)});
                              },
                              [](gate::Context& context, const approvals::Grant& grant) { return Table::end_deputy(context.tx, grant.id.str(), context.now); }});
  registry.add(gate::Operation<BeginIn, ElevationView>{"privileges.begin", "特権を使い始める", "privileges.use", Access::write, 16384,
                                                       [this](gate::Preparation& p, BeginIn& in) -> Status {
                                                         if (!in.password || p.person == nullptr) return ok();
                                                         SK_TRY(in.verified, people_.password_right(p, *in.password));
                                                         return ok();
                                                       },
                                                       [this](gate::Context& c, BeginIn& in) { return begin(c, in); }});
  registry.add(gate::Operation<Nothing, ElevationView>{"privileges.end", "特権を使い終える", "privileges.use", Access::write, 1024, gate::no_preparation<Nothing>(),
                                                       [this](gate::Context& c, Nothing&) { return end(c); }});
  registry.add(gate::Operation<ListIn, PrivilegeList>{"privileges.list", "特権の使用の記録、特権のある人、代行者の一覧", "privileges.list", Access::read, 1024,
                                                      gate::no_preparation<ListIn>(),
                                                      [this, &directory](gate::Context& c, ListIn& in) { return list(c, in, directory); }});
}

}  // namespace sekisho::privileges
