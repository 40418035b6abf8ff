// Recurring work: the rows of the period that is running, and their cases when the day has come.
#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/duty_table.h"
#include "features/office/office.h"

namespace sekisho::office {
namespace {

constexpr int kAtOnce = 200;  // cases opened in one transaction; the rest with the next

const workflow::Duty* find_duty(const workflow::Definition& d, const std::string& key) {
  if (!d.duties) return nullptr;
  const auto it = std::find_if(d.duties->begin(), d.duties->end(), [&](const workflow::Duty& u) { return u.key == key; });
  return it == d.duties->end() ? nullptr : &*it;
}

}  // namespace

Status Office::duties_of(gate::Context& context, const ReadVersion& read_version, const workflow::Duty& duty) {
  SK_TRY(const Organisation here, definitions_.organisation(context.tx, context.body.code));
  const auto period = workflow::period_of(duty, *here, jst_date(context.now));
  if (!period) return ok();  // the body has not decided how often
  DutyRow row{read_version.version.name, duty.key, period->name, "", duty.title, period->fiscal_year, bodies::to_iso_day(period->opens), bodies::to_iso_day(period->due), std::nullopt, "", ""};
  if (duty.each.scope == "body") {
    SK_CHECK(DutyTable::put(context.tx, row));
  } else if (duty.each.scope == "each_unit") {
    SK_TRY(const auto units, bodies::Table::unit_rows(context.tx));
    for (const auto& u : units) {
      if (!u.in_force(context.now)) continue;
      if (duty.unit_kinds && std::find(duty.unit_kinds->begin(), duty.unit_kinds->end(), u.kind) == duty.unit_kinds->end()) continue;
      row.about = u.id.str();
      SK_CHECK(DutyTable::put(context.tx, row));
    }
  } else if (duty.each.each_case) {
    std::string after;
    for (;;) {
      SK_TRY(const auto cases, CaseTable::not_closed(context.tx, *duty.each.each_case, after, 1000));
      for (const CaseId& id : cases) {
        row.about = after = id.str();
        SK_CHECK(DutyTable::put(context.tx, row));
      }
      if (cases.size() < 1000) break;
    }
  }
  return ok();
}

Status Office::run_duties(gate::Context& context) {
  SK_TRY(const auto all, definitions_.in_force(context.tx, context.body.code));
  for (const ReadVersion& one : all) {
    if (!one.loaded->definition || !one.loaded->definition->duties) continue;
    for (const workflow::Duty& duty : *one.loaded->definition->duties) SK_CHECK(duties_of(context, one, duty));
  }
  SK_TRY(const Organisation here, definitions_.organisation(context.tx, context.body.code));
  SK_TRY(const auto rows, DutyTable::to_open(context.tx, bodies::to_iso_day(jst_date(context.now)), kAtOnce));
  for (const DutyRow& row : rows) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const ReadVersion& r) { return r.version.name == row.definition && r.loaded->definition; });
    const workflow::Duty* const duty = it == all.end() ? nullptr : find_duty(*it->loaded->definition, row.duty);
    if (duty == nullptr) continue;  // the definition has changed since; the row shows that the work was due
    const workflow::Definition& d = *it->loaded->definition;
    const bool of_unit = duty->each.scope == "each_unit";
    json::Object fields;
    if (duty->set)
      for (const auto& [key, value] : *duty->set) {
        json::Value said_value = said(context, *here, program_actor(), of_unit ? row.about : "", value);
        if (value == json::Value("@fiscal_year")) said_value = json::Value(row.fiscal_year);
        if (!said_value.is_null()) fields[key] = std::move(said_value);
      }
    if (of_unit && d.department) fields[*d.department] = json::Value(std::string_view(row.about));
    if (duty->each.link) {
      const workflow::Field* const link = d.field(*duty->each.link);
      const json::Value id(std::string_view(row.about));
      fields[*duty->each.link] = link != nullptr && link->type == "references" ? json::Value(json::Array{id}) : id;
    }
    Case shape;  // only to say who answers for it
    shape.unit = of_unit ? row.about : "";
    shape.fields = fields;
    Opened how;
    how.by_itself = true;
    if (duty->assign) {
      const std::vector<Event> none;
      Addressing addressing(context.tx, d, *here, shape, none);
      SK_TRY(how.assigned, addressing.of(*duty->assign));
    }
    SK_TRY(const CaseId id, open(context, program_actor(), row.definition, fields, how));
    SK_CHECK(DutyTable::opened(context.tx, row, id));
    SK_TRY(const File file, load(context, id));
    SK_CHECK(tell_addresses(context, file, how.assigned, "{number} " + duty->title + "（" + to_wareki(*bodies::parse_day(row.due_on)) + "まで）", duty->clauses.front().ref,
                            bodies::end_of(*bodies::parse_day(row.due_on)), 1));
    SK_CHECK(put_access(context, file));
  }
  context.about("duties");
  return ok();
}

}  // namespace sekisho::office
