// A case out of a ledger that is taken over.
#include <algorithm>

#include "features/office/office.h"

namespace sekisho::office {

// As open(), but: what is read was looked at already, nobody is told, and the definition's state for ledgers is the first one where all that it needs is there.
Result<CaseId> Office::take_over(gate::Context& context, const Actor& actor, const TakenOver& row) {
  File file;
  file.loaded = row.loaded;
  file.organisation = row.organisation;
  const workflow::Definition& d = file.d();
  Case& c = file.c;
  c.id = context.new_id<CaseTag>();
  c.definition = d.id;
  c.version = row.version;
  c.opener = actor.account;
  c.opener_name = actor.name;
  c.unit = actor.units.empty() ? "" : actor.units.front();
  c.opened_at = c.entered_at = c.updated_at = context.now;
  c.label = {1, 1, 1, {}, context.permit().person().session_segment, {}, policy::Trust::person, policy::State::known};
  c.state = d.first_state();
  c.fields = row.fields;
  SK_CHECK(compute(context, file));
  SK_CHECK(require_here(context, file));
  if (!row.state.empty()) {
    SK_TRY(const auto missing, workflow::missing(facts_of(context, file), row.state));
    if (missing.empty()) c.state = row.state;
  }
  c.kind = d.state(c.state)->kind;
  if (c.kind == workflow::StateKind::closed) c.closed_at = context.now;
  c.fiscal_year = fiscal_year(jst_date(context.now), file.organisation->fiscal_year_start);
  const bool yearly = d.number && d.number->yearly.value_or(false);
  SK_TRY(const int number, CaseTable::next_number(context.tx, c.definition, yearly ? c.fiscal_year : 0));
  c.number = (d.number ? d.number->prefix : "") + (yearly ? std::to_string(c.fiscal_year) + "-" : "") + std::to_string(number);
  for (const workflow::Region& r : d.regions.value_or(std::vector<workflow::Region>{}))
    if (std::find(r.live_in.begin(), r.live_in.end(), c.state) != r.live_in.end()) c.regions[r.key] = r.states.front().key;
  SK_CHECK(store(context, file, true));
  Event event;
  event.event = event.transition = "open";
  event.to = c.state;
  event.note = row.note;
  SK_CHECK(note(context, file, actor, std::move(event)));
  SK_CHECK(set_timers(context, file, "", *d.state(c.state), context.now));
  for (const auto& [region, state] : c.regions) SK_CHECK(set_timers(context, file, region, *workflow::find_state(d.region(region)->states, state), context.now));
  if (c.due_at) {
    SK_TRY(const auto text, CaseTable::words(context.tx, c.id));
    SK_CHECK(CaseTable::update(context.tx, c, text));
  }
  SK_CHECK(put_access(context, file));
  context.label(c.label);
  return c.id;
}

}  // namespace sekisho::office
