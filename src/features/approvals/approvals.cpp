#include "features/approvals/approvals.h"

#include <algorithm>
#include <stdexcept>

#include "crypto/hash.h"

namespace sekisho::approvals {
namespace {

std::optional<Move> due_move(const Request& request, Timestamp now) {
  const Content& c = request.content;
  const bool over = c.ends_at && *c.ends_at <= now;
  if (request.state == State::granted && c.done_at && (over || !c.ends_at)) return Move::finish;
  const State by_clock = state_at(request, now);
  if (by_clock == request.state) return std::nullopt;
  return by_clock == State::expired ? Move::expire : Move::begin;
}

}  // namespace

std::string hash_of(const Content& content) { return to_hex(crypto::sha256(json::canonical(json::to_value(content)))); }

State state_at(const Request& request, Timestamp now) {
  const Content& c = request.content;
  const bool over = c.ends_at && *c.ends_at <= now;
  if (request.state == State::submitted) return over && !c.done_at ? State::expired : State::submitted;
  if (request.state == State::granted) return over ? State::expired : !c.starts_at || *c.starts_at <= now ? State::in_force : State::granted;
  if (request.state == State::in_force) return over ? State::expired : State::in_force;
  return request.state;
}

std::vector<int> open_slots(const Request& request, const std::vector<Ruling>& rulings) {
  std::vector<int> out;
  for (int slot = 0; slot < static_cast<int>(request.content.slots.size()); ++slot) {
    const bool signed_already = std::any_of(rulings.begin(), rulings.end(), [&](const Ruling& r) {
      return r.ruling == "grant" && r.revision == request.revision && r.hash == request.hash && r.slot == slot;
    });
    if (!signed_already) out.push_back(slot);
  }
  return out;
}

bool open_here(const gate::Context& context, const Request& request) {
  const policy::Person& person = context.permit().person();
  return person.program || (request.segments & ~person.accepted_origins) == 0;
}

Unexpected refused(const Kind& kind, Code code, const char* key, std::string detail, std::string who) {
  return fail(Error{code, key, std::move(detail), kind.clauses.front(), std::move(who)});
}

void Approvals::handle(const std::string& kind, Handler handler) {
  if (kinds_.find(kind) == nullptr || handlers_.contains(kind)) throw std::logic_error("a handler for no kind of request, or a second one: " + kind);
  handlers_.emplace(kind, std::move(handler));
}

Result<Standing> Approvals::caller(gate::Context& context) const {
  SK_TRY(auto standing, directory_.standing(context.tx, context.permit().person().user_id, context.now));
  if (!standing) return fail(Error{Code::denied, "approvals.no_person", "not a person of the body", "6(8)ア", {}});
  return std::move(*standing);
}

Result<bool> Approvals::holds(sql::Tx& tx, const Standing& who, const std::string& power, const std::string& unit) const {
  if (!who.powers.contains(power)) return false;
  if (unit.empty()) return true;
  SK_TRY(const auto lineage, bodies::Table::lineage(tx, bodies::UnitId::trusted(unit)));
  return std::any_of(lineage.begin(), lineage.end(), [&](const auto& id) { return std::find(who.units.begin(), who.units.end(), id.str()) != who.units.end(); });
}

Result<std::string> Approvals::roles_with(sql::Tx& tx, const std::vector<std::string>& powers) {
  SK_TRY(const auto roles, bodies::Table::roles(tx));
  std::string out;
  for (const auto& role : roles)
    if (std::any_of(role.powers.begin(), role.powers.end(), [&](const auto& p) { return std::find(powers.begin(), powers.end(), p) != powers.end(); }))
      out += (out.empty() ? "" : "、") + role.name;
  return out;
}

Result<Approvals::File> Approvals::load(sql::Tx& tx, const RequestId& id) const {
  SK_TRY(auto found, Table::find(tx, id));
  if (!found) return fail(Code::not_found, "approvals.not_found", "no such request");
  File file{std::move(*found), nullptr, {}, {}};
  file.kind = kinds_.find(file.request.content.kind);
  if (file.kind == nullptr) return fail(Code::unavailable, "approvals.kind_gone", "the catalogue no longer knows the kind " + file.request.content.kind);
  SK_TRY(file.rulings, Table::rulings(tx, id));
  SK_TRY(const auto parties, Table::parties(tx, id));
  for (const Party& p : parties)
    if (p.side != "rules") file.asks.insert(p.person);
  return file;
}

Result<Approvals::File> Approvals::require(gate::Context& context, const RequestId& id) {
  context.about(id.str());
  SK_TRY(File file, load(context.tx, id));
  context.note("clause", json::Value(file.kind->clauses.front()));
  if (!open_here(context, file.request)) return fail(policy::denial(policy::refusal(context.permit().matrix(), policy::Axis::segment)));
  SK_CHECK(clock(context, file));
  return file;
}

Result<Approvals::File> Approvals::read(sql::Tx& tx, const Standing& caller, const RequestId& id, Timestamp now) const {
  SK_TRY(File file, load(tx, id));
  const Content& c = file.request.content;
  bool may = file.asks.contains(caller.person) || caller.powers.contains(kinds_.audit_power());
  for (const std::string& power : file.kind->notified) may = may || caller.powers.contains(power);
  for (const Field& f : file.kind->fields)
    if (const auto named = c.fields.find(f.key); f.type == FieldType::account && named != c.fields.end()) may = may || named->second == caller.account;
  for (const Slot& slot : c.slots) {
    if (may) break;
    SK_TRY(const bool signs, holds(tx, caller, slot.power, slot.unit));
    may = signs || (!slot.instead.empty() && caller.powers.contains(slot.instead));
  }
  for (const Ruling& r : file.rulings) may = may || r.person == caller.person;
  if (!may) return fail(Code::not_found, "approvals.not_found", "not the caller's");
  file.request.state = state_at(file.request, now);
  return file;
}

Status Approvals::move(gate::Context& context, File& file, Move what, const std::string& by, const std::string& note) {
  Request& r = file.request;
  const auto to = next(r.state, what);
  if (!to) return refused(*file.kind, Code::conflict, "approvals.state", std::string(name_of(what)) + " in state " + std::string(name_of(r.state)));
  const State from = r.state;
  r.state = *to;
  if (*to == State::granted || *to == State::refused) r.decided_at = context.now;
  const Content& c = r.content;
  r.due_at.reset();
  if (*to == State::submitted && !c.done_at) r.due_at = c.ends_at;
  if (*to == State::granted) r.due_at = c.starts_at ? c.starts_at : context.now;
  if (*to == State::in_force) r.due_at = c.ends_at;
  if (*to == State::in_force && from != *to) SK_CHECK(apply(context, file));
  if (from == State::in_force && from != *to) SK_CHECK(undo(context, file));
  SK_CHECK(Table::update(context.tx, r));
  SK_CHECK(Table::add_event(context.tx, r.id, {std::string(name_of(what)), by, note, r.revision, context.now}));
  const bool waited = from == State::submitted || *to == State::submitted;
  if (what == Move::submit || ((what == Move::edit || what == Move::withdraw) && waited))
    for (const Slot& slot : c.slots) SK_CHECK(tell_power(context, r, std::string(name_of(what)), slot.power, slot.unit));
  if (what == Move::edit)
    for (const Ruling& ruling : file.rulings)
      if (ruling.ruling == "grant" && ruling.revision == r.revision && from == State::submitted) SK_CHECK(tell_one(context, r, "edit", ruling.account));
  return tell(context, file, what, by.empty() ? "" : context.permit().person().user_id);
}

// The requester hears of everything that others and the clock do; those the kind names, and the people named in it, of what was once granted.
Status Approvals::tell(gate::Context& context, const File& file, Move what, const std::string& actor) {
  const Request& r = file.request;
  const std::string event(name_of(what));
  const bool own = what == Move::edit || what == Move::submit || what == Move::withdraw || what == Move::begin;
  if (!own && actor != r.account) SK_CHECK(tell_one(context, r, event, r.account));
  const bool outcome = what == Move::grant || what == Move::revoke || what == Move::finish || what == Move::use || (what == Move::expire && r.decided_at);
  if (!outcome) return ok();
  for (const std::string& power : file.kind->notified) SK_CHECK(tell_power(context, r, event, power, ""));
  for (const Field& f : file.kind->fields)
    if (const auto named = r.content.fields.find(f.key); f.type == FieldType::account && named != r.content.fields.end() && !named->second.empty())
      SK_CHECK(tell_one(context, r, event, named->second));
  return ok();
}

Status Approvals::tell_one(gate::Context& context, const Request& request, const std::string& event, const std::string& account) {
  return Table::add_notice(context.tx, {context.new_id<NoticeTag>(), request.id, event, account, "", "", context.now});
}

Status Approvals::tell_power(gate::Context& context, const Request& request, const std::string& event, const std::string& power, const std::string& unit) {
  return Table::add_notice(context.tx, {context.new_id<NoticeTag>(), request.id, event, "", power, unit, context.now});
}

Status Approvals::clock(gate::Context& context, File& file) {
  for (auto what = due_move(file.request, context.now); what; what = due_move(file.request, context.now)) SK_CHECK(move(context, file, *what, "", ""));
  // Where coming into force is itself the one use, the grant ends with it.
  const auto handler = handlers_.find(file.kind->key);
  if (file.kind->single_use && file.request.state == State::in_force && file.request.applied && handler != handlers_.end() && handler->second.apply)
    SK_CHECK(move(context, file, Move::use, file.rulings.empty() ? "" : file.rulings.back().name, ""));
  return ok();
}

}  // namespace sekisho::approvals
