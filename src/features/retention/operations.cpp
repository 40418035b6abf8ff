#include "features/retention/plan.h"
#include "gate/payload_table.h"

namespace sekisho::retention {
namespace {

using gate::PayloadTable;

constexpr std::int64_t kSoonMicros = 31LL * 86'400 * 1'000'000;
constexpr std::size_t kPlanned = 120;
constexpr int kMostCounted = 1'000;
constexpr std::size_t kMaxText = 1'000;

std::string name_of(const policy::Person& person) { return person.name.empty() ? person.user_id : person.name; }

std::string words_of(const Hold& hold) { return hold.incident.empty() ? hold.reason : hold.incident; }

Status put_rules(gate::Context& context, const Known& now, RetentionOut& out) {
  SK_TRY(const auto periods, PayloadTable::periods(context.tx));
  std::map<std::string, std::string> earliest;  // kind -> month; periods are in order
  for (const std::string& period : periods) {
    const auto [month, kind] = parts_of(period);
    earliest.emplace(kind, month);
  }
  for (const std::string_view kind : kKinds) {
    RuleView view{std::string(kind), std::nullopt, "", std::nullopt, earliest[std::string(kind)]};
    if (const auto rule = now.rules.find(view.kind); rule != now.rules.end()) {
      view.months = rule->second.months;
      view.set_by = rule->second.set_by;
      view.set_at = rule->second.set_at;
    }
    out.rules.push_back(std::move(view));
  }
  return ok();
}

// Counted is only what goes within a month: counting reads.
Status put_plan(gate::Context& context, const Known& now, const Chats& chats, RetentionOut& out) {
  SK_TRY(const auto planned, plan(context.tx, now));
  for (const Planned& p : planned) {
    if (out.plan.size() == kPlanned) break;
    PlanView view{p.kind, p.month, p.due_at, p.held ? "held" : p.due_at <= context.now ? "due" : "waits", p.held ? words_of(*p.held) : "", std::nullopt, std::nullopt};
    if (p.due_at.micros <= context.now.micros + kSoonMicros) {
      SK_TRY(const auto size, PayloadTable::size(context.tx, p.period));
      view.count = size.payloads;
      view.bytes = size.bytes;
    }
    out.plan.push_back(std::move(view));
  }
  const auto rule = now.rules.find("chats");
  if (rule == now.rules.end()) return ok();
  const Timestamp notice_over{rule->second.set_at.micros + kNoticeMicros};
  const Timestamp when = std::max(context.now, notice_over);
  const auto before = idle_before(rule->second, when);
  SK_TRY(const auto ids, chats.idle(context.tx, *before, kMostCounted));
  if (ids.empty()) return ok();
  const auto hold = now.hold_on("chats", month_of(context.now));
  out.plan.insert(out.plan.begin(), PlanView{"chats", "", when, hold ? "held" : notice_over <= context.now ? "due" : "waits", hold ? words_of(*hold) : "",
                                             static_cast<std::int64_t>(ids.size()), std::nullopt});
  return ok();
}

Result<RetentionOut> read(gate::Context& context, const Chats& chats) {
  RetentionOut out;
  SK_TRY(const Known now, known(context.tx));
  SK_CHECK(put_rules(context, now, out));
  SK_CHECK(put_plan(context, now, chats, out));
  SK_TRY(const auto erasures, PayloadTable::erasures(context.tx));
  for (auto e = erasures.rbegin(); e != erasures.rend() && out.erased.size() < kPlanned; ++e) {
    const auto [month, kind] = parts_of(e->period);
    out.erased.push_back({kind, month, e->erased_at, e->payloads, e->swept_to >= e->end_seq});
  }
  for (const Hold& h : now.holds)
    out.holds.push_back({h.id, h.kind, h.from_month, h.to_month, h.incident, h.reason, h.set_by, h.set_at, h.released_by, h.released_at, h.release_reason});
  return out;
}

Result<RetentionOut> set_rule(gate::Context& context, RuleIn& in, const Chats& chats) {
  if (!known_kind(in.kind)) return fail(Code::invalid_argument, "retention.kind", "content, access, acts or chats");
  context.about(in.kind);
  if (in.months && (*in.months < kLeastMonths || *in.months > kMostMonths)) return fail(Code::invalid_argument, "retention.months", "1 to 1200");
  SK_CHECK(in.months ? Table::put_rule(context.tx, {in.kind, *in.months, name_of(context.permit().person()), context.now}) : Table::drop_rule(context.tx, in.kind));
  return read(context, chats);
}

Result<RetentionOut> set_hold(gate::Context& context, HoldIn& in, const Chats& chats) {
  const std::string kind = in.kind.value_or(""), from = in.from_month.value_or(""), to = in.to_month.value_or("");
  if (!kind.empty() && !known_kind(kind)) return fail(Code::invalid_argument, "retention.kind", "content, access, acts or chats");
  for (const std::string& month : {from, to})
    if (!month.empty()) SK_CHECK(month_begin(month));
  if (!from.empty() && !to.empty() && to < from) return fail(Code::invalid_argument, "retention.month", "ends before it begins");
  if (in.reason.empty() || in.reason.size() > kMaxText || in.incident.size() > kMaxText) return fail(Code::invalid_argument, "retention.reason", "why it is held");
  const std::string id = context.new_id<ReleaseIn::HoldTag>().str();
  SK_CHECK(Table::insert_hold(context.tx, {id, kind, from, to, in.incident, in.reason, name_of(context.permit().person()), context.now, {}, {}, {}}));
  context.about(id);
  return read(context, chats);
}

Result<RetentionOut> release_hold(gate::Context& context, ReleaseIn& in, const Chats& chats) {
  context.about(in.id.str());
  SK_TRY(const bool there, Table::has_hold(context.tx, in.id.str()));
  if (!there) return fail(Code::not_found, "retention.hold_not_found", "no such hold");
  if (in.reason.empty() || in.reason.size() > kMaxText) return fail(Code::invalid_argument, "retention.reason", "why it ends");
  SK_TRY(const bool released, Table::release_hold(context.tx, in.id.str(), name_of(context.permit().person()), in.reason, context.now));
  if (!released) return fail(Code::conflict, "retention.released", "already over");
  return read(context, chats);
}

}  // namespace

void register_operations(gate::Registry& registry, const Chats& chats) {
  using gate::Access;
  registry.add(gate::Operation<bodies::Nothing, RetentionOut>{"retention.read", "保存の期間と、これから消えるもの", "retention.read", Access::read, 1024,
                                                              gate::no_preparation<bodies::Nothing>(), [chats](gate::Context& c, bodies::Nothing&) { return read(c, chats); }});
  registry.add(gate::Operation<RuleIn, RetentionOut>{"retention.set_rule", "保存の期間を決める", "retention.manage", Access::write, 1024, gate::no_preparation<RuleIn>(),
                                                     [chats](gate::Context& c, RuleIn& in) { return set_rule(c, in, chats); }});
  registry.add(gate::Operation<HoldIn, RetentionOut>{"retention.hold", "消さずに残す（証拠保全）", "retention.hold", Access::write, 8192, gate::no_preparation<HoldIn>(),
                                                     [chats](gate::Context& c, HoldIn& in) { return set_hold(c, in, chats); }});
  registry.add(gate::Operation<ReleaseIn, RetentionOut>{"retention.release", "証拠保全を解く", "retention.manage", Access::write, 8192, gate::no_preparation<ReleaseIn>(),
                                                        [chats](gate::Context& c, ReleaseIn& in) { return release_hold(c, in, chats); }});
}

}  // namespace sekisho::retention
