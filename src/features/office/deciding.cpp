#include "features/office/deciding.h"

#include <algorithm>

#include "features/office/views.h"

namespace sekisho::office {
namespace {

constexpr int kMostOfAddress = 500;
constexpr int kMostSwitches = 500;
constexpr int kMostOpen = 5000;
constexpr int kStep = 500;
// Whether anybody else could make a step is looked up person by person: for a few cases only; of the others it is taken that somebody can.
constexpr int kMostAlone = 10;

void add(std::vector<std::string>& to, const std::string& what) {
  if (std::find(to.begin(), to.end(), what) == to.end()) to.push_back(what);
}

const workflow::State* state_of(const File& file, const workflow::Region* region) {
  return region == nullptr ? file.d().state(file.c.state) : workflow::find_state(region->states, file.state_in(region));
}

class Search {
 public:
  Search(const Office& office, gate::Context& context, const Actor& actor) : office_(office), context_(context), actor_(actor), words_(context, office.directory()), views_(office, context, actor) {}

  Result<std::vector<Deciding>> all() {
    std::set<CaseId> ids, stopping;
    for (const std::string& address : actor_.addresses) {
      SK_TRY(const auto some, CaseTable::tasks(context_.tx, address, kMostOfAddress));
      ids.insert(some.begin(), some.end());
    }
    // A case that is closed may still keep rights stopped, and is nobody's task any more.
    SK_TRY(const auto standing, switches::Table::all(context_.tx, kMostSwitches));
    for (const switches::Standing& s : standing)
      if (s.name == switches::kRightsStopped && s.on(context_.now)) stopping.insert(CaseId::trusted(s.case_id));
    ids.insert(stopping.begin(), stopping.end());
    std::vector<Deciding> out;
    for (const CaseId& id : ids) {
      SK_TRY(const auto file, office_.readable(context_, actor_, id));
      if (!file || file->only_step) continue;
      SK_TRY(auto one, look(*file, stopping.contains(id)));
      if (one) out.push_back(std::move(*one));
    }
    return out;
  }

 private:
  Result<std::optional<Deciding>> look(const File& file, bool stops_rights) {
    Deciding out;
    out.stops_rights = stops_rights;
    const workflow::Region* where = nullptr;
    signed_ = false;
    for (const workflow::Transition* t : office_.starting_here(file)) {
      if (by_anybody(*t)) continue;
      const workflow::Region* region = nullptr;
      static_cast<void>(file.d().transition(t->key, &region));
      SK_TRY(const bool waits, waits_here(file, *t, region, stops_rights, out));
      if (!waits) continue;
      SK_TRY(const bool decides, decides_on(file, *t, out));
      if (!decides) continue;
      if (out.steps.empty()) where = region;
      add(out.steps, t->title);
      for (const workflow::ClauseRef& c : t->clauses) add(out.clauses, c.ref);
    }
    if (out.steps.empty() || (signed_ && !stops_rights)) return std::optional<Deciding>();
    SK_CHECK(describe(file, where, out));
    return std::optional(std::move(out));
  }

  Result<bool> waits_here(const File& file, const workflow::Transition& t, const workflow::Region* region, bool stops_rights, Deciding& out) {
    const workflow::State* const state = state_of(file, region);
    const bool waits = (state != nullptr && state->kind == workflow::StateKind::waiting) || (stops_rights && region == nullptr);
    if (!t.joint) return waits;
    SK_TRY(const auto signatures, HistoryTable::signatures(context_.tx, file.c, t.key));
    if (!waits && signatures.empty()) return false;
    for (const Signature& s : signatures) signed_ = signed_ || s.person == actor_.account || actor_.stands_for.contains(s.person);
    out.signed_places = static_cast<int>(signatures.size());
    out.places = static_cast<int>(t.places());
    return true;
  }

  Result<bool> decides_on(const File& file, const workflow::Transition& t, Deciding& out) {
    SK_TRY(const Office::Chance chance, office_.chance(context_, file, actor_, t));
    if (!chance.mover) return false;
    Addressing addressing(context_.tx, file.d(), *file.organisation, file.c, file.steps);
    bool decides = false;
    for (const workflow::Who& who : t.by) {
      if (who.person && *who.person == "opener") continue;
      SK_TRY(const Addresses place, addressing.of(who));
      decides = decides || meet(place, actor_.addresses);
    }
    if (!decides || !chance.conflict) return decides;
    if (!chance.crossable || looked_for_others_ >= kMostAlone) return false;
    ++looked_for_others_;
    SK_TRY(const auto others, office_.others_who_could(context_, file, t));
    out.alone = out.alone || others.empty();
    return others.empty();
  }

  Status describe(const File& file, const workflow::Region* region, Deciding& out) {
    const Case& c = file.c;
    out.id = c.id;
    out.group = file.d().group;
    out.register_title = file.d().title;
    out.number = c.number;
    out.subject = c.subject;
    SK_TRY(out.unit, words_.unit(c.unit));
    out.due_at = c.due_at;
    out.since = c.entered_at;
    const std::string key = region == nullptr ? "" : region->key;
    const workflow::State* const state = state_of(file, region);
    out.state = state == nullptr ? c.state : (region == nullptr ? "" : region->title + "　") + state->title;
    const Event* last = nullptr;
    for (const Event& e : file.steps)
      if (e.event == "open" || (e.event == "move" && e.region == key)) last = &e;
    if (last == nullptr) return ok();
    if (region != nullptr && last->event == "move") out.since = last->at;
    // Who opened it may be hidden, and it may be he who made this step.
    SK_TRY(const bool shown, last->person != c.opener ? Result<bool>(true) : views_.opener_shown(file));
    if (shown) out.asked_by = last->person == kProgram ? "プログラム" : last->name;
    return ok();
  }

  const Office& office_;
  gate::Context& context_;
  const Actor& actor_;
  Words words_;
  Views views_;
  int looked_for_others_ = 0;
  bool signed_ = false;  // the caller has given his part to the content as it is: he waits for the others
};

}  // namespace

Result<std::vector<Deciding>> deciding(const Office& office, gate::Context& context) {
  SK_TRY(const Actor actor, actor_of(context, office.directory()));
  return Search(office, context, actor).all();
}

Result<std::vector<OpenCases>> open_cases(const Office& office, gate::Context& context, std::string_view group) {
  SK_TRY(const Actor actor, actor_of(context, office.directory()));
  SK_TRY(const auto all, office.definitions().in_force(context.tx, context.body.code));
  std::vector<OpenCases> out;
  for (const ReadVersion& one : all) {
    if (!one.loaded->definition || one.loaded->definition->group != group) continue;
    OpenCases counted{one.version.name, one.loaded->definition->title, 0, 0, {}};
    std::string after;
    for (int looked = 0; looked < kMostOpen; looked += kStep) {
      SK_TRY(const auto ids, CaseTable::not_closed(context.tx, one.version.name, after, kStep));
      for (const CaseId& id : ids) {
        after = id.str();
        SK_TRY(const auto file, office.readable(context, actor, id));
        if (!file || file->only_step) continue;
        ++counted.open;
        ++counted.by_class[file->c.label.c];
        counted.overdue += file->c.due_at && *file->c.due_at < context.now ? 1 : 0;
      }
      if (static_cast<int>(ids.size()) < kStep) break;
    }
    out.push_back(std::move(counted));
  }
  return out;
}

Result<int> overdue_duties(const Office& office, gate::Context& context) {
  SK_TRY(const Actor actor, actor_of(context, office.directory()));
  SK_TRY(const DutyList all, Views(office, context, actor).duties({}));
  return static_cast<int>(std::count_if(all.items.begin(), all.items.end(), [](const DutyView& d) { return d.state == "overdue"; }));
}

}  // namespace sekisho::office
