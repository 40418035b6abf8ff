#include "features/office/overview.h"

#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/overview_table.h"
#include "features/office/views.h"

namespace sekisho::office {
namespace {

using gate::Access;
using gate::Context;

constexpr std::size_t kMaxIn = 4096;
constexpr std::size_t kMostItems = 500;
constexpr int kStep = 1000;
constexpr int kMostCounted = 30'000;  // cases of one year; then a register has to be chosen

class Overview {
 public:
  Overview(const Office& office, Context& context, const Actor& actor) : office_(office), context_(context), actor_(actor), views_(office, context, actor), words_(context, office.directory()) {}

  Result<DepartmentOut> department(const DepartmentIn& in) {
    DepartmentOut out;
    for (const std::string& id : actor_.units) {
      SK_TRY(const std::string name, words_.unit(id));
      out.units.push_back({id, name});
    }
    if (out.units.empty()) return out;
    out.unit = in.unit.value_or(out.units.front().id);
    if (std::none_of(out.units.begin(), out.units.end(), [&](const UnitName& u) { return u.id == out.unit; })) return fail(Code::not_found, "office.unit", "not the caller's own");
    SK_TRY(const auto units, below(out.unit));
    for (const std::string& unit : units) SK_CHECK(add_work(unit, out));
    std::stable_sort(out.items.begin(), out.items.end(), [](const ItemView& a, const ItemView& b) { return a.due_at && (!b.due_at || *a.due_at < *b.due_at); });
    SK_TRY(const DutyList all, views_.duties({}));
    out.year = all.label;
    std::set<std::string> names;
    for (const std::string& unit : units) {
      SK_TRY(const std::string name, words_.unit(unit));
      names.insert(name);
    }
    std::copy_if(all.items.begin(), all.items.end(), std::back_inserter(out.duties), [&](const DutyView& d) { return names.contains(d.about); });
    return out;
  }

  Result<FiguresOut> figures(const FiguresIn& in) {
    SK_TRY(const Organisation here, office_.definitions().organisation(context_.tx, context_.body.code));
    FiguresOut out;
    const int first = here->fiscal_year_start;
    out.fiscal_year = in.fiscal_year.value_or(fiscal_year(jst_date(context_.now), first));
    if (out.fiscal_year < 1900 || out.fiscal_year > 9000) return fail(Code::invalid_argument, "office.year", std::to_string(out.fiscal_year));
    out.label = fiscal_year_label(out.fiscal_year);
    for (int n = 0; n < 12; ++n) {
      const int month = first - 1 + n;
      out.months.push_back({bodies::to_iso_month({out.fiscal_year + month / 12, month % 12 + 1, 1}), 0, 0});
    }
    const Timestamp from = bodies::begin_of({out.fiscal_year, first, 1});
    const Timestamp to = bodies::begin_of({out.fiscal_year + 1, first, 1});
    std::map<std::string, GroupFigures> units, registers;
    const auto count = [&](const File& file, const std::function<void(GroupFigures&)>& add) -> Status {
      GroupFigures& unit = units[file.c.unit];
      GroupFigures& one = registers[file.c.definition];
      if (unit.title.empty() && !file.c.unit.empty()) {
        SK_TRY(unit.title, words_.unit(file.c.unit));
      }
      unit.key = file.c.unit;
      one.key = file.c.definition;
      one.title = file.d().title;
      add(unit);
      add(one);
      return ok();
    };
    const auto month = [&](Timestamp at) { return std::find_if(out.months.begin(), out.months.end(), [name = bodies::to_iso_month(jst_date(at))](const MonthFigures& m) { return m.month == name; }); };
    SK_TRY(const auto moved, OverviewTable::moved(context_.tx, in.definition.value_or(""), from, to));
    int counted = 0;
    for (const CaseId& id : moved) {
      SK_TRY(const auto file, mine(id, in.definition));
      if (!file) continue;
      if (++counted > kMostCounted) return fail(Code::too_large, "office.figures_size", "over 30,000 cases");
      const bool opened = file->c.opened_at >= from && file->c.opened_at < to;
      const bool closed = file->c.closed_at && *file->c.closed_at >= from && *file->c.closed_at < to;
      if (opened) ++month(file->c.opened_at)->opened;
      if (closed) ++month(*file->c.closed_at)->closed;
      SK_CHECK(count(*file, [&](GroupFigures& g) {
        g.opened += opened ? 1 : 0;
        g.closed += closed ? 1 : 0;
      }));
    }
    std::string after;
    for (;;) {
      SK_TRY(const auto ids, OverviewTable::at_work(context_.tx, after, kStep));
      for (const CaseId& id : ids) {
        after = id.str();
        SK_TRY(const auto file, mine(id, in.definition));
        if (!file) continue;
        SK_CHECK(count(*file, [&](GroupFigures& g) {
          ++g.at_work;
          g.overdue += file->c.due_at && *file->c.due_at < context_.now ? 1 : 0;
        }));
      }
      if (static_cast<int>(ids.size()) < kStep) break;
    }
    for (auto* groups : {&units, &registers})
      for (auto& [key, group] : *groups) (groups == &units ? out.units : out.registers).push_back(std::move(group));
    return out;
  }

 private:
  // The department and everything below it.
  Result<std::vector<std::string>> below(const std::string& top) {
    SK_TRY(const auto rows, bodies::Table::unit_rows(context_.tx));
    std::vector<std::string> out{top};
    for (std::size_t i = 0; i < out.size(); ++i)
      for (const bodies::UnitRow& u : rows)
        if (u.parent_id && u.parent_id->str() == out[i] && std::find(out.begin(), out.end(), u.id.str()) == out.end()) out.push_back(u.id.str());
    return out;
  }
  Status add_work(const std::string& unit, DepartmentOut& out) {
    std::string after;
    for (;;) {
      SK_TRY(const auto ids, OverviewTable::at_work(context_.tx, unit, after, kStep));
      for (const CaseId& id : ids) {
        after = id.str();
        SK_TRY(const auto file, office_.readable(context_, actor_, id));
        if (!file) continue;
        SK_TRY(ItemView item, views_.item(*file));
        out.overdue += item.overdue ? 1 : 0;
        if (out.items.size() < kMostItems) out.items.push_back(std::move(item));
        else out.more = true;
      }
      if (static_cast<int>(ids.size()) < kStep) return ok();
    }
  }
  Result<std::optional<File>> mine(const CaseId& id, const std::optional<std::string>& definition) {
    SK_TRY(auto file, office_.readable(context_, actor_, id));
    if (file && definition && file->c.definition != *definition) file.reset();
    return file;
  }

  const Office& office_;
  Context& context_;
  const Actor& actor_;
  Views views_;
  Words words_;
};

}  // namespace

void register_overviews(gate::Registry& registry, const std::shared_ptr<Office>& office) {
  registry.add(gate::Operation<DepartmentIn, DepartmentOut>{"office.department", "自分の課の案件と年度の仕事", "office.read", Access::read, kMaxIn, gate::no_preparation<DepartmentIn>(),
                                                            [office](Context& context, DepartmentIn& in) -> Result<DepartmentOut> {
                                                              SK_TRY(const Actor actor, actor_of(context, office->directory()));
                                                              return Overview(*office, context, actor).department(in);
                                                            }});
  registry.add(gate::Operation<FiguresIn, FiguresOut>{"office.figures", "案件の数（月ごと、部署ごと、台帳ごと）", "office.read", Access::read, kMaxIn, gate::no_preparation<FiguresIn>(),
                                                      [office](Context& context, FiguresIn& in) -> Result<FiguresOut> {
                                                        SK_TRY(const Actor actor, actor_of(context, office->directory()));
                                                        return Overview(*office, context, actor).figures(in);
                                                      }});
}

}  // namespace sekisho::office
