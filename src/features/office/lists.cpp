// Lists: of a register, of what waits for the caller, of notices, of recurring work.
//
// Who sees little is found by what he may see; who sees much is found by the filter, looking at each row whether it is his. So a page costs what
// it shows and not what the register holds (docs/office.md has the figures).
#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/views.h"
#include "text/normalise.h"

namespace sekisho::office {
namespace {

constexpr int kMostItems = 100;
constexpr int kFew = 2000;         // cases that one address opens, up to which they are looked at one by one
constexpr std::size_t kMaxSearch = 300;  // bytes

int limit_of(const std::optional<int>& limit) { return std::clamp(limit.value_or(50), 1, kMostItems); }

std::vector<FindingView> findings_of(const workflow::Loaded& loaded) {
  std::vector<FindingView> out;
  for (const workflow::Finding& f : loaded.findings) out.push_back({f.line, f.place, f.text});
  return out;
}

}  // namespace

// nullopt in the sense of "many": an empty optional means that the filter leads.
static Result<std::optional<std::set<CaseId>>> few_of(sql::Tx& tx, const Actor& actor, const std::string& definition) {
  std::set<CaseId> out;
  for (const std::string& address : actor.addresses) {
    SK_TRY(const auto ids, CaseTable::opened_to(tx, address, definition, kFew + 1));
    if (static_cast<int>(ids.size()) > kFew) return std::optional<std::set<CaseId>>();
    out.insert(ids.begin(), ids.end());
    if (static_cast<int>(out.size()) > kFew) return std::optional<std::set<CaseId>>();
  }
  return std::optional(std::move(out));
}

Result<std::vector<CaseId>> Views::candidates(const Filter& filter, const std::string& after, int limit) {
  SK_TRY(const auto few, few_of(context_.tx, actor_, filter.definition));
  if (!few) return CaseTable::page(context_.tx, filter, after, limit);
  std::vector<CaseId> out;
  for (auto it = few->rbegin(); it != few->rend() && static_cast<int>(out.size()) < limit; ++it) {
    if (!after.empty() && !(it->str() < after)) continue;
    SK_TRY(const bool fits, CaseTable::fits(context_.tx, *it, filter));
    if (fits) out.push_back(*it);
  }
  return out;
}

Result<Filter> Views::filter_of(const ListIn& in, const ReadVersion& version) const {
  Filter filter;
  filter.definition = in.definition;
  filter.kind = in.kind.value_or("");
  filter.state = in.state.value_or("");
  filter.unit = in.unit.value_or("");
  if (in.words && in.words->size() > kMaxSearch) return fail(Code::invalid_argument, "office.filter", "words");
  if (in.words) filter.words = text::normalise(*in.words);
  if (in.field && version.loaded->definition) {
    const auto indexed = version.loaded->definition->indexed();
    const auto it = std::find_if(indexed.begin(), indexed.end(), [&](const auto* f) { return f->key == *in.field; });
    if (it == indexed.end()) return fail(Code::invalid_argument, "office.filter", in.field->substr(0, 60));
    filter.facet = static_cast<int>(it - indexed.begin());
    filter.value = in.value.value_or("");
  }
  return filter;
}

Result<ItemList> Views::list(const ListIn& in) {
  SK_TRY(const ReadVersion one, office_.definitions().in_force(context_.tx, context_.body.code, in.definition));
  SK_TRY(const Filter filter, filter_of(in, one));
  const int limit = limit_of(in.limit);
  ItemList out;
  std::string after = in.after.value_or("");
  // To the end if need be: a page that stopped short would say that there are cases which the caller may not know of.
  for (int step = limit;; step = 500) {
    SK_TRY(const auto ids, candidates(filter, after, step));
    for (const CaseId& id : ids) {
      after = id.str();
      SK_TRY(const auto file, office_.readable(context_, actor_, id));
      if (!file) continue;
      SK_TRY(auto row, item(*file));
      out.items.push_back(std::move(row));
      if (static_cast<int>(out.items.size()) == limit) {
        out.next = after;
        return out;
      }
    }
    if (static_cast<int>(ids.size()) < step) return out;
  }
}

Result<ItemList> Views::tasks(const PageIn& in) {
  std::set<CaseId> all;
  for (const std::string& address : actor_.addresses) {
    SK_TRY(const auto ids, CaseTable::tasks(context_.tx, address, 500));
    all.insert(ids.begin(), ids.end());
  }
  ItemList out;
  const int limit = limit_of(in.limit);
  for (const CaseId& id : all) {
    if (in.after && !(*in.after < id.str())) continue;
    SK_TRY(const auto file, office_.readable(context_, actor_, id));
    if (!file) continue;
    bool mine = false;
    for (const workflow::Transition* t : office_.starting_here(*file)) {
      SK_TRY(const Office::Chance chance, office_.chance(context_, *file, actor_, *t));
      mine = mine || chance.mover;
    }
    if (!mine) continue;
    SK_TRY(auto row, item(*file));
    out.items.push_back(std::move(row));
    if (static_cast<int>(out.items.size()) == limit) {
      out.next = id.str();
      break;
    }
  }
  std::stable_sort(out.items.begin(), out.items.end(), [](const ItemView& a, const ItemView& b) { return a.due_at && (!b.due_at || *a.due_at < *b.due_at); });
  return out;
}

Result<NoticeList> Views::notices(const PageIn& in) {
  const int limit = limit_of(in.limit);
  std::map<NoticeId, Notice, std::greater<>> found;
  for (const std::string& address : actor_.addresses) {
    SK_TRY(const auto some, HistoryTable::notices_to(context_.tx, address, in.after.value_or(""), limit));
    for (const Notice& n : some) found.emplace(n.id, n);
  }
  NoticeList out;
  for (const auto& [id, n] : found) {
    if (static_cast<int>(out.items.size()) == limit) {
      out.next = out.items.back().id.str();
      break;
    }
    std::vector<SeenBy> seen;
    SK_TRY(const bool saw, HistoryTable::seen_by(context_.tx, id, actor_.account));
    if (saw) seen.push_back({id, actor_.account, actor_.name, n.at});
    SK_TRY(auto view, notice(n, seen));
    view.seen.clear();
    // The subject is for whoever may read the case where he is.
    if (const std::size_t at = view.text.find("{subject}"); at != std::string::npos) {
      SK_TRY(const auto file, office_.readable(context_, actor_, n.about));
      view.text.replace(at, 9, file ? file->c.subject : "ここでは見られません");
    }
    out.items.push_back(std::move(view));
  }
  return out;
}

Result<DutyList> Views::duties(const DutiesIn& in) {
  SK_TRY(const Organisation here, office_.definitions().organisation(context_.tx, context_.body.code));
  const CivilDate today = jst_date(context_.now);
  DutyList out;
  out.fiscal_year = in.fiscal_year.value_or(fiscal_year(today, here->fiscal_year_start));
  out.label = fiscal_year_label(out.fiscal_year);
  SK_TRY(const auto all, office_.definitions().in_force(context_.tx, context_.body.code));
  const auto clauses = [](const workflow::Duty& duty) {
    std::vector<std::string> refs;
    for (const workflow::ClauseRef& c : duty.clauses) refs.push_back(c.ref);
    return refs;
  };
  const auto duty_of = [&](const std::string& name, const std::string& key) -> const workflow::Duty* {
    for (const ReadVersion& one : all)
      if (one.version.name == name && one.loaded->definition && one.loaded->definition->duties)
        for (const workflow::Duty& d : *one.loaded->definition->duties)
          if (d.key == key) return &d;
    return nullptr;
  };
  for (const ReadVersion& one : all) {
    if (!one.loaded->definition || !one.loaded->definition->duties) continue;
    for (const workflow::Duty& d : *one.loaded->definition->duties)
      if (!workflow::period_of(d, *here, today)) out.items.push_back({one.version.name, d.key, d.title, "", "", "", "", "undecided", std::nullopt, "", clauses(d)});
  }
  SK_TRY(const auto rows, DutyTable::of_year(context_.tx, out.fiscal_year, 5000));
  for (const DutyRow& r : rows) {
    DutyView view{r.definition, r.duty, r.title, r.period, "", r.opens_on, r.due_on, "waits", std::nullopt, "", {}};
    const workflow::Duty* const duty = duty_of(r.definition, r.duty);
    if (duty != nullptr) view.clauses = clauses(*duty);
    if (!r.about.empty()) {
      SK_TRY(view.about, duty != nullptr && duty->each.each_case ? words_.case_number(r.about) : words_.unit(r.about));
    }
    const bool done = duty != nullptr && duty->done ? std::find(duty->done->begin(), duty->done->end(), r.state) != duty->done->end() : r.kind == "closed";
    const bool late = r.due_on < bodies::to_iso_day(today);
    view.state = done ? "done" : late ? "overdue" : r.case_id ? "open" : "waits";
    if (r.case_id) {
      SK_TRY(const auto file, office_.readable(context_, actor_, *r.case_id));
      if (file) {
        view.id = r.case_id;
        view.number = file->c.number;
        if (done && file->c.closed_at && bodies::to_iso_day(jst_date(*file->c.closed_at)) > r.due_on) view.state = "done_late";
      }
    }
    out.items.push_back(std::move(view));
  }
  return out;
}

Result<bool> Views::may_open(const workflow::Definition& d, const workflow::Organisation& organisation) {
  Case shape;
  shape.unit = actor_.units.empty() ? "" : actor_.units.front();
  const std::vector<Event> none;
  Addressing addressing(context_.tx, d, organisation, shape, none);
  SK_TRY(const Addresses who, addressing.of(d.open.by));
  return meet(who, actor_.addresses);
}

Result<RegisterList> Views::registers() {
  SK_TRY(const Organisation here, office_.definitions().organisation(context_.tx, context_.body.code));
  SK_TRY(const auto all, office_.definitions().in_force(context_.tx, context_.body.code));
  RegisterList out;
  out.may_define = context_.permit().person().powers.contains("policies.manage");
  for (const ReadVersion& one : all) {
    if (one.loaded->absent) continue;
    RegisterView view;
    view.name = one.version.name;
    view.own = one.version.own;
    view.number = one.version.number;
    view.broken = !one.loaded->definition;
    view.title = one.version.name;
    if (one.loaded->definition) {
      const workflow::Definition& d = *one.loaded->definition;
      view.title = d.title;
      view.summary = d.summary.value_or("");
      view.kind = d.kind;
      view.group = d.group;
      for (const workflow::ClauseRef& c : d.clauses) view.clauses.push_back(c.ref);
      SK_TRY(view.may_open, may_open(d, *here));
    } else {
      view.findings = findings_of(*one.loaded);
    }
    out.items.push_back(std::move(view));
  }
  SK_TRY(const auto waiting, tasks({std::nullopt, kMostItems}));
  out.tasks = static_cast<int>(waiting.items.size());
  SK_TRY(const auto told, notices({std::nullopt, kMostItems}));
  out.notices = static_cast<int>(std::count_if(told.items.begin(), told.items.end(), [](const NoticeView& n) { return n.unseen; }));
  return out;
}

Result<DefinitionView> Views::definition(const DefinitionIn& in) {
  SK_TRY(const Organisation here, office_.definitions().organisation(context_.tx, context_.body.code));
  DefinitionView out;
  std::shared_ptr<const workflow::Loaded> loaded;
  if (in.version && is_ulid(*in.version)) {
    SK_TRY(const auto version, DefinitionTable::find(context_.tx, DefinitionId::trusted(*in.version)));
    if (!version || version->name != in.definition) return fail(Code::not_found, "office.definition_not_found", "no such version");
    SK_TRY(loaded, office_.definitions().of(context_.tx, context_.body.code, version->id));
    out.source = version->source;
    out.own = version->own;
    out.number = version->number;
  } else {
    SK_TRY(const ReadVersion one, office_.definitions().in_force(context_.tx, context_.body.code, in.definition));
    if (!one.loaded->definition) return fail(Code::conflict, "office.definition_broken", in.definition);
    loaded = one.loaded;
    out.source = one.version.source;
    out.own = one.version.own;
    out.number = one.version.number;
  }
  out.definition = *loaded->definition;
  SK_TRY(const auto versions, DefinitionTable::all(context_.tx));
  for (const Version& v : versions)
    if (v.name == in.definition) out.versions.push_back({v.id, v.number, v.own, v.note, v.put_by, v.put_at, v.withdrawn_at});
  for (const auto& [post, code] : here->posts)
    if (const auto* const role = here->role(code)) out.posts.push_back({post, role->name});
  SK_TRY(out.may_open, may_open(out.definition, *here));
  Case shape;
  shape.unit = actor_.units.empty() ? "" : actor_.units.front();
  const std::vector<Event> none;
  Addressing addressing(context_.tx, out.definition, *here, shape, none);
  for (const workflow::Field& f : out.definition.fields) {
    if (f.derive || f.type == "attachment") continue;
    bool may = true;
    if (f.edit) {
      SK_TRY(const Addresses who, addressing.of(*f.edit));
      may = meet(who, actor_.addresses);
    }
    if (may) out.open_edit.push_back(f.key);
  }
  out.fiscal_year = fiscal_year(jst_date(context_.now), here->fiscal_year_start);
  return out;
}

}  // namespace sekisho::office
