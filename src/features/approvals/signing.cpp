// The signer's half. Who signs comes from the session; whether he may, from people and not from accounts.
#include <algorithm>

#include "features/approvals/approvals.h"
#include "text/graphemes.h"

namespace sekisho::approvals {
namespace {

constexpr std::size_t kMaxNote = 12'000;
constexpr int kMaxCandidates = 20;
constexpr std::size_t kShortestReason = 10;  // characters
constexpr const char* kClauseSeparation = "6(8)ア";

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& x) { return b.contains(x); });
}

bool by_session(const gate::Context& context) { return std::holds_alternative<gate::SessionToken>(context.caller.credential); }

// What stands between this person and this place, signing with this power.
Approvals::Place judged(const Approvals::File& file, const Standing& who, int slot, const std::string& power) {
  Approvals::Place out{slot, "", false, false};
  std::set<std::string> principals;
  if (const auto it = who.borrowed.find(power); it != who.borrowed.end()) principals = it->second;
  out.requester = file.asks.contains(who.person) || meet(who.stands_for, file.asks) || meet(principals, file.asks);
  out.conflict = out.requester;
  if (!principals.empty()) out.on_behalf = *principals.begin();
  if (file.kind->same_person) return out;
  for (const Ruling& r : file.rulings) {
    if (r.ruling != "grant" || r.revision != file.request.revision) continue;
    const bool same = r.person == who.person || principals.contains(r.person) || (!r.on_behalf.empty() && (r.on_behalf == who.person || principals.contains(r.on_behalf)));
    out.conflict = out.conflict || same;
  }
  return out;
}

}  // namespace

Result<std::optional<Approvals::Place>> Approvals::place_of(sql::Tx& tx, const File& file, const Standing& caller) const {
  std::optional<Place> hindered;
  for (const int slot : open_slots(file.request, file.rulings)) {
    const Slot& s = file.request.content.slots[static_cast<std::size_t>(slot)];
    SK_TRY(const bool first, holds(tx, caller, s.power, s.unit));
    const bool second = !s.instead.empty() && caller.powers.contains(s.instead);
    for (const std::string* power : {first ? &s.power : nullptr, second ? &s.instead : nullptr}) {
      if (power == nullptr) continue;
      const Place place = judged(file, caller, slot, *power);
      if (!place.conflict) return std::optional<Place>(place);
      if (!hindered) hindered = place;
    }
  }
  return hindered;
}

Result<std::vector<std::string>> Approvals::candidates(sql::Tx& tx, const File& file, int slot, Timestamp now) const {
  const Slot& s = file.request.content.slots[static_cast<std::size_t>(slot)];
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (const std::string* power : {&s.power, &s.instead}) {
    if (power->empty()) continue;
    SK_TRY(const auto accounts, directory_.holders(tx, *power, now));
    for (const std::string& account : accounts) {
      SK_TRY(const auto who, directory_.standing(tx, account, now));
      if (!who || static_cast<int>(out.size()) >= kMaxCandidates) continue;
      SK_TRY(const bool may, holds(tx, *who, *power, power == &s.power ? s.unit : ""));
      if (may && !judged(file, *who, slot, *power).conflict && seen.insert(who->person).second) out.push_back(who->name);
    }
  }
  return out;
}

Status Approvals::sign(gate::Context& context, File& file, const Standing& who, const Place& place, const std::string& note, const std::optional<ExceptionId>& exception) {
  SK_CHECK(Table::add_ruling_party(context.tx, file.request.id, who.person));
  const Ruling ruling{file.request.revision, file.request.hash, place.slot, "grant", who.person, who.account, who.name, place.on_behalf, file.kind->same_person, exception,
                      exception.has_value() && place.requester, note, context.now};
  SK_CHECK(Table::add_ruling(context.tx, context.new_id<RulingTag>().str(), file.request, ruling));
  file.rulings.push_back(ruling);
  return ok();
}

Status Approvals::close_if_complete(gate::Context& context, File& file) {
  const Ruling& last = file.rulings.back();
  if (!open_slots(file.request, file.rulings).empty()) return move(context, file, Move::sign, last.name, last.note);
  SK_CHECK(move(context, file, Move::grant, last.name, last.note));
  return clock(context, file);
}

Result<Request> Approvals::rule(gate::Context& context, const RequestId& id, Verdict verdict, const std::string& hash, const std::string& note) {
  SK_TRY(const Standing who, caller(context));
  SK_CHECK(read(context.tx, who, id, context.now));
  SK_TRY(File file, require(context, id));
  const Kind& kind = *file.kind;
  if (!by_session(context)) return refused(kind, Code::denied, "approvals.session_only", "a person decides, in a session");
  if (file.request.state != State::submitted) return refused(kind, Code::conflict, "approvals.state", "not waiting for a decision");
  if (hash != file.request.hash) return refused(kind, Code::conflict, "approvals.changed", "the request is not the one that was seen");
  if (note.size() > kMaxNote || (verdict != Verdict::grant && note.empty())) return refused(kind, Code::invalid_argument, "approvals.reason", "say why");
  SK_TRY(auto place, place_of(context.tx, file, who));
  if (!place) {
    SK_TRY(std::string roles, roles_with(context.tx, {file.request.content.slots.front().power}));
    return refused(kind, Code::denied, "approvals.not_yours", "no open place is this person's", std::move(roles));
  }
  if (place->conflict) {
    SK_TRY(const auto others, candidates(context.tx, file, place->slot, context.now));
    std::string names;
    for (const std::string& name : others) names += (names.empty() ? "" : "、") + name;
    return fail(Error{Code::denied, place->requester ? "approvals.separation" : "approvals.two_people", "the signer asks, or signed already", kClauseSeparation, std::move(names)});
  }
  if (verdict != Verdict::grant) {
    const bool refuses = verdict == Verdict::refuse;
    SK_CHECK(Table::add_ruling_party(context.tx, id, who.person));
    const Ruling ruling{file.request.revision, file.request.hash, place->slot, refuses ? "refuse" : "give_back", who.person, who.account, who.name, place->on_behalf,
                        kind.same_person, std::nullopt, false, note, context.now};
    SK_CHECK(Table::add_ruling(context.tx, context.new_id<RulingTag>().str(), file.request, ruling));
    SK_CHECK(move(context, file, refuses ? Move::refuse : Move::give_back, who.name, note));
    return file.request;
  }
  SK_CHECK(sign(context, file, who, *place, note, std::nullopt));
  while (kind.same_person && !open_slots(file.request, file.rulings).empty()) {
    SK_TRY(place, place_of(context.tx, file, who));
    if (!place || place->conflict) break;
    SK_CHECK(sign(context, file, who, *place, note, std::nullopt));
  }
  SK_CHECK(close_if_complete(context, file));
  return file.request;
}

Result<Request> Approvals::except(gate::Context& context, const RequestId& id, const std::string& hash, const std::string& reason, const std::string& note) {
  SK_TRY(const Standing who, caller(context));
  SK_CHECK(read(context.tx, who, id, context.now));
  SK_TRY(File file, require(context, id));
  const Kind& kind = *file.kind;
  if (!by_session(context)) return refused(kind, Code::denied, "approvals.session_only", "a person decides, in a session");
  if (file.request.state != State::submitted) return refused(kind, Code::conflict, "approvals.state", "not waiting for a decision");
  if (hash != file.request.hash) return refused(kind, Code::conflict, "approvals.changed", "the request is not the one that was seen");
  if (!kind.exception) return fail(Error{Code::denied, "approvals.no_exception", "the kind knows no exception", kClauseSeparation, {}});
  if (reason.size() > kMaxNote || note.size() > kMaxNote || text::count_graphemes(reason) < kShortestReason)
    return refused(kind, Code::invalid_argument, "approvals.exception_reason", "why it cannot be avoided, 10 characters or more");
  SK_TRY(const auto place, place_of(context.tx, file, who));
  if (!place) return refused(kind, Code::denied, "approvals.not_yours", "no open place is this person's");
  if (!place->conflict) return refused(kind, Code::conflict, "approvals.no_conflict", "nothing stands in the way of signing as usual");
  SK_TRY(const auto others, candidates(context.tx, file, place->slot, context.now));
  if (!others.empty()) {
    std::string names;
    for (const std::string& name : others) names += (names.empty() ? "" : "、") + name;
    return fail(Error{Code::denied, "approvals.substitute_exists", "somebody else can sign", kClauseSeparation, std::move(names)});
  }
  const Exception exception{context.new_id<ExceptionTag>(), file.request.revision, who.person, who.name, reason, context.now};
  SK_CHECK(Table::add_exception(context.tx, id, exception));
  if (file.asks.contains(who.person)) SK_CHECK(Table::except_party(context.tx, id, who.person, exception.id));
  Place excepted = *place;
  excepted.requester = file.asks.contains(who.person);  // a deputy of the requester signs on the other side, by the exception all the same
  SK_CHECK(sign(context, file, who, excepted, note, exception.id));
  SK_CHECK(Table::add_event(context.tx, id, {"exception", who.name, reason, file.request.revision, context.now}));
  for (const std::string& power : kinds_.exception_notified()) SK_CHECK(tell_power(context, file.request, "exception", power, ""));
  context.note("exception", json::Value(reason));
  SK_CHECK(close_if_complete(context, file));
  return file.request;
}

Result<Request> Approvals::revoke(gate::Context& context, const RequestId& id, const std::string& reason) {
  SK_TRY(const Standing who, caller(context));
  SK_CHECK(read(context.tx, who, id, context.now));
  SK_TRY(File file, require(context, id));
  const Kind& kind = *file.kind;
  if (!by_session(context)) return refused(kind, Code::denied, "approvals.session_only", "a person decides, in a session");
  if (reason.empty() || reason.size() > kMaxNote) return refused(kind, Code::invalid_argument, "approvals.reason", "say why");
  if (!next(file.request.state, Move::revoke)) return refused(kind, Code::conflict, "approvals.state", "nothing granted is to be taken back");
  // Any of those who could sign may take it back, as the whole stands on each signature.
  int slot = -1;
  for (std::size_t i = 0; i < file.request.content.slots.size() && slot < 0; ++i) {
    const Slot& s = file.request.content.slots[i];
    SK_TRY(const bool may, holds(context.tx, who, s.power, s.unit));
    if (may || (!s.instead.empty() && who.powers.contains(s.instead))) slot = static_cast<int>(i);
  }
  if (slot < 0 || file.asks.contains(who.person)) return refused(kind, Code::denied, "approvals.not_yours", "not a signer of this request");
  SK_CHECK(Table::add_ruling_party(context.tx, id, who.person));
  const Ruling ruling{file.request.revision, file.request.hash, slot, "revoke", who.person, who.account, who.name, "", kind.same_person, std::nullopt, false, reason, context.now};
  SK_CHECK(Table::add_ruling(context.tx, context.new_id<RulingTag>().str(), file.request, ruling));
  SK_CHECK(move(context, file, Move::revoke, who.name, reason));
  return file.request;
}

}  // namespace sekisho::approvals
