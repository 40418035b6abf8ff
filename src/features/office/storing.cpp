// What follows from the fields of a case: computed fields, subject, label, department, who reads it, what it is linked with.
#include <algorithm>

#include "features/bodies/dates.h"
#include "features/office/draft_table.h"
#include "features/office/words.h"
#include "text/normalise.h"
#include "text/shorten.h"
#include "text/utf8.h"

namespace sekisho::office {
namespace {

constexpr std::size_t kMaxFields = 400'000;  // bytes of all fields of one case
constexpr std::size_t kMaxSubject = 240;     // bytes
constexpr std::size_t kMaxWords = 600;       // bytes that searches look through
constexpr int kDeepest = 8;                  // cases that follow from one another

json::Value field_value(const json::Object& fields, const std::string& key) {
  const auto it = fields.find(key);
  return it == fields.end() ? json::Value(nullptr) : it->value();
}

std::string facet_of(const json::Value& v) {
  if (v.is_string()) return text::beginning(std::string_view(v.get_string()), 200);
  return v.is_null() ? "" : json::canonical(v);
}

int rank_in(const json::Value& value, const char* axis) {
  if (!value.is_object()) return 0;
  const auto it = value.get_object().find(axis);
  return it != value.get_object().end() && it->value().is_int64() ? static_cast<int>(it->value().get_int64()) : 0;
}

std::string plain_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

}  // namespace

workflow::Lookups Office::lookups(gate::Context& context, const workflow::Organisation& organisation) const {
  workflow::Lookups out;
  out.ranks_c = organisation.ranks_c;
  out.ranks_i = organisation.ranks_i;
  out.ranks_a = organisation.ranks_a;
  out.person = [this, &context](const std::string& text) -> Result<std::optional<std::string>> {
    SK_TRY(const auto who, directory_.standing(context.tx, text, context.now));
    if (who) return std::optional(who->account);
    return directory_.find(context.tx, text);
  };
  out.department = [&context](const std::string& text) -> Result<std::optional<std::string>> {
    SK_TRY(const auto units, bodies::Table::unit_rows(context.tx));
    for (const auto& u : units)
      if ((u.id.str() == text || u.code == text) && u.in_force(context.now)) return std::optional(u.id.str());
    return std::optional<std::string>();
  };
  out.reference = [&context](const std::string& definition, const std::string& text) -> Result<std::optional<std::string>> {
    if (is_ulid(text)) {
      SK_TRY(const auto found, CaseTable::for_rules(context.tx, CaseId::trusted(text)));
      return found && found->definition == definition ? std::optional(text) : std::nullopt;
    }
    SK_TRY(const auto found, CaseTable::by_number(context.tx, definition, text));
    return found ? std::optional(found->str()) : std::nullopt;
  };
  return out;
}

Status Office::write_fields(gate::Context& context, File& file, const Actor& actor, const json::Object& given, const workflow::Keys* only) const {
  const workflow::Lookups look = lookups(context, *file.organisation);
  for (const auto& member : given) {
    const std::string key(member.key());
    const workflow::Field* const field = file.d().field(key);
    if (field == nullptr) return fail(Code::invalid_argument, "office.field", key.substr(0, 60) + ": no such field");
    if (only != nullptr && std::find(only->begin(), only->end(), key) == only->end()) return fail(Code::invalid_argument, "office.field", key + ": not asked for in this step");
    bool may = true;
    if (only == nullptr) {
      SK_TRY(may, may_edit(context, file, actor, *field));
    } else if (field->edit && !actor.program) {
      Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
      SK_TRY(const Addresses who, addressing.of(*field->edit));
      may = meet(who, actor.addresses);
    }
    if (!may) return refused(file.d().clauses, Code::denied, "office.not_your_field", key);
    SK_TRY(json::Value value, workflow::value_of(*field, member.value(), look));
    if (field->rows) {
      const auto stands = file.c.fields.find(key);
      SK_TRY(value, workflow::with_answers(*field, stands == file.c.fields.end() ? nullptr : &stands->value(), value));
      if (value.get_array().empty()) value = nullptr;  // no rows yet
    }
    if (value.is_null()) file.c.fields.erase(key);
    else file.c.fields[key] = std::move(value);
  }
  return ok();
}

json::Value Office::said(const gate::Context& context, const workflow::Organisation& organisation, const Actor& actor, const std::string& unit, const json::Value& given) const {
  if (!given.is_string()) return given;
  const std::string_view special = given.get_string();
  const CivilDate today = jst_date(context.now);
  if (special == "@now") return json::Value(to_rfc3339(context.now));
  if (special == "@today") return json::Value(bodies::to_iso_day(today));
  if (special == "@fiscal_year") return json::Value(fiscal_year(today, organisation.fiscal_year_start));
  if (special == "@mover") return actor.program ? json::Value(nullptr) : json::Value(std::string_view(actor.account));
  if (special == "@unit") return unit.empty() ? json::Value(nullptr) : json::Value(std::string_view(unit));
  return given;
}

Status Office::set_fields(gate::Context& context, File& file, const Actor& actor, const std::map<std::string, json::Value>& set) const {
  const workflow::Lookups look = lookups(context, *file.organisation);
  for (const auto& [key, given] : set) {
    const workflow::Field* const field = file.d().field(key);
    if (field == nullptr) continue;  // checked when the definition was read
    SK_TRY(json::Value stored, workflow::value_of(*field, said(context, *file.organisation, actor, file.c.unit, given), look));
    if (stored.is_null()) file.c.fields.erase(key);
    else file.c.fields[key] = std::move(stored);
  }
  return ok();
}

Status Office::compute(gate::Context& context, File& file) const {
  Case& c = file.c;
  const workflow::Definition& d = file.d();
  policy::Label label = c.label;
  for (const workflow::Field& f : d.fields) {
    if (!f.derive) continue;
    SK_TRY(json::Value value, workflow::derived(f, facts_of(context, file), file.organisation->fiscal_year_start));
    if (value.is_null()) c.fields.erase(f.key);
    else c.fields[f.key] = std::move(value);
    // What comes out of other cases is as sensitive as they are.
    for (const std::string& id : ids_in(c.fields, f.derive->of.substr(0, f.derive->of.find('.')))) {
      if (f.derive->of.find('.') == std::string::npos || !is_ulid(id)) continue;
      SK_TRY(const auto other, CaseTable::for_rules(context.tx, CaseId::trusted(id)));
      if (other) label.c = std::max(label.c, other->label.c);
    }
  }
  if (json::canonical(json::Value(c.fields)).size() > kMaxFields) return fail(Code::too_large, "office.too_large", "over 400,000 bytes");
  const int least = d.sensitivity && d.sensitivity->at_least ? *d.sensitivity->at_least : 2;
  label.c = std::max(label.c, std::min(least, file.organisation->ranks_c));
  if (d.sensitivity && d.sensitivity->field) {
    const json::Value value = field_value(c.fields, *d.sensitivity->field);
    label.c = std::max(label.c, rank_in(value, "c"));
    label.i = std::max(label.i, rank_in(value, "i"));
    label.a = std::max(label.a, rank_in(value, "a"));
  }
  c.label = label;
  if (d.department) {
    const auto unit = ids_in(c.fields, *d.department);
    if (!unit.empty()) c.unit = unit.front();
  }
  if (d.assigned) {
    const auto who = ids_in(c.fields, *d.assigned);
    if (!who.empty()) c.assigned = "account:" + who.front();
  }
  const auto indexed = d.indexed();
  for (std::size_t i = 0; i < 4; ++i) c.facets[i] = i < indexed.size() ? facet_of(field_value(c.fields, indexed[i]->key)) : "";
  Words words(context, directory_);
  c.subject.clear();
  for (const std::string& key : d.subject) {
    SK_TRY(std::string part, words.of(*d.field(key), field_value(c.fields, key)));
    part = text::shortened(plain_line(std::move(part)), 120);
    if (const workflow::Field& f = *d.field(key); f.type == "number" && !part.empty()) part += f.unit.value_or("");
    if (!part.empty()) c.subject += (c.subject.empty() ? "" : "　") + part;
  }
  c.subject = text::shortened(c.subject, kMaxSubject);
  c.hash = hash_of(c.fields);
  c.updated_at = context.now;
  return ok();
}

Status Office::check_unique(gate::Context& context, const File& file) const {
  const auto indexed = file.d().indexed();
  for (std::size_t i = 0; i < indexed.size(); ++i) {
    if (!indexed[i]->unique.value_or(false) || file.c.facets[i].empty()) continue;
    SK_TRY(const bool taken, CaseTable::taken(context.tx, file.c.definition, static_cast<int>(i), file.c.facets[i], file.c.id));
    if (taken) return fail(Code::conflict, "office.taken", indexed[i]->key + ": another case has it");
  }
  return ok();
}

Status Office::put_links(gate::Context& context, const File& file) const {
  for (const workflow::Field& f : file.d().fields) {
    if (f.type != "reference" && f.type != "references") continue;
    SK_CHECK(CaseTable::unlink(context.tx, file.c.id, f.key));
    for (const std::string& id : ids_in(file.c.fields, f.key))
      if (id != file.c.id.str()) SK_CHECK(CaseTable::link(context.tx, file.c.id, CaseId::trusted(id), f.key));
  }
  return ok();
}

Status Office::put_access(gate::Context& context, const File& file) const {
  Addressing addressing(context.tx, file.d(), *file.organisation, file.c, file.steps);
  Addresses readers, movers;
  const auto add = [](Addresses& to, const Addresses& what) { to.insert(what.begin(), what.end()); };
  if (file.d().visible) {
    SK_TRY(const Addresses who, addressing.of(*file.d().visible));
    add(readers, who);
  }
  for (const workflow::Transition* t : starting_here(file)) {
    SK_TRY(const Addresses who, addressing.of(t->by));
    add(movers, who);
    if (by_anybody(*t)) readers.insert(kStepOfAnybody);
  }
  const workflow::State* const state = file.d().state(file.c.state);
  if (state != nullptr && state->edit) {
    SK_TRY(const Addresses who, addressing.of(*state->edit));
    add(readers, who);
  }
  movers.erase("anyone");
  add(readers, movers);
  workflow::Whos part(2);
  part[0].person = "assigned";
  part[1].person = "participant";
  SK_TRY(const Addresses who, addressing.of(part));
  add(readers, who);
  for (const Event& e : file.steps) {
    if (e.person == kProgram || e.event == "participant") continue;
    const workflow::Transition* const made = file.d().transition(e.transition);
    readers.insert((made != nullptr && by_anybody(*made) ? kStepMadeBy : "account:") + e.person);
  }
  SK_TRY(const auto notices, HistoryTable::notices(context.tx, file.c.id));
  for (const Notice& n : notices) {
    SK_TRY(const Addresses told, HistoryTable::told(context.tx, n.id));
    add(readers, told);
  }
  readers.erase(kProgram);
  if (readers.contains("anyone")) readers.erase(kStepOfAnybody);
  movers.erase(kProgram);
  if (file.c.kind == workflow::StateKind::closed) movers.clear();
  return CaseTable::put_access(context.tx, file.c, readers, movers);
}

Status Office::store(gate::Context& context, File& file, bool fresh) {
  std::string words = file.c.number + " " + file.c.subject;
  for (const workflow::Field& f : file.d().fields) {
    if ((f.type != "text" && f.type != "long_text") || f.visible) continue;
    const json::Value value = field_value(file.c.fields, f.key);
    if (value.is_string()) words += " " + std::string(std::string_view(value.get_string()));
  }
  words = text::beginning(text::normalise(text::beginning(words, kMaxWords * 2)), kMaxWords);
  SK_CHECK(check_unique(context, file));
  SK_CHECK(fresh ? CaseTable::insert(context.tx, file.c, words) : CaseTable::update(context.tx, file.c, words));
  SK_CHECK(put_links(context, file));
  return spread(context, file.c.id, 0);
}

// Cases that compute something from this one follow it.
Status Office::spread(gate::Context& context, const CaseId& id, int depth) {
  if (depth >= kDeepest) return ok();
  SK_TRY(const auto links, CaseTable::links(context.tx, id));
  for (const auto& l : links) {
    if (l.from_here) continue;
    SK_TRY(auto found, CaseTable::for_rules(context.tx, l.id));
    if (!found) continue;
    File other;
    other.c = std::move(*found);
    SK_TRY(other.organisation, definitions_.organisation(context.tx, context.body.code));
    auto loaded = definitions_.of(context.tx, context.body.code, other.c.version);
    if (!loaded) continue;  // told where the case itself is opened
    other.loaded = std::move(*loaded);
    const bool computes = std::any_of(other.d().fields.begin(), other.d().fields.end(), [&](const workflow::Field& f) { return f.derive && f.derive->of.starts_with(l.why + "."); });
    if (!computes) continue;
    const std::string before = other.c.hash;
    const policy::Rank rank = other.c.label.c;
    SK_TRY(other.steps, HistoryTable::steps(context.tx, other.c.id));
    SK_CHECK(compute(context, other));
    if (other.c.hash == before && other.c.label.c == rank) continue;
    ++other.c.revision;
    Event event;
    event.event = "edit";
    event.note = "つながる案件の変更による計算";
    SK_CHECK(note(context, other, program_actor(), std::move(event)));
    SK_TRY(const auto text, CaseTable::words(context.tx, other.c.id));
    SK_CHECK(CaseTable::update(context.tx, other.c, text));
    SK_CHECK(spread(context, other.c.id, depth + 1));
  }
  return ok();
}

Status Office::note_drafts(gate::Context& context, File& file, const Actor& actor, const json::Object& before) const {
  if (actor.program) return ok();
  for (const workflow::Field& f : file.d().fields) {
    const json::Value written = field_value(file.c.fields, f.key);
    if (!f.draft || !written.is_string() || written == field_value(before, f.key)) continue;
    SK_TRY(const auto drafts, DraftTable::open_of(context.tx, file.c.id, f.key, actor.account));
    const std::string text(std::string_view(written.get_string()));
    const auto from = std::find_if(drafts.begin(), drafts.end(), [&](const DraftRow& d) { return began_as(text, d.content); });
    if (from == drafts.end()) continue;
    Event event;
    event.event = "effect";
    event.note = "draft " + f.key + " " + from->engine + (from->model.empty() ? "" : " " + from->model);
    context.note("draft_taken", json::Value(std::string_view(from->id.str())));
    SK_CHECK(note(context, file, actor, std::move(event)));
    SK_CHECK(DraftTable::taken(context.tx, from->id, context.now));
  }
  return ok();
}

Status Office::note(gate::Context& context, File& file, const Actor& actor, Event event) const {
  event.person = actor.account;
  event.name = actor.name;
  event.content_hash = file.c.hash;
  event.at = context.now;
  SK_CHECK(HistoryTable::append(context.tx, file.c.id, file.c.version, event));
  if (event.event == "open" || event.event == "move" || event.event == "sign" || event.event == "participant") file.steps.push_back(event);
  return ok();
}

}  // namespace sekisho::office
