#include "features/office/views.h"

#include <algorithm>

#include "features/office/kept_table.h"
#include "text/shorten.h"

namespace sekisho::office {
namespace {

constexpr std::size_t kMaxCell = 300;  // bytes of a cell of a list

const json::Value* value_at(const json::Object& fields, std::string_view key) {
  const auto it = fields.find(key);
  return it == fields.end() ? nullptr : &it->value();
}

// By when something is to be done, "令和8年4月1日 09:05": the end of a day is that day, "令和8年4月1日", not midnight of the next.
std::string due_words(Timestamp due) {
  const std::string minute = to_jst_minutes(due).substr(11);
  return minute == "00:00" ? to_wareki(jst_date({due.micros - 1})) : to_wareki(jst_date(due)) + " " + minute;
}

std::string title_of(const workflow::State* state, const std::string& key) { return state == nullptr ? key : state->title; }

}  // namespace

Result<bool> Views::opener_shown(const File& file) {
  if (file.only_step) return file.c.opener == actor_.account;
  if (!file.d().open.opener_hidden.value_or(false) || file.c.opener == actor_.account) return true;
  if (!file.d().visible) return false;
  Addressing addressing(context_.tx, file.d(), *file.organisation, file.c, file.steps);
  SK_TRY(const Addresses who, addressing.of(*file.d().visible));
  return meet(who, actor_.addresses);
}

Result<std::string> Views::cell(const File& file, const std::string& column) {
  const Case& c = file.c;
  if (const workflow::Field* const f = file.d().field(column)) {
    SK_TRY(const bool visible, office_.may_see(context_, file, actor_, *f));
    const json::Value* const value = value_at(c.fields, column);
    return visible && value != nullptr ? words_.of(*f, *value) : Result<std::string>(std::string());
  }
  if (column == "number") return c.number;
  if (column == "subject") return c.subject;
  if (column == "state") return title_of(file.d().state(c.state), c.state);
  if (column == "opened") return to_wareki(jst_date(c.opened_at));
  if (column == "updated") return to_wareki(jst_date(c.updated_at));
  if (column == "due") return c.due_at ? due_words(*c.due_at) : std::string();
  if (column == "closed") return c.closed_at ? to_wareki(jst_date(*c.closed_at)) : std::string();
  if (column == "unit") return words_.unit(c.unit);
  if (column == "opener") {
    SK_TRY(const bool shown, opener_shown(file));
    return shown ? c.opener_name : std::string("（伏せています）");
  }
  if (column == "assigned") {
    if (file.only_step) return std::string();
    if (!c.assigned.starts_with("account:") || c.assigned.find(' ') != std::string::npos) return std::string();
    return words_.person(c.assigned.substr(8));
  }
  return std::string();
}

Result<ItemView> Views::item(const File& file) {
  const Case& c = file.c;
  ItemView out;
  out.id = c.id;
  out.definition = c.definition;
  out.definition_title = file.d().title;
  out.number = c.number;
  out.subject = c.subject;
  out.state = c.state;
  out.state_title = title_of(file.d().state(c.state), c.state);
  out.kind = boost::describe::enum_to_string(c.kind, "");
  SK_TRY(out.unit, words_.unit(c.unit));
  out.due_at = c.due_at;
  out.overdue = c.due_at && *c.due_at < context_.now && c.kind != workflow::StateKind::closed;
  out.opened_at = c.opened_at;
  out.updated_at = c.updated_at;
  for (const std::string& column : file.d().list.columns) {
    SK_TRY(const std::string text, cell(file, column));
    out.cells.push_back({column, text::shortened(text, kMaxCell)});
  }
  return out;
}

Status Views::fields(const File& file, CaseView& out) {
  SK_TRY(const auto missing, workflow::missing(office_.facts_of(context_, file), file.c.state));
  for (const workflow::Field& f : file.d().fields) {
    SK_TRY(const bool visible, office_.may_see(context_, file, actor_, f));
    if (!visible) continue;
    FieldView view;
    view.key = f.key;
    if (const json::Value* const value = value_at(file.c.fields, f.key)) view.value = *value;
    SK_TRY(view.text, words_.of(f, view.value));
    SK_TRY(view.rows, words_.cells(f, view.value));
    SK_TRY(view.editable, office_.may_edit(context_, file, actor_, f));
    view.missing = std::find(missing.begin(), missing.end(), f.key) != missing.end();
    out.fields.push_back(std::move(view));
  }
  if (file.only_step) return ok();
  for (const workflow::Region& r : file.d().regions.value_or(std::vector<workflow::Region>{})) {
    const auto at = file.c.regions.find(r.key);
    const workflow::State* const state = at == file.c.regions.end() ? nullptr : workflow::find_state(r.states, at->second);
    if (state == nullptr) continue;
    const bool live = std::find(r.live_in.begin(), r.live_in.end(), file.c.state) != r.live_in.end();
    out.regions.push_back({r.key, r.title, state->key, state->title, boost::describe::enum_to_string(state->kind, ""), live});
  }
  return ok();
}

Status Views::actions(const File& file, CaseView& out) {
  for (const workflow::Transition* t : office_.starting_here(file)) {
    SK_TRY(const Office::Chance chance, office_.chance(context_, file, actor_, *t));
    if (!chance.mover) continue;
    const workflow::Region* region = nullptr;
    static_cast<void>(file.d().transition(t->key, &region));
    ActionView view;
    view.transition = t->key;
    view.title = t->title;
    view.region = region == nullptr ? "" : region->key;
    if (t->to) view.to = title_of(region == nullptr ? file.d().state(*t->to) : workflow::find_state(region->states, *t->to), *t->to);
    view.clause = t->clauses.front().ref;
    view.ask = t->ask.value_or(workflow::Keys{});
    view.reason = t->reason.value_or(false);
    view.danger = t->danger.value_or(false);
    SK_TRY(const auto hindrance, workflow::hindrance(*t, office_.facts_of(context_, file)));
    view.hindered = hindrance.value_or("");
    SK_TRY(view.needs, workflow::missing(office_.facts_of(context_, file), region == nullptr ? t->to.value_or(file.c.state) : file.c.state));
    if (chance.conflict) {
      view.separation = chance.clause;
      view.unavoidable = chance.crossable;
      SK_TRY(view.others, office_.others_who_could(context_, file, *t));
    }
    if (t->joint) {
      SK_TRY(const auto signatures, HistoryTable::signatures(context_.tx, file.c, t->key));
      view.signed_places = static_cast<int>(signatures.size());
      view.places = static_cast<int>(t->places());
    }
    out.actions.push_back(std::move(view));
  }
  return ok();
}

Status Views::history(const File& file, CaseView& out) {
  SK_TRY(const auto events, HistoryTable::events(context_.tx, file.c.id));
  SK_TRY(const bool shown, opener_shown(file));
  for (const Event& e : events) {
    EventView view{e.n, e.event, "", "", e.from, e.to, e.name, e.note, e.exception.has_value(), e.content_hash == file.c.hash, e.at, e.hash};
    if (!shown && e.person == file.c.opener) view.name = "（伏せています）";
    const workflow::Region* region = file.d().region(e.region);
    if (region != nullptr) view.region = region->title;
    if (const workflow::Transition* const t = file.d().transition(e.transition)) view.title = t->title;
    if (e.event == "open") view.title = "開いた";
    for (auto* place : {&view.from, &view.to})
      *place = title_of(region == nullptr ? file.d().state(*place) : workflow::find_state(region->states, *place), *place);
    if (e.event == "edit") {
      view.note.clear();
      for (const workflow::Field& f : file.d().fields)
        if ((" " + e.note + " ").find(" " + f.key + " ") != std::string::npos) view.title += (view.title.empty() ? "" : "、") + f.title;
      if (view.title.empty()) view.note = e.note;
    }
    if (e.event == "attach") {
      const std::string key = e.note.substr(0, e.note.find(' '));
      if (const workflow::Field* const f = file.d().field(key)) view.title = f->title;
    }
    const std::size_t space = e.note.find(' ');
    if (e.event == "effect" && e.note.starts_with("draft ")) {
      // "draft <field> <engine> <model>"
      const std::size_t end = std::min(e.note.find(' ', space + 1), e.note.size());
      const workflow::Field* const f = file.d().field(e.note.substr(space + 1, end - space - 1));
      view.title = "「" + (f == nullptr ? std::string() : f->title) + "」は下書きから始まった文";
      view.note = end < e.note.size() ? e.note.substr(end + 1) : "";
      if (view.note == "extractive") view.note = "モデルは使わず、欄を並べたもの";
      out.history.push_back(std::move(view));
      continue;
    }
    if (const switches::Kind* const kind = e.event == "effect" && space != std::string::npos ? switches::find_kind(e.note.substr(space + 1)) : nullptr) {
      view.title = std::string(kind->title) + (e.note.starts_with("on ") ? "（入）" : "（切）");
      view.note.clear();
    }
    if (e.event == "participant") {
      SK_TRY(view.note, words_.person(e.note));
    }
    if (e.event == "link") {
      SK_TRY(view.note, words_.case_number(e.note));
    }
    out.history.push_back(std::move(view));
  }
  SK_TRY(const auto exceptions, HistoryTable::exceptions(context_.tx, file.c.id));
  for (const auto& e : exceptions) {
    const workflow::Transition* const t = file.d().transition(e.transition);
    out.exceptions.push_back({t == nullptr ? e.transition : t->title, e.name, e.reason, e.at});
  }
  if (!file.d().print || !file.d().print->seals) return ok();
  for (const workflow::Seal& s : *file.d().print->seals) {
    SealView seal{s.title, "", std::nullopt, false};
    for (const Event& e : events)
      if (s.transition && e.event == "move" && e.transition == *s.transition) seal = {s.title, e.name, e.at, e.content_hash == file.c.hash};
    out.seals.push_back(std::move(seal));
  }
  return ok();
}

Result<NoticeView> Views::notice(const Notice& n, const std::vector<SeenBy>& seen) {
  NoticeView out;
  out.id = n.id;
  out.about = n.about;
  SK_TRY(out.number, words_.case_number(n.about.str()));
  out.text = n.words;
  out.clause = n.clause;
  out.due_at = n.due_at;
  out.at = n.at;
  out.seen_at = n.seen_at;
  SK_TRY(const Addresses told, HistoryTable::told(context_.tx, n.id));
  out.mine = meet(told, actor_.addresses);
  out.unseen = out.mine;
  for (const SeenBy& s : seen) {
    if (s.notice != n.id) continue;
    out.seen.push_back({s.name, s.at});
    out.unseen = out.unseen && s.account != actor_.account;
  }
  return out;
}

Status Views::attachments(const File& file, CaseView& out) {
  SK_TRY(const auto attachments, HistoryTable::attachments(context_.tx, file.c.id));
  for (const Attachment& a : attachments) {
    const workflow::Field* const f = file.d().field(a.field);
    if (f == nullptr) continue;
    SK_TRY(const bool visible, office_.may_see(context_, file, actor_, *f));
    if (visible) out.attachments.push_back({a.id, a.field, a.name, a.bytes, a.sha256, a.dated, a.by, a.at});
  }
  return ok();
}

// Links and notices.
Status Views::around(const File& file, CaseView& out) {
  SK_TRY(const auto links, CaseTable::links(context_.tx, file.c.id));
  for (const auto& l : links) {
    LinkView view{l.id, "", "", l.why, l.from_here, "", ""};
    SK_TRY(const auto other, office_.readable(context_, actor_, l.id));
    if (other) {
      view.number = other->c.number;
      view.definition = other->c.definition;
      view.subject = other->c.subject;
      view.state = title_of(other->d().state(other->c.state), other->c.state);
    } else {
      SK_TRY(view.number, words_.case_number(l.id.str()));
    }
    out.links.push_back(std::move(view));
  }
  SK_TRY(const auto notices, HistoryTable::notices(context_.tx, file.c.id));
  SK_TRY(const auto seen, HistoryTable::seen(context_.tx, file.c.id));
  for (const Notice& n : notices) {
    SK_TRY(auto view, notice(n, seen));
    const std::size_t at = view.text.find("{subject}");
    if (at != std::string::npos) view.text.replace(at, 9, file.c.subject);
    out.notices.push_back(std::move(view));
  }
  return ok();
}

Result<CaseView> Views::whole(const CaseId& id) {
  context_.about(id.str());
  SK_TRY(const File file, office_.read(context_, actor_, id));
  CaseView out;
  SK_TRY(static_cast<ItemView&>(out), item(file));
  out.version = file.c.version;
  out.hash = file.c.hash;
  SK_TRY(out.opener, cell(file, "opener"));
  SK_TRY(out.assigned, cell(file, "assigned"));
  SK_TRY(const auto label_words, bodies::label_words(context_));
  out.label = bodies::view_of(file.c.label, label_words);
  SK_CHECK(fields(file, out));
  SK_CHECK(actions(file, out));
  SK_CHECK(attachments(file, out));
  out.may_comment = !file.only_step;
  if (file.only_step) return out;
  SK_CHECK(history(file, out));
  SK_CHECK(around(file, out));
  SK_TRY(const auto kept, KeptTable::of(context_.tx, id));
  for (const Kept& k : kept) out.kept.push_back({k.name, k.content});
  return out;
}

}  // namespace sekisho::office
