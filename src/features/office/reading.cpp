// What a case is for whoever looks at it: may he see it, what could he do.
#include <algorithm>

#include "features/office/office.h"

namespace sekisho::office {
namespace {

using workflow::contains;

workflow::OtherCase other_of(Case c) { return {c.id.str(), std::move(c.state), c.kind, std::move(c.fields)}; }

}  // namespace

bool by_anybody(const workflow::Transition& t) {
  return std::any_of(t.by.begin(), t.by.end(), [](const workflow::Who& w) { return w.anyone.value_or(false); });
}

bool Office::asked_of_anybody(const File& file, const Actor& actor, const std::string& field) const {
  const auto asks = [&](const workflow::Transition& t) { return by_anybody(t) && t.ask && contains(*t.ask, field); };
  const auto here = starting_here(file);
  if (std::any_of(here.begin(), here.end(), [&](const workflow::Transition* t) { return asks(*t); })) return true;
  return std::any_of(file.steps.begin(), file.steps.end(), [&](const Event& e) {
    const workflow::Transition* const t = e.person == actor.account ? file.d().transition(e.transition) : nullptr;
    return t != nullptr && asks(*t);
  });
}

Unexpected refused(const std::vector<workflow::ClauseRef>& clauses, Code code, const char* key, std::string detail, std::string who) {
  return fail(Error{code, key, std::move(detail), clauses.empty() ? "" : clauses.front().ref, std::move(who)});
}

Result<File> Office::load(gate::Context& context, const CaseId& id) const {
  SK_TRY(auto found, CaseTable::find(context.tx, id));
  if (!found) return fail(Code::not_found, "office.not_found", "no such case");
  File out;
  SK_TRY(out.c, std::move(*found).open(context.permit()));
  SK_TRY(out.organisation, definitions_.organisation(context.tx, context.body.code));
  SK_TRY(out.loaded, definitions_.of(context.tx, context.body.code, out.c.version));
  SK_TRY(out.steps, HistoryTable::steps(context.tx, id));
  return out;
}

Result<std::optional<File>> Office::readable(gate::Context& context, const Actor& actor, const CaseId& id) const {
  bool only_step = false;
  if (!actor.program) {
    // First, since it is cheap: most rows of a big register are not his.
    SK_TRY(const Addresses readers, CaseTable::readers(context.tx, id));
    only_step = !meet(readers, actor.addresses);
    if (only_step && !readers.contains(kStepOfAnybody) && !readers.contains(kStepMadeBy + actor.account)) return std::optional<File>();
  }
  auto file = load(context, id);
  if (!file) {
    const Error& e = file.error();
    if (e.code == Code::not_found || e.code == Code::denied) return std::optional<File>();
    return Unexpected(e);
  }
  if (actor.program) return std::optional(std::move(*file));
  file->only_step = only_step;
  for (const std::string& field : file->d().hidden_from.value_or(workflow::Keys{}))
    for (const std::string& person : ids_in(file->c.fields, field))
      if (person == actor.account) return std::optional<File>();
  return std::optional(std::move(*file));
}

Result<File> Office::read(gate::Context& context, const Actor& actor, const CaseId& id) const {
  SK_TRY(auto found, readable(context, actor, id));
  if (!found) return fail(Code::not_found, "office.not_found", "no such case");
  context.label(found->c.label);
  return std::move(*found);
}

workflow::Facts Office::facts_of(gate::Context& context, const File& file) const {
  workflow::Facts out{file.d(), file.c.fields, file.c.state, file.c.regions, {}, true, jst_date(context.now), nullptr, nullptr};
  for (const Event& e : file.steps)
    if (e.event == "move") out.passed.insert(e.transition);
  out.referred = [&context, &file](const std::string& field) -> Result<std::vector<workflow::OtherCase>> {
    std::vector<workflow::OtherCase> others;
    for (const std::string& id : ids_in(file.c.fields, field)) {
      SK_TRY(auto one, CaseTable::for_rules(context.tx, CaseId::trusted(id)));
      if (one) others.push_back(other_of(std::move(*one)));
    }
    return others;
  };
  out.linked = [&context, &file](const std::string& definition) -> Result<std::vector<workflow::OtherCase>> {
    std::vector<workflow::OtherCase> others;
    SK_TRY(const auto links, CaseTable::links(context.tx, file.c.id));
    for (const auto& l : links) {
      SK_TRY(auto one, CaseTable::for_rules(context.tx, l.id));
      if (one && one->definition == definition) others.push_back(other_of(std::move(*one)));
    }
    return others;
  };
  return out;
}

std::vector<const workflow::Transition*> Office::starting_here(const File& file) const {
  std::vector<const workflow::Transition*> out;
  for (const workflow::Transition& t : file.d().transitions)
    if (contains(t.from, file.c.state)) out.push_back(&t);
  if (!file.d().regions) return out;
  for (const workflow::Region& r : *file.d().regions) {
    if (!contains(r.live_in, file.c.state)) continue;
    for (const workflow::Transition& t : r.transitions)
      if (contains(t.from, file.state_in(&r))) out.push_back(&t);
  }
  return out;
}

Result<Office::Chance> Office::chance(gate::Context& context, const File& file, const Actor& actor, const workflow::Transition& t) const {
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  Chance out;
  std::set<int> taken;
  bool signed_already = false;
  if (t.joint) {
    SK_TRY(const auto signatures, HistoryTable::signatures(context.tx, file.c, t.key));
    for (const Signature& s : signatures) {
      taken.insert(s.slot);
      signed_already = signed_already || s.person == actor.account || actor.stands_for.contains(s.person);
    }
  }
  for (std::size_t i = 0; i < t.by.size() && !out.mover; ++i) {
    if (taken.contains(static_cast<int>(i))) continue;
    SK_TRY(const Addresses place, addressing.of(t.by[i]));
    if (!meet(place, actor.addresses)) continue;
    out.mover = true;
    out.slot = static_cast<int>(i);
  }
  if (signed_already && !t.same_person.value_or(false)) out.mover = false;
  if (!out.mover || actor.program) return out;
  const auto theirs = [&](const std::set<std::string>& persons) {
    return persons.contains(actor.account) || std::any_of(actor.stands_for.begin(), actor.stands_for.end(), [&](const auto& p) { return persons.contains(p); });
  };
  out.crossable = true;
  for (const auto* list : {&t.separate, &file.d().separate})
    for (const workflow::Separation& s : list->value_or(std::vector<workflow::Separation>{})) {
      bool meets = false;
      if (s.other_than == "opener") meets = theirs({file.c.opener});
      else if (s.other_than == "assigned") meets = file.c.assigned.find("account:" + actor.account) != std::string::npos;
      else if (s.other_than && s.other_than->starts_with("mover:")) meets = theirs(movers_of(file.steps, s.other_than->substr(6)));
      else if (s.other_than) {
        const auto named = ids_in(file.c.fields, s.other_than->substr(6));
        meets = theirs({named.begin(), named.end()});
      } else if (s.outside) {
        for (const std::string& unit : actor.units) {
          SK_TRY(const auto above, bodies::Table::lineage(context.tx, bodies::UnitId::trusted(unit)));
          for (const std::string& audited : ids_in(file.c.fields, *s.outside))
            meets = meets || std::any_of(above.begin(), above.end(), [&](const auto& u) { return u.str() == audited; });
        }
      }
      if (!meets) continue;
      out.conflict = true;
      out.crossable = out.crossable && s.unavoidable.value_or(false);
      if (out.clause.empty()) out.clause = s.clauses && !s.clauses->empty() ? s.clauses->front().ref : "6(8)ア";
    }
  return out;
}

// Everybody appointed who could make the step with nothing between; at most 20 names.
Result<std::vector<std::string>> Office::others_who_could(gate::Context& context, const File& file, const workflow::Transition& t) const {
  std::vector<std::string> out;
  std::set<std::string> looked;
  SK_TRY(const auto appointments, bodies::Table::appointments_open(context.tx, context.now));
  for (const bodies::Appointment& a : appointments) {
    if (!a.in_force(context.now) || !looked.insert(a.person_id.str()).second || out.size() >= 20) continue;
    SK_TRY(const auto who, actor_of(context.tx, directory_, a.person_id.str(), context.now));
    if (!who) continue;
    SK_TRY(const Chance one, chance(context, file, *who, t));
    if (one.mover && !one.conflict) out.push_back(who->name);
  }
  return out;
}

Result<bool> Office::may_see(gate::Context& context, const File& file, const Actor& actor, const workflow::Field& field) const {
  if (file.only_step && !contains(file.d().subject, field.key) && !asked_of_anybody(file, actor, field.key)) return false;
  if (!field.visible || actor.program) return true;
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  SK_TRY(const Addresses who, addressing.of(*field.visible));
  return meet(who, actor.addresses);
}

Result<bool> Office::may_edit(gate::Context& context, const File& file, const Actor& actor, const workflow::Field& field) const {
  if (field.derive) return false;
  if (actor.program) return true;
  SK_TRY(const bool visible, may_see(context, file, actor, field));
  if (!visible) return false;
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  if (field.edit) {
    SK_TRY(const Addresses who, addressing.of(*field.edit));
    if (!meet(who, actor.addresses)) return false;
  }
  const workflow::State* const state = file.d().state(file.c.state);
  if (state == nullptr) return false;
  // A file is attached before the step that asks for it.
  if (file.only_step) return field.type == "attachment" && state->kind != workflow::StateKind::closed && asked_of_anybody(file, actor, field.key);
  if (state->edit) {
    SK_TRY(const Addresses who, addressing.of(*state->edit));
    return meet(who, actor.addresses);
  }
  if (state->kind == workflow::StateKind::closed) return false;
  if (field.edit) return true;
  Addresses who{"account:" + file.c.opener};
  if (state->key != file.d().first_state()) who.clear();
  workflow::Whos assigned(1);
  assigned[0].person = "assigned";
  SK_TRY(const Addresses theirs, addressing.of(assigned));
  who.insert(theirs.begin(), theirs.end());
  for (const workflow::Transition* t : starting_here(file)) {
    SK_TRY(const Addresses movers, addressing.of(t->by));
    who.insert(movers.begin(), movers.end());
  }
  who.erase("anyone");
  if (asked_of_anybody(file, actor, field.key)) return true;
  return meet(who, actor.addresses);
}

}  // namespace sekisho::office
