#include "apps/office.h"

#include "apps/policy_files.h"
#include "core/log.h"
#include "features/accounts/table.h"
#include "features/alarms/alarms.h"
#include "features/accounts/standing.h"
#include "features/bodies/dates.h"
#include "features/retention/table.h"
#include "features/services/table.h"

namespace sekisho::apps {
namespace {

using office::Happening;

// The one value of an argument; "" where the field is empty.
std::string argument(const Happening& what, const std::string& name) {
  const auto it = what.with.find(name);
  return it == what.with.end() || it->second.empty() ? "" : it->second.front();
}

Result<std::vector<accounts::AccountId>> people(const Happening& what) {
  const auto it = what.with.find("person");
  std::vector<accounts::AccountId> out;
  if (it != what.with.end())
    for (const std::string& id : it->second) out.push_back(accounts::AccountId::trusted(id));
  if (out.empty()) return fail(Error{Code::conflict, "office.hook_argument", "person", "12(6)イ(ウ)", "head"});
  return out;
}

// 12(6)イ(ウ): sessions and keys end at once.
Status cut_sessions(gate::Context& context, const Happening& what) {
  SK_TRY(const auto who, people(what));
  for (const auto& id : who) {
    SK_CHECK(accounts::Table::delete_sessions_of(context.tx, id));
    SK_CHECK(accounts::Table::revoke_keys_of(context.tx, id, context.now));
  }
  return ok();
}

Status set_enabled(gate::Context& context, const Happening& what, bool enabled) {
  SK_TRY(const auto who, people(what));
  for (const auto& id : who) {
    SK_TRY(auto account, accounts::Table::find(context.tx, id));
    if (!account) return fail(Code::not_found, "accounts.not_found", "no such account");
    account->enabled = enabled;
    SK_CHECK(accounts::Table::update(context.tx, *account));
  }
  return enabled ? ok() : cut_sessions(context, what);
}

// 11(5)ウ: nothing of the log or of conversations goes while the hold stands.
Status hold(gate::Context& context, const Happening& what) {
  const std::string reason = what.note.empty() ? what.about.number : what.note;
  return retention::Table::insert_hold(context.tx, {context.new_id<office::CaseTag>().str(), "", "", "", what.about.number, reason.substr(0, 1000), what.by.name, context.now, {}, {}, {}});
}

Status release(gate::Context& context, const Happening& what) {
  SK_TRY(const auto holds, retention::Table::holds(context.tx));
  for (const retention::Hold& h : holds)
    if (h.incident == what.about.number && !h.released_by) {
      SK_TRY(const bool done, retention::Table::release_hold(context.tx, h.id, what.by.name, what.note.empty() ? what.about.number : what.note.substr(0, 1000), context.now));
      if (!done) return fail(Code::conflict, "retention.released", "already over");
    }
  return ok();
}

Result<policy::Rank> ceiling_of(const std::string& text) {
  SK_TRY(const json::Value value, json::parse(text));
  if (value.is_object())
    if (const auto it = value.get_object().find("c"); it != value.get_object().end() && it->value().is_int64()) return static_cast<policy::Rank>(it->value().get_int64());
  return fail(Error{Code::conflict, "office.hook_argument", "class", "13(2)エ(ウ)", "service_permitter"});
}

// 13(2)エ(ウ): what was permitted is on the list of services, and model endpoints behind it work (features/services). The case's number is the approval's.
Status list_service(gate::Context& context, const Happening& what) {
  services::Service s;
  s.id = context.new_id<services::ServiceTag>();
  s.provider = argument(what, "provider");
  s.name = argument(what, "name");
  if (s.provider.empty() || s.name.empty()) return fail(Error{Code::conflict, "office.hook_argument", "provider, name", "13(2)エ(ウ)", "service_permitter"});
  SK_TRY(s.ceiling, ceiling_of(argument(what, "class")));
  s.region = argument(what, "region");
  s.governing_law = argument(what, "law");
  s.approved_by = s.registered_by = what.by.name;
  s.approval = what.about.number;
  s.valid_from = s.registered_at = context.now;
  if (const std::string until = argument(what, "until"); !until.empty()) {
    SK_TRY(const CivilDate day, bodies::parse_day(until));
    s.valid_to = bodies::end_of(day);
  }
  return services::Table::insert(context.tx, s);
}

// 13(2)キ: what stands on the case's approval is off the list.
Status end_service(gate::Context& context, const Happening& what) {
  SK_TRY(const auto all, services::Table::all(context.tx));
  const std::string approval = argument(what, "approval").empty() ? what.about.number : argument(what, "approval");
  for (const services::Service& s : all)
    if (s.approval == approval && !s.ended_at) SK_CHECK(services::Table::end(context.tx, s.id, what.by.name, what.note.empty() ? what.about.number : what.note.substr(0, 1000), context.now));
  return ok();
}

struct Named {
  std::string_view name;
  Status (*run)(gate::Context& context, const Happening& what);
};
constexpr Named kHooks[] = {
    {"session.cut", cut_sessions},
    {"account.suspend", [](gate::Context& c, const Happening& what) { return set_enabled(c, what, false); }},
    {"account.restore", [](gate::Context& c, const Happening& what) { return set_enabled(c, what, true); }},
    {"retention.hold", hold},
    {"retention.release", release},
    {"service.list", list_service},
    {"service.end", end_service},
};

}  // namespace

const std::vector<std::string_view>& office_hook_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const Named& h : kHooks) out.push_back(h.name);
    return out;
  }();
  return names;
}

Result<std::shared_ptr<office::Office>> make_office(const Config& config, const PolicyFiles& policy_files) {
  SK_TRY(auto definitions, office::Definitions::load(config.packs_dir + "/office"));
  auto out = std::make_shared<office::Office>(std::move(definitions), accounts::directory());
  for (const Named& h : kHooks) out->hook(std::string(h.name), h.run);
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
    Timestamp& looked = looked_[code];
    if (now.micros - looked.micros < kHour) continue;
    const auto opened = open_duties(*body, now);
    if (!opened) log::error("office.duties", opened.error());
    if (!opened || !*opened) looked = now;  // what one turn leaves over is for the next
  }
}

}  // namespace sekisho::apps
