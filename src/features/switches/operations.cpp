// Seeing what is switched on and by which case, and saying what the body wants switched.
#include "features/switches/operations.h"

#include "features/switches/switches.h"

namespace sekisho::switches {
namespace {

constexpr int kMost = 500;

Result<SwitchList> list(gate::Context& context, bodies::WholeListIn&) {
  SwitchList out;
  SK_TRY(out.wish, wish_of(context.tx));
  out.may_configure = context.permit().person().powers.contains("profile.manage");
  SK_TRY(const auto rows, Table::all(context.tx, kMost));
  SK_TRY(const auto units, bodies::Table::units(context.tx));
  for (const Standing& s : rows) {
    const Kind* const kind = find_kind(s.name);
    SwitchView view;
    view.id = s.id;
    view.about = s.case_id;
    view.number = s.number;
    view.name = s.name;
    view.title = kind == nullptr ? s.name : std::string(kind->title);
    view.person = s.person;
    view.person_name = s.person_name;
    for (const auto& unit : units)
      if (unit.id.str() == s.unit) view.unit = unit.name;
    view.value = s.value;
    view.clause = s.clause;
    view.since = s.since;
    view.until = s.until;
    view.set_by = s.set_by;
    view.ended_by = s.ended_by;
    view.ended_at = s.ended_at;
    view.on = s.on(context.now);
    out.items.push_back(std::move(view));
  }
  for (const Kind& k : kinds()) out.kinds.push_back({std::string(k.name), std::string(k.title), std::string(k.clause)});
  return out;
}

Result<Wish> configure(gate::Context& context, Wish& in) {
  SK_CHECK(check(in));
  // Who sets it must not lock himself out: he would be the only one who could undo it.
  SK_CHECK(Table::put_wish(context.tx, json::write(in), context.permit().person().name, context.now));
  if (std::holds_alternative<gate::SessionToken>(context.caller.credential))
    if (const Status still = may_come(context.tx, context.permit().person().user_id, context.caller.peer, context.now); !still)
      return fail(Code::conflict, "switches.own_session", still.error().key);
  return in;
}

}  // namespace

void register_operations(gate::Registry& registry) {
  using gate::Access;
  registry.add(gate::Operation<bodies::WholeListIn, SwitchList>{"switches.list", "案件が切り替えているものの一覧", "switches.list", Access::read, 1024,
                                                                gate::no_preparation<bodies::WholeListIn>(), list});
  registry.add(gate::Operation<Wish, Wish>{"switches.configure", "許可や研修を求める条件を決める", "switches.configure", Access::write, 16384, gate::no_preparation<Wish>(), configure});
}

}  // namespace sekisho::switches
