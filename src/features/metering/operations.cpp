#include "features/metering/operations.h"

#include "core/bytes.h"

namespace sekisho::metering {
namespace {

using bodies::Nothing;

constexpr int kMonthsShown = 12;
constexpr std::int64_t kMostCharacters = 1'000'000'000'000;

Result<Month> asked_month(const std::optional<std::string>& text, Timestamp now) { return text ? parse_month(*text) : Result<Month>(month_of(now)); }

Result<Names> names_of(sql::Tx& tx) {
  SK_TRY(const auto units, bodies::Table::units(tx));
  Names out;
  for (const auto& unit : units) out.units.emplace(unit.id.str(), unit);
  return out;
}

// scope -> target -> budget
using Budgets = std::map<std::pair<std::string, std::string>, std::int64_t>;
Result<Budgets> budgets_of(sql::Tx& tx) {
  SK_TRY(const auto rows, Table::budgets(tx));
  Budgets out;
  for (const Budget& b : rows) out[{b.scope, b.target}] = b.monthly;
  return out;
}

std::optional<std::int64_t> budget_in(const Budgets& budgets, const std::string& scope, const std::string& target) {
  const auto it = budgets.find({scope, target});
  return it == budgets.end() ? std::nullopt : std::optional(it->second);
}

DayView day_view(std::string name, const Sums& s) { return {std::move(name), s.uses, s.characters_in, s.characters_out, s.characters_context, s.counted}; }

GroupView group_view(const Group& g, std::string name, std::string department, std::optional<std::int64_t> budget) {
  return {g.key, std::move(name), std::move(department), g.sums.uses, g.sums.characters_in, g.sums.characters_out, g.sums.characters_context, g.sums.counted,
          budget, budget ? level_of(g.sums.counted, *budget) : 0};
}

Result<StorageView> storage_of(sql::Tx& tx, const Names& names, std::int64_t limit) {
  SK_TRY(const auto stored, Table::stored(tx));
  StorageView out;
  out.limit = limit;
  for (const auto& [unit, bytes] : stored) {
    out.bytes += bytes;
    out.departments.push_back({unit, names.unit(unit), bytes});
  }
  std::stable_sort(out.departments.begin(), out.departments.end(), [](const StoredView& a, const StoredView& b) { return a.bytes > b.bytes; });
  out.level = level_of(out.bytes, limit);
  return out;
}

// Days, months and what the month will come to.
Status put_course(gate::Context& context, const Month& month, UsageOut& out) {
  SK_TRY(const auto days, Table::by_day(context.tx, months_before(month, 1).text, month.text));
  for (std::int64_t day = month.first_day; day < month.first_day + month.days; ++day) {
    const auto it = days.find(day);
    out.days.push_back(day_view(day_text(day), it == days.end() ? Sums{} : it->second));
  }
  SK_TRY(const auto months, Table::by_month(context.tx, months_before(month, kMonthsShown - 1).text, month.text));
  for (int n = kMonthsShown - 1; n >= 0; --n) {
    const std::string text = months_before(month, n).text;
    const auto it = months.find(text);
    out.months.push_back(day_view(text, it == months.end() ? Sums{} : it->second));
  }
  SK_TRY(const auto first, Table::first_use(context.tx));
  std::map<std::int64_t, std::int64_t> counted;
  for (const auto& [day, sums] : days) counted.emplace(day, sums.counted);
  out.forecast = forecast(month, context.now, out.counted + out.reserved, counted, first ? std::optional(day_number(*first)) : std::nullopt);
  return ok();
}

Status put_groups(gate::Context& context, const Month& month, const Names& names, const Budgets& budgets, UsageOut& out) {
  SK_TRY(const auto departments, Table::groups(context.tx, month.text, By::department, ""));
  for (const Group& g : departments) out.departments.push_back(group_view(g, names.unit(g.key), "", budget_in(budgets, "department", g.key)));
  SK_TRY(const auto endpoints, Table::groups(context.tx, month.text, By::endpoint, ""));
  for (const Group& g : endpoints) out.endpoints.push_back(group_view(g, g.name, "", std::nullopt));
  SK_TRY(const auto purposes, Table::groups(context.tx, month.text, By::purpose, ""));
  for (const Group& g : purposes) out.purposes.push_back(group_view(g, "", "", std::nullopt));
  return ok();
}

Result<UsageOut> read_usage(gate::Context& context, UsageIn& in, const Settings& settings) {
  SK_TRY(const Month month, asked_month(in.month, context.now));
  SK_TRY(const Names names, names_of(context.tx));
  SK_TRY(const Budgets budgets, budgets_of(context.tx));
  SK_TRY(const Sums sums, Table::sums(context.tx, month.text));
  SK_TRY(const Totals totals, Table::totals(context.tx, month.text, "", ""));
  UsageOut out;
  out.month = month.text;
  out.budget = budget_in(budgets, "body", "").value_or(settings.monthly_characters);
  out.counted = sums.counted;
  out.reserved = totals.body - sums.counted;
  out.remaining = std::max<std::int64_t>(0, out.budget - totals.body);
  out.level = level_of(totals.body, out.budget);
  out.uses = sums.uses;
  out.characters_in = sums.characters_in;
  out.characters_out = sums.characters_out;
  out.characters_context = sums.characters_context;
  for (const int percent : kThresholds) {
    ThresholdView view{percent, out.budget / 100 * percent + out.budget % 100 * percent / 100, std::nullopt};
    SK_TRY(view.reached_at, Table::reached(context.tx, month.text, view.characters));
    out.thresholds.push_back(view);
  }
  SK_CHECK(put_course(context, month, out));
  SK_CHECK(put_groups(context, month, names, budgets, out));
  SK_TRY(out.storage, storage_of(context.tx, names, settings.storage_bytes));
  return out;
}

Result<PeopleOut> read_people(gate::Context& context, PeopleIn& in) {
  SK_TRY(const Month month, asked_month(in.month, context.now));
  SK_TRY(const Names names, names_of(context.tx));
  SK_TRY(const Budgets budgets, budgets_of(context.tx));
  SK_TRY(const auto people, Table::groups(context.tx, month.text, By::person, in.department ? in.department->str() : ""));
  PeopleOut out;
  for (const Group& g : people) out.items.push_back(group_view(g, g.name, names.unit(g.parent), budget_in(budgets, "person", g.key)));
  return out;
}

Result<OwnOut> read_own(gate::Context& context, Nothing&, const Settings& settings) {
  const std::string& me = context.permit().person().user_id;
  const Month month = month_of(context.now);
  SK_TRY(const auto person, Table::person(context.tx, me));
  const std::string unit = person ? person->unit_id : "";
  SK_TRY(const Totals totals, Table::totals(context.tx, month.text, unit, me));
  SK_TRY(const auto own, Table::budget(context.tx, "person", me));
  SK_TRY(const auto department, Table::budget(context.tx, "department", unit));
  SK_TRY(const auto body, Table::budget(context.tx, "body", ""));
  return OwnOut{month.text, totals.person, own, own ? level_of(totals.person, *own) : 0, department ? level_of(totals.unit, *department) : 0,
                level_of(totals.body, body.value_or(settings.monthly_characters))};
}

Result<BudgetList> list_budgets(gate::Context& context, bodies::WholeListIn&, const Settings& settings) {
  SK_TRY(const auto rows, Table::budgets(context.tx));
  SK_TRY(const Names names, names_of(context.tx));
  BudgetList out;
  if (std::none_of(rows.begin(), rows.end(), [](const Budget& b) { return b.scope == "body"; }))
    out.items.push_back({"body", "", context.body.name, settings.monthly_characters, true, "", std::nullopt});
  for (const Budget& b : rows) {
    std::string name = b.scope == "body" ? context.body.name : names.unit(b.target);
    if (b.scope == "person") {
      SK_TRY(const auto person, Table::person(context.tx, b.target));
      name = person ? person->name : b.target;
    }
    out.items.push_back({b.scope, b.target, std::move(name), b.monthly, false, b.set_by, b.set_at});
  }
  return out;
}

Status check_target(gate::Context& context, const std::string& scope, const std::string& target) {
  if (scope == "body") return target.empty() ? ok() : Status(fail(Code::invalid_argument, "usage.target", "the body has no target"));
  if (scope == "department") {
    SK_TRY(const Names names, names_of(context.tx));
    return names.units.contains(target) ? ok() : Status(fail(Code::not_found, "usage.target", "no such department"));
  }
  if (scope != "person") return fail(Code::invalid_argument, "usage.scope", "body, department or person");
  SK_TRY(const auto person, Table::person(context.tx, target));
  return person ? ok() : Status(fail(Code::not_found, "usage.target", "no such person"));
}

Result<BudgetList> set_budget(gate::Context& context, BudgetIn& in, const Settings& settings) {
  const std::string target = in.target.value_or("");
  SK_CHECK(check_target(context, in.scope, target));
  if (in.monthly && (*in.monthly < 0 || *in.monthly > kMostCharacters)) return fail(Code::invalid_argument, "usage.monthly", "0 to 10^12");
  const policy::Person& me = context.permit().person();
  SK_CHECK(in.monthly ? Table::put_budget(context.tx, {in.scope, target, *in.monthly, me.name.empty() ? me.user_id : me.name, context.now})
                      : Table::drop_budget(context.tx, in.scope, target));
  context.about(target.empty() ? "body" : target);
  bodies::WholeListIn whole;
  return list_budgets(context, whole, settings);
}

Result<ExportOut> export_usage(gate::Context& context, ExportIn& in) {
  SK_TRY(const Month month, asked_month(in.month, context.now));
  std::string csv;
  if (in.by == "day") {
    SK_TRY(const auto days, Table::by_day(context.tx, month.text, month.text));
    csv = days_csv(month, days);
  } else {
    static const std::map<std::string, By> kBy = {{"department", By::department}, {"person", By::person}, {"endpoint", By::endpoint}, {"purpose", By::purpose}};
    const auto by = kBy.find(in.by);
    if (by == kBy.end()) return fail(Code::invalid_argument, "usage.by", "department, person, endpoint, purpose or day");
    SK_TRY(const Names names, names_of(context.tx));
    SK_TRY(const auto groups, Table::groups(context.tx, month.text, by->second, ""));
    csv = groups_csv(month.text, by->second, groups, names);
  }
  return ExportOut{"usage-" + month.text + "-" + in.by + ".csv", to_base64(csv)};
}

}  // namespace

void register_operations(gate::Registry& registry, const Settings& settings) {
  using gate::Access;
  registry.add(gate::Operation<UsageIn, UsageOut>{"usage.read", "利用量（月、日、部署、接続先、予算、見込み、保存容量）", "usage.read", Access::read, 1024,
                                                  gate::no_preparation<UsageIn>(), [settings](gate::Context& c, UsageIn& in) { return read_usage(c, in, settings); }});
  registry.add(gate::Operation<PeopleIn, PeopleOut>{"usage.people", "職員ごとの利用量", "usage.read", Access::read, 1024, gate::no_preparation<PeopleIn>(), read_people});
  registry.add(gate::Operation<Nothing, OwnOut>{"usage.own", "自分の利用量", "usage.own", Access::read, 1024, gate::no_preparation<Nothing>(),
                                                [settings](gate::Context& c, Nothing& in) { return read_own(c, in, settings); }});
  registry.add(gate::Operation<ExportIn, ExportOut>{"usage.export", "利用量をCSVで取り出す", "usage.export", Access::read, 1024, gate::no_preparation<ExportIn>(), export_usage});
  registry.add(gate::Operation<bodies::WholeListIn, BudgetList>{"usage.budgets", "文字数の予算の一覧", "usage.read", Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(),
                                                                [settings](gate::Context& c, bodies::WholeListIn& in) { return list_budgets(c, in, settings); }});
  registry.add(gate::Operation<BudgetIn, BudgetList>{"usage.set_budget", "文字数の予算を決める", "usage.manage", Access::write, 1024, gate::no_preparation<BudgetIn>(),
                                                     [settings](gate::Context& c, BudgetIn& in) { return set_budget(c, in, settings); }});
}

}  // namespace sekisho::metering
