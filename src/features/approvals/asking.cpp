// The requester's half: what is asked, sent, changed, taken back and finished.
#include <algorithm>

#include "features/approvals/approvals.h"
#include "text/graphemes.h"

namespace sekisho::approvals {
namespace {

constexpr std::size_t kMaxText = 4000;       // bytes of one field
constexpr std::size_t kMaxReason = 12'000;   // bytes
constexpr std::size_t kMaxSubject = 200;
constexpr std::int64_t kDayMicros = 86'400'000'000;

const Field* field_of(const Kind& kind, const std::string& key) {
  const auto it = std::find_if(kind.fields.begin(), kind.fields.end(), [&](const Field& f) { return f.key == key; });
  return it == kind.fields.end() ? nullptr : &*it;
}

bool is_date(const std::string& text) { return text.size() == 10 && json::parse_rfc3339(text + "T00:00:00Z").has_value(); }
bool is_number(const std::string& text) {
  return !text.empty() && text.size() <= 15 && text.find_first_not_of("0123456789.") == std::string::npos && text.front() != '.' &&
         std::count(text.begin(), text.end(), '.') <= 1;
}

Status check_field(const Kind& kind, const Field& field, const std::string& value) {
  const auto wrong = [&](const char* what) { return refused(kind, Code::invalid_argument, "approvals.field", field.key + ": " + what); };
  if (value.size() > kMaxText) return wrong("too long");
  if (value.empty()) return field.required ? Status(wrong("needed")) : ok();
  if (field.type == FieldType::date && !is_date(value)) return wrong("YYYY-MM-DD");
  if (field.type == FieldType::number && !is_number(value)) return wrong("a number");
  if (field.type == FieldType::label && !policy::decode(value)) return wrong("a label");
  if (field.type == FieldType::choice && std::find(field.choices->begin(), field.choices->end(), value) == field.choices->end()) return wrong("not one of the choices");
  return ok();
}

Status check_period(const Kind& kind, const Content& c, Timestamp now) {
  const auto wrong = [&](const char* what) { return refused(kind, Code::invalid_argument, "approvals.period", what); };
  if (kind.period == Period::end && !c.ends_at) return wrong("an end is needed");
  if (kind.period == Period::end_or_review && !c.ends_at && !c.review_at) return wrong("an end or a day of review is needed");
  const Timestamp begin = c.starts_at.value_or(c.done_at.value_or(now));
  if (c.ends_at && *c.ends_at <= begin) return wrong("the end is before the beginning");
  if (c.ends_at && !c.done_at && *c.ends_at <= now) return wrong("the end is past");
  if (c.review_at && *c.review_at <= now) return wrong("the day of review is past");
  const Timestamp last = c.ends_at ? *c.ends_at : c.review_at.value_or(begin);
  if (kind.max_days && last.micros - begin.micros > *kind.max_days * kDayMicros) return wrong("longer than the kind allows");
  return ok();
}

}  // namespace

// What was put in, as a draft: only what would not fit is refused here. Logins become accounts.
Result<Content> Approvals::content_of(gate::Context& context, const Kind& kind, const Standing& who, NewRequest in) const {
  Content out{kind.key, std::move(in.subject), std::move(in.subject_hash), {}, std::move(in.reason), in.starts_at, in.ends_at, in.review_at, in.done_at, std::move(in.slots)};
  if (out.subject.size() > kMaxSubject || out.subject_hash.size() > kMaxSubject || out.reason.size() > kMaxReason)
    return refused(kind, Code::invalid_argument, "approvals.field", "too long");
  if (out.done_at && !kind.after_the_fact) return refused(kind, Code::invalid_argument, "approvals.not_afterwards", "this kind is asked before the act");
  if (out.done_at && *out.done_at > context.now) return refused(kind, Code::invalid_argument, "approvals.period", "done in the future");
  for (auto& [key, value] : in.fields) {
    const Field* field = field_of(kind, key);
    if (field == nullptr) return refused(kind, Code::invalid_argument, "approvals.field", key + ": no such field");
    if (value.size() > kMaxText) return refused(kind, Code::invalid_argument, "approvals.field", key + ": too long");
    if (field->type == FieldType::account && !value.empty()) {
      SK_TRY(const auto known, directory_.standing(context.tx, value, context.now));
      SK_TRY(const auto found, known ? Result<std::optional<std::string>>(value) : directory_.find(context.tx, value));
      if (!found) return refused(kind, Code::invalid_argument, "approvals.person", key + ": no such person");
      value = *found;
    }
    out.fields.emplace(key, std::move(value));
  }
  if (out.slots.empty())
    for (const Approver& a : kind.approvers) out.slots.push_back({a.power, a.scope == Scope::unit && !who.units.empty() ? who.units.front() : "", a.instead.value_or("")});
  return out;
}

Status Approvals::check_content(gate::Context& context, const Kind& kind, const Content& content) const {
  for (const Field& field : kind.fields) {
    const auto it = content.fields.find(field.key);
    SK_CHECK(check_field(kind, field, it == content.fields.end() ? "" : it->second));
  }
  if (kind.needs_reason && text::count_graphemes(content.reason) < 5) return refused(kind, Code::invalid_argument, "approvals.reason", "a reason of 5 characters or more");
  if (kind.content_bound && content.subject_hash.empty()) return refused(kind, Code::invalid_argument, "approvals.content_hash", "the kind binds to a content");
  if (content.slots.empty()) return refused(kind, Code::invalid_argument, "approvals.nobody", "nobody is named to sign");
  SK_CHECK(check_period(kind, content, context.now));
  const auto handler = handlers_.find(kind.key);
  if (handler != handlers_.end() && handler->second.check) SK_CHECK(handler->second.check(context, content));
  return ok();
}

// Who asks with a power borrowed as a deputy asks for the person it is borrowed from as well.
Status Approvals::add_asking(gate::Context& context, const Request& request, const Standing& who) {
  SK_CHECK(Table::add_asking(context.tx, request.id, who.person));
  const Kind* kind = kinds_.find(request.content.kind);
  const auto& powers = kind->requesters;
  const bool own = powers.empty() || std::any_of(powers.begin(), powers.end(), [&](const auto& p) { return who.powers.contains(p) && !who.borrowed.contains(p); });
  if (own) return ok();
  for (const std::string& power : powers)
    if (const auto it = who.borrowed.find(power); it != who.borrowed.end())
      for (const std::string& principal : it->second) SK_CHECK(Table::add_asking(context.tx, request.id, principal));
  return ok();
}

Status Approvals::add_asking_accounts(gate::Context& context, const Request& request, const std::vector<std::string>& accounts) {
  for (const std::string& account : accounts) {
    SK_TRY(const auto who, directory_.standing(context.tx, account, context.now));
    // Of an account that is stopped or gone no person is known; the account stands for itself.
    const std::string person = who ? who->person : account;
    if (person != request.person) SK_CHECK(Table::add_asking(context.tx, request.id, person));
  }
  return ok();
}

Result<Request> Approvals::request(gate::Context& context, NewRequest in) {
  const Kind* kind = kinds_.find(in.kind);
  if (kind == nullptr) return fail(Code::invalid_argument, "approvals.kind", "no such kind of request");
  context.note("clause", json::Value(kind->clauses.front()));
  SK_TRY(const Standing who, caller(context));
  const auto& may = kind->requesters;
  if (!may.empty() && std::none_of(may.begin(), may.end(), [&](const auto& p) { return who.powers.contains(p); })) {
    SK_TRY(std::string roles, roles_with(context.tx, may));
    return refused(*kind, Code::denied, "approvals.not_asking", "the kind is asked by others", std::move(roles));
  }
  if (who.units.empty()) return refused(*kind, Code::denied, "approvals.no_person", "without a unit");
  Request r;
  r.id = context.new_id<RequestTag>();
  r.revision = 0;
  r.account = who.account;
  r.person = who.person;
  r.name = who.name;
  r.unit = who.units.front();
  r.created_at = context.now;
  r.segments = context.permit().person().session_segment;
  const std::vector<std::string> asks_too = std::move(in.asks_too);
  SK_TRY(r.content, content_of(context, *kind, who, std::move(in)));
  r.hash = hash_of(r.content);
  context.about(r.id.str());
  SK_CHECK(Table::insert(context.tx, r));
  SK_CHECK(add_asking(context, r, who));
  SK_CHECK(add_asking_accounts(context, r, asks_too));
  SK_CHECK(Table::add_event(context.tx, r.id, {"draft", who.name, "", 0, context.now}));
  return r;
}

Result<Request> Approvals::open(gate::Context& context, NewRequest in) {
  SK_TRY(const Request draft, request(context, std::move(in)));
  return submit(context, draft.id);
}

Result<Request> Approvals::edit(gate::Context& context, const RequestId& id, NewRequest in) {
  SK_TRY(const Standing who, caller(context));
  SK_CHECK(read(context.tx, who, id, context.now));
  SK_TRY(File file, require(context, id));
  if (file.request.person != who.person) return refused(*file.kind, Code::denied, "approvals.not_requester", "not the requester", file.request.name);
  if (file.kind->opens == Opens::feature) return refused(*file.kind, Code::conflict, "approvals.by_feature", "filed by a part of the product");
  if (!next(file.request.state, Move::edit)) return refused(*file.kind, Code::conflict, "approvals.settled", "what is decided is not edited");
  SK_CHECK(add_asking(context, file.request, who));
  SK_TRY(file.request.content, content_of(context, *file.kind, who, std::move(in)));
  file.request.hash = hash_of(file.request.content);
  file.request.segments |= context.permit().person().session_segment;
  SK_CHECK(move(context, file, Move::edit, who.name, ""));
  return file.request;
}

Result<Request> Approvals::submit(gate::Context& context, const RequestId& id) {
  SK_TRY(const Standing who, caller(context));
  SK_CHECK(read(context.tx, who, id, context.now));
  SK_TRY(File file, require(context, id));
  Request& r = file.request;
  if (r.person != who.person) return refused(*file.kind, Code::denied, "approvals.not_requester", "not the requester", r.name);
  if (file.kind->period == Period::none) r.content.ends_at = Timestamp{context.now.micros + *file.kind->max_days * kDayMicros};
  SK_CHECK(check_content(context, *file.kind, r.content));
  // Every submission is a revision of its own: no earlier signature counts for it.
  ++r.revision;
  r.hash = hash_of(r.content);
  r.submitted_at = context.now;
  SK_CHECK(move(context, file, Move::submit, who.name, ""));
  return r;
}

Result<Request> Approvals::finish(gate::Context& context, const RequestId& id) {
  SK_TRY(const Standing who, caller(context));
  SK_CHECK(read(context.tx, who, id, context.now));
  SK_TRY(File file, require(context, id));
  if (file.request.person != who.person) return refused(*file.kind, Code::denied, "approvals.not_requester", "not the requester", file.request.name);
  SK_CHECK(move(context, file, next(file.request.state, Move::withdraw) ? Move::withdraw : Move::finish, who.name, ""));
  return file.request;
}

}  // namespace sekisho::approvals
