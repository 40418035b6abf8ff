// Recurring work: the rows of the period that is running, and their cases when the day has come.
#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/duty_table.h"
#include "features/office/office.h"

namespace sekisho::office {
namespace {

constexpr int kAtOnce = 200;       // cases opened in one transaction; the rest with the next
constexpr int kMostRows = 20'000;  // rows without a case that are looked at

const ReadVersion* version_of(const std::vector<ReadVersion>& all, const DutyRow& row) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const ReadVersion& r) { return r.version.name == row.definition && r.loaded->definition; });
  return it == all.end() ? nullptr : &*it;
}
// nullptr: no definition in force has that work any more.
const workflow::Duty* duty_of(const std::vector<ReadVersion>& all, const DutyRow& row) {
  const ReadVersion* const version = version_of(all, row);
  if (version == nullptr || !version->loaded->definition->duties) return nullptr;
  const auto& duties = *version->loaded->definition->duties;
  const auto it = std::find_if(duties.begin(), duties.end(), [&](const workflow::Duty& u) { return u.key == row.duty; });
  return it == duties.end() ? nullptr : &*it;
}

}  // namespace

// The rows of the period that is running, one by one, until `each` says that it has seen enough.
Status Office::rows_of_period(sql::Tx& tx, const std::string& body, Timestamp now, const ReadVersion& read_version, const workflow::Duty& duty,
                              const std::function<Result<bool>(const DutyRow&)>& each) const {
  SK_TRY(const Organisation here, definitions_.organisation(tx, body));
  const auto period = workflow::period_of(duty, *here, jst_date(now));
  if (!period) return ok();  // the body has not decided how often
  DutyRow row{read_version.version.name, duty.key, period->name, "", duty.title, period->fiscal_year, bodies::to_iso_day(period->opens), bodies::to_iso_day(period->due), std::nullopt, "", ""};
  if (duty.each.scope == "body") {
    SK_CHECK(each(row));
  } else if (duty.each.scope == "each_unit") {
    SK_TRY(const auto units, bodies::Table::unit_rows(tx));
    for (const auto& u : units) {
      if (!u.in_force(now)) continue;
      if (duty.unit_kinds && std::find(duty.unit_kinds->begin(), duty.unit_kinds->end(), u.kind) == duty.unit_kinds->end()) continue;
      row.about = u.id.str();
      SK_TRY(const bool more, each(row));
      if (!more) return ok();
    }
  } else if (duty.each.each_case) {
    std::string after;
    for (;;) {
      SK_TRY(const auto cases, CaseTable::not_closed(tx, *duty.each.each_case, after, 1000));
      for (const CaseId& id : cases) {
        row.about = after = id.str();
        SK_TRY(const bool more, each(row));
        if (!more) return ok();
      }
      if (cases.size() < 1000) break;
    }
  }
  return ok();
}

Result<bool> Office::duties_wait(sql::Tx& tx, const std::string& body, Timestamp now) const {
  const auto here = definitions_.organisation(tx, body);
  if (!here && here.error().key == "bodies.not_set_up") return false;  // no profile, no work
  if (!here) return Unexpected(here.error());
  SK_TRY(const auto all, definitions_.in_force(tx, body));
  bool waits = false;
  for (const ReadVersion& one : all) {
    if (!one.loaded->definition || !one.loaded->definition->duties) continue;
    for (const workflow::Duty& duty : *one.loaded->definition->duties) {
      SK_CHECK(rows_of_period(tx, body, now, one, duty, [&](const DutyRow& row) -> Result<bool> {
        SK_TRY(const bool there, DutyTable::has(tx, row));
        waits = !there;
        return there;
      }));
      if (waits) return true;
    }
  }
  SK_TRY(const auto rows, DutyTable::to_open(tx, bodies::to_iso_day(jst_date(now)), kMostRows));
  return std::any_of(rows.begin(), rows.end(), [&](const DutyRow& row) { return duty_of(all, row) != nullptr; });
}

Status Office::run_duties(gate::Context& context) {
  SK_TRY(const auto all, definitions_.in_force(context.tx, context.body.code));
  for (const ReadVersion& one : all) {
    if (!one.loaded->definition || !one.loaded->definition->duties) continue;
    for (const workflow::Duty& duty : *one.loaded->definition->duties)
      SK_CHECK(rows_of_period(context.tx, context.body.code, context.now, one, duty, [&](const DutyRow& row) -> Result<bool> {
        SK_CHECK(DutyTable::put(context.tx, row));
        return true;
      }));
  }
  SK_TRY(const Organisation here, definitions_.organisation(context.tx, context.body.code));
  SK_TRY(const auto rows, DutyTable::to_open(context.tx, bodies::to_iso_day(jst_date(context.now)), kMostRows));
  int opened = 0;
  for (const DutyRow& row : rows) {
    const ReadVersion* const version = version_of(all, row);
    const workflow::Duty* const duty = duty_of(all, row);
    if (duty == nullptr) continue;  // the definition has changed since; the row shows that the work was due
    if (++opened > kAtOnce) break;
    SK_CHECK(open_duty(context, *here, *version->loaded->definition, *duty, row));
  }
  context.about("duties");
  return ok();
}

Status Office::open_duty(gate::Context& context, const workflow::Organisation& here, const workflow::Definition& d, const workflow::Duty& duty, const DutyRow& row) {
  const bool of_unit = duty.each.scope == "each_unit";
  json::Object fields;
  if (duty.set)
    for (const auto& [key, value] : *duty.set) {
      json::Value said_value = said(context, here, program_actor(), of_unit ? row.about : "", value);
      if (value == json::Value("@fiscal_year")) said_value = json::Value(row.fiscal_year);
      if (!said_value.is_null()) fields[key] = std::move(said_value);
    }
  if (of_unit && d.department) fields[*d.department] = json::Value(std::string_view(row.about));
  if (duty.each.link) {
    const workflow::Field* const link = d.field(*duty.each.link);
    const json::Value id(std::string_view(row.about));
    fields[*duty.each.link] = link != nullptr && link->type == "references" ? json::Value(json::Array{id}) : id;
  }
  Case shape;  // only to say who answers for it
  shape.unit = of_unit ? row.about : "";
  shape.fields = fields;
  Opened how;
  how.by_itself = true;
  if (duty.assign) {
    const std::vector<Event> none;
    Addressing addressing(context.tx, d, here, shape, none);
    SK_TRY(how.assigned, addressing.of(*duty.assign));
  }
  SK_TRY(const CaseId id, open(context, program_actor(), row.definition, fields, how));
  SK_CHECK(DutyTable::opened(context.tx, row, id));
  SK_TRY(File file, load(context, id));
  SK_CHECK(set_timers(context, file, "", *d.state(file.c.state), file.c.entered_at));
  SK_TRY(const auto words, CaseTable::words(context.tx, id));
  SK_CHECK(CaseTable::update(context.tx, file.c, words));
  SK_CHECK(tell_addresses(context, file, how.assigned, "{number} " + duty.title + "（" + to_wareki(*bodies::parse_day(row.due_on)) + "まで）", duty.clauses.front().ref,
                          bodies::end_of(*bodies::parse_day(row.due_on)), 1));
  SK_CHECK(put_access(context, file));
  return ok();
}

}  // namespace sekisho::office
