// The scheduled erasure: what is due goes, as acts of the program.
#include "features/retention/plan.h"
#include "gate/payload_table.h"

namespace sekisho::retention {
namespace {

using bodies::Nothing;
using gate::PayloadTable;

constexpr std::int64_t kSweepLeaves = 10'000;
constexpr int kChatsAtOnce = 100;

struct PeriodIn {
  std::string period;
  std::int64_t payloads = 0;
};
BOOST_DESCRIBE_STRUCT(PeriodIn, (), (period, payloads))
struct SweptOut {
  bool done = false;
};
BOOST_DESCRIBE_STRUCT(SweptOut, (), (done))
struct RemovedOut {
  int count = 0;
};
BOOST_DESCRIBE_STRUCT(RemovedOut, (), (count))

// Decided again here, in the act's own transaction: a hold that came since binds.
Result<Nothing> erase(gate::Context& context, PeriodIn& in) {
  context.about(in.period);
  SK_TRY(const Known now, known(context.tx));
  SK_TRY(const auto planned, plan(context.tx, now));
  const auto it = std::find_if(planned.begin(), planned.end(), [&](const Planned& p) { return p.period == in.period; });
  if (it == planned.end() || it->due_at > context.now) return fail(Code::conflict, "retention.not_due", "not due");
  if (it->held) return fail(Code::conflict, "retention.held", "held");
  SK_CHECK(PayloadTable::erase(context.tx, in.period, in.payloads, context.now));
  const Rule& rule = now.rules.at(it->kind);
  context.note("rule", json::Object{{"months", rule.months}, {"set_by", rule.set_by}, {"set_at", to_rfc3339(rule.set_at)}});
  return Nothing{};
}

Result<SweptOut> sweep(gate::Context& context, PeriodIn& in) {
  context.about(in.period);
  SK_TRY(const bool done, PayloadTable::sweep(context.tx, in.period, kSweepLeaves));
  return SweptOut{done};
}

gate::Operation<PeriodIn, Nothing> erase_operation() {
  return {std::string(tlog::kErasingAct), "保存の期間が過ぎた記録の内容を消す", "retention.erase", gate::Access::write, 0, gate::no_preparation<PeriodIn>(), erase};
}
gate::Operation<PeriodIn, SweptOut> sweep_operation() {
  return {"retention.sweep", "消した記録の場所を空ける", "retention.erase", gate::Access::write, 0, gate::no_preparation<PeriodIn>(), sweep};
}

gate::Operation<Nothing, RemovedOut> chats_operation(const Chats& chats) {
  return {"retention.erase_chats", "保存の期間が過ぎた会話を消す", "retention.erase", gate::Access::write, 0, gate::no_preparation<Nothing>(),
          [&chats](gate::Context& context, Nothing&) -> Result<RemovedOut> {
            SK_TRY(const Known now, known(context.tx));
            const auto rule = now.rules.find("chats");
            if (rule == now.rules.end() || now.hold_on("chats", month_of(context.now))) return RemovedOut{};
            const auto before = idle_before(rule->second, context.now);
            if (!before) return RemovedOut{};
            SK_TRY(const auto ids, chats.idle(context.tx, *before, kChatsAtOnce));
            json::Array removed;
            for (const std::string& id : ids) {
              SK_CHECK(chats.remove(context.tx, id));
              removed.emplace_back(id);
            }
            context.note("chats", std::move(removed));
            return RemovedOut{static_cast<int>(ids.size())};
          }};
}

struct Work {
  std::vector<PeriodIn> erase;
  std::vector<std::string> sweep;
  bool chats = false;
};

// A look without writing: most runs find nothing, and leave nothing in the log.
Result<Work> work_of(sql::Tx& tx, const Chats& chats, Timestamp now) {
  Work out;
  SK_TRY(const Known rules, known(tx));
  SK_TRY(const auto planned, plan(tx, rules));
  for (const Planned& p : planned)
    if (!p.held && p.due_at <= now) {
      SK_TRY(const auto size, PayloadTable::size(tx, p.period));
      out.erase.push_back({p.period, size.payloads});
    }
  SK_TRY(const auto erasures, PayloadTable::erasures(tx));
  for (const auto& e : erasures)
    if (e.swept_to < e.end_seq) out.sweep.push_back(e.period);
  if (const auto rule = rules.rules.find("chats"); rule != rules.rules.end() && !rules.hold_on("chats", month_of(now)))
    if (const auto before = idle_before(rule->second, now)) {
      SK_TRY(const auto ids, chats.idle(tx, *before, 1));
      out.chats = !ids.empty();
    }
  return out;
}

}  // namespace

Result<Done> run(gate::Gate& gate, gate::Body& body, const Chats& chats) {
  const gate::Caller program{&body, gate::Program{}, 0, "retention", "program", ""};
  Work work;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(work, work_of(*tx, chats, gate.clock().now()));
  }
  Done out;
  for (const PeriodIn& due : work.erase) {
    SK_CHECK(gate.run(erase_operation(), program, due));
    ++out.periods;
    work.sweep.push_back(due.period);
  }
  for (const std::string& period : work.sweep)
    for (bool done = false; !done;) {
      SK_TRY(const SweptOut swept, gate.run(sweep_operation(), program, PeriodIn{period, 0}));
      done = swept.done;
    }
  for (bool more = work.chats; more;) {
    SK_TRY(const RemovedOut removed, gate.run(chats_operation(chats), program, Nothing{}));
    out.chats += removed.count;
    more = removed.count == kChatsAtOnce;
  }
  return out;
}

}  // namespace sekisho::retention
