#include "features/papers/statistics.h"

#include "features/bodies/dates.h"
#include "features/office/overview_table.h"
#include "features/office/words.h"

namespace sekisho::papers {
namespace {

using outside::Cell;
using outside::cell;
using outside::Grid;

constexpr int kMostCounted = 30'000;
constexpr int kStep = 1000;
constexpr int kMostMonths = 36;

struct Count {
  int opened = 0;
  int closed = 0;
  int at_work = 0;
  int overdue = 0;
};

std::string month_of(const CivilDate& day) {
  const std::string whole = to_wareki({day.year, day.month, 1});
  return whole.substr(0, whole.size() - std::string("1日").size());
}
int number_of(const CivilDate& day) { return day.year * 12 + day.month - 1; }

Cell cell(int number) { return cell(std::to_string(number)); }

class Counter {
 public:
  Counter(const office::Office& office, gate::Context& context, const office::Actor& actor, const workflow::Definition& d, const Period& period, policy::Label& label)
      : office_(office), context_(context), actor_(actor), d_(d), period_(period), from_(bodies::begin_of(period.from)), to_(bodies::end_of(period.to)), label_(label), words_(context, office.directory()) {
    for (int m = number_of(period.from); m <= number_of(period.to) && m < number_of(period.from) + kMostMonths; ++m) months_[m] = {};
  }

  Status count() {
    SK_TRY(const auto moved, office::OverviewTable::moved(context_.tx, d_.id, from_, to_));
    if (static_cast<int>(moved.size()) > kMostCounted) return fail(Code::too_large, "office.figures_size", "over 30,000 cases");
    for (const office::CaseId& id : moved) {
      SK_TRY(const auto file, office_.readable(context_, actor_, id));
      if (file && !file->only_step) SK_CHECK(add(*file));
    }
    std::string after;
    for (;;) {
      SK_TRY(const auto ids, office::CaseTable::not_closed(context_.tx, d_.id, after, kStep));
      for (const office::CaseId& id : ids) {
        after = id.str();
        SK_TRY(const auto file, office_.readable(context_, actor_, id));
        if (!file || file->only_step) continue;
        label_ = policy::join(label_, file->c.label);
        SK_TRY(Count* const unit, unit_of(*file));
        const bool late = file->c.due_at && *file->c.due_at < context_.now;
        ++unit->at_work;
        unit->overdue += late ? 1 : 0;
        ++total_.at_work;
        total_.overdue += late ? 1 : 0;
        const workflow::State* const state = file->d().state(file->c.state);
        ++states_[state == nullptr ? file->c.state : state->title];
      }
      if (static_cast<int>(ids.size()) < kStep) return ok();
    }
  }

  void write(outside::Report& out) const {
    out.parts.push_back(outside::heading(3, d_.title));
    out.parts.push_back(outside::text("この間に開いたもの " + std::to_string(total_.opened) + "件、終わったもの " + std::to_string(total_.closed) + "件。今、終わっていないもの " + std::to_string(total_.at_work) +
                                      "件（うち期限を過ぎたもの " + std::to_string(total_.overdue) + "件）。"));
    if (total_.opened + total_.closed + total_.at_work == 0) return;
    Grid months{d_.title + "（月ごと）", {40, 30, 30}, {"月", "開いたもの", "終わったもの"}, {}, false};
    for (const auto& [month, n] : months_) months.rows.push_back({cell(month_of({month / 12, month % 12 + 1, 1})), cell(n.opened), cell(n.closed)});
    out.parts.push_back(outside::table(std::move(months)));
    Grid units{d_.title + "（部署ごと）", {36, 16, 16, 16, 16}, {"部署", "開いたもの", "終わったもの", "終わっていないもの", "期限を過ぎたもの"}, {}, false};
    for (const auto& [id, n] : units_) units.rows.push_back({cell(names_.at(id)), cell(n.opened), cell(n.closed), cell(n.at_work), cell(n.overdue)});
    out.parts.push_back(outside::table(std::move(units)));
    Grid kinds{d_.title + "（内訳）", {40, 40, 20}, {"分け方", "", "件数"}, {}, false};
    for (const auto& [state, n] : states_) kinds.rows.push_back({cell("終わっていないものの状態"), cell(state), cell(n)});
    for (const auto& [field, values] : choices_)
      for (const auto& [value, n] : values) kinds.rows.push_back({cell("開いたものの「" + field + "」"), cell(value), cell(n)});
    out.parts.push_back(outside::table(std::move(kinds)));
  }

 private:
  Status add(const office::File& file) {
    label_ = policy::join(label_, file.c.label);
    SK_TRY(Count* const unit, unit_of(file));
    const bool opened = file.c.opened_at >= from_ && file.c.opened_at < to_;
    const bool closed = file.c.closed_at && *file.c.closed_at >= from_ && *file.c.closed_at < to_;
    const auto month = [&](Timestamp at) { return months_.find(number_of(jst_date(at))); };
    if (opened) {
      ++unit->opened;
      ++total_.opened;
      if (const auto it = month(file.c.opened_at); it != months_.end()) ++it->second.opened;
      SK_CHECK(add_choices(file));
    }
    if (closed) {
      ++unit->closed;
      ++total_.closed;
      if (const auto it = month(*file.c.closed_at); it != months_.end()) ++it->second.closed;
    }
    return ok();
  }
  Status add_choices(const office::File& file) {
    for (const workflow::Field* f : file.d().indexed()) {
      if (f->type != "choice") continue;
      SK_TRY(const bool visible, office_.may_see(context_, file, actor_, *f));
      const auto it = file.c.fields.find(f->key);
      if (!visible || it == file.c.fields.end() || it->value().is_null()) continue;
      SK_TRY(const std::string word, words_.of(*f, it->value()));
      ++choices_[f->title][word];
    }
    return ok();
  }
  Result<Count*> unit_of(const office::File& file) {
    if (!names_.contains(file.c.unit)) {
      SK_TRY(const std::string name, words_.unit(file.c.unit));
      names_[file.c.unit] = name.empty() ? "団体の全体" : name;
    }
    return &units_[file.c.unit];
  }

  const office::Office& office_;
  gate::Context& context_;
  const office::Actor& actor_;
  const workflow::Definition& d_;
  const Period& period_;
  const Timestamp from_, to_;
  policy::Label& label_;
  office::Words words_;
  std::map<int, Count> months_;  // by year * 12 + month
  std::map<std::string, Count> units_;
  std::map<std::string, std::string> names_;
  std::map<std::string, int> states_;
  std::map<std::string, std::map<std::string, int>> choices_;
  Count total_;
};

}  // namespace

Status add_statistics(const office::Office& office, gate::Context& context, const office::Actor& actor, const std::string& definition, const Period& period, outside::Report& out,
                      policy::Label& label) {
  const auto version = office.definitions().in_force(context.tx, context.body.code, definition);
  if (!version && version.error().code == Code::not_found) return ok();  // the body has no use for it
  if (!version) return Unexpected(version.error());
  if (!version->loaded->definition) return ok();
  Counter counter(office, context, actor, *version->loaded->definition, period, label);
  SK_CHECK(counter.count());
  counter.write(out);
  return ok();
}

}  // namespace sekisho::papers
