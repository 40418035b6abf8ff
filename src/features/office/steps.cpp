// What people do in a case: open, edit, move, sign, remark, attach.
#include <algorithm>

#include "features/office/office.h"
#include "text/graphemes.h"

namespace sekisho::office {
namespace {

constexpr std::size_t kMaxNote = 12'000;      // bytes
constexpr std::size_t kShortestReason = 10;   // characters, of why a separation cannot be kept
constexpr const char* kSeparation = "6(8)ア";

// Who may make one step that anybody may make does that, and nothing else in the case.
Status whole_case(const File& file) {
  if (!file.only_step) return ok();
  return refused(file.d().clauses, Code::denied, "office.not_yours", "a step of anybody's opens nothing else");
}

using workflow::contains;

std::string roles_of(const workflow::Whos& whos, const workflow::Organisation& organisation) {
  std::string out;
  for (const workflow::Who& w : whos) {
    std::string name;
    if (w.post)
      if (const auto code = organisation.posts.find(*w.post); code != organisation.posts.end())
        if (const auto* role = organisation.role(code->second)) name = role->name;
    for (const workflow::RoleTrait& r : organisation.roles)
      if (w.power && r.powers.contains(*w.power)) name += (name.empty() ? "" : "、") + r.name;
    if (!name.empty() && out.find(name) == std::string::npos) out += (out.empty() ? "" : "、") + name;
  }
  return out;
}

std::string titles_of(const workflow::Definition& d, const std::vector<std::string>& keys) {
  std::string out;
  for (const std::string& key : keys) out += (out.empty() ? "" : "、") + d.field(key)->title;
  return out;
}

}  // namespace

// What is written where the information may not be is not written at all.
Status Office::require_here(gate::Context& context, const File& file) const {
  const policy::SegmentSet accepted = context.permit().person().accepted_origins;
  if (context.permit().person().program || (file.c.label.segments & ~accepted) == 0) return ok();
  return fail(policy::denial(policy::refusal(context.permit().matrix(), policy::Axis::segment)));
}

Result<CaseId> Office::open(gate::Context& context, const Actor& actor, const std::string& name, const json::Object& fields, const Opened& how) {
  SK_TRY(const ReadVersion read_version, definitions_.in_force(context.tx, context.body.code, name));
  if (!read_version.loaded->definition) return fail(Code::conflict, "office.definition_broken", name);
  File file;
  file.loaded = read_version.loaded;
  SK_TRY(file.organisation, definitions_.organisation(context.tx, context.body.code));
  const workflow::Definition& d = file.d();
  Case& c = file.c;
  c.id = context.new_id<CaseTag>();
  c.definition = name;
  c.opener = actor.account;
  c.opener_name = actor.name;
  c.unit = actor.units.empty() ? "" : actor.units.front();
  c.opened_at = c.entered_at = c.updated_at = context.now;
  c.label = {1, 1, 1, {}, context.permit().person().session_segment, {}, policy::Trust::person, policy::State::known};
  c.state = d.first_state();
  c.kind = d.state(c.state)->kind;
  const bool from_another = how.from.has_value();
  if (!how.by_itself && !from_another) {
    // Department and the like may come from the fields, so who may open is looked at with them.
    Addressing addressing(context.tx, d, *file.organisation, c, file.steps);
    SK_TRY(const Addresses who, addressing.of(d.open.by));
    if (!meet(who, actor.addresses)) return refused(d.open.clauses, Code::denied, "office.not_opener", name, roles_of(d.open.by, *file.organisation));
  }
  SK_TRY(c.version, definitions_.keep(context, read_version));
  workflow::Keys all;
  for (const workflow::Field& f : d.fields) all.push_back(f.key);
  SK_CHECK(write_fields(context, file, how.by_itself || from_another ? program_actor() : actor, fields, &all));
  for (const std::string& address : how.assigned) c.assigned += (c.assigned.empty() ? "" : " ") + address;
  SK_CHECK(compute(context, file));
  // Now that its department is known: what the same one answered before is part of the rows.
  for (const workflow::Field& f : d.fields)
    if (f.rows) {
      SK_CHECK(fill_rows(context, file, f));
      SK_CHECK(compute(context, file));
    }
  SK_CHECK(require_here(context, file));
  if (!how.by_itself && !from_another) {
    SK_TRY(const auto missing, workflow::missing(facts_of(context, file), ""));
    if (!missing.empty()) return refused(d.open.clauses, Code::invalid_argument, "office.missing", titles_of(d, missing));
  }
  const int year = fiscal_year(jst_date(context.now), file.organisation->fiscal_year_start);
  c.fiscal_year = year;
  const bool yearly = d.number && d.number->yearly.value_or(false);
  SK_TRY(const int number, CaseTable::next_number(context.tx, name, yearly ? year : 0));
  c.number = (d.number ? d.number->prefix : "") + (yearly ? std::to_string(year) + "-" : "") + std::to_string(number);
  SK_CHECK(store(context, file, true));
  Event event;
  event.event = event.transition = "open";
  event.to = c.state;
  SK_CHECK(note(context, file, actor, std::move(event)));
  SK_CHECK(turn(context, file, actor, ""));
  if (how.from) SK_CHECK(CaseTable::link(context.tx, *how.from, c.id, "opened"));
  SK_CHECK(set_timers(context, file, "", *d.state(c.state), context.now));
  for (const workflow::Region& r : d.regions.value_or(std::vector<workflow::Region>{}))
    if (contains(r.live_in, c.state)) {
      c.regions[r.key] = r.states.front().key;
      SK_CHECK(set_timers(context, file, r.key, r.states.front(), context.now));
    }
  SK_TRY(const auto text, CaseTable::words(context.tx, c.id));
  SK_CHECK(CaseTable::update(context.tx, c, text));
  for (const workflow::NoticeRule& rule : d.open.notices.value_or(std::vector<workflow::NoticeRule>{})) SK_CHECK(tell(context, file, rule, 1));
  SK_CHECK(put_access(context, file));
  context.about(c.id.str());
  context.label(c.label);
  context.note("case", json::Value(std::string_view(c.number)));
  return c.id;
}

Status Office::edit(gate::Context& context, const Actor& actor, const CaseId& id, const std::string& hash, const json::Object& fields) {
  context.about(id.str());
  SK_TRY(File file, read(context, actor, id));
  SK_CHECK(require_here(context, file));
  if (hash != file.c.hash) return fail(Code::conflict, "office.changed", "the case is not the one that was seen");
  const json::Object before = file.c.fields;
  SK_CHECK(write_fields(context, file, actor, fields, nullptr));
  SK_CHECK(compute(context, file));
  if (json::Value(before) == json::Value(file.c.fields)) return ok();
  SK_TRY(const auto missing, workflow::missing(facts_of(context, file), file.c.state));
  for (const std::string& key : missing)
    if (const auto was = before.find(key); was != before.end()) return refused(file.d().clauses, Code::invalid_argument, "office.missing", titles_of(file.d(), {key}));
  // What was signed was another content.
  ++file.c.revision;
  std::string changed;
  for (const workflow::Field& f : file.d().fields) {
    const auto value_in = [&](const json::Object& fields_then) {
      const auto it = fields_then.find(f.key);
      return it == fields_then.end() ? json::Value(nullptr) : it->value();
    };
    const bool same = value_in(before) == value_in(file.c.fields);
    if (!same) changed += (changed.empty() ? "" : " ") + f.key;
  }
  SK_CHECK(store(context, file, false));
  Event event;
  event.event = "edit";
  event.note = changed;
  SK_CHECK(note(context, file, actor, std::move(event)));
  SK_CHECK(note_drafts(context, file, actor, before));
  SK_CHECK(turn(context, file, actor, ""));
  SK_CHECK(set_timers(context, file, "", *file.d().state(file.c.state), file.c.entered_at));
  SK_TRY(const auto text, CaseTable::words(context.tx, id));
  SK_CHECK(CaseTable::update(context.tx, file.c, text));
  return put_access(context, file);
}

Status Office::separate(gate::Context& context, const File& file, const Actor& actor, const workflow::Transition& t, const std::string& unavoidable,
                        std::optional<std::string>& exception) const {
  SK_TRY(const Chance now, chance(context, file, actor, t));
  if (!now.mover) return refused(t.clauses, Code::denied, "office.not_yours", t.key, roles_of(t.by, *file.organisation));
  if (!now.conflict) return ok();
  SK_TRY(const auto others, others_who_could(context, file, t));
  std::string names;
  for (const std::string& name : others) names += (names.empty() ? "" : "、") + name;
  if (unavoidable.empty() || !now.crossable) return fail(Error{Code::denied, "office.separation", t.key, now.clause.empty() ? kSeparation : now.clause, std::move(names)});
  if (text::count_graphemes(unavoidable) < kShortestReason || unavoidable.size() > kMaxNote)
    return refused(t.clauses, Code::invalid_argument, "office.unavoidable", "why it cannot be avoided, 10 characters or more");
  if (!others.empty()) return fail(Error{Code::denied, "office.substitute_exists", t.key, now.clause, std::move(names)});
  exception = context.new_id<ExceptionTag>().str();
  SK_CHECK(HistoryTable::add_exception(context.tx, *exception, file.c.id, t.key, actor, unavoidable, context.now));
  context.note("exception", json::Value(std::string_view(unavoidable)));
  return ok();
}

// true: the last signature that was missing.
Result<bool> Office::sign(gate::Context& context, File& file, const Actor& actor, const workflow::Transition& t, const MoveIn& in, const std::optional<std::string>& exception) const {
  SK_TRY(auto signatures, HistoryTable::signatures(context.tx, file.c, t.key));
  std::size_t count = signatures.size();
  for (;;) {
    SK_TRY(const Chance now, chance(context, file, actor, t));
    if (!now.mover || count >= t.places()) break;
    SK_CHECK(HistoryTable::sign(context.tx, file.c, t.key, {now.slot, actor.account, actor.name, in.note, context.now}, t.same_person.value_or(false), exception));
    ++count;
    if (!t.same_person.value_or(false)) break;
  }
  return count >= t.places();
}

Status Office::move(gate::Context& context, const Actor& actor, const CaseId& id, const MoveIn& in) {
  context.about(id.str());
  SK_TRY(File file, actor.program ? load(context, id) : read(context, actor, id));
  SK_CHECK(require_here(context, file));
  const workflow::Region* region = nullptr;
  const workflow::Transition* const t = file.d().transition(in.transition, &region);
  if (t == nullptr) return fail(Code::invalid_argument, "office.transition", in.transition.substr(0, 60));
  context.note("transition", json::Value(std::string_view(t->key)));
  context.note("ground", json::Value(std::string_view(t->clauses.front().ref)));
  const auto here = starting_here(file);
  if (std::find(here.begin(), here.end(), t) == here.end()) return refused(t->clauses, Code::conflict, "office.state", "not from where the case stands");
  if (!actor.program && !actor.in_session) return refused(t->clauses, Code::denied, "office.session_only", "a person decides, in a session");
  if (!actor.program && in.hash != file.c.hash) return refused(t->clauses, Code::conflict, "office.changed", "the case is not the one that was seen");
  std::optional<std::string> exception;
  if (!actor.program) {
    SK_CHECK(separate(context, file, actor, *t, in.unavoidable, exception));
  } else if (std::none_of(t->by.begin(), t->by.end(), [](const workflow::Who& w) { return w.program.value_or(false); })) {
    return refused(t->clauses, Code::denied, "office.not_yours", t->key);
  }
  if (in.note.size() > kMaxNote) return refused(t->clauses, Code::invalid_argument, "office.note", "too long");
  if ((t->reason.value_or(false) || t->choice_recorded.value_or(false)) && in.note.empty() && !(t->choice_recorded && t->ask && !in.fields.empty()) && !actor.program)
    return refused(t->clauses, Code::invalid_argument, "office.reason", "say why");
  const std::string seen = file.c.hash;
  const json::Object before = file.c.fields;
  const workflow::Keys asked = t->ask.value_or(workflow::Keys{});
  SK_CHECK(write_fields(context, file, actor, in.fields, &asked));
  if (t->set) SK_CHECK(set_fields(context, file, actor, *t->set));
  for (const std::string& key : t->renew.value_or(workflow::Keys{})) SK_CHECK(fill_rows(context, file, *file.d().field(key)));
  for (const workflow::Gather& g : t->gather.value_or(std::vector<workflow::Gather>{})) workflow::gather(file.d(), g, file.c.fields);
  SK_CHECK(compute(context, file));
  if (file.c.hash != seen) ++file.c.revision;
  SK_TRY(const auto hindrance, workflow::hindrance(*t, facts_of(context, file)));
  if (hindrance) return refused(t->clauses, Code::conflict, "office.guard", *hindrance);
  SK_TRY(const auto missing, workflow::missing(facts_of(context, file), region == nullptr ? t->to.value_or(file.c.state) : file.c.state));
  if (!missing.empty()) return refused(t->clauses, Code::invalid_argument, "office.missing", titles_of(file.d(), missing));
  SK_CHECK(note_drafts(context, file, actor, before));
  if (t->joint && !actor.program) {
    SK_TRY(const bool whole, sign(context, file, actor, *t, in, exception));
    if (!whole) {
      Event event;
      event.event = "sign";
      event.transition = t->key;
      event.region = region == nullptr ? "" : region->key;
      event.note = in.note;
      event.exception = exception;
      SK_CHECK(store(context, file, false));
      SK_CHECK(note(context, file, actor, std::move(event)));
      return put_access(context, file);
    }
  }
  Event event;
  event.event = "move";
  event.transition = t->key;
  event.region = region == nullptr ? "" : region->key;
  event.from = file.state_in(region);
  event.to = t->to.value_or(event.from);
  event.note = in.note;
  event.exception = exception;
  ++file.c.revision;
  SK_CHECK(enter(context, file, *t, region));
  SK_CHECK(note(context, file, actor, std::move(event)));
  return follow(context, file, actor, *t, in.note);
}

Status Office::comment(gate::Context& context, const Actor& actor, const CaseId& id, const std::string& text) {
  context.about(id.str());
  SK_TRY(File file, read(context, actor, id));
  SK_CHECK(require_here(context, file));
  SK_CHECK(whole_case(file));
  if (text.empty() || text.size() > kMaxNote) return fail(Code::invalid_argument, "office.note", "1 to 12,000 bytes");
  Event event;
  event.event = "comment";
  event.note = text;
  return note(context, file, actor, std::move(event));
}

Status Office::attach(gate::Context& context, const Actor& actor, const CaseId& id, Attachment a) {
  context.about(id.str());
  SK_TRY(File file, read(context, actor, id));
  SK_CHECK(require_here(context, file));
  const workflow::Field* const field = file.d().field(a.field);
  if (field == nullptr || field->type != "attachment") return fail(Code::invalid_argument, "office.field", a.field.substr(0, 60) + ": not for files");
  SK_TRY(const bool may, may_edit(context, file, actor, *field));
  if (!may) return refused(file.d().clauses, Code::denied, "office.not_your_field", a.field);
  const json::Value day(std::string_view(a.dated));
  if (field->evidence.value_or(false) && !workflow::day_of(&day)) return refused(file.d().clauses, Code::invalid_argument, "office.evidence_date", "the day of the evidence itself");
  if (!a.dated.empty() && !workflow::day_of(&day)) return fail(Code::invalid_argument, "office.field", "dated: YYYY-MM-DD");
  a.id = context.new_id<AttachmentTag>();
  a.about = id;
  a.by = actor.name;
  a.at = context.now;
  SK_CHECK(HistoryTable::add_attachment(context.tx, a));
  json::Array list;
  if (const auto it = file.c.fields.find(a.field); field->several.value_or(false) && it != file.c.fields.end() && it->value().is_array()) list = it->value().get_array();
  list.push_back(json::Value(std::string_view(a.id.str())));
  file.c.fields[a.field] = std::move(list);
  ++file.c.revision;
  SK_CHECK(compute(context, file));
  SK_CHECK(store(context, file, false));
  Event event;
  event.event = "attach";
  event.note = a.field + " " + a.sha256;
  context.note("sha256", json::Value(std::string_view(a.sha256)));
  return note(context, file, actor, std::move(event));
}

Status Office::add_participant(gate::Context& context, const Actor& actor, const CaseId& id, const std::string& login) {
  context.about(id.str());
  SK_TRY(File file, read(context, actor, id));
  SK_CHECK(require_here(context, file));
  SK_CHECK(whole_case(file));
  // Whoever can do something here may call somebody in.
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  bool may = actor.account == file.c.opener;
  for (const workflow::Transition* t : starting_here(file)) {
    SK_TRY(const Addresses who, addressing.of(t->by));
    may = may || meet(who, actor.addresses);
  }
  if (!may) return refused(file.d().clauses, Code::denied, "office.not_yours", "participants");
  const workflow::Lookups look = lookups(context, *file.organisation);
  SK_TRY(const auto account, look.person(login));
  if (!account) return fail(Code::invalid_argument, "office.person", "no such person");
  SK_TRY(const auto who, directory_.standing(context.tx, *account, context.now));
  SK_CHECK(CaseTable::add_participant(context.tx, id, *account, who ? who->name : "", actor.name, context.now));
  Event event;
  event.event = "participant";
  event.note = *account;
  SK_CHECK(note(context, file, actor, std::move(event)));
  SK_CHECK(tell_addresses(context, file, {"account:" + *account}, "{number} の関係者に加わりました。", file.d().clauses.front().ref, std::nullopt, 0));
  return put_access(context, file);
}

Status Office::link(gate::Context& context, const Actor& actor, const CaseId& id, const CaseId& other) {
  context.about(id.str());
  SK_TRY(File file, read(context, actor, id));
  SK_CHECK(require_here(context, file));
  SK_CHECK(whole_case(file));
  SK_TRY(const File there, read(context, actor, other));
  SK_CHECK(whole_case(there));
  if (id == other) return fail(Code::invalid_argument, "office.link", "a case is not linked with itself");
  SK_CHECK(CaseTable::link(context.tx, id, other, "linked"));
  Event event;
  event.event = "link";
  event.note = other.str();
  return note(context, file, actor, std::move(event));
}

Status Office::see(gate::Context& context, const Actor& actor, const NoticeId& id) {
  SK_TRY(const auto found, HistoryTable::notice(context.tx, id));
  if (!found) return fail(Code::not_found, "office.notice_not_found", "no such notice");
  SK_TRY(const Addresses told, HistoryTable::told(context.tx, id));
  if (!meet(told, actor.addresses)) return fail(Code::not_found, "office.notice_not_found", "no such notice");
  context.about(found->about.str());
  return HistoryTable::see(context.tx, id, actor.account, actor.name, context.now);
}

}  // namespace sekisho::office
