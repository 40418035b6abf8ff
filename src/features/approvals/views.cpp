#include "features/approvals/views.h"

#include <algorithm>

#include "features/bodies/label_view.h"

namespace sekisho::approvals {
namespace {

constexpr int kScan = 200;        // rows looked at in one go
constexpr int kMostScans = 20;    // and how often, before a page ends early

}  // namespace

Result<std::string> Views::unit_name(const std::string& id) {
  if (id.empty()) return std::string();
  if (!units_) {
    SK_TRY(units_, bodies::Table::units(context_.tx));
  }
  for (const auto& unit : *units_)
    if (unit.id.str() == id) return unit.name;
  return std::string();
}

Result<std::string> Views::person_name(const std::string& account) {
  SK_TRY(const auto who, approvals_.directory().standing(context_.tx, account, context_.now));
  return who ? who->name + "（" + who->login + "）" : std::string("登録のない人");
}

Result<std::string> Views::label_text(const std::string& encoded, Timestamp written) {
  SK_TRY(const auto label, policy::decode(encoded));
  SK_TRY(const auto words, bodies::label_words_at(context_, written));
  const bodies::LabelView view = bodies::view_of(label, words);
  std::string readers;
  for (const std::string& clause : view.readers) readers += (readers.empty() ? "" : "のうち ") + clause;
  return view.text + "、読める範囲: " + (readers.empty() ? "全庁" : readers);
}

Result<std::string> Views::roles(const std::string& power, const std::string& instead) {
  SK_TRY(std::string out, Approvals::roles_with(context_.tx, {power}));
  if (out.empty()) out = power;
  if (instead.empty()) return out;
  SK_TRY(const std::string other, Approvals::roles_with(context_.tx, {instead}));
  return other.empty() ? out : out + "（または" + other + "）";
}

Result<KindList> Views::kinds() {
  KindList out;
  for (const Kind& k : approvals_.kinds().all()) {
    if (k.opens == Opens::feature) continue;
    KindView v{k.key, k.title, k.description, k.clauses, {}, {}, k.fields, k.needs_reason, std::string(boost::describe::enum_to_string(k.period, "")), k.max_days, k.after_the_fact, false};
    for (const Approver& a : k.approvers) {
      SK_TRY(std::string line, roles(a.power, a.instead.value_or("")));
      v.approvers.push_back((a.scope == Scope::unit ? "申請する課の" : "") + line);
    }
    for (const std::string& power : k.notified) {
      SK_TRY(std::string line, roles(power, ""));
      v.notified.push_back(std::move(line));
    }
    v.may_ask = k.requesters.empty() || std::any_of(k.requesters.begin(), k.requesters.end(), [&](const auto& p) { return caller_.powers.contains(p); });
    out.items.push_back(std::move(v));
  }
  return out;
}

Result<RequestItem> Views::item(const Request& r) {
  const Kind* kind = approvals_.kinds().find(r.content.kind);
  SK_TRY(std::string unit, unit_name(r.unit));
  SK_TRY(const auto exceptions, Table::exceptions(context_.tx, r.id));
  RequestItem out{r.id, r.content.kind, kind != nullptr ? kind->title : r.content.kind, std::string(name_of(state_at(r, context_.now))), r.name, std::move(unit),
                  r.content.reason, r.submitted_at, r.content.ends_at, r.content.review_at, r.content.done_at, !exceptions.empty(), std::nullopt, false, {}};
  if (!open_here(context_, r)) {
    out.reason.clear();
    out.elsewhere = context_.body.codes_of(r.segments);
  }
  SK_TRY(const auto told, Table::notices_of(context_.tx, r.id));
  SK_TRY(const auto seen, Table::seen_of(context_.tx, r.id));
  for (const Notice& n : told) {
    SK_TRY(const bool mine, addressed(n));
    if (!mine) continue;
    out.notice = n.event;
    out.unseen = out.unseen || std::none_of(seen.begin(), seen.end(), [&](const Seen& s) { return s.notice == n.id && s.account == caller_.account; });
  }
  return out;
}

Result<RequestList> Views::items(const std::vector<Request>& requests, int limit) {
  RequestList out;
  for (const Request& r : requests) {
    SK_TRY(auto made, item(r));
    out.items.push_back(std::move(made));
  }
  if (static_cast<int>(requests.size()) == limit) out.next = requests.back().id.str();
  return out;
}

Result<RequestList> Views::mine(const std::string& after, int limit) {
  SK_TRY(const auto requests, Table::page_of(context_.tx, caller_.person, after, limit));
  return items(requests, limit);
}

Result<RequestList> Views::all(const std::string& after, int limit) {
  SK_TRY(const auto requests, Table::page(context_.tx, after, limit));
  return items(requests, limit);
}

Result<bool> Views::waiting_here(std::string& before, const Take& take) {
  for (int scan = 0; scan < kMostScans; ++scan) {
    SK_TRY(const auto rows, Table::page_in(context_.tx, State::submitted, before, kScan));
    for (const Request& r : rows) {
      before = r.id.str();
      if (state_at(r, context_.now) != State::submitted) continue;
      const auto file = approvals_.read(context_.tx, caller_, r.id, context_.now);
      if (!file) {
        if (file.error().code == Code::not_found || file.error().key == "approvals.kind_gone") continue;
        return Unexpected(file.error());
      }
      SK_TRY(const auto place, approvals_.place_of(context_.tx, *file, caller_));
      if (!place) continue;
      SK_TRY(const bool further, take(r, *file, *place));
      if (!further) return true;
    }
    if (static_cast<int>(rows.size()) < kScan) return false;
  }
  return true;
}

// A conflict is shown too, so that it can be passed on or excepted.
Result<RequestList> Views::to_rule(const std::string& after, int limit) {
  RequestList out;
  std::string before = after;
  SK_TRY(const bool more, waiting_here(before, [&](const Request& r, const Approvals::File&, const Approvals::Place&) -> Result<bool> {
    SK_TRY(auto made, item(r));
    out.items.push_back(std::move(made));
    return static_cast<int>(out.items.size()) < limit;
  }));
  if (more) out.next = before;
  return out;
}

Result<bool> Views::addressed(const Notice& notice) {
  if (!notice.account.empty()) return notice.account == caller_.account;
  const std::string key = notice.power + " " + notice.unit;
  if (const auto known = addressed_.find(key); known != addressed_.end()) return known->second;
  SK_TRY(const bool mine, approvals_.holds(context_.tx, caller_, notice.power, notice.unit));
  addressed_[key] = mine;
  return mine;
}

// By notice, newest first; a request stands once a page.
Result<RequestList> Views::notified(const std::string& after, int limit) {
  RequestList out;
  std::set<std::string> shown;
  std::string before = after;
  for (int scan = 0; scan < kMostScans; ++scan) {
    SK_TRY(const auto rows, Table::notices(context_.tx, before, kScan));
    for (const Notice& n : rows) {
      before = n.id.str();
      SK_TRY(const bool mine, addressed(n));
      if (!mine || !shown.insert(n.request.str()).second) continue;
      SK_TRY(const auto request, Table::find(context_.tx, n.request));
      if (!request) return fail(Code::corrupt, "approvals.not_found", "a notice of no request");
      SK_TRY(auto made, item(*request));
      out.items.push_back(std::move(made));
      if (static_cast<int>(out.items.size()) == limit) {
        out.next = before;
        return out;
      }
    }
    if (static_cast<int>(rows.size()) < kScan) return out;
  }
  out.next = before;
  return out;
}

Result<std::vector<SlotView>> Views::slots(const Approvals::File& file, bool with_candidates) {
  std::vector<SlotView> out;
  for (std::size_t i = 0; i < file.request.content.slots.size(); ++i) {
    const Slot& s = file.request.content.slots[i];
    SlotView v;
    SK_TRY(v.roles, roles(s.power, s.instead));
    SK_TRY(v.unit, unit_name(s.unit));
    for (const Ruling& r : file.rulings) {
      if (r.ruling != "grant" || r.revision != file.request.revision || r.slot != static_cast<int>(i)) continue;
      v.open = false;
      v.signed_by = r.name;
      if (!r.on_behalf.empty()) {
        SK_TRY(v.on_behalf, person_name(r.on_behalf));
      }
      v.signed_at = r.at;
      v.conditions = r.note;
      v.exception = r.exception.has_value();
    }
    if (v.open && with_candidates) {
      SK_TRY(v.candidates, approvals_.candidates(context_.tx, file, static_cast<int>(i), context_.now));
    }
    out.push_back(std::move(v));
  }
  return out;
}

Result<std::vector<NoticeView>> Views::notices(const RequestId& id) {
  SK_TRY(const auto told, Table::notices_of(context_.tx, id));
  SK_TRY(const auto seen, Table::seen_of(context_.tx, id));
  std::vector<NoticeView> out;
  for (const Notice& n : told) {
    NoticeView v{n.event, "", n.at, {}};
    if (!n.account.empty()) {
      SK_TRY(v.to, person_name(n.account));
    } else {
      SK_TRY(v.to, roles(n.power, ""));
      SK_TRY(const std::string unit, unit_name(n.unit));
      if (!unit.empty()) v.to = unit + " " + v.to;
    }
    for (const Seen& s : seen)
      if (s.notice == n.id) v.seen.push_back({s.name, s.at});
    out.push_back(std::move(v));
  }
  return out;
}

Result<std::vector<std::string>> Views::can(const Approvals::File& file) {
  std::vector<std::string> out;
  const State state = file.request.state;
  if (file.request.person == caller_.person) {
    if (next(state, Move::edit) && file.kind->opens == Opens::form) out.push_back("edit");
    if (next(state, Move::submit)) out.push_back("submit");
    if (next(state, Move::withdraw)) out.push_back("withdraw");
    if (next(state, Move::finish)) out.push_back("finish");
  }
  if (state == State::submitted) {
    SK_TRY(const auto place, approvals_.place_of(context_.tx, file, caller_));
    if (place && !place->conflict) out.insert(out.end(), {"grant", "return", "refuse"});
    if (place && place->conflict && file.kind->exception) {
      SK_TRY(const auto others, approvals_.candidates(context_.tx, file, place->slot, context_.now));
      if (others.empty()) out.push_back("override");
    }
  }
  if (next(state, Move::revoke) && !file.asks.contains(caller_.person))
    for (const Slot& s : file.request.content.slots) {
      SK_TRY(const bool signs, approvals_.holds(context_.tx, caller_, s.power, s.unit));
      if (!signs && (s.instead.empty() || !caller_.powers.contains(s.instead))) continue;
      out.push_back("revoke");
      break;
    }
  return out;
}

// That it waits, for whom and from whom; nothing of what was typed, and nothing to sign it with.
Result<RequestView> Views::from_elsewhere(const Approvals::File& file) {
  const Request& r = file.request;
  RequestView out;
  out.id = r.id;
  out.kind = r.content.kind;
  out.title = file.kind->title;
  out.clauses = file.kind->clauses;
  out.state = std::string(name_of(r.state));
  out.requester = r.name;
  SK_TRY(out.department, unit_name(r.unit));
  out.created_at = r.created_at;
  out.submitted_at = r.submitted_at;
  out.decided_at = r.decided_at;
  SK_TRY(out.slots, slots(file, false));
  for (SlotView& slot : out.slots) slot.conditions.clear();
  out.elsewhere = context_.body.codes_of(r.segments);
  return out;
}

Result<RequestView> Views::full(const RequestId& id) {
  SK_TRY(const auto file, approvals_.read(context_.tx, caller_, id, context_.now));
  const Request& r = file.request;
  if (!open_here(context_, r)) return from_elsewhere(file);
  const Content& c = r.content;
  RequestView out;
  out.id = r.id;
  out.kind = c.kind;
  out.title = file.kind->title;
  out.clauses = file.kind->clauses;
  out.state = std::string(name_of(r.state));
  out.revision = r.revision;
  out.content_hash = r.hash;
  out.requester = r.name;
  SK_TRY(out.department, unit_name(r.unit));
  out.subject = c.subject;
  out.values = c.fields;
  for (const Field& f : file.kind->fields) {
    const auto it = c.fields.find(f.key);
    if (it == c.fields.end() || it->second.empty()) continue;
    std::string shown = it->second;
    if (f.type == FieldType::account) {
      SK_TRY(shown, person_name(it->second));
    }
    if (f.type == FieldType::label) {
      SK_TRY(shown, label_text(it->second, r.submitted_at.value_or(r.created_at)));
    }
    out.fields.push_back({f.key, f.title, std::move(shown)});
  }
  out.reason = c.reason;
  out.starts_at = c.starts_at;
  out.ends_at = c.ends_at;
  out.review_at = c.review_at;
  out.done_at = c.done_at;
  out.created_at = r.created_at;
  out.submitted_at = r.submitted_at;
  out.decided_at = r.decided_at;
  SK_TRY(out.slots, slots(file, r.state == State::submitted));
  SK_TRY(const auto exceptions, Table::exceptions(context_.tx, id));
  for (const Exception& e : exceptions) out.exceptions.push_back({e.name, e.reason, e.at});
  SK_TRY(const auto events, Table::events(context_.tx, id));
  for (const Event& e : events) out.history.push_back({e.event, e.name, e.note, e.at});
  SK_TRY(out.notices, notices(id));
  SK_TRY(out.can, can(file));
  return out;
}

Status Views::see(const RequestId& id) {
  SK_CHECK(approvals_.read(context_.tx, caller_, id, context_.now));
  SK_TRY(const auto told, Table::notices_of(context_.tx, id));
  for (const Notice& n : told) {
    SK_TRY(const bool mine, addressed(n));
    if (mine) SK_CHECK(Table::see(context_.tx, {n.id, caller_.account, caller_.name, context_.now}));
  }
  return ok();
}

}  // namespace sekisho::approvals
