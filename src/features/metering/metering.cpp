#include "features/metering/metering.h"

#include "core/log.h"
#include "features/switches/switches.h"

namespace sekisho::metering {
namespace {

constexpr const char* kManage = "usage.manage";  // who may give more

Unexpected over_budget(const gate::Context& context, const std::string& scope) {
  Error error{Code::denied, "usage.over_budget", "the month's budget (" + scope + ") has not that much left", "", ""};
  if (scope == "department") error.key = "usage.over_department_budget";
  if (scope == "person") error.key = "usage.over_person_budget";
  if (const auto* rule = context.permit().matrix().find(kManage)) {
    error.clause = rule->clause;
    error.who_can_permit = rule->who_can_permit;
  }
  return fail(std::move(error));
}

// Who looks after the budget is told when a threshold is crossed: in the record, in the program's log and on the usage screen.
void tell_of(gate::Context& context, const Moved& moved) {
  const auto percent = crossed(moved.before, moved.after, moved.limit);
  if (!percent) return;
  context.note("usage_threshold", json::Object{{"percent", *percent}, {"characters", moved.after}, {"budget", moved.limit}});
  context.after_commit([percent = *percent] { log::warn("usage.threshold", {{"percent", percent}}); });
}

}  // namespace

Status reserve(gate::Context& context, const Settings& settings, const Use& use) {
  SK_CHECK(switches::trained(context));
  Reservation r;
  r.id = use.id;
  r.month = month_of(context.now).text;
  r.purpose = use.purpose;
  r.person_id = context.permit().person().user_id;
  r.endpoint_id = use.endpoint_id;
  r.endpoint = use.endpoint;
  r.characters_in = use.characters_in;
  r.amount = use.endpoint_id.empty() ? 0 : use.characters_in + settings.answer_reserve;
  r.at = context.now;
  if (r.amount > 0) {
    // An approved exception lets this one go on when the month is used up; what is used is counted all the same (12(4)ア).
    SK_TRY(const bool free, switches::lifted(context.tx, "usage_budget", r.person_id, context.now));
    if (free) r.amount = 0;
  }
  SK_TRY(const Reserved reserved, Table::reserve(context.tx, r, settings.monthly_characters));
  if (!reserved.moved) return over_budget(context, reserved.exceeded);
  tell_of(context, *reserved.moved);
  return ok();
}

std::int64_t counted_of(const Used& used) {
  if (used.built_in || (used.outcome == "failed" && used.characters_out == 0)) return 0;
  return used.characters_in + used.characters_out;
}

Status settle(gate::Context& context, const Used& used) {
  SK_TRY(const auto moved, Table::settle(context.tx, {used.id, used.outcome, used.built_in, used.characters_in, used.characters_out, used.characters_context,
                                                      counted_of(used), context.now}));
  if (moved) tell_of(context, *moved);
  return ok();
}

Result<int> settle_open(gate::Gate& gate, gate::Body& body) {
  using bodies::Nothing;
  std::size_t open = 0;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(const auto uses, Table::open_uses(*tx));
    open = uses.size();
  }
  if (open == 0) return 0;
  const gate::Operation<Nothing, Nothing> operation{"usage.settle", "途中で止まった利用を数えて終える", "usage.settle", gate::Access::write, 0, gate::no_preparation<Nothing>(),
                                                    [](gate::Context& context, Nothing&) -> Result<Nothing> {
                                                      SK_TRY(const auto uses, Table::open_uses(context.tx));
                                                      json::Array settled;
                                                      for (const OpenUse& use : uses) {
                                                        SK_CHECK(settle(context, {use.id, "unknown", use.reserved == 0, use.characters_in, 0, 0}));
                                                        settled.emplace_back(use.id);
                                                      }
                                                      context.note("unknown", std::move(settled));
                                                      return Nothing{};
                                                    }};
  SK_CHECK(gate.run(operation, gate::Caller{&body, gate::Program{}, 0, "start", "program", ""}, Nothing{}));
  return static_cast<int>(open);
}

}  // namespace sekisho::metering
