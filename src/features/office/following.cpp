// What follows from a step in the same transaction: the new state, deadlines, notices, hooks, linked cases. And the clock's part.
#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/duty_table.h"
#include "features/office/mail_table.h"
#include "features/office/office.h"

namespace sekisho::office {
namespace {

constexpr std::size_t kMostNoticed = 1000;
constexpr std::size_t kMaxDetail = 300;
constexpr int kAtOnce = 500;

using workflow::contains;

void put(std::string& text, std::string_view what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
}

const workflow::State* state_of(const File& file, const std::string& region, const std::string& state) {
  if (region.empty()) return file.d().state(state);
  const workflow::Region* const r = file.d().region(region);
  return r == nullptr ? nullptr : workflow::find_state(r->states, state);
}

std::string stands_in(const File& file, const std::string& region) {
  if (region.empty()) return file.c.state;
  const auto it = file.c.regions.find(region);
  return it == file.c.regions.end() ? "" : it->second;
}

// A state without a deadline of its own, in a case of the work of the year: the day by which that work is to be done.
Result<std::optional<Timestamp>> duty_due(gate::Context& context, const File& file, const workflow::State& state) {
  if (!file.d().duties) return std::nullopt;
  SK_TRY(const auto row, DutyTable::of_case(context.tx, file.c.id));
  if (!row) return std::nullopt;
  const auto duty = std::find_if(file.d().duties->begin(), file.d().duties->end(), [&](const workflow::Duty& d) { return d.key == row->duty; });
  const bool done = duty != file.d().duties->end() && duty->done && workflow::contains(*duty->done, state.key);
  const auto day = bodies::parse_day(row->due_on);
  return done || !day ? std::nullopt : std::optional(bodies::end_of(*day));
}

}  // namespace

Status Office::enter(gate::Context& context, File& file, const workflow::Transition& t, const workflow::Region* region) {
  Case& c = file.c;
  if (region != nullptr) {
    if (t.to) {
      c.regions[region->key] = *t.to;
      SK_CHECK(set_timers(context, file, region->key, *workflow::find_state(region->states, *t.to), context.now));
    }
    return store(context, file, false);
  }
  if (t.to) {
    const workflow::State& state = *file.d().state(*t.to);
    c.state = state.key;
    c.kind = state.kind;
    c.entered_at = context.now;
    c.closed_at = state.kind == workflow::StateKind::closed ? std::optional(context.now) : std::nullopt;
    SK_CHECK(set_timers(context, file, "", state, context.now));
    for (const workflow::Region& r : file.d().regions.value_or(std::vector<workflow::Region>{})) {
      const bool live = contains(r.live_in, c.state);
      if (live && !c.regions.contains(r.key)) {
        c.regions[r.key] = r.states.front().key;
        SK_CHECK(set_timers(context, file, r.key, r.states.front(), context.now));
      }
      if (!live) SK_CHECK(HistoryTable::set_timers(context.tx, c.id, r.key, {}));
    }
  }
  return store(context, file, false);
}

Status Office::set_timers(gate::Context& context, File& file, const std::string& region, const workflow::State& state, Timestamp entered) const {
  std::vector<Timer> timers;
  std::optional<Timestamp> due;
  if (state.deadline && state.kind != workflow::StateKind::closed) {
    due = workflow::due_at(*state.deadline, *file.organisation, file.c.fields, entered, file.c.opened_at);
    const auto timer = [&](std::string what, Timestamp at) { timers.push_back({context.new_id<TimerTag>().str(), file.c.id, region, state.key, std::move(what), at}); };
    if (due && state.deadline->overdue && *due >= context.now) timer("overdue", *due);
    const auto reminders = state.deadline->remind.value_or(std::vector<workflow::Remind>{});
    for (std::size_t i = 0; due && i < reminders.size(); ++i) {
      const auto span = workflow::micros_of(reminders[i].before ? *reminders[i].before : *reminders[i].after, *file.organisation);
      if (!span) continue;
      const Timestamp at{due->micros + (reminders[i].before ? -*span : *span)};
      if (at >= context.now) timer("remind:" + std::to_string(i), at);
    }
  }
  if (region.empty() && !due && state.kind != workflow::StateKind::closed) {
    SK_TRY(due, duty_due(context, file, state));
  }
  if (region.empty()) file.c.due_at = due;
  return HistoryTable::set_timers(context.tx, file.c.id, region, timers);
}

Status Office::tell_addresses(gate::Context& context, const File& file, const Addresses& to, const std::string& say, const std::string& clause, std::optional<Timestamp> due, int n) const {
  Addresses told = to;
  told.erase(kProgram);
  if (told.empty()) return ok();
  std::string words = say;
  const workflow::State* const state = file.d().state(file.c.state);
  put(words, "{number}", file.c.number);
  put(words, "{state}", state == nullptr ? file.c.state : state->title);
  // The subject is part of the case: it is put in where the notice is read, by whoever may read the case.
  const Notice notice{context.new_id<NoticeTag>(), file.c.id, n, words, clause, due, context.now, std::nullopt};
  SK_CHECK(HistoryTable::add_notice(context.tx, notice, told));
  return mails_ ? MailTable::queue(context.tx, notice.id) : ok();
}

Status Office::tell(gate::Context& context, const File& file, const workflow::NoticeRule& rule, int n) const {
  if (rule.only_if) {
    SK_TRY(const bool due, workflow::holds(*rule.only_if, facts_of(context, file)));
    if (!due) return ok();
  }
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  SK_TRY(const Addresses to, addressing.reached(rule.to, context.now));
  std::optional<Timestamp> due;
  if (rule.within)
    if (const auto length = workflow::micros_of(*rule.within, *file.organisation)) due = Timestamp{context.now.micros + *length};
  const std::string clause = rule.clauses && !rule.clauses->empty() ? rule.clauses->front().ref : file.d().clauses.front().ref;
  return tell_addresses(context, file, to, rule.say.value_or("{number} {state}"), clause, due, n);
}

Status Office::follow(gate::Context& context, File& file, const Actor& actor, const workflow::Transition& t, const std::string& note_text) {
  const int n = file.steps.empty() ? 0 : file.steps.back().n;
  for (const workflow::NoticeRule& rule : t.notices.value_or(std::vector<workflow::NoticeRule>{})) SK_CHECK(tell(context, file, rule, n));
  for (const workflow::Effect& e : t.effects.value_or(std::vector<workflow::Effect>{})) {
    if (e.only_if) {
      SK_TRY(const bool due, workflow::holds(*e.only_if, facts_of(context, file)));
      if (!due) continue;
    }
    const auto hook = hooks_.find(e.run);
    if (hook == hooks_.end()) return fail(Code::corrupt, "office.hook", e.run);
    Happening what{file.c, actor, {}, note_text};
    if (e.with)
      for (const auto& [argument, key] : *e.with) {
        auto values = ids_in(file.c.fields, key);
        if (const auto it = file.c.fields.find(key); values.empty() && it != file.c.fields.end()) values.push_back(json::canonical(it->value()));
        what.with[argument] = std::move(values);
      }
    SK_CHECK(hook->second(context, what));
    context.after_commit([this] { ++turned_; });
    Event event;
    event.event = "effect";
    event.transition = t.key;
    event.note = e.run;
    SK_CHECK(note(context, file, program_actor(), std::move(event)));
  }
  SK_CHECK(turn(context, file, actor, note_text));
  for (const workflow::Opens& o : t.opens.value_or(std::vector<workflow::Opens>{})) SK_CHECK(open_linked(context, file, actor, o));
  return put_access(context, file);
}

Status Office::open_linked(gate::Context& context, const File& file, const Actor& actor, const workflow::Opens& o) {
  if (o.only_if) {
    SK_TRY(const bool due, workflow::holds(*o.only_if, facts_of(context, file)));
    if (!due) return ok();
  }
  json::Object fields;
  if (o.set)
    for (const auto& [key, value] : *o.set) fields[key] = said(context, *file.organisation, actor, file.c.unit, value);
  if (o.copy)
    for (const auto& [key, from] : *o.copy)
      if (const auto it = file.c.fields.find(from); it != file.c.fields.end()) fields[key] = it->value();
  SK_TRY(const ReadVersion target, definitions_.in_force(context.tx, context.body.code, o.definition));
  const auto unit_field = target.loaded->definition ? target.loaded->definition->department : std::nullopt;
  Opened how;
  how.from = file.c.id;
  std::vector<std::string> units = o.each ? ids_in(file.c.fields, *o.each) : std::vector<std::string>{""};
  for (const std::string& unit : units) {
    if (!unit.empty() && unit_field) fields[*unit_field] = json::Value(std::string_view(unit));
    SK_CHECK(open(context, actor, o.definition, fields, how));
  }
  context.about(file.c.id.str());
  return ok();
}

Status Office::settle(gate::Context& context, const Timer& timer) {
  context.about(timer.about.str());
  SK_CHECK(HistoryTable::drop_timer(context.tx, timer.id));
  SK_TRY(File file, load(context, timer.about));
  if (stands_in(file, timer.region) != timer.state) return ok();  // it went on meanwhile
  const workflow::State* const state = state_of(file, timer.region, timer.state);
  if (state == nullptr || !state->deadline) return ok();
  const workflow::Deadline& d = *state->deadline;
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  Event event;
  event.event = "clock";
  event.region = timer.region;
  event.from = event.to = timer.state;
  event.note = timer.what;
  const std::string clause = file.d().clauses.front().ref;
  if (timer.what == "overdue" && d.overdue) {
    SK_CHECK(note(context, file, program_actor(), std::move(event)));
    if (d.overdue->to) {
      SK_TRY(const Addresses to, addressing.reached(*d.overdue->to, context.now));
      SK_CHECK(tell_addresses(context, file, to, d.overdue->say.value_or("{number} 「{state}」の期限を過ぎています。"), clause, std::nullopt, 0));
    }
    SK_CHECK(put_access(context, file));
    if (!d.overdue->move) return ok();
    MoveIn step;
    step.transition = *d.overdue->move;
    SK_CHECK(context.tx.savepoint());
    const Status done = move(context, program_actor(), timer.about, step);
    if (done) return context.tx.release();
    SK_CHECK(context.tx.undo());
    // What is missing for the step is for people, who were told; the timer is spent, or it would come again at every turn.
    return done.error().code == Code::internal || done.error().code == Code::corrupt ? done : ok();
  }
  const std::size_t colon = timer.what.find(':');
  const auto reminders = d.remind.value_or(std::vector<workflow::Remind>{});
  const std::size_t i = colon == std::string::npos ? reminders.size() : static_cast<std::size_t>(std::stoul(timer.what.substr(colon + 1)));
  if (i >= reminders.size()) return ok();
  SK_CHECK(note(context, file, program_actor(), std::move(event)));
  SK_TRY(const Addresses to, addressing.reached(reminders[i].to, context.now));
  SK_CHECK(tell_addresses(context, file, to, reminders[i].before ? "{number} 「{state}」の期限が近づいています。" : "{number} 「{state}」の期限を過ぎています。", clause, std::nullopt, 0));
  if (reminders[i].every) {
    const auto span = workflow::micros_of(*reminders[i].every, *file.organisation);
    // Not more often than hourly, and from now on: a program that stood still does not catch up.
    if (span) SK_CHECK(HistoryTable::put_timer(context.tx, {context.new_id<TimerTag>().str(), timer.about, timer.region, timer.state, timer.what, {context.now.micros + std::max<std::int64_t>(*span, 3'600'000'000)}}));
  }
  return put_access(context, file);
}

void Office::notice(const std::string& body, const std::string& event, const std::string& detail) const {
  const std::lock_guard lock(noticed_mutex_);
  if (noticed_.size() < kMostNoticed) noticed_.insert({body, event, detail.substr(0, kMaxDetail)});
}

std::vector<std::pair<std::string, std::string>> Office::noticed(const std::string& body) const {
  const std::lock_guard lock(noticed_mutex_);
  std::vector<std::pair<std::string, std::string>> out;
  std::erase_if(noticed_, [&](const auto& one) {
    if (one[0] != body) return false;
    out.emplace_back(one[1], one[2]);
    return true;
  });
  return out;
}

// What goes on happening is one case as long as that is not closed.
Result<bool> Office::stands_open(gate::Context& context, const std::string& definition, const std::optional<std::string>& field, const std::string& detail) const {
  if (!field) return false;
  std::string after;
  for (;;) {
    SK_TRY(const auto ids, CaseTable::not_closed(context.tx, definition, after, kAtOnce));
    for (const CaseId& id : ids) {
      SK_TRY(const auto one, CaseTable::for_rules(context.tx, id));
      if (!one || one->opener != kProgram) continue;
      const auto it = one->fields.find(*field);
      if (it != one->fields.end() && it->value().is_string() && std::string_view(it->value().get_string()) == detail) return true;
    }
    if (ids.size() < static_cast<std::size_t>(kAtOnce)) return false;
    after = ids.back().str();
  }
}

Status Office::happened(gate::Context& context, const std::string& alarm, const std::string& event_name, const std::string& detail) {
  const auto known = definitions_.organisation(context.tx, context.body.code);
  if (!known && known.error().key == "bodies.not_set_up") return ok();  // a notice may come before the body has a profile
  if (!known) return Unexpected(known.error());
  const Organisation here = *known;
  SK_TRY(const auto all, definitions_.in_force(context.tx, context.body.code));
  for (const ReadVersion& one : all) {
    if (!one.loaded->definition) continue;
    for (const workflow::Opener& o : one.loaded->definition->openers.value_or(std::vector<workflow::Opener>{})) {
      if ((alarm.empty() || o.alarm != alarm) && (event_name.empty() || o.event != event_name)) continue;
      if (!event_name.empty()) {
        SK_TRY(const bool there, stands_open(context, one.version.name, o.detail, detail));
        if (there) continue;
      }
      json::Object fields;
      if (o.set)
        for (const auto& [key, value] : *o.set) fields[key] = said(context, *here, program_actor(), "", value);
      if (o.detail && !detail.empty()) fields[*o.detail] = json::Value(std::string_view(detail));
      Opened how;
      how.by_itself = true;
      SK_CHECK(open(context, program_actor(), one.version.name, fields, how));
    }
  }
  return ok();
}

std::map<std::string, std::vector<workflow::SwitchArgument>> switch_names() {
  const auto words = [](std::string_view text) {
    std::set<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      out.emplace(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  };
  std::map<std::string, std::vector<workflow::SwitchArgument>> out;
  for (const switches::Kind& kind : switches::kinds()) {
    auto& arguments = out[std::string(kind.name)];
    for (const switches::Argument& a : kind.arguments) arguments.push_back({std::string(a.name), words(a.types), a.required, words(a.among)});
  }
  return out;
}

void Office::complete(std::set<std::string> powers, std::set<std::string> alarms) {
  workflow::Names names;
  names.powers = std::move(powers);
  names.alarms = std::move(alarms);
  names.events = events_;
  for (const auto& [name, hook] : hooks_) names.hooks.insert(name);
  names.switches = switch_names();
  definitions_.set_names(std::move(names));
}

}  // namespace sekisho::office
