#include "apps/office.h"

#include <algorithm>

#include "apps/policy_files.h"
#include "core/log.h"
#include "features/accounts/standing.h"
#include "features/accounts/table.h"
#include "features/alarms/alarms.h"
#include "features/retention/table.h"
#include "features/services/renewal_table.h"

namespace sekisho::apps {
namespace {

using office::Happening;
using office::Turn;

std::string argument(const Turn& t, const char* name) {
  const auto it = t.arguments.find(name);
  return it == t.arguments.end() || !it->value().is_string() ? "" : std::string(std::string_view(it->value().get_string()));
}

std::string reason_of(const Turn& t) { return t.note.empty() ? t.about.number : t.note.substr(0, 1000); }

Status end_everything_of(gate::Context& context, const accounts::AccountId& id) {
  SK_CHECK(accounts::Table::delete_sessions_of(context.tx, id));
  SK_CHECK(accounts::Table::revoke_keys_of(context.tx, id, context.now));
  return ok();
}

// An effect: sessions and keys end at once, and the person may come again.
Status cut_sessions(gate::Context& context, const Happening& what) {
  const auto it = what.with.find("person");
  if (it == what.with.end() || it->second.empty()) return fail(Error{Code::conflict, "office.hook_argument", "person", "12(6)イ(ウ)", "head"});
  for (const std::string& id : it->second) SK_CHECK(end_everything_of(context, accounts::AccountId::trusted(id)));
  return ok();
}

// 12(6)イ(ウ): what the person has open ends with the measure. That nothing new begins is looked at where one comes in (features/accounts).
Status stop_rights(gate::Context& context, const Turn& t) {
  return t.on ? end_everything_of(context, accounts::AccountId::trusted(t.row.person)) : ok();
}

// 11(5)ウ: nothing of the log or of conversations goes while the hold stands.
Status hold(gate::Context& context, const Turn& t) {
  if (t.on)
    return retention::Table::insert_hold(context.tx, {context.new_id<office::CaseTag>().str(), "", "", "", t.about.number, reason_of(t), t.by.name, context.now, {}, {}, {}});
  SK_TRY(const auto holds, retention::Table::holds(context.tx));
  // One that people released by hand meanwhile is over already.
  for (const retention::Hold& h : holds)
    if (h.incident == t.about.number && !h.released_by) SK_CHECK(retention::Table::release_hold(context.tx, h.id, t.by.name, reason_of(t), context.now));
  return ok();
}

Result<policy::Rank> ceiling_of(const Turn& t) {
  const auto it = t.arguments.find("class");
  if (it != t.arguments.end() && it->value().is_object())
    if (const auto c = it->value().get_object().find("c"); c != it->value().get_object().end() && c->value().is_int64()) return static_cast<policy::Rank>(c->value().get_int64());
  return fail(Error{Code::conflict, "office.hook_argument", "class", "13(2)エ(ウ)", "service_permitter"});
}

// 13(2)エ(ウ): what was permitted is on the list of services, under the case's number, and model endpoints behind it work (features/endpoints); 13(2)キ:
// when the approval ends they stop. A service that was approved again is the one that endpoints name.
Status approve_service(gate::Context& context, const Turn& t) {
  SK_TRY(const auto all, services::Table::all(context.tx));
  const auto known = std::find_if(all.begin(), all.end(), [&](const services::Service& s) { return s.approval == t.about.number; });
  if (!t.on) {
    if (known != all.end() && !known->ended_at) SK_CHECK(services::Table::end(context.tx, known->id, t.by.name, reason_of(t), context.now));
    return ok();
  }
  services::Service s;
  s.id = known == all.end() ? context.new_id<services::ServiceTag>() : known->id;
  s.provider = argument(t, "provider");
  s.name = argument(t, "name");
  if (s.provider.empty() || s.name.empty()) return fail(Error{Code::conflict, "office.hook_argument", "provider, name", "13(2)エ(ウ)", "service_permitter"});
  SK_TRY(s.ceiling, ceiling_of(t));
  s.region = argument(t, "region");
  s.governing_law = argument(t, "law");
  s.approved_by = s.registered_by = t.by.name;
  s.approval = t.about.number;
  s.valid_from = s.registered_at = context.now;
  s.valid_to = t.row.until;
  return known == all.end() ? services::Table::insert(context.tx, s) : services::renew(context.tx, s);
}

struct Hooked {
  std::string_view name;
  Status (*run)(gate::Context& context, const Happening& what);
};
constexpr Hooked kHooks[] = {{"session.cut", cut_sessions}};

struct Acted {
  std::string_view name;
  Status (*run)(gate::Context& context, const Turn& turn);
};
constexpr Acted kActs[] = {{switches::kRightsStopped, stop_rights}, {switches::kRetentionHeld, hold}, {switches::kServiceApproved, approve_service}};

// What the program notices beside its own notices, and may open cases.
constexpr std::string_view kEvents[] = {"login.locked", "guard.blocked"};

}  // namespace

std::set<std::string> office_event_names() { return {std::begin(kEvents), std::end(kEvents)}; }

const std::vector<std::string_view>& office_hook_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const Hooked& h : kHooks) out.push_back(h.name);
    return out;
  }();
  return names;
}

Result<std::shared_ptr<office::Office>> make_office(const Config& config, const PolicyFiles& policy_files) {
  SK_TRY(auto definitions, office::Definitions::load(config.packs_dir + "/office"));
  auto out = std::make_shared<office::Office>(std::move(definitions), accounts::directory());
  out->mails(!config.mail_host.empty());
  for (const Hooked& h : kHooks) out->hook(std::string(h.name), h.run);
  for (const Acted& a : kActs) out->act(a.name, a.run);
  for (const std::string_view e : kEvents) out->event(std::string(e));
  std::set<std::string> alarm_kinds;
  for (const alarms::Kind& kind : alarms::kKinds) alarm_kinds.insert(std::string(kind.name));
  out->complete(policy_files.vocabulary().powers, std::move(alarm_kinds));
  return out;
}

Status OfficeClock::run(gate::Body& body, const char* operation, json::Value in) {
  const gate::Entry* const entry = engine_.registry().find(operation);
  if (entry == nullptr) return fail(Code::internal, "internal", operation);
  SK_CHECK(engine_.gate().run(*entry, engine_.caller(body, gate::Program{}), in));
  return ok();
}

Status OfficeClock::settle_due(gate::Body& body, Timestamp now) {
  std::vector<office::Timer> due;
  {
    SK_TRY(const auto tx, body.db->begin_read());
    SK_TRY(due, office::due(*tx, now));
  }
  for (const office::Timer& t : due)
    if (const Status done = run(body, "office.settle", json::to_value(office::TimerIn{t.id, t.about, t.region, t.state, t.what, t.at})); !done) log::error("office.settle", done.error());
  return ok();
}

// Nothing is run, and so nothing logged, where nothing waits.
Result<bool> OfficeClock::open_duties(gate::Body& body, Timestamp now) {
  {
    SK_TRY(const auto tx, body.db->begin_read());
    SK_TRY(const bool waits, engine_.office().duties_wait(*tx, body.code, now));
    if (!waits) return false;
  }
  SK_CHECK(run(body, "office.run_duties", json::Object{}));
  return true;
}

void OfficeClock::look() {
  constexpr std::int64_t kHour = 3'600'000'000;
  const Timestamp now = engine_.gate().clock().now();
  for (const auto& [code, body] : engine_.bodies()) {
    if (const Status done = settle_due(*body, now); !done) log::error("office.due", done.error());
    for (const auto& [event, detail] : engine_.office().noticed(code))
      if (const Status done = run(*body, "office.happened", json::to_value(office::HappenedIn{event, detail})); !done) log::error("office.happened", done.error());
    Timestamp& looked = looked_[code];
    if (now.micros - looked.micros < kHour) continue;
    const auto opened = open_duties(*body, now);
    if (!opened) log::error("office.duties", opened.error());
    if (!opened || !*opened) looked = now;  // what one turn leaves over is for the next
  }
}

}  // namespace sekisho::apps
